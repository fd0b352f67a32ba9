"""How a range of a document is laid out: blocks, nested lists, marks, headings and anchors."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.layout import Item, Laid, Run, Shape, lay_out_page, lay_out_quote
from corpus import BlockKind, Document, Metadata, Passage, Span, parse_document
from index import SearchIndex

Make = Callable[..., Document]

METADATA = Metadata("A page", "A publisher", (), "", "", "0" * 64, "", "")

LINES = [
    "general_content",
    "A page",
    "A heading",
    "For men:",
    "Some kind. It is given so:",
    "It helps.",
    "  • Nausea",
    "    • Trazimera",
    "",
]


def runs_of(laid: Sequence[Laid]) -> Iterator[Run]:
    """Yield every run that is drawn, in order, those of list items too."""
    for block in laid:
        yield from block.runs
        yield from _runs_of_items(block.items)


def _runs_of_items(items: Sequence[Item]) -> Iterator[Run]:
    for item in items:
        yield from item.runs
        yield from _runs_of_items(item.items)


def shown(document: Document, span: Span) -> str:
    """Return the characters of a range that stand in a block."""
    return "".join(
        document.source[max(block.span.start, span.start) : min(block.span.end, span.end)]
        for block in document.blocks_within(span)
    )


def marked(laid: Sequence[Laid]) -> str:
    """Return the characters that are emphasised."""
    return "".join(run.text for run in runs_of(laid) if run.marked)


def find(document: Document, words: str) -> Span:
    """Return the range of the first place where words stand."""
    start = document.source.index(words)
    return Span(start, start + len(words))


def named(index: SearchIndex, name: str) -> Passage:
    """Return the passage of that id."""
    return next(passage for passage in index.passages if passage.id == name)


def paragraph(text: str) -> Laid:
    """Return a paragraph without marks."""
    return Laid(Shape.PARAGRAPH, (Run(text),))


def item(text: str, *items: Item) -> Item:
    """Return an item without marks."""
    return Item((Run(text),), items)


def test_list_with_its_introduction(document: Document, fake_index: SearchIndex) -> None:
    """A quote of a list is its introduction and the list, without signs and line ends."""
    passage = named(fake_index, "chemotherapy/5")
    assert lay_out_quote(document, passage.span, []) == (
        paragraph(
            "There are many possible side effects of chemotherapy, and there’s no way to know who "
            "will experience each one. Some common side effects include:"
        ),
        Laid(
            Shape.LIST,
            items=(
                item("Nausea"),
                item("Hair loss"),
                item("Weight gain or loss"),
                item("Low blood cell counts"),
                item("Fatigue"),
            ),
        ),
    )


def test_nested_list(document: Document, fake_index: SearchIndex) -> None:
    """The biosimilars are a list inside the item on trastuzumab."""
    (laid,) = lay_out_quote(document, named(fake_index, "monoclonal-antibodies/2").span, [])
    (trastuzumab,) = laid.items
    assert laid.shape is Shape.LIST
    assert trastuzumab.runs[0].text.startswith("Trastuzumab (Herceptin) is an IV treatment")
    assert trastuzumab.items == (
        item("Trazimera (trastuzumab-qyyp)"),
        item("Ontruzant (trastuzumab-dttb)"),
        item("Ogivri (trastuzumab-dkst)"),
        item("Herzuma (trastuzumab-pkrb)"),
        item("Kanjinti (trastuzumab-anns)"),
    )


def test_nesting_follows_the_depth(small_document: Make) -> None:
    """Each item stands below the nearest item before it that is less deep."""
    document = small_document("• a\n  • b\n    • c\n      • d\n    • e\n• f\n    • g\n")
    assert lay_out_quote(document, Span(0, len(document.source)), []) == (
        Laid(
            Shape.LIST,
            items=(
                item("a"),
                item("b", item("c", item("d")), item("e")),
                item("f", item("g")),
            ),
        ),
    )


def test_quote_that_begins_with_a_deeper_item(small_document: Make) -> None:
    """A quote may begin below an item that it leaves out."""
    document = small_document("• a\n    • b\n    • c\n• d\n")
    start = document.source.index("b")
    assert lay_out_quote(document, Span(start, len(document.source)), []) == (
        Laid(Shape.LIST, items=(item("b"), item("c"), item("d"))),
    )


def test_paragraph_between_two_lists(small_document: Make) -> None:
    """A paragraph ends a list, and the next bullets make a new one."""
    document = small_document("One:\n\n• a\n\nTwo:\n\n• b\n")
    assert lay_out_quote(document, Span(0, len(document.source)), []) == (
        paragraph("One:"),
        Laid(Shape.LIST, items=(item("a"),)),
        paragraph("Two:"),
        Laid(Shape.LIST, items=(item("b"),)),
    )


def test_quote_inside_a_block(document: Document) -> None:
    """A block that the range cuts is drawn from and up to the cut."""
    span = find(document, "access port, sometimes called a port-a-cath")
    assert lay_out_quote(document, span, []) == (
        Laid(Shape.LIST, items=(item("access port, sometimes called a port-a-cath"),)),
    )


def test_quote_over_the_ends_of_blocks(document: Document) -> None:
    """A range over several blocks cuts the first and the last, and takes those between whole."""
    span = Span(find(document, "include:\n\n  • Nausea").start, find(document, "Hair loss").end - 5)
    assert lay_out_quote(document, span, []) == (
        paragraph("include:"),
        Laid(Shape.LIST, items=(item("Nausea"), item("Hair"))),
    )


@pytest.mark.parametrize("number", [7, 8])
def test_parts_of_a_long_bullet(document: Document, fake_index: SearchIndex, number: int) -> None:
    """Both parts of a bullet that was cut are drawn as one item with just their own words."""
    passage = named(fake_index, f"hormonal-therapy/{number}")
    assert lay_out_quote(document, passage.span, []) == (Laid(Shape.LIST, items=(item(passage.text),)),)


def test_every_passage_is_drawn_whole(document: Document, fake_index: SearchIndex) -> None:
    """The quote of a passage has all its words in their order, and nothing else."""
    for passage in fake_index.passages:
        laid = lay_out_quote(document, passage.span, [])
        drawn = " ".join(run.text for run in runs_of(laid)).split()
        assert drawn == [word for word in passage.text.split() if word != "•"]


def test_mark_inside_a_paragraph(small_document: Make) -> None:
    """A mark cuts a paragraph into words before, within and behind it."""
    document = small_document("Take a pill. Rest well. Sleep.")
    assert lay_out_quote(document, Span(0, 30), [Span(13, 23)]) == (
        Laid(
            Shape.PARAGRAPH,
            (Run("Take a pill. "), Run("Rest well.", marked=True), Run(" Sleep.")),
        ),
    )


def test_mark_across_blocks(small_document: Make) -> None:
    """A mark over several blocks emphasises its part of each, and no sign between them."""
    document = small_document("They are:\n\n  • Tea\n  • Rest\n\nDone.")
    span = Span(5, document.source.index("st"))
    assert lay_out_quote(document, Span(0, len(document.source)), [span]) == (
        Laid(Shape.PARAGRAPH, (Run("They "), Run("are:", marked=True))),
        Laid(
            Shape.LIST,
            items=(
                Item((Run("Tea", marked=True),)),
                Item((Run("Re", marked=True), Run("st"))),
            ),
        ),
        paragraph("Done."),
    )


def test_two_marks(small_document: Make) -> None:
    """Two marks of one block are emphasised apart from each other, also where they overlap."""
    document = small_document("abcdefgh.")
    assert lay_out_quote(document, Span(0, 9), [Span(1, 3), Span(5, 6)])[0].runs == (
        Run("a"),
        Run("bc", marked=True),
        Run("de"),
        Run("f", marked=True),
        Run("gh."),
    )
    assert marked(lay_out_quote(document, Span(0, 9), [Span(1, 4), Span(2, 6)])) == "bcdef"


def test_mark_outside_the_quote(small_document: Make) -> None:
    """A mark counts only where the quote has the words."""
    document = small_document("abcdefgh.")
    assert lay_out_quote(document, Span(2, 6), [Span(0, 3), Span(7, 9)]) == (
        Laid(Shape.PARAGRAPH, (Run("c", marked=True), Run("def"))),
    )


@pytest.mark.parametrize("mark", [Span(3, 3), Span(40, 50)])
def test_mark_without_words(small_document: Make, mark: Span) -> None:
    """An empty mark, or one behind the text, emphasises nothing."""
    assert marked(lay_out_page(small_document("abcdefgh."), [mark])) == ""


@settings(max_examples=150)
@given(data=st.data())
def test_marked_characters_are_those_of_the_range(document: Document, data: st.DataObject) -> None:
    """In the whole page, exactly the shown characters of a range are emphasised."""
    ends = st.integers(0, len(document.source))
    start, end = sorted((data.draw(ends), data.draw(ends)))
    span = Span(start, max(end, start + 1))
    laid = lay_out_page(document, [span])
    assert marked(laid) == shown(document, span)


@settings(max_examples=100)
@given(data=st.data())
def test_quoted_characters_are_those_of_the_range(document: Document, data: st.DataObject) -> None:
    """Whatever the range, a quote draws exactly its shown characters."""
    start = data.draw(st.integers(0, len(document.source) - 1))
    span = Span(start, data.draw(st.integers(start + 1, min(start + 900, len(document.source)))))
    laid = lay_out_quote(document, span, [])
    assert "".join(run.text for run in runs_of(laid)) == shown(document, span)


def test_run_in_heading(document: Document, fake_index: SearchIndex) -> None:
    """A heading that begins a paragraph is told from the words behind it."""
    (laid,) = lay_out_quote(document, named(fake_index, "cdk-4-6-inhibitors/1").span, [])
    first, second = laid.runs
    assert first == Run("CDK 4/6 inhibitors.", heading=True)
    assert (second.heading, second.text[:48]) == (
        False,
        " This type of medicine targets two specific kina",
    )


def test_heading_that_opens_a_list(document: Document) -> None:
    """An introduction that is a heading is one from its first to its last sign."""
    span = find(document, "For postmenopausal women or for men:")
    assert lay_out_quote(document, span, [span]) == (
        Laid(
            Shape.PARAGRAPH,
            (Run("For postmenopausal women or for men:", marked=True, heading=True),),
        ),
    )


def test_run_in_heading_with_a_mark(document: Document) -> None:
    """A mark that begins inside a run-in heading cuts it without ending it."""
    laid = lay_out_quote(
        document,
        find(document, "Monoclonal antibodies. In breast"),
        [find(document, "antibodies. In")],
    )
    assert laid[0].runs == (
        Run("Monoclonal ", heading=True),
        Run("antibodies.", marked=True, heading=True),
        Run(" In", marked=True),
        Run(" breast"),
    )


def test_bullets_below_a_run_in_heading_are_no_heading(document: Document) -> None:
    """Only the heading's own words are a heading, not the list of its section."""
    laid = lay_out_quote(document, find(document, "Ribociclib (Kisqali) targets"), [])
    assert laid == (Laid(Shape.LIST, items=(item("Ribociclib (Kisqali) targets"),)),)


