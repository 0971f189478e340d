"""Pictures of any result: all files, same bytes, whatever the people do."""

from dataclasses import replace

import numpy as np
import pytest
from made_results import CASES, made_result

from vidpose.results.plots.style import PlotSettings
from vidpose.results.plots.write_plots import NAMES, write_plots

SMALL = PlotSettings(dpi=40)
QUICK = PlotSettings(formats=("svg",))


def bytes_of(paths):
    return {path.name: path.read_bytes() for path in paths}


@pytest.mark.parametrize("case", CASES)
def test_every_result_has_every_picture(case, tmp_path):
    result = CASES[case]()
    settings = SMALL if case in {"usual", "nobody"} else replace(SMALL, formats=("png",))
    paths = write_plots(tmp_path / "new", result, "clip.mp4", settings)
    assert [path.name for path in paths] == [f"{name}.{kind}" for name in NAMES for kind in settings.formats]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(path.name for path in paths)
    for path in paths:
        start = path.read_bytes()[:400]
        assert start.startswith(b"\x89PNG") if path.suffix == ".png" else b"<svg" in start


@pytest.mark.thorough
def test_same_result_same_bytes(tmp_path):
    result = made_result(20, n_people=2, lost=(3, 15))
    first = bytes_of(write_plots(tmp_path / "a", result, "clip.mp4", SMALL))
    assert bytes_of(write_plots(tmp_path / "b", result, "clip.mp4", SMALL)) == first
    assert not any(b"/somewhere/secret" in content for content in first.values())


@pytest.mark.thorough
def test_no_dates_and_no_versions_inside(tmp_path):
    for name, content in bytes_of(write_plots(tmp_path, made_result(20), "clip.mp4", SMALL)).items():
        assert b"<dc:date>" not in content, name
        assert b"matplotlib version" not in content.lower(), name


@pytest.mark.thorough
def test_settings_of_others_are_left_alone_and_do_not_matter(tmp_path):
    import matplotlib as mpl

    result = made_result(30)
    before = bytes_of(write_plots(tmp_path / "a", result, "clip.mp4", SMALL))
    with mpl.rc_context({"lines.linewidth": 7.0, "font.size": 20, "svg.hashsalt": None}):
        assert bytes_of(write_plots(tmp_path / "b", result, "clip.mp4", SMALL)) == before
        assert mpl.rcParams["font.size"] == 20


@pytest.mark.thorough
def test_pyplot_keeps_no_figures(tmp_path):
    write_plots(tmp_path, made_result(10), "clip.mp4", QUICK)
    from matplotlib import pyplot as plt

    assert plt.get_fignums() == []


@pytest.mark.thorough
def test_names_are_words_and_not_markup(tmp_path):
    name = "50 % of $x_1^2$ & <b> läuft_東" + "a" * 80 + ".mp4"
    assert len(write_plots(tmp_path, made_result(5), name, QUICK)) == 3


@pytest.mark.thorough
def test_chosen_formats(tmp_path):
    paths = write_plots(tmp_path, made_result(5), "clip.mp4", QUICK)
    assert {path.suffix for path in paths} == {".svg"}


def with_precision(result, precision_rad):
    """Return the result with a precision for every angle."""
    people = []
    for person in result.people:
        angles = replace(person.analysis.angles, precision_rad=precision_rad)
        people.append(replace(person, analysis=replace(person.analysis, angles=angles)))
    return replace(result, people=tuple(people))


@pytest.mark.thorough
def test_the_centre_of_mass_changes_the_heatmap_only(tmp_path):
    result = made_result(60)
    (person,) = result.people
    analysis = replace(person.analysis, com_px=np.full((60, 2), 50.0))
    plain = bytes_of(write_plots(tmp_path / "a", result, "clip.mp4", QUICK))
    centred = replace(result, people=(replace(person, analysis=analysis),))
    changed = bytes_of(write_plots(tmp_path / "b", centred, "clip.mp4", QUICK))
    assert {name for name in plain if plain[name] != changed[name]} == {"heatmap.svg"}


@pytest.mark.thorough
def test_many_people_are_named_as_left_out(tmp_path):
    limit = replace(QUICK, max_people=2)
    few = bytes_of(write_plots(tmp_path / "a", made_result(8, n_people=2), "clip.mp4", limit))
    many = bytes_of(write_plots(tmp_path / "b", made_result(8, n_people=5), "clip.mp4", limit))
    assert len(many["heatmap.svg"]) < 1.3 * len(few["heatmap.svg"])


@pytest.mark.thorough
def test_a_failure_leaves_what_was_there(tmp_path):
    write_plots(tmp_path, made_result(5), "clip.mp4", QUICK)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    broken = made_result(5)
    object.__setattr__(broken.people[0].analysis, "angles", None)
    with pytest.raises(AttributeError):
        write_plots(tmp_path, broken, "clip.mp4", QUICK)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "wrong",
    [{"formats": ()}, {"formats": ("pdf",)}, {"dpi": 1}, {"max_people": 0}, {"heat_cells": 1}, {"max_points": 5}],
)
def test_settings_are_checked(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        PlotSettings(**wrong)
