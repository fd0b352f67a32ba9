"""Quotes on side effects: what stands together is one quote, and each reads on its own."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.collection import parse_document
from corpus.document import Document, Metadata
from corpus.side_effects.entries import side_effect_entries
from corpus.side_effects.quotes import side_effect_quotes

Make = Callable[..., Document]

PAGE = """A page

Pills

The pills come in a box. They are white. They can cause nausea. Side effects can also include:

- hair loss
- a rash

Your team can help you manage side effects. The clinic opens at nine.

For women over fifty:

- Take one a day. The pills can cause joint pain.
- Walk every day.

Three things to know:

- Water is good for you. The pills can cause constipation.
- The pills can cause a sore mouth.
"""


def test_what_stands_together_is_one_quote(small_document: Make) -> None:
    """A list stays with the sentence that announces it; a sentence that leans has the one before."""
    page = small_document(PAGE)
    quotes = side_effect_quotes(page)
    assert [" ".join(quote.span.of(page.source).split()) for quote in quotes] == [
        "They are white. They can cause nausea. Side effects can also include: - hair loss - a rash",
        "Your team can help you manage side effects.",
        "The pills can cause joint pain.",
        "The pills can cause constipation. - The pills can cause a sore mouth.",
    ]
    assert [quote.easing for quote in quotes] == [False, True, False, False]
    assert [list(quote.symptoms) for quote in quotes] == [
        ["nausea", "hair-loss", "rash"],
        [],
        ["joint-pain"],
        ["constipation", "mouth-sores"],
    ]


def test_the_middle_of_an_item_keeps_a_condition_only(small_document: Make) -> None:
    """“For women over fifty” is true of all that follows; “Three things to know” is not."""
    page = small_document(PAGE)
    contexts = [quote.context and quote.context.of(page.source) for quote in side_effect_quotes(page)]
    assert contexts == [None, None, "For women over fifty:", None]


def test_every_entry_is_in_one_quote(document: Document) -> None:
    """Quotes of the shipped document hold its entries, each once and in order."""
    quotes = side_effect_quotes(document)
    held = [entry for quote in quotes for entry in quote.entries]
    assert held == list(side_effect_entries(document))
    assert all(
        quote.span.start <= entry.span.start < entry.span.end <= quote.span.end
        for quote in quotes
        for entry in quote.entries
    )


PIECES = st.sampled_from(
    ["side effects", "Nausea", "  • ", "\n\n", "ease", "can cause", ":", "They ", ". ", "For women:"]
)


@settings(max_examples=100)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map(" ".join) | st.text())
def test_any_text_is_read(text: str) -> None:
    """Any text gives quotes within it, in order, without overlaps."""
    metadata = Metadata("A page", "A publisher", (), "", "", "0" * 64, "", "")
    page = parse_document("a-page", text, metadata)
    at = 0
    for quote in side_effect_quotes(page):
        assert at <= quote.span.start < quote.span.end <= len(text)
        at = quote.span.end