def test_quote_has_no_anchors(document: Document) -> None:
    """A quote has no anchors, since the page that it links to has them."""
    laid = lay_out_quote(document, Span(0, len(document.source)), [])
    assert [block.anchor for block in laid if block.anchor is not None] == []


def test_anchors_of_the_shipped_document(document: Document) -> None:
    """Each section has one anchor, in the order of the sections."""
    anchors = [block.anchor for block in lay_out_page(document) if block.anchor is not None]
    assert anchors == [section.id for section in document.sections]


def test_anchor_stands_with_the_heading(document: Document) -> None:
    """A section's anchor is at its heading, or at the paragraph that begins with it."""
    found = {
        block.anchor: (block.shape, block.level, block.runs[0].text)
        for block in lay_out_page(document)
        if block.anchor is not None
    }
    assert found["treatment-for-metastatic-breast-cancer"] == (
        Shape.HEADING,
        0,
        "Treatment for metastatic breast cancer",
    )
    assert found["hormonal-therapy"] == (Shape.HEADING, 1, "Hormonal therapy")
    assert found["yoga"] == (Shape.HEADING, 2, "Yoga")
    assert found["cdk-4-6-inhibitors"] == (Shape.PARAGRAPH, 0, "CDK 4/6 inhibitors.")
    assert found["for-postmenopausal-women-or-for-men"] == (
        Shape.PARAGRAPH,
        0,
        "For postmenopausal women or for men:",
    )
    assert found["about-this-page"] == (Shape.HEADING, 1, "About this page")


