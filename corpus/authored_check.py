"""Looks over the questions written beside a document: Document and passages in, findings out."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from corpus.check import Finding
from corpus.document import Document, Passage
from corpus.folding import fold
from corpus.passages import owner

UNEVEN = 6
"""A passage with so many times fewer questions than the middle one is reported: it loses to others."""

NEAR = 0.8
"""Shared words over all words of two questions (Jaccard), from which on they are nearly equal."""

FEW_WORDS = 3
"""Questions of so few words ("side effects") may meet by chance, and are not held against each other."""


def check_authored(
    document: Document, passages: Sequence[Passage], measured: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """
    Look over the authored questions and gaps of a document.

    Args:
        document: The document; with neither there is nothing to find.
        passages: Its passages.
        measured: Questions that figures are taken on. None of them may be among the authored ones,
            in these or nearly these words, or the figures would mean nothing.

    Returns:
        Findings of kind `uncovered`, `uneven`, `two-answers`, `both` and `measured`, with lines of
        the source, or line 1 where it is about no place in it.

    """
    if not document.questions and not document.gaps:
        return ()
    return (
        *_coverage(document, passages),
        *_ambiguous(document, passages),
        *_measured(document, measured),
    )


def nearly_among(texts: Sequence[str], measured: Sequence[str]) -> tuple[str, ...]:
    """
    Return those texts that are questions which figures are taken on, in these or nearly these words.

    Args:
        texts: What was written for the product.
        measured: The questions; those of very few words are not held against anything.

    """
    gold = [words for words in map(_words, measured) if len(words) > FEW_WORDS]
    return tuple(
        text
        for text, words in ((text, _words(text)) for text in texts)
        if any(len(words & other) >= NEAR * len(words | other) for other in gold)
    )


def _coverage(document: Document, passages: Sequence[Passage]) -> Iterator[Finding]:
    counts = Counter(owner(question.span, passages) for question in document.questions)
    middle = sorted(counts.values())[len(counts) // 2] if counts else 0
    for number, passage in enumerate(passages):
        line = document.line(passage.span.start)
        if not counts[number]:
            yield Finding(line, "uncovered", f"no authored question for passage {passage.id}")
        elif counts[number] * UNEVEN < middle:
            message = f"{counts[number]} authored questions for passage {passage.id}, {middle} elsewhere"
            yield Finding(line, "uneven", message)


def _ambiguous(document: Document, passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find the same words bound to two passages, or both answered and left open."""
    owners: dict[frozenset[str], set[int]] = defaultdict(set)
    for question in document.questions:
        words = _words(question.text)
        if len(words) > FEW_WORDS:
            owners[words].add(owner(question.span, passages))
    for words, numbers in owners.items():
        if len(numbers) > 1:
            names = ", ".join(passages[number].id for number in sorted(numbers))
            yield Finding(1, "two-answers", f"bound to {names}: {' '.join(sorted(words))}")
    answered = {_words(question.text) for question in document.questions}
    for gap in document.gaps:
        if _words(gap.text) in answered:
            yield Finding(1, "both", f"authored as answered and as left open: {gap.text}")


def _measured(document: Document, measured: Sequence[str]) -> Iterator[Finding]:
    authored = [question.text for question in document.questions] + [g.text for g in document.gaps]
    for text in nearly_among(authored, measured):
        yield Finding(1, "measured", f"nearly a question that figures are taken on: {text}")


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", fold(text)))
