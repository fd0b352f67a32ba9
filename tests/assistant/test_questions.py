"""What is let through the door as a question, and what is said to the rest."""

import pytest

from assistant.errors import QuestionError
from assistant.follow_ups.trail import KEPT_CHARACTERS, KEPT_TOPICS
from assistant.questions import MAX_CHARACTERS, checked_earlier, checked_question


@pytest.mark.parametrize("question", ["", " ", "\n\t ", "\u00a0\u2003"])
def test_nothing_is_no_question(question: str) -> None:
    """Blanks alone are an empty question."""
    with pytest.raises(QuestionError, match=r"^The question is empty\. Please type a few words\.$"):
        checked_question(question)


@pytest.mark.parametrize("question", ["?", "...", "?!  --", "😀", "❤️‍🩹 🙏🏽", "\u200b", "“”"])
def test_signs_alone_are_no_question(question: str) -> None:
    """There must be a letter or a digit."""
    with pytest.raises(QuestionError, match=r"^The question holds no word\. Please type a few words\.$"):
        checked_question(question)


def test_the_longest_question_is_taken() -> None:
    """4,000 characters pass, and blanks around them do not count."""
    longest = "x" * 4_000
    assert MAX_CHARACTERS == 4_000
    assert checked_question(f"  {longest}\n") == longest


def test_one_character_more_is_too_long() -> None:
    """The message says how long the question is and what the limit is."""
    message = r"^The question has 4,001 characters; the limit is 4,000\. Please shorten it\.$"
    with pytest.raises(QuestionError, match=message):
        checked_question("x" * 4_001)


def test_a_character_outside_the_first_plane_counts_as_one() -> None:
    """The limit is on characters, not on bytes."""
    longest = "𝔞" * 4_000
    assert checked_question(longest) == longest


@pytest.mark.parametrize("question", ["\ud800", "will I lose\udcff my hair?"])
def test_half_a_character_is_no_text(question: str) -> None:
    """A lone surrogate, as a wrong byte on a command line becomes, is refused."""
    with pytest.raises(QuestionError, match=r"^The question is not valid UTF-8 text\.$"):
        checked_question(question)


@pytest.mark.parametrize(
    "question",
    [
        "¿Perderé el pelo?",
        "Выпадут ли волосы?",
        "化疗会掉头发吗",
        "هل سأفقد شعري؟",
        "क्या बाल झड़ेंगे",
        "7",
        "x?",
    ],
)
def test_every_script_is_a_question(question: str) -> None:
    """A word is a word in any writing, and one letter or digit is enough."""
    assert checked_question(question) == question


def test_only_the_white_space_around_is_taken_away() -> None:
    """What stands inside stays as it was typed."""
    assert checked_question("\n will  I\nlose my hair?\t") == "will  I\nlose my hair?"


def test_as_many_earlier_turns_are_read_as_can_be_gone_back_to() -> None:
    """The last of them; blank ones are none."""
    turns = [f" question {number} " for number in range(100)]
    read = checked_earlier([*turns, " ", ""])
    assert read == tuple(f"question {number}" for number in range(100 - KEPT_TOPICS, 100))


def test_of_a_long_earlier_turn_what_asks_is_read() -> None:
    """As much as is remembered of it; one that is as long as that is left whole."""
    story, whole = "She was tired. " * 100, ("Is it safe? " * 100)[:KEPT_CHARACTERS].strip(" ")
    assert checked_earlier([f"{story}Will her hair fall out?"]) == ("Will her hair fall out?",)
    assert checked_earlier([whole]) == (whole,)
    assert checked_earlier(["x" * 50_000]) == ("x" * KEPT_CHARACTERS,)
    assert checked_earlier([f"{'a' * KEPT_CHARACTERS}b"]) == ("a" * KEPT_CHARACTERS,)


@pytest.mark.parametrize("turns", [["\ud800"], ["\ud800", *["a"] * 50]])
def test_an_earlier_turn_that_is_no_text_is_refused(turns: list[str]) -> None:
    """Wherever it stands."""
    with pytest.raises(QuestionError, match=r"^The question is not valid UTF-8 text\.$"):
        checked_earlier(turns)