def test_page_has_every_word_once(document: Document) -> None:
    """The page is drawn whole and in order, with one heading that the source has no words for."""
    drawn = [run.text for run in runs_of(lay_out_page(document))]
    drawn.remove("About this page")
    assert "".join(drawn) == shown(document, Span(0, len(document.source)))


def test_headings_of_the_page(document: Document) -> None:
    """Headings on lines of their own are drawn as headings of the level of their section."""
    laid = [block for block in lay_out_page(document) if block.shape is Shape.HEADING]
    assert [(block.level, block.runs) for block in laid] == [
        (section.level, (Run(section.title),)) for section in document.sections if not section.run_in
    ]


def test_page_without_a_title_in_its_text(small_document: Make) -> None:
    """A page whose text has no title gets one, with the anchor of its first section."""
    assert lay_out_page(small_document("• Tea\n\nIt helps.\n")) == (
        Laid(Shape.HEADING, (Run("A page"),), anchor="a-page", level=0),
        Laid(Shape.LIST, items=(item("Tea"),)),
        paragraph("It helps."),
    )


def test_words_above_the_title(small_document: Make) -> None:
    """Words before the title have the anchor of the part above the first heading."""
    assert lay_out_page(small_document("By us.\n\nA page\n")) == (
        Laid(Shape.PARAGRAPH, (Run("By us."),), anchor="a-page"),
        Laid(Shape.HEADING, (Run("A page"),), level=0),
    )


