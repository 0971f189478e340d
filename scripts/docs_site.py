"""What the documentation site adds to docs/: the project's own pages, and a check of the public Python interface.

mkdocs calls the functions by their names (``hooks`` in mkdocs.yml). Every warning here fails ``make docs``.
"""

from __future__ import annotations

import ast
import inspect
import logging
import os
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

LOG = logging.getLogger("mkdocs.hooks.vidpose")
PROJECT = Path(__file__).resolve().parent.parent
PAGES = {"ARCHITECTURE.md": "architecture.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Files at the top of the project that are pages of the site."""
REFERENCE = PROJECT / "docs" / "reference.md"
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>(?!https?:|mailto:|#)[^)\s]+)\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that stand at the top of the project."""
    for name, page in PAGES.items():
        text = (PROJECT / name).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=linked(text, PROJECT)))
    for script in sorted((PROJECT / "docs" / "gallery").glob("*.py")):
        files.append(File.generated(config, f"gallery/{script.stem}.md", content=example_page(script)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:  # noqa: ARG001
    """Make links to files of the project work on the site."""
    if page.file.src_uri in PAGES.values():
        return markdown
    return linked(markdown, (PROJECT / "docs" / page.file.src_uri).parent)


def on_pre_build(config: Any) -> None:  # noqa: ARG001
    """Warn of everything public that has no docstring, or whose docstring has no example."""
    import vidpose

    for name in vidpose.__all__:
        thing = getattr(vidpose, name)
        text = inspect.getdoc(thing) or ""
        if callable(thing) and not text:
            LOG.warning("vidpose.%s: expected a docstring", name)
        if inspect.isfunction(thing) and ">>>" not in text:
            LOG.warning("vidpose.%s: expected a docstring with an example", name)
    missing = set(vidpose.__all__) - set(re.findall(r"::: vidpose\.(\w+)", REFERENCE.read_text(encoding="utf-8")))
    if missing:
        LOG.warning("%s: expected every public name, %s missing", REFERENCE.name, ", ".join(sorted(missing)))


def example_page(script: Path) -> str:
    """Return a script of the gallery as a page: comments after ``# %%`` become text; its picture comes last."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    title, _, text = (ast.get_docstring(tree) or script.stem).partition("\n")
    code = script.read_text(encoding="utf-8").split("\n", tree.body[0].end_lineno or 0)[-1]
    page = [f"# {title.rstrip('.')}", text, f"Run it: `python docs/gallery/{script.name}`"]
    for number, cell in enumerate(re.split(r"^# %%.*\n", code, flags=re.MULTILINE)):
        words = re.match(r"(?:#.*\n)*", cell)[0] if number else ""
        page += [re.sub(r"^# ?", "", words, flags=re.MULTILINE).replace("``", "`")]
        if cell[len(words) :].strip():
            page.append(f"```python\n{cell[len(words) :].strip()}\n```")
    if (script.parent / "images" / f"{script.stem}.png").is_file():
        page.append(f"![the picture that it makes](images/{script.stem}.png)")
    return "\n\n".join(page) + "\n"


def linked(markdown: str, folder: Path) -> str:
    """Return the text with links to pages of the site; links to other files of the project become plain text."""

    def replaced(found: re.Match[str]) -> str:
        target, _, anchor = found["target"].partition("#")
        path = (folder / target).resolve()
        if path.parent == PROJECT and path.name in PAGES:
            page = PROJECT / "docs" / PAGES[path.name]
        elif path.parent == PROJECT / "docs" / "gallery" and path.suffix == ".py":
            page = path.with_suffix(".md")
        elif path.is_relative_to(PROJECT / "docs"):
            page = path  # missing ones are mkdocs' to find
        elif path.exists():
            return found["text"]
        else:
            return found[0]
        start = PROJECT / "docs" if folder == PROJECT else folder
        where = os.path.relpath(page, start)
        return f"[{found['text']}]({where}{'#' + anchor if anchor else ''})"

    return LINK.sub(replaced, markdown)
