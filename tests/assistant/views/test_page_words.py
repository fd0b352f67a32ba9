"""What stands at a place: exactly the source's characters, laid out as answers show them."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.links import quote_link
from assistant.views.page_words import MOST_CHARACTERS, PageWords
from corpus import Document
from index import SearchIndex


@pytest.fixture(scope="module")
def words(document: Document) -> PageWords:
    """The words of the shipped document."""
    return PageWords([document])


class TestEveryPassage:
    def test_it_is_found_word_for_word(
        self, words: PageWords, document: Document, fake_index: SearchIndex
    ) -> None:
        """At a passage's place stand its own words, with its headings and its address."""
        assert len(fake_index.passages) > 50
        for passage in fake_index.passages:
            found = words.at(document.id, f"{passage.span.start}-{passage.span.end}")
            assert found is not None
            assert found.text == passage.text == document.source[passage.span.start : passage.span.end]
            assert found.path == document.section(passage.section_id).path
            assert found.link == quote_link(document.id, passage.section_id, passage.span)

    def test_what_is_shown_is_in_the_text(
        self, words: PageWords, document: Document, fake_index: SearchIndex
    ) -> None:
        """The blocks are the text in order; only signs of bullets and white space are left out."""
        for passage in fake_index.passages:
            found = words.at(document.id, f"{passage.span.start}-{passage.span.end}")
            assert found is not None
            shown = "".join("".join(block.text.split()) for block in found.blocks)
            assert shown == "".join(found.text.replace("•", "").split())

    def test_its_introduction_is_that_of_the_answer(
        self, words: PageWords, document: Document, fake_index: SearchIndex
    ) -> None:
        """Where an answer shows the sentence above a list, so does the sheet for the visit."""
        introduced = 0
        for passage in fake_index.passages:
            found = words.at(document.id, f"{passage.span.start}-{passage.span.end}")
            assert found is not None
            expected = passage.context and passage.context.of(document.source)
            assert found.context == expected
            introduced += expected is not None
        assert introduced


class TestWhatIsShown:
    def test_lists_keep_their_depth(self, small_document: Callable[..., Document]) -> None:
        """A paragraph has depth 0, an item 1, an item below it 2."""
        document = small_document("Take:\n\n  • Pills, such as:\n    • Tamoxifen\n  • Drops\n")
        found = PageWords([document]).at(document.id, f"0-{len(document.source)}")
        assert found is not None
        assert [(block.depth, block.text) for block in found.blocks] == [
            (0, "Take:"),
            (1, "Pills, such as:"),
            (2, "Tamoxifen"),
            (1, "Drops"),
        ]
        assert found.context is None

    def test_an_item_brings_its_introduction(self, small_document: Callable[..., Document]) -> None:
        """The words above a list belong to each of its items."""
        document = small_document("It may cause:\n\n  • Nausea\n")
        start = document.source.index("Nausea")
        found = PageWords([document]).at(document.id, f"{start}-{start + 6}")
        assert found is not None
        assert (found.text, found.context) == ("Nausea", "It may cause:")


class TestWhatIsNotThere:
    @pytest.mark.parametrize(
        "place",
        ["", "-", "10", "10-", "-10", "10-10", "20-10", "0-99999999", "a-b", "1e2-300", "١-٢", "1-2-3"],
    )
    def test_no_such_range(self, words: PageWords, document: Document, place: str) -> None:
        """What names no range of the page is answered with nothing."""
        assert words.at(document.id, place) is None

    def test_no_such_document(self, words: PageWords) -> None:
        """Nor is an unknown document guessed at."""
        assert words.at("another", "10-20") is None

    def test_not_the_whole_page(self, words: PageWords, document: Document) -> None:
        """A longer stretch than any quote is not looked up."""
        assert len(document.source) > MOST_CHARACTERS
        assert words.at(document.id, f"0-{MOST_CHARACTERS + 1}") is None

    def test_words_that_no_reader_sees(self, words: PageWords, document: Document) -> None:
        """What the copy of the page has between its texts is not shown as its words."""
        start = document.source.index("general_content")
        assert words.at(document.id, f"{start}-{start + 5}") is None


@settings(max_examples=300)
@given(start=st.integers(0, 33_000), length=st.integers(1, MOST_CHARACTERS))
def test_any_range_is_exact_or_nothing(
    words: PageWords, document: Document, start: int, length: int
) -> None:
    """Whatever is asked for: the source's own characters, or nothing."""
    found = words.at(document.id, f"{start}-{start + length}")
    if found is not None:
        assert found.text == document.source[start : start + length]
        assert all(block.text in document.source for block in found.blocks)
        assert found.blocks