def test_list_before_a_heading_without_words(small_document: Make) -> None:
    """A list is drawn before the heading that the page itself has no words for."""
    document = small_document(
        "A page\n\n• Tea\n\nabout_this_page_tabbed_module\n\nReviewed by: A. Reviewer\n"
    )
    assert lay_out_page(document) == (
        Laid(Shape.HEADING, (Run("A page"),), anchor="a-page", level=0),
        Laid(Shape.LIST, items=(item("Tea"),)),
        Laid(Shape.HEADING, (Run("About this page"),), anchor="about-this-page", level=1),
        paragraph("Reviewed by: A. Reviewer"),
    )


def test_page_that_begins_with_a_main_heading(small_document: Make) -> None:
    """A page whose text begins with a heading gets its title all the same, as a page with words does."""
    assert lay_out_page(small_document("Yoga\n\nIt helps.\n")) == (
        Laid(Shape.HEADING, (Run("A page"),), anchor="a-page", level=0),
        Laid(Shape.HEADING, (Run("Yoga"),), anchor="yoga", level=1),
        paragraph("It helps."),
    )


@settings(max_examples=300)
@given(st.lists(st.sampled_from(LINES), max_size=12).map("\n\n".join))
@example("Yoga\n\nIt helps.\n")
@example("• Tea\n\nYoga\n\nA page\n")
def test_page_of_any_lines(source: str) -> None:
    """Whatever the page, each section has one anchor and each shown character is drawn."""
    document = parse_document("a-page", source, METADATA)
    laid = lay_out_page(document)
    anchors = sorted(block.anchor for block in laid if block.anchor is not None)
    assert anchors == sorted(section.id for section in document.sections)
    drawn = "".join(run.text for run in runs_of(laid))
    unsaid = "".join(section.title for section in document.sections if section.heading is None)
    assert drawn == unsaid + shown(document, Span(0, len(source)))
    bullets = [block for block in document.blocks if block.kind is BlockKind.BULLET]
    lists = [block for block in laid if block.shape is Shape.LIST]
    assert [run.text for run in runs_of(lists)] == [block.span.of(source) for block in bullets]
