"""Repetitions are folded where they stand best, and a comparison shows every name."""

from collections.abc import Callable, Sequence

import pytest

from assistant.answer import SHOWN_AS_ANSWER, Excerpt, Place, Quote
from assistant.selection import completed, folded
from corpus import Document, Span
from index import Query, Retriever, SearchIndex

NAMES = frozenset(["tamoxifen", "letrozole", "fulvestrant"])


def place(start: int, end: int) -> Place:
    """Return a place with a link of its own."""
    return Place(Span(start, end), "a-section", f"/read/a-page?quote={start}-{end}#a-section")


def quote(
    start: int,
    end: int,
    text: str = "words",
    *,
    also: Sequence[tuple[int, int]] = (),
    context: str = "",
    path: Sequence[str] = ("A section",),
    document: str = "a-page",
) -> Quote:
    """Return a quote of a range."""
    return Quote(
        excerpt=Excerpt(text, Span(start, end)),
        highlights=(Span(start, end),),
        context=Excerpt(context, Span(0, len(context))) if context else None,
        document_id=document,
        section_path=tuple(path),
        place=place(start, end),
        similarity=0.5,
        also_at=tuple(place(*span) for span in also),
    )


class TestFolded:
    def test_without_repetitions_nothing_changes(self) -> None:
        """Order and quotes stay as they are."""
        quotes = (quote(0, 10), quote(20, 30), quote(40, 50))
        assert folded(quotes) == quotes

    def test_the_better_twin_keeps_its_place(self) -> None:
        """The second of two twins is folded into the first, wherever each stands in the text."""
        first, between, second = (
            quote(50, 60, also=[(0, 10)]),
            quote(20, 30),
            quote(0, 10, also=[(50, 60)]),
        )
        assert folded([first, between, second]) == (first, between)
        assert folded([second, between, first]) == (second, between)

    def test_a_quote_within_a_better_one_is_folded_and_its_place_kept(self) -> None:
        """Words that a longer quote holds elsewhere are not shown again; where they stand is told."""
        longer, shorter = quote(0, 40), quote(100, 120, also=[(10, 30)])
        (kept,) = folded([longer, shorter])
        assert kept.excerpt == longer.excerpt
        assert kept.also_at == (place(100, 120),)

    def test_a_longer_quote_after_a_shorter_one_stays(self) -> None:
        """It says more than the better one."""
        shorter, longer = quote(100, 120, also=[(10, 30)]), quote(0, 40)
        assert folded([shorter, longer]) == (shorter, longer)

    def test_half_of_a_twin_is_no_twin(self) -> None:
        """A quote whose words reach beyond the better one stays."""
        quotes = (quote(0, 25), quote(100, 120, also=[(10, 30)]))
        assert folded(quotes) == quotes

    def test_documents_are_not_mixed(self) -> None:
        """The same offsets of another document are other words."""
        quotes = (quote(0, 40), quote(100, 120, also=[(10, 30)], document="another-page"))
        assert folded(quotes) == quotes

    def test_twins_of_the_shipped_page(
        self,
        document: Document,
        fake_assistant: object,
        fake_index: SearchIndex,
        bag_of_words: object,
    ) -> None:
        """No words are shown twice, and none of the ranking's places is lost."""
        asked = (
            "tamoxifen, given in pill form, blocks estrogen from helping hormone receptor-positive "
            "breast cancer to grow"
        )
        retriever = Retriever(fake_index, bag_of_words, {document.id: document})
        ranked = [s.passage.span for s in retriever.retrieve(Query(asked)).passages]
        quotes = fake_assistant.answer(asked, exact=True).quotes
        assert quotes[0].place.span == ranked[0]
        assert [place.section_id for place in quotes[0].also_at] == [
            "for-postmenopausal-women-or-for-men"
        ]
        told = {p.span for q in quotes for p in (q.place, *q.also_at)}
        assert set(ranked) <= told
        assert len(quotes) == len(ranked) - 1


