"""The form of a captured page: what is a label, furniture, a heading, a paragraph or a bullet."""

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus import BlockKind, Document, HiddenKind, Metadata, parse_document
from corpus.page_text import LineKind, heads_list, is_label, read_lines

Make = Callable[..., Document]

METADATA = Metadata("A page", "A publisher", (), "", "", "0" * 64, "", "")

SIGNS = "•◦▪‣·*-"
"""The bullet signs."""

LINES = [
    "general_content",
    "image_row",
    "on_this_page",
    "page_title_detailed",
    "about_this_page_tabbed_module",
    "hero_banner",
    "Home > A page",
    "A page",
    "A heading",
    "For men:",
    "Some kind. It is given so:",
    "A sentence about a medicine. And another one.",
    "Reviewed by: A. Reviewer",
    "  • Nausea",
    "    • Trazimera: a biosimilar",
    "- 😀",
    "• ",
    "\u2003",
    "\ufeff",
    "",
    "",
]


def pages() -> st.SearchStrategy[str]:
    """Texts of the lines that pages are made of, texts of signs that matter, and any text at all."""
    lines = st.lists(st.sampled_from(LINES) | st.text(max_size=12), max_size=12)
    made = st.builds(lambda lines, end: end.join(lines), lines, st.sampled_from(["\n", "\n\n", "\r\n"]))
    return made | st.text(alphabet=" \t\r\n•-*aA.:_>\ufeff\u2003\u2028\x1c😀", max_size=40) | st.text()


def read(source: str) -> list[tuple[LineKind, str]]:
    """Return the kind and the text of each line that is read from a page with the title "A page"."""
    return [(line.kind, line.span.of(source)) for line in read_lines(source, title="A page")]


def depths(source: str) -> list[tuple[str, int]]:
    """Return the text and the depth of each line."""
    return [(line.span.of(source), line.depth) for line in read_lines(source, title="A page")]


def unaccounted(document: Document) -> list[str]:
    """
    Return what stands between blocks and hidden stretches beside white space and bullet signs.

    Stretches that overlap or are out of order are returned too, since then a character would be
    accounted for twice.
    """
    bullets = {block.span for block in document.blocks if block.kind is BlockKind.BULLET}
    known = sorted([*(b.span for b in document.blocks), *(h.span for h in document.hidden)])
    found, at = [], 0
    for span in known:
        if span.start < at or span.start == span.end:
            found.append(span.of(document.source))
        between = document.source[at : span.start].replace("\ufeff", " ").split()
        # Only signs whose bullet has no words may stand without one.
        lone = between[:-1] if span in bullets else between
        found += [text for text in lone if text not in SIGNS]
        if span in bullets and not (between and between[-1] in SIGNS):
            found.append(f"no bullet sign before {span.of(document.source)}")
        at = span.end
    rest = document.source[at:].replace("\ufeff", " ").split()
    return found + [text for text in rest if text not in SIGNS]


def test_every_character_of_the_shipped_document(document: Document) -> None:
    """Each character is shown, hidden, white space or the sign of a bullet, and only one of these."""
    assert unaccounted(document) == []


def test_what_is_hidden_in_the_shipped_document(document: Document) -> None:
    """The labels of the template and the furniture of the page are hidden, and nothing else is."""
    source = document.source
    hidden = [
        (document.line(part.span.start), part.kind, part.span.of(source)) for part in document.hidden
    ]
    label, furniture = HiddenKind.LABEL, HiddenKind.FURNITURE
    assert hidden == [
        (1, label, "page_title_detailed"),
        (
            3,
            furniture,
            "About Breast Cancer>Types of breast cancer>Metastatic > "
            "Treatment for metastatic breast cancer",
        ),
        (7, label, "image_row"),
        (8, label, "general_content"),
        (25, label, "on_this_page"),
        (26, label, "general_content"),
        (61, label, "general_content"),
        (75, label, "general_content"),
        (102, label, "general_content"),
        (196, label, "image_row"),
        (197, label, "general_content"),
        (232, label, "general_content"),
        (248, label, "general_content"),
        (271, label, "general_content"),
        (306, label, "video"),
        (307, label, "general_content"),
        (324, label, "general_content"),
        (343, label, "related_resources_article_carousel"),
        (345, furniture, "Related resources"),
        (347, furniture, "Related articles and posts"),
        (349, label, "3_callout_columns"),
        (350, label, "stay_connected"),
        (352, furniture, "Stay connected"),
        (
            354,
            furniture,
            "Sign up to receive emotional support, medical insight, personal stories, and more, "
            "delivered to your inbox weekly.",
        ),
        (356, label, "about_this_page_tabbed_module"),
        (362, furniture, "Tagged:"),
        (364, furniture, "Was this page helpful?"),
    ]


