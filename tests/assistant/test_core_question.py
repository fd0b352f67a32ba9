"""The sentences that ask are found in a long post."""

import pytest

from assistant.core_question import core_question


def test_the_story_is_left_out() -> None:
    """Of a long post, the sentences that ask remain, in their order."""
    post = (
        "My mum is 71 and lives with us. She was told in March. She sleeps most of the day. "
        "Is that from the chemo? My brother thinks she eats too little. "
        "And can she still fly to see her sister? Thank you all."
    )
    assert core_question(post) == "Is that from the chemo? And can she still fly to see her sister?"


@pytest.mark.parametrize(
    "asking",
    [
        "what is a port",
        "ok so how long does chemo take",
        "i don’t know what a port is",
        "I was wondering about yoga.",
        "please can he take a break",
        "Does anyone know about yoga",
        "I am not sure about yoga.",
        "this is so confusing",
    ],
)
def test_a_question_needs_no_question_mark(asking: str) -> None:
    """Words that ask are enough, in capitals or small letters, with curly quotes or straight ones."""
    assert core_question(f"She sleeps all day. {asking}") == asking


def test_where_nothing_asks_the_last_sentence_counts() -> None:
    """People tell their story first and come to the point at the end."""
    assert core_question("I had surgery last year. The pain in my hip is back.") == (
        "The pain in my hip is back."
    )


@pytest.mark.parametrize("sentence", ["What is a port?", "tired all the time", "化疗会掉头发吗"])
def test_a_single_sentence_is_its_own_core(sentence: str) -> None:
    """Nothing is taken away from one sentence."""
    assert core_question(sentence) == sentence


def test_lines_are_joined() -> None:
    """Line breaks and runs of blanks become single blanks."""
    assert core_question("what helps\n\nwith   nausea?") == "what helps with nausea?"


def test_nothing_has_no_core() -> None:
    """Blanks alone give an empty text."""
    assert core_question(" \n ") == ""