class TestCompleted:
    def complete(self, quotes: Sequence[Quote], question: str) -> tuple[Quote, ...]:
        """Complete with the names of this module."""
        return completed(quotes, question, NAMES.__contains__)

    @pytest.fixture
    def others(self) -> list[Quote]:
        """Four quotes that name nothing."""
        return [quote(at, at + 5) for at in range(0, 40, 10)]

    def test_both_names_of_a_comparison_are_shown(self, others: list[Quote]) -> None:
        """The best quote on the missing name moves up to the last place shown; the others keep order."""
        first, far = quote(100, 110, "Tamoxifen blocks"), quote(200, 210, "on letrozole")
        ranked = [first, *others, far, quote(300, 310, "letrozole again")]
        found = self.complete(ranked, "tamoxifen or Letrozole?")
        assert found[:SHOWN_AS_ANSWER] == (first, others[0], far)
        assert found[SHOWN_AS_ANSWER:] == (*others[1:], ranked[-1])

    @pytest.mark.parametrize("where", ["context", "path"])
    def test_a_name_counts_in_heading_and_context(self, others: list[Quote], where: str) -> None:
        """What is shown above the words names them too."""
        named = {"context": "On letrozole:"} if where == "context" else {"path": ["Letrozole"]}
        ranked = [quote(100, 110, "tamoxifen"), *others, quote(200, 210, **named)]
        found = self.complete(ranked, "tamoxifen or letrozole")
        assert found[SHOWN_AS_ANSWER - 1] == ranked[-1]

    @pytest.mark.parametrize("question", ["what is letrozole", "chemo or letrozole", "what is a port"])
    def test_one_name_is_no_comparison(self, others: list[Quote], question: str) -> None:
        """The order of relevance stays."""
        ranked = (*others, quote(200, 210, "letrozole"))
        assert self.complete(ranked, question) == ranked

    def test_what_is_shown_already_stays(self, others: list[Quote]) -> None:
        """Where both names are among the first, nothing moves."""
        ranked = (quote(100, 110, "tamoxifen"), others[0], quote(200, 210, "letrozole"), *others[1:])
        assert self.complete(ranked, "letrozole or tamoxifen") == ranked

    def test_a_name_that_no_quote_holds_is_passed_over(self, others: list[Quote]) -> None:
        """Nothing is made up for it."""
        ranked = (*others, quote(100, 110, "tamoxifen"))
        found = self.complete(ranked, "letrozole or tamoxifen")
        assert found == (*others[:2], ranked[-1], *others[2:])

    def test_two_missing_names_are_both_shown(self, others: list[Quote]) -> None:
        """Where neither name is among the first, both come up."""
        ranked = [*others, quote(100, 110, "tamoxifen"), quote(200, 210, "letrozole")]
        found = self.complete(ranked, "tamoxifen or letrozole")
        assert set(ranked[-2:]) <= set(found[:SHOWN_AS_ANSWER])
        assert found[0] == others[0]

    def test_a_name_that_is_shown_is_not_pushed_out(self, others: list[Quote]) -> None:
        """The quote that makes room is one that no name needs."""
        last = quote(100, 110, "tamoxifen")
        ranked = [*others[:2], last, *others[2:], quote(200, 210, "letrozole")]
        found = self.complete(ranked, "tamoxifen or letrozole")
        assert {last, ranked[-1]} <= set(found[:SHOWN_AS_ANSWER])

    def test_no_quote_is_lost(self, others: list[Quote]) -> None:
        """Only the order changes."""
        ranked = [*others, quote(100, 110, "tamoxifen"), quote(200, 210, "letrozole")]
        found = self.complete(ranked, "tamoxifen or letrozole or fulvestrant")
        assert sorted(found, key=lambda q: q.place.span) == sorted(ranked, key=lambda q: q.place.span)
        assert len(ranked) == 6

    @pytest.mark.parametrize("function", [folded, lambda q: completed(q, "a or b", bool)])
    def test_nothing_stays_nothing(self, function: Callable) -> None:
        """An empty ranking is no trouble."""
        assert function([]) == ()
