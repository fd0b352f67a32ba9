"""From question to answer: quotes that can be checked, notices, and honesty where there is none."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Answer, Assistant, NoticeKind, Quote, Trail
from assistant.answer import SHOWN_AS_ANSWER, SHOWN_AS_NEAREST
from assistant.assistant import RANKED
from assistant.decision import Decision
from assistant.errors import QuestionError
from assistant.follow_ups.trail import KEPT_CHARACTERS, KEPT_TOPICS
from assistant.links import QUOTE_PARAMETER, READING_PATH, parse_range
from assistant.questions import checked_earlier
from assistant.spelling import Speller
from assistant.suiting import Suiting
from assistant.yes_or_no import caution
from corpus import Document, build_passages
from index import Embedder, Retriever, SearchIndex, build_index
from index.embedding import Vectors

GOLD = Path(__file__).parents[1] / "gold"
PARP = "what did the two approved PARP inhibitors turn out to be?"


def asked(name: str) -> list[tuple[str, list[str]]]:
    """Return the questions of a gold file, each with its history."""
    lines = [orjson.loads(line) for line in (GOLD / name).read_bytes().splitlines()]
    return [(line["question"], line.get("history", [])) for line in lines]


def hold_to_the_source(quote: Quote, document: Document) -> None:
    """Check that a quote's words, marks, context and links are those of the document."""
    source, excerpt = document.source, quote.excerpt
    assert source[excerpt.span.start : excerpt.span.end] == excerpt.text
    assert excerpt.text.strip() == excerpt.text
    assert len(excerpt.text.split()) <= 150
    assert quote.place.span == excerpt.span
    for mark in quote.highlights:
        assert excerpt.span.start <= mark.start < mark.end <= excerpt.span.end
    if quote.context is not None:
        assert quote.context.span.of(source) == quote.context.text
    assert quote.section_path == document.section(quote.place.section_id).path
    for place in (quote.place, *quote.also_at):
        address = urlsplit(place.link)
        name, _, value = address.query.partition("=")
        assert unquote(address.path) == f"{READING_PATH}/{document.id}"
        assert name == QUOTE_PARAMETER
        assert parse_range(value, length=len(source)) == place.span
        assert unquote(address.fragment) == place.section_id


def hold_together(answer: Answer, document: Document) -> None:
    """Check all that must be true of every answer."""
    assert 0 <= answer.confidence <= 1
    if answer.reply is not None:
        assert (answer.answered, answer.confidence, answer.quotes) == (False, 0, ())
        assert {notice.kind for notice in answer.notices} <= {NoticeKind.URGENT}
        return
    assert 1 <= len(answer.quotes) <= RANKED
    places = [place.span for quote in answer.quotes for place in (quote.place,)]
    assert len(set(places)) == len(places)
    for quote in answer.quotes:
        hold_to_the_source(quote, document)
    assert answer.shown == answer.quotes[: SHOWN_AS_ANSWER if answer.answered else SHOWN_AS_NEAREST]
    noted = dict.fromkeys(notice for quote in answer.shown for notice in quote.notices)
    urgent = [notice for notice in answer.notices if notice.kind is NoticeKind.URGENT]
    assert len(urgent) <= 2
    decision = Decision(answer.answered, answer.confidence)
    careful = caution(answer.resolved_question, decision)
    if answer.notices != (*urgent, *careful, *noted):
        # Surer words need it too where a medicine is never named with a sort of cancer.
        assert careful == ()
        careful = caution(answer.resolved_question, decision, unsaid=True)
        passages = build_passages(document, count_tokens=lambda text: len(text.split()))
        question = answer.resolved_question
        assert Suiting([document], passages).is_unsaid(question, question)
    assert answer.notices == (*urgent, *careful, *noted)
    assert answer.gap_topic is None or not answer.answered
    assert answer.carried == () or answer.resolved_question != answer.question
    assert answer.ms > 0