def test_no_label_or_furniture_in_a_block(document: Document) -> None:
    """No block of the shipped document holds any part of what is hidden."""
    assert [
        block.span.of(document.source)
        for block in document.blocks
        if any(block.span.overlaps(part.span) for part in document.hidden)
    ] == []


def test_bullets_of_the_shipped_document_have_no_sign(document: Document) -> None:
    """A bullet's text begins behind its sign, and both depths of lists are told."""
    bullets = [block for block in document.blocks if block.kind is BlockKind.BULLET]
    assert [b.span.of(document.source) for b in bullets if "•" in b.span.of(document.source)] == []
    assert [b.span.of(document.source)[:21] for b in bullets if b.depth == 2] == [
        "Trazimera (trastuzuma",
        "Ontruzant (trastuzuma",
        "Ogivri (trastuzumab-d",
        "Herzuma (trastuzumab-",
        "Kanjinti (trastuzumab",
        "Surgery to insert met",
        "Kyphoplasty, a surger",
    ]
    assert {b.depth for b in bullets} == {1, 2}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("general_content", True),
        ("3_callout_columns", True),
        ("some_new_module", True),
        ("video", True),
        ("Video", False),
        ("gallery", False),
        ("General_content", False),
        ("a_b c_d", False),
        ("_content", False),
        ("e-mail_address", False),
    ],
)
def test_form_of_a_label(text: str, label: bool) -> None:
    """A label is lower-case words joined by underscores, or one of the known ones."""
    assert is_label(text) is label


@pytest.mark.parametrize(
    ("text", "heads"),
    [
        ("For postmenopausal women or for men:", True),
        ("For men:", True),
        ("For women. For men:", False),
        ("For men", False),
        ("Forms of care:", False),
        ("Here are some for men:", False),
        ("For women: what to ask:", False),
        (f"For {'x' * 90}:", False),
    ],
)
def test_introduction_that_heads_its_list(text: str, heads: bool) -> None:
    """An introduction heads its list when it is no sentence, begins with "For" and ends with a colon."""
    assert heads_list(text) is heads


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Treatment breaks", LineKind.HEADING),
        ("Complementary & integrative medicine", LineKind.HEADING),
        ("3 goals", LineKind.HEADING),
        ("“Chemo”", LineKind.HEADING),
        (" ".join(["Word"] * 15), LineKind.HEADING),
        (" ".join(["Word"] * 16), LineKind.PARAGRAPH),
        ("mTOR inhibitors", LineKind.PARAGRAPH),
        ("Treatment\nbreaks", LineKind.PARAGRAPH),
        *[(f"Treatment{sign}", LineKind.PARAGRAPH) for sign in ".,:;!?…"],
        ("A page", LineKind.TITLE),
        ("A\u00a0page", LineKind.HEADING),
        ("Home > A page", LineKind.HEADING),
    ],
)
def test_kind_of_a_line_of_body_text(text: str, kind: LineKind) -> None:
    """A bare, short line that begins like a heading and ends without a sign is one."""
    assert read(text) == [(kind, text)]


def test_only_the_first_title_is_the_title() -> None:
    """The title's words stand for the title once; further down they are a heading."""
    assert read("A page\n\nIt helps.\n\nA page\n") == [
        (LineKind.TITLE, "A page"),
        (LineKind.PARAGRAPH, "It helps."),
        (LineKind.HEADING, "A page"),
    ]


