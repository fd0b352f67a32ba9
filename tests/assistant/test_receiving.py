"""What a message is taken for before it is searched for."""

from dataclasses import replace

import numpy as np
import pytest

from assistant import Assistant, NoticeKind, receiving
from assistant.answer import Notice
from assistant.errors import CountryError
from assistant.examples import Example, examples
from assistant.opening import example_texts
from assistant.receiving import Receiver
from assistant.spelling import Speller
from assistant.urgent.detection import urgent_signs
from assistant.urgent.help import urgent_notice
from assistant.urgent.likeness import LikenessModel
from assistant.urgent.words import WordModel
from corpus import Document
from index import Embedder, Query, Retriever, SearchIndex, build_index


@pytest.fixture
def retriever(fake_index: SearchIndex, bag_of_words: Embedder, document: Document) -> Retriever:
    """The shipped document, found with the stand-in for a model."""
    return Retriever(fake_index, bag_of_words, {document.id: document})


@pytest.fixture(scope="module")
def among_examples(bag_of_words: Embedder, document: Document) -> Retriever:
    """The same with the examples, and without what is written beside the document."""
    page = replace(document, questions=(), gaps=())
    index = build_index([page], bag_of_words, examples=example_texts())
    return Retriever(index, bag_of_words, {page.id: page})


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("hello", "hello"),
        ("ok thanks", "thanks"),
        ("can I trust this?", "trust"),
        ("are you a doctor?", "doctor"),
        ("¿Cuáles son los efectos secundarios de la quimioterapia?", "language"),
    ],
)
def test_what_asks_nothing_of_the_page_gets_a_reply(
    fake_assistant: Assistant, message: str, kind: str
) -> None:
    """A short fixed one, without a quote."""
    answer = fake_assistant.answer(message)
    assert answer.reply is not None
    assert (answer.reply.kind, answer.quotes) == (kind, ())


@pytest.mark.parametrize("message", ["when was this page updated?", "who reviewed this page?"])
def test_the_page_says_itself_how_old_it_is(fake_assistant: Assistant, message: str) -> None:
    """Its own words on its review are quoted, where it has them."""
    answer = fake_assistant.answer(message)
    assert answer.reply is None
    assert answer.answered is True
    assert any("Reviewed by: Douglas Yee, MD" in quote.excerpt.text for quote in answer.shown)


def test_an_emergency_comes_before_everything_else(fake_assistant: Assistant) -> None:
    """Even in a message with a greeting, and the words are searched for all the same."""
    answer = fake_assistant.answer("Hello, I can't breathe and my chest hurts, please help")
    assert answer.is_urgent
    assert next(n.kind for n in answer.notices) is NoticeKind.URGENT
    assert answer.reply is None
    assert answer.quotes


@pytest.mark.parametrize(
    ("country", "number"), [("us", "911"), ("gb", "999"), ("other", "local emergency")]
)
def test_the_numbers_are_those_of_the_operators_country(
    retriever: Retriever, document: Document, country: str, number: str
) -> None:
    """The notice is that of the country which the assistant was made for."""
    speller = Speller([document], is_common=str.isdigit)
    assistant = Assistant([document], retriever, speller, country=country)
    (notice,) = assistant.answer("I can't breathe").notices
    assert notice == urgent_notice("breathing", country)
    assert number in notice.text


def test_a_country_without_numbers_is_refused(retriever: Retriever, document: Document) -> None:
    """Before anybody is answered."""
    speller = Speller([document], is_common=str.isdigit)
    with pytest.raises(CountryError, match="no emergency numbers for the country 'xx'"):
        Assistant([document], retriever, speller, country="xx")


def test_a_greeting_is_not_searched_for(fake_assistant: Assistant) -> None:
    """What is left is the question."""
    answer = fake_assistant.answer("Hi there! What is a port? Thank you so much")
    assert answer.reply is None
    assert answer.resolved_question == "What is a port?"