class TestQuotes:
    @pytest.mark.parametrize("name", ["questions.jsonl", "dialogues.jsonl"])
    def test_every_quote_of_the_gold_questions_is_word_for_word(
        self, fake_assistant: Assistant, document: Document, name: str
    ) -> None:
        """Answered or not, each quote is what stands in the source, and its links lead there."""
        decided = set()
        for question, history in asked(name):
            answer = fake_assistant.answer(question, history)
            hold_together(answer, document)
            decided.add(answer.answered)
        assert decided == {True, False}

    @settings(max_examples=150)
    @given(
        question=st.text(st.characters(exclude_categories=()), max_size=60),
        earlier=st.lists(st.text(max_size=30), max_size=2),
        exact=st.booleans(),
    )
    def test_whatever_is_typed_is_answered_or_refused(
        self,
        fake_assistant: Assistant,
        document: Document,
        question: str,
        earlier: list[str],
        exact: bool,
    ) -> None:
        """No text at all brings out another error than the one for questions."""
        try:
            answer = fake_assistant.answer(question, earlier, exact=exact)
        except QuestionError:
            return
        assert answer.question == question.strip()
        hold_together(answer, document)

    @pytest.mark.parametrize("question", ["", "?!", "x" * 4_001, "\ud800 hair"])
    def test_what_is_no_question_is_refused(self, fake_assistant: Assistant, question: str) -> None:
        """The check at the door is the same for every way in."""
        with pytest.raises(QuestionError, match=r"^The question "):
            fake_assistant.answer(question)

    def test_an_earlier_turn_that_is_no_text_is_refused(self, fake_assistant: Assistant) -> None:
        """What is carried over is held to the same form as what is asked."""
        with pytest.raises(QuestionError, match="not valid UTF-8"):
            fake_assistant.answer("is it a pill?", ["\udcff tamoxifen"])

    def test_the_longest_question_is_answered(
        self, fake_assistant: Assistant, document: Document
    ) -> None:
        """4,000 characters, with as many in the turn before, are no trouble."""
        longest = ("is yoga safe for me " * 200)[:4_000]
        hold_together(fake_assistant.answer(longest, [longest]), document)
        hold_together(fake_assistant.answer("is it safe?", [longest]), document)


class TestTrail:
    @pytest.mark.parametrize(
        "earlier",
        [
            ["What is a port?", "is it safe?", "and what about yoga"],
            ["hi", "What is tamoxifin?", "thank you!!", "hello, is it a pill? thanks a lot", "bye"],
            [
                "What is tamoxifen?",
                "¿Perderé el pelo?",
                "I can't breathe, thank you",
                "?!",
                "is it safe",
            ],
        ],
    )
    def test_it_is_what_answering_leaves_behind(
        self, fake_assistant: Assistant, earlier: list[str]
    ) -> None:
        """Short turns that are only followed leave the same trail as turns that are answered."""
        trail = Trail()
        for turn in earlier:
            if turn != "?!":
                trail = fake_assistant.converse(turn, trail)[1]
        assert fake_assistant.trail(earlier) == trail
        assert 2 <= len(trail.said) < len(earlier) or len(trail.said) == len(earlier) == 3

    def test_the_model_reads_no_more_than_is_remembered(
        self, fake_index: SearchIndex, bag_of_words: Embedder, document: Document
    ) -> None:
        """Of 30 turns of 2,000 characters as much as of the last twelve, shortened."""
        counting = CountingEmbedder(bag_of_words)
        retriever = Retriever(fake_index, counting, {document.id: document})
        assistant = Assistant([document], retriever, Speller([document], str.isdigit))
        story = "She had a port put in and is tired. Is yoga safe with tamoxifen? " * 40
        earlier = [f"{number} {story}"[:2_000] for number in range(30)]
        assistant.trail(earlier)
        read, counting.read = counting.read, []
        assistant.trail(checked_earlier(earlier))
        assert read == counting.read
        # A turn is read with and without its names, as are what asks of it and five ways to complete it.
        assert KEPT_TOPICS < len(read) <= KEPT_TOPICS * 14
        assert max(map(len, read)) < 3 * KEPT_CHARACTERS


class CountingEmbedder:
    """The stand-in for a model; it notes what it is asked to read."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.read: list[str] = []

    def __getattr__(self, name: str) -> object:
        """Be the stand-in in all else."""
        return getattr(self._embedder, name)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, and note them."""
        self.read.extend(texts)
        return self._embedder.embed_queries(texts)


class TestNotices:
    def test_the_missing_list_is_told(self, fake_assistant: Assistant) -> None:
        """Whoever is shown the sentence on PARP inhibitors hears that its list is missing."""
        answer = fake_assistant.answer(PARP)
        sentence = "The two approved PARP inhibitors, given in pill form, are:"
        assert answer.quotes[0].excerpt.text.endswith(sentence)
        (notice,) = answer.notices
        assert notice.kind is NoticeKind.MISSING_LIST
        assert (
            notice.text
            == f"The list that should follow “{sentence}” is missing in this copy of the page."
        )

    def test_a_quote_further_down_brings_no_notice(self, fake_assistant: Assistant) -> None:
        """Only what a person is shown needs a word beside it."""
        for question, _ in asked("questions.jsonl"):
            answer = fake_assistant.answer(question)
            hidden = [n for quote in answer.quotes[len(answer.shown) :] for n in quote.notices]
            if hidden and not answer.notices:
                return
        pytest.fail("no question has a notice below what is shown")


