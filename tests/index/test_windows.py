"""Windows of a text that is too long for the model."""

from hypothesis import given
from hypothesis import strategies as st

from index.windows import windows


def fits(limit: int):
    """Return a limit in words."""
    return lambda text: len(text.split()) <= limit


def test_a_text_that_fits_stays_whole() -> None:
    """A short text is its own only window, unchanged."""
    assert windows("One.  Two.", fits=fits(5)) == ("One.  Two.",)


def test_sentences_share_windows_as_long_as_they_fit() -> None:
    """Whole sentences fill each window in order."""
    text = "I was told in May. It came back. Now I ask. What is next?"
    assert windows(text, fits=fits(8)) == (
        "I was told in May. It came back.",
        "Now I ask. What is next?",
    )


def test_a_sentence_that_is_too_long_is_halved() -> None:
    """Without a full stop, words are shared out until each part fits."""
    assert windows("a b c d e f", fits=fits(2)) == ("a", "b c", "d", "e f")


@given(st.text(max_size=300), st.integers(1, 12))
def test_no_sign_is_lost(text: str, limit: int) -> None:
    """Whatever the text, its signs come through in order; white space alone may change."""
    read = "".join(windows(text, fits=fits(limit)))
    assert "".join(read.split()) == "".join(text.split())