@pytest.mark.parametrize(
    "message",
    [
        "What is a port?",
        "hello",
        "Hi there! What is a port?",
        "Hello, I can't breathe",
        "¿Qué es un puerto?",
    ],
)
def test_what_is_searched_for_is_the_same_without_a_notice(
    retriever: Retriever, document: Document, message: str
) -> None:
    """Nothing where there is a reply, the whole of an urgent message, else what is left of it."""
    receiver = Receiver([document], retriever, Speller([document], is_common=str.isdigit), "us")
    compared = retriever.compare(Query(message))
    received = receiver.receive(message, compared)
    assert receiver.searched(message, compared) == (None if received.reply else received.question)


class TestLikeness:
    """With an index of the examples, and numbers by which all but one of them hardly count."""

    @pytest.fixture
    def example(self, bag_of_words: Embedder, monkeypatch: pytest.MonkeyPatch) -> Example:
        """An urgent example that no rule knows; who is like it is urgent, and nobody else is."""
        number, example = next(
            (number, example)
            for number, example in enumerate(examples())
            if example.kind == "urgent/spine" and urgent_signs(example.text) == ()
        )
        coefficients = np.array(
            [1e-6 if each.kind.startswith("urgent/") else -1e-6 for each in examples()], np.float32
        )
        coefficients[number] = 2
        model = LikenessModel(
            embedder=bag_of_words.digest,
            gamma=20,
            coefficients=coefficients,
            intercept=-1,
            words=WordModel({}, 0.0),
            rules_weight=0,
            score_weight=10,
            words_weight=0,
            joint_intercept=0,
            least=0.5,
            least_of_long=0.5,
        )
        monkeypatch.setattr(receiving, "likeness_model", {model.embedder: model}.get)
        return example

    def notices(self, retriever: Retriever, document: Document, message: str) -> tuple[Notice, ...]:
        """Return what must be said first to a message."""
        receiver = Receiver([document], retriever, Speller([document], is_common=str.isdigit), "us")
        return receiver.receive(message, retriever.compare(Query(message))).notices

    def test_a_piece_that_is_like_an_urgent_example_raises_the_alarm(
        self, among_examples: Retriever, document: Document, example: Example
    ) -> None:
        """Where neither a rule nor the nearness of the whole does."""
        message = f"{'We sat in the garden and my sister brought us a cake. ' * 3}{example.text}"
        assert self.notices(among_examples, document, example.text) == (urgent_notice("spine"),)
        assert self.notices(among_examples, document, message) == (urgent_notice("spine"),)
        assert urgent_signs(message) == ()

    def test_an_urgent_greeting_is_searched_for_whole(
        self, among_examples: Retriever, document: Document, example: Example
    ) -> None:
        """Its pieces say so; a message without pleasantries is not looked at in pieces."""
        receiver = Receiver([document], among_examples, Speller([document], str.isdigit), "us")
        message = f"Hello! {example.text}"
        compared = among_examples.compare(Query(message))
        assert receiver.searched(message, compared) == message
        assert receiver.receive(message, compared).question == message

    def test_a_plain_turn_is_not_read_in_pieces(
        self,
        among_examples: Retriever,
        document: Document,
        example: Example,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Whether it is urgent changes nothing in what is searched for."""
        receiver = Receiver([document], among_examples, Speller([document], str.isdigit), "us")
        compared = among_examples.compare(Query(example.text))
        monkeypatch.setattr(among_examples, "example_cosines", None)
        assert receiver.searched(example.text, compared) == example.text

    def test_rules_alone_raise_none(
        self, among_examples: Retriever, document: Document, example: Example
    ) -> None:
        """By these numbers they count for nothing."""
        assert self.notices(among_examples, document, "I can't breathe") == ()
        assert urgent_signs("I can't breathe") == ("breathing",)

    def test_without_the_examples_the_rules_decide(
        self, retriever: Retriever, document: Document, example: Example
    ) -> None:
        """An index that lacks them has nothing to be like."""
        assert self.notices(retriever, document, "I can't breathe") == (urgent_notice("breathing"),)

    def test_with_another_model_the_rules_decide(
        self, among_examples: Retriever, document: Document
    ) -> None:
        """The shipped numbers are not those of the stand-in."""
        assert self.notices(among_examples, document, "I can't breathe") == (urgent_notice("breathing"),)
