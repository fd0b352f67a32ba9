"""
Reader of a web page captured as plain text: source text in, lines of known kind out.

The form of such a capture: labels of the site's template stand alone on a line (`general_content`,
`image_row`); headings are bare lines; a list item begins with a bullet sign, and its indentation
gives its depth; blank lines part blocks. A page without any label reads as body text throughout.
What is particular to this form stands in this file alone.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from corpus.document import Span


class Region(Enum):
    """What a template label says about the lines that follow it."""

    TITLE = auto()
    BODY = auto()
    FURNITURE = auto()
    ABOUT = auto()


class LineKind(Enum):
    """What a line, or a paragraph of several lines, is."""

    LABEL = auto()
    FURNITURE = auto()
    TITLE = auto()
    HEADING = auto()
    PARAGRAPH = auto()
    BULLET = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """
    A block of the capture before it is put into sections.

    Attributes:
        kind: What it is.
        span: Its text, without white space around it and without a bullet sign.
        depth: 0, or for a bullet its depth in the list, from 1.
        region: The part of the page in which it stands.
        after_label: Whether a template label stands between it and the shown line before it.

    """

    kind: LineKind
    span: Span
    depth: int
    region: Region
    after_label: bool


LABELS = {
    "page_title_detailed": Region.TITLE,
    "image_row": Region.BODY,
    "general_content": Region.BODY,
    "video": Region.BODY,
    "on_this_page": Region.FURNITURE,
    "related_resources_article_carousel": Region.FURNITURE,
    "3_callout_columns": Region.FURNITURE,
    "stay_connected": Region.FURNITURE,
    "about_this_page_tabbed_module": Region.ABOUT,
}
"""Labels of the publisher's template, with what follows each; an unknown one changes nothing."""

MEDIA_LABELS = frozenset({"video", "image_row"})
"""Labels in whose place the page shows something that a text capture cannot hold."""

ABOUT_TITLE = "About this page"
"""Heading of the part that names review date, reviewer and publisher; the page gives it none."""

HEADING_WORDS = 15
"""A bare line of more words is a paragraph (the longest heading seen has 14)."""

ABOUT_PARAGRAPH_WORDS = 20
"""In the about region, a shorter line is a control ("Was this page helpful?"), save a review line."""

MOST_DEPTH = 20
"""Deepest list that is told apart; browsers and word processors stop at about nine."""

_LABEL = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_BULLET = re.compile(r"(?P<indent>[ \t]*)[•◦▪‣·*-][\s\ufeff]+")
_REVIEW = re.compile(r"Reviewed\b[^:\n]{0,40}:")
_LIST_HEADING = re.compile(r"For\b[^.:!?\n]{1,80}:")
_SPACE = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace()) + "\ufeff"


def is_label(text: str) -> bool:
    """Tell whether a line that reads `text` has the form of a template label."""
    return text in LABELS or _LABEL.fullmatch(text) is not None


def heads_list(text: str) -> bool:
    """
    Tell whether an introduction is itself the heading of its list.

    The publisher sets "For postmenopausal women or for men:" as such a heading: a line of its own
    that is no sentence, begins with "For" and ends with a colon.
    """
    return _LIST_HEADING.fullmatch(text) is not None


def read_lines(source: str, *, title: str) -> tuple[Line, ...]:
    """
    Take a captured page apart.

    Args:
        source: The capture's whole text.
        title: The page's title, as its metadata gives it.

    Returns:
        Every label, every piece of furniture and every shown block, in order. Whatever character
        of `source` is in none of them is white space or a bullet sign.

    """
    lines: list[Line] = []
    region, after_label, titled = Region.BODY, False, False
    for start, end, indent in _pieces(source):
        text = source[start:end]
        span = Span(start, end)
        if indent is None and is_label(text):
            region = LABELS.get(text, region)
            after_label = True
            lines.append(Line(LineKind.LABEL, span, 0, region, after_label))
            continue
        if indent is None and not titled and text == title:
            kind = LineKind.TITLE
        else:
            kind = _kind(text, region, bullet=indent is not None)
        # Further down, behind a heading or a list, the same words are a heading like any other.
        titled = titled or kind in {LineKind.TITLE, LineKind.HEADING, LineKind.BULLET}
        depth = _depth(indent, lines) if kind is LineKind.BULLET and indent is not None else 0
        lines.append(Line(kind, span, depth, region, after_label))
        after_label = after_label and kind is LineKind.FURNITURE
    return tuple(lines)


def _pieces(source: str) -> list[tuple[int, int, int | None]]:
    """Cut `source` into (start, end, bullet indentation or None): a bullet or a paragraph each."""
    pieces: list[tuple[int, int, int | None]] = []
    open_piece = False
    for match in re.finditer(r"[^\n]+|\n", source):
        raw = match.group()
        text = raw.strip(_SPACE)
        if raw == "\n" or not text:
            # One newline ends a line; an empty line ends a piece.
            open_piece = open_piece and raw == "\n" and not source.endswith("\n", 0, match.start())
            continue
        start = match.start() + raw.index(text[0])
        end = start + len(text)
        bullet = _BULLET.match(raw)
        if bullet and match.start() + bullet.end() > end:
            continue
        if bullet:
            start = match.start() + bullet.end()
            pieces.append((start, end, len(bullet["indent"].expandtabs(4))))
        elif open_piece and not is_label(text) and not is_label(source[slice(*pieces[-1][:2])]):
            pieces[-1] = (pieces[-1][0], end, pieces[-1][2])
        else:
            pieces.append((start, end, None))
        open_piece = True
    return pieces


def _kind(text: str, region: Region, *, bullet: bool) -> LineKind:
    """Say what an unlabelled piece is, from its words and its region."""
    if region is Region.FURNITURE:
        return LineKind.FURNITURE
    if region is Region.ABOUT:
        shown = _REVIEW.match(text) or len(text.split()) >= ABOUT_PARAGRAPH_WORDS
        return LineKind.PARAGRAPH if shown else LineKind.FURNITURE
    if bullet:
        return LineKind.BULLET
    if region is Region.TITLE and ">" in text:
        return LineKind.FURNITURE
    heading = (
        "\n" not in text
        and text[-1] not in ".,:;!?…"
        and text[0].upper() == text[0]
        and len(text.split()) <= HEADING_WORDS
    )
    return LineKind.HEADING if heading else LineKind.PARAGRAPH


def _depth(indent: int, lines: list[Line]) -> int:
    """Return a bullet's depth, to MOST_DEPTH: a step for two blanks, at most one below the last."""
    before = lines[-1].depth if lines and lines[-1].kind is LineKind.BULLET else 0
    return max(1, min(indent // 2, before + 1, MOST_DEPTH))
