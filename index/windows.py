"""Cuts a text that is too long for the model into windows that are not."""

from collections.abc import Callable

from corpus.sentences import sentence_spans


def windows(text: str, *, fits: Callable[[str], bool]) -> tuple[str, ...]:
    """
    Return a text as the fewest runs of whole sentences that fit; the text itself where it does.

    A sentence that does not fit on its own is halved between words until its parts do; a single
    word that does not fit stays, and the model reads its beginning.
    """
    if fits(text):
        return (text,)
    held: list[str] = []
    for span in sentence_spans(text):
        for piece in _pieces(span.of(text), fits):
            longer = f"{held[-1]} {piece}" if held else piece
            if held and fits(longer):
                held[-1] = longer
            else:
                held.append(piece)
    return tuple(held)


def _pieces(text: str, fits: Callable[[str], bool]) -> list[str]:
    words = text.split()
    if len(words) < 2 or fits(text):
        return [text]
    middle = len(words) // 2
    return [
        *_pieces(" ".join(words[:middle]), fits),
        *_pieces(" ".join(words[middle:]), fits),
    ]