def test_breadcrumb_is_furniture() -> None:
    """The path to a page, which stands in the region of its title, is furniture."""
    assert read("page_title_detailed\n\nHome > Care > A page\n\nA page\n") == [
        (LineKind.LABEL, "page_title_detailed"),
        (LineKind.FURNITURE, "Home > Care > A page"),
        (LineKind.TITLE, "A page"),
    ]


def test_region_of_furniture_ends_with_the_next_region() -> None:
    """All that stands in a region of furniture is hidden, bullets too, up to a label of another."""
    assert read("stay_connected\n\nStay in touch.\n\n• By mail\n\ngeneral_content\n\nIt helps.\n") == [
        (LineKind.LABEL, "stay_connected"),
        (LineKind.FURNITURE, "Stay in touch."),
        (LineKind.FURNITURE, "By mail"),
        (LineKind.LABEL, "general_content"),
        (LineKind.PARAGRAPH, "It helps."),
    ]


@pytest.mark.parametrize(
    ("label", "kind"),
    [("general_content", LineKind.PARAGRAPH), ("stay_connected", LineKind.FURNITURE)],
)
def test_unknown_label_changes_no_region(label: str, kind: LineKind) -> None:
    """Behind a label that nobody knows, the region is the one before it."""
    assert read(f"{label}\n\nhero_banner\n\nIt helps.\n")[-1] == (kind, "It helps.")


def test_region_about_the_page() -> None:
    """Of the part about the page, review lines and long paragraphs are shown; controls are not."""
    words = " ".join(["word"] * 20)
    source = (
        "about_this_page_tabbed_module\n\nReviewed and updated: May 1, 2024\n\nReviewed by: A. B.\n\n"
        f"Tagged:\n\nWas this page helpful?\n\n{words}\n"
    )
    assert read(source)[1:] == [
        (LineKind.PARAGRAPH, "Reviewed and updated: May 1, 2024"),
        (LineKind.PARAGRAPH, "Reviewed by: A. B."),
        (LineKind.FURNITURE, "Tagged:"),
        (LineKind.FURNITURE, "Was this page helpful?"),
        (LineKind.PARAGRAPH, words),
    ]


def test_label_needs_no_empty_line() -> None:
    """A label on a line of its own is one even where text touches it."""
    assert read("It helps.\ngeneral_content\nIt does.\nvideo\n") == [
        (LineKind.PARAGRAPH, "It helps."),
        (LineKind.LABEL, "general_content"),
        (LineKind.PARAGRAPH, "It does."),
        (LineKind.LABEL, "video"),
    ]


def test_label_within_a_line_is_text() -> None:
    """What looks like a label inside a sentence or a bullet is text."""
    assert read("See general_content here.\n\n• image_row\n") == [
        (LineKind.PARAGRAPH, "See general_content here."),
        (LineKind.BULLET, "image_row"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_that_touch_are_one_paragraph(end: str) -> None:
    """Single line ends are part of a paragraph or a bullet; an empty line parts two."""
    source = end.join(
        ["One line", "and the next.", "", "Other.", "• Tea", "with milk", "", " \t", "End."]
    )
    assert read(source) == [
        (LineKind.PARAGRAPH, f"One line{end}and the next."),
        (LineKind.PARAGRAPH, "Other."),
        (LineKind.BULLET, f"Tea{end}with milk"),
        (LineKind.PARAGRAPH, "End."),
    ]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "   "])
def test_signs_of_bullets(sign: str, blank: str) -> None:
    """Every sign with a blank behind it makes a bullet."""
    assert read(f"  {sign}{blank}Nausea\n") == [(LineKind.BULLET, "Nausea")]


@pytest.mark.parametrize("text", ["-5 degrees.", "*Note.", "•Nausea.", "1. Nausea.", "– Nausea."])
def test_what_is_no_bullet(text: str) -> None:
    """A sign without a blank behind it, a number or a dash makes no bullet."""
    assert read(text) == [(LineKind.PARAGRAPH, text)]


