"""A question that asks for a yes or a no, and the caution beside words that may be neither."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Notice, NoticeKind, wording
from assistant.decision import Decision
from assistant.yes_or_no import SURE, asks_yes_or_no, caution

ASKING = [
    "Is tamoxifen a pill?",
    "is it safe",
    "CAN I drink on chemo?",
    "And does it hurt?",
    "ok so will I lose my hair",
    "Isn’t it dangerous?",
    "don't they check my bones?",
    "If so, should I stop?",
    "Mum started chemo in May. She is so tired. Will her hair fall out?",
    "tamoxifen: is it a pill?",
    "Hi there, can men get this",
]
NOT_ASKING = [
    "What is tamoxifen?",
    "side effects of tamoxifen",
    "How does it work?",
    "who can get it",
    "which drugs are pills",
    "Is there anything that helps with hot flashes?",
    "can you tell me what a port is",
    "could you explain targeted therapy",
    "the is",
    "is",
    "candy",
    "",
    "化疗会掉头发吗",
]


@pytest.mark.parametrize("question", ASKING)
def test_a_question_for_yes_or_no_is_known(question: str) -> None:
    """It begins with a verb, whatever stands politely before it or tells a story around it."""
    assert asks_yes_or_no(question) is True


@pytest.mark.parametrize("question", NOT_ASKING)
def test_other_questions_are_not_taken_for_one(question: str) -> None:
    """What asks for words is no question for yes or no, even if it is put politely."""
    assert asks_yes_or_no(question) is False


@given(question=st.text())
def test_any_text_can_be_read(question: str) -> None:
    """There is an answer for every text."""
    assert asks_yes_or_no(question) in {True, False}


class TestCaution:
    @pytest.mark.parametrize("confidence", [0.0, 0.5, math.nextafter(SURE, 0)])
    def test_an_unsure_answer_is_said_to_be_neither(self, confidence: float) -> None:
        """Below the sure confidence the words come with the notice."""
        decision = Decision(answered=True, confidence=confidence)
        assert caution("Is it safe?", decision) == (
            Notice(NoticeKind.NOT_YES_OR_NO, wording.NOT_YES_OR_NO),
        )

    @pytest.mark.parametrize("confidence", [SURE, 1.0])
    def test_a_sure_answer_needs_none(self, confidence: float) -> None:
        """From the sure confidence on, the words speak for themselves."""
        assert caution("Is it safe?", Decision(answered=True, confidence=confidence)) == ()

    @pytest.mark.parametrize("question", ["will I lose my hair?", "is she going to be sick?"])
    def test_what_is_to_come_needs_it_always(self, question: str) -> None:
        """No page knows what will happen to one reader."""
        assert caution(question, Decision(answered=True, confidence=1.0)) != ()

    def test_what_is_not_answered_needs_none(self) -> None:
        """Where nothing is given as an answer, nothing is taken for a yes."""
        assert caution("Is it safe?", Decision(answered=False, confidence=0.3)) == ()

    def test_other_questions_need_none(self) -> None:
        """Nobody takes the words for a yes that was not asked for."""
        assert caution("What is it?", Decision(answered=True, confidence=0.5)) == ()


def test_sure_words_on_another_sort_of_cancer_are_no_yes() -> None:
    """The nearest words are not what was asked, however near."""
    sure = Decision(answered=True, confidence=0.999)
    assert caution("does ibrance work for triple negative", sure) == ()
    notices = caution("does ibrance work for triple negative", sure, unsaid=True)
    assert [notice.kind for notice in notices] == [NoticeKind.NOT_YES_OR_NO]
    assert caution("what is ibrance", sure, unsaid=True) == ()
