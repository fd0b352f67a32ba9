"""The templates of every page of ours: each word that is put into one is escaped."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

PAGES = Path(__file__).parent / "pages"
"""Where templates, style sheets and scripts are."""


def environment() -> Environment:
    """Return an environment for templates; a name that nobody gave them is an error."""
    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_file(name: str) -> str:
    """Return the text of a style sheet or script."""
    return (PAGES / name).read_text(encoding="utf-8")