def test_depth_of_bullets() -> None:
    """Two blanks of indentation are one step, and no bullet is more than one step below another."""
    source = "• a\n  • b\n    • c\n\t• d\n  • e\n      • f\n      • g\n"
    assert depths(source) == [("a", 1), ("b", 1), ("c", 2), ("d", 2), ("e", 1), ("f", 2), ("g", 3)]


def test_first_bullet_of_a_list_has_depth_one() -> None:
    """However far a list is indented, its first bullet has depth 1, and only bullets have a depth."""
    assert depths("Intro:\n\n      • a\n\nNext.\n\n        • b\n") == [
        ("Intro:", 0),
        ("a", 1),
        ("Next.", 0),
        ("b", 1),
    ]


def test_after_label() -> None:
    """The shown line right behind a label knows it, and the one behind that does not."""
    source = "Before\n\nimage_row\ngeneral_content\n\nFirst\n\nSecond\n"
    lines = read_lines(source, title="A page")
    assert [line.span.of(source) for line in lines if line.after_label] == [
        "image_row",
        "general_content",
        "First",
    ]


def test_after_label_and_furniture() -> None:
    """A label counts up to the next shown line, whatever furniture stands between."""
    source = "page_title_detailed\n\nHome > Care\n\nFirst\n"
    assert read_lines(source, title="A page")[-1].after_label is True


@pytest.mark.parametrize("source", ["", "\n \n", "\ufeff", "\u00a0\n"])
def test_nothing_in_white_space(source: str) -> None:
    """White space, no-break blanks and a byte order mark make no line."""
    assert read(source) == []


def test_byte_order_mark_before_a_label() -> None:
    """A byte order mark does not make a label or a title into text."""
    assert read("\ufeffgeneral_content\n\nA page\n") == [
        (LineKind.LABEL, "general_content"),
        (LineKind.TITLE, "A page"),
    ]


@pytest.mark.parametrize("source", ["  • \n", "Intro:\n\n  • \n  • Nausea\n", "- \r\n"])
def test_bullet_without_words(source: str) -> None:
    """A bullet with nothing behind its sign shows nothing and stops nothing."""
    assert [text for kind, text in read(source) if kind is LineKind.BULLET] == re.findall(
        "Nausea", source
    )


@pytest.mark.parametrize("blank", ["\u2003", "\u202f", "\u2028", "\u3000", "\x85"])
def test_line_of_wide_blanks_is_empty(blank: str) -> None:
    """A line that holds only blanks, of whatever width, is an empty line and no heading."""
    assert read(f"It helps.\n{blank}\nIt does.\n") == [
        (LineKind.PARAGRAPH, "It helps."),
        (LineKind.PARAGRAPH, "It does."),
    ]


def test_bullet_sign_with_a_wide_blank() -> None:
    """A wide blank behind a bullet sign is white space and no part of the bullet's text."""
    assert read("• \u2003Nausea\n•\u2003Fatigue\n") == [
        (LineKind.BULLET, "Nausea"),
        (LineKind.BULLET, "Fatigue"),
    ]


@settings(max_examples=500)
@given(pages())
@example("")
@example("general_content\n")
@example("  • \n")
@example("\u3000\n\u3000\n\n• Nausea\n")
@example("Take vitamin B\u00a0. Then rest:\n\n• Nausea\n")
def test_every_character_of_any_text(source: str) -> None:
    """Whatever the text, it is read, each character has one place, and no text has blanks around it."""
    document = parse_document("a-page", source, METADATA)
    assert unaccounted(document) == []
    texts = [part.span.of(source) for part in (*document.blocks, *document.hidden)]
    assert [text for text in texts if text != text.strip()] == []


def test_source_is_kept_as_it_is(small_document: Make) -> None:
    """A document holds its source unchanged, line ends and byte order mark included."""
    assert small_document("\ufeffIt helps.\r\n").source == "\ufeffIt helps.\r\n"