class TestDeclining:
    def test_the_topic_of_a_known_gap_is_named(
        self, fake_assistant: Assistant, document: Document
    ) -> None:
        """Questions that are written down as left open are declined, many with their own topic."""
        gaps = document.gaps[::20]
        answers = [fake_assistant.answer(gap.text) for gap in gaps]
        named = [(gap, a) for gap, a in zip(gaps, answers, strict=True) if a.gap_topic is not None]
        assert sum(not answer.answered for answer in answers) > 0.8 * len(gaps)
        assert {answer.answered for _, answer in named} == {False}
        assert {len(answer.shown) for _, answer in named} == {SHOWN_AS_NEAREST}
        assert {answer.gap_topic for _, answer in named} <= {gap.topic for gap in document.gaps}
        assert sum(gap.topic == answer.gap_topic for gap, answer in named) > 0.5 * len(named) > 0

    def test_an_answer_names_no_gap(self, fake_assistant: Assistant) -> None:
        """What is answered is not said to be left out."""
        answer = fake_assistant.answer("Is yoga safe for me?")
        assert answer.answered is True
        assert answer.gap_topic is None
        assert len(answer.shown) == SHOWN_AS_ANSWER

    def test_without_gaps_no_topic_is_named(
        self, small_document: Callable[..., Document], bag_of_words: Embedder
    ) -> None:
        """A document without authored files is answered from, and declines without a topic."""
        page = small_document("Yoga\nYoga can help with sleep, and many people like it.\n")
        retriever = Retriever(build_index([page], bag_of_words), bag_of_words, {page.id: page})
        assistant = Assistant([page], retriever, Speller([page], str.isdigit))
        answer = assistant.answer("quantum chess")
        assert (answer.answered, answer.gap_topic) == (False, None)
        assert assistant.answer("yoga can help with sleep").answered is True
        hold_together(answer, page)


class TestSearchedFor:
    def test_a_slip_is_put_right(self, fake_assistant: Assistant) -> None:
        """The question stays as typed; what was searched for is told beside it."""
        answer = fake_assistant.answer(" tamoxifin side effects ")
        assert answer.question == "tamoxifin side effects"
        assert answer.resolved_question == "tamoxifen side effects"

    def test_a_follow_up_is_searched_for_with_what_was_spoken_of(
        self, fake_assistant: Assistant
    ) -> None:
        """What the last question spoke of is told, its slips put right."""
        answer = fake_assistant.answer("is it a pill?", ["What is a port?", "What is tamoxifin?"])
        assert answer.resolved_question == "tamoxifen: is it a pill?"
        assert answer.question == "is it a pill?"

    def test_exactly_what_was_typed(self, fake_assistant: Assistant) -> None:
        """With `exact`, no slip is put right and no turn carried over."""
        answer = fake_assistant.answer("is it tamoxifin?", ["What is a port?"], exact=True)
        assert answer.resolved_question == answer.question == "is it tamoxifin?"
        alone = fake_assistant.answer("is it tamoxifin?", exact=True)
        assert replace(answer, ms=0.0) == replace(alone, ms=0.0)

    @pytest.mark.parametrize(
        ("question", "earlier"), [("is it a pill?", ["What is tamoxifen?"]), (PARP, [])]
    )
    def test_the_same_history_gives_the_same_answer(
        self, fake_assistant: Assistant, question: str, earlier: list[str]
    ) -> None:
        """Nothing is remembered between questions; only the time differs."""
        first = fake_assistant.answer(question, earlier)
        fake_assistant.answer("something else entirely", ["and more"])
        again = fake_assistant.answer(question, list(earlier))
        assert replace(first, ms=0.0) == replace(again, ms=0.0)

    def test_the_history_stays_as_it_was(self, fake_assistant: Assistant) -> None:
        """A list that is handed in is not changed."""
        earlier = ["What is tamoxifin?"]
        fake_assistant.answer("is it a pill?", earlier)
        assert earlier == ["What is tamoxifin?"]


def test_it_tells_what_it_quotes_from(fake_assistant: Assistant, document: Document) -> None:
    """Its documents are those that it was made with, its passages all of theirs."""
    assert fake_assistant.documents == (document,)
    assert {passage.document_id for passage in fake_assistant.passages} == {document.id}
    starts = [passage.span.start for passage in fake_assistant.passages]
    assert starts == sorted(starts)
