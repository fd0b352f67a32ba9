"""
When a passage counts as relevant: it covers at least half of one evidence span.

Spans are judged, not passages, so that a verdict survives any change of how passages are cut. The
definitions are those of tests/reference/score.py, which the figures must agree with to the last digit.
"""

import re
from collections.abc import Sequence

COVERED = 0.5
"""Least share of a span's words that a passage must hold, in one run, to count."""


def normalised(text: str) -> str:
    """Return a text with straight quotes, without list and table signs, and with single blanks."""
    text = text.replace("’", "'").replace("“", '"').replace("”", '"')
    text = re.sub(r"[•*>#`|]+", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def covered_share(passage: str, span: str) -> float:
    """
    Return the share of a span's words that a passage holds in one unbroken run, in [0, 1].

    Both texts are normalised. `covered_share("a pill or a shot", "a pill twice daily")` is 0.5.
    """
    if span in passage:
        return 1.0
    words = span.split()
    longest = 0
    for start in range(len(words)):
        end = start + longest + 1
        while end <= len(words) and " ".join(words[start:end]) in passage:
            longest = end - start
            end += 1
    return longest / len(words)


def covers(passage: str, span: str) -> bool:
    """Tell whether a passage covers at least half of a span; both normalised."""
    return covered_share(passage, span) >= COVERED


def words_until_evidence(
    passages: Sequence[str], spans: Sequence[str], first_relevant: int | None
) -> int | None:
    """
    Return how many words a reader has read, from the first passage on, when the evidence is reached.

    Args:
        passages: The passages in rank order, normalised.
        spans: The evidence, normalised.
        first_relevant: Rank of the first relevant passage, from 1, or None.

    Returns:
        Words up to the end of the first whole span. Where none stands whole, words up to the end of
        the first relevant passage. None where there is neither.

    """
    read = ""
    for passage in passages:
        read = f"{read} {passage}".strip()
        ends = [read.find(span) + len(span) for span in spans if span in read]
        if ends:
            return min(len(read[:end].split()) for end in ends)
    if first_relevant is None:
        return None
    return len(" ".join(passages[:first_relevant]).split())
