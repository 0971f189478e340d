"""The page of all settings holds every setting, those with an option first."""

from pathlib import Path

from vidpose.cli.options import OPTIONS
from vidpose.cli.settings_page import PAGE, documented_settings, settings_page
from vidpose.resources import DEFAULT_CONFIG

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_the_one_that_the_default_file_makes():
    assert (DOCS / PAGE).read_text() == settings_page(), "run: python -m vidpose.cli.settings_page docs"


def test_every_option_of_a_setting_is_on_the_page():
    settings = list(documented_settings(DEFAULT_CONFIG.read_text(encoding="utf-8")))
    assert len({setting.path for setting in settings}) == len(settings)
    with_option = [setting for setting in settings if setting.flag]
    assert len(with_option) == len(OPTIONS) + 1, "and no_pose, which is vidpose analyse"
