"""What the server says beside the chat: short, tidy, and without a word of medicine."""

import re

import pytest

from assistant.web import sentences

SAID = {
    name: text
    for name, text in vars(sentences).items()
    if name.isupper() and isinstance(text, str) and name != "API_PAGE"
}


def test_there_are_sentences() -> None:
    """The tests below look at something."""
    assert {"BUSY", "TOO_MANY", "TOO_SLOW", "FAILED", "STARTING", "NOT_JSON"} <= set(SAID)


@pytest.mark.parametrize("name", SAID)
def test_each_is_short_and_whole(name: str) -> None:
    """A capital, a full stop, no exclamation mark, and at most 25 words to a sentence."""
    text = SAID[name]
    assert text[0].isupper()
    assert text.endswith(".")
    assert "!" not in text
    assert " ".join(text.split()) == text
    assert all(len(one.split()) <= 25 for one in re.split(r"(?<=\.)\s+", text))


def test_the_page_fits_a_narrow_window() -> None:
    """No line of the page for people is longer than 105 signs, and its example is one command."""
    lines = sentences.API_PAGE.splitlines()
    assert max(map(len, lines)) <= 105
    assert lines[-1].strip().startswith("curl ")
