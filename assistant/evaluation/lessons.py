"""What the shipped model learns from: texts that belong together, drawn a handful at a time."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.examples import examples
from assistant.small_talk.detection import CALM
from assistant.urgent.likeness import PREFIX
from corpus import (
    Document,
    PassageSettings,
    build_passages,
    embedded_sentence,
    embedded_text,
    owner,
)
from corpus.medicines.stems import medicine_names, without_names

PASSAGES, TOPICS, MESSAGES = 20, 10, 28
QUESTIONS = 3
"""Drawn for a step, and of each passage and topic up to so many questions. Judgements."""

WHOLE = 0.5
"""
How often a passage speaks with its whole text rather than with any of its sentences, at least: a
judgement.
"""

NAMELESS = 0.25
"""
How often a text is read with a stand-in for each medicine's name, as it is when it is searched: a
judgement.
"""

SHARES = {"calm": 0.4, "urgent": 0.4, "talk": 0.2}
"""Shares of the messages drawn: calm ones, urgent ones, and small talk with all others: judgements."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """
    What there is to learn.

    Attributes:
        passages: For each passage with authored questions its own texts, the whole one first, and
            these questions.
        topics: The gaps of each topic that has several.
        kinds: Messages by their kind.
        names: Medicines that the documents name.

    """

    passages: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    topics: tuple[tuple[str, ...], ...]
    kinds: dict[str, tuple[str, ...]]
    names: frozenset[str]


def lessons(documents: Sequence[Document], count_tokens: Callable[[str], int]) -> Lesson:
    """Gather what some documents, and the examples that were not held out, have to teach."""
    passages = []
    topics = defaultdict(list)
    for document in documents:
        own = build_passages(document, count_tokens=count_tokens, settings=PassageSettings())
        asked = defaultdict(list)
        for question in document.questions:
            asked[owner(question.span, own)].append(question.text)
        for number, passage in enumerate(own):
            sentences = [embedded_sentence(document, passage, span) for span in passage.sentences]
            passages.append(((embedded_text(document, passage), *sentences), tuple(asked[number])))
        for gap in document.gaps:
            topics[gap.topic].append(gap.text)
    kinds = defaultdict(list)
    for example in examples():
        if not example.held_out:
            kinds[example.kind].append(example.text)
    return Lesson(
        tuple(each for each in passages if each[1]),
        tuple(tuple(texts) for texts in topics.values() if len(texts) > 1),
        {kind: tuple(kinds[kind]) for kind in sorted(kinds)},
        frozenset(medicine_names(documents)),
    )


class Draw:
    """Draws from a lesson by chance: what has more texts more often, by the root of their number."""

    def __init__(self, lesson: Lesson, chance: random.Random, numbers: np.random.Generator) -> None:
        """Draw from a lesson with two sources of chance: one for texts, one for what they are of."""
        self._lesson = lesson
        self._chance = chance
        self._numbers = numbers
        self._of_passages = _roots([len(questions) for _, questions in lesson.passages])
        self._of_topics = _roots([len(texts) for texts in lesson.topics])
        self._of_kinds = _kind_shares(lesson)

    def groups(self) -> tuple[list[str], list[int]]:
        """Return texts, and for each the number of the passage or topic that it belongs to."""
        texts: list[str] = []
        numbers: list[int] = []
        passages = self._some(self._of_passages, PASSAGES)
        for number in passages:
            own, questions = self._lesson.passages[number]
            said = own[0] if self._chance.random() < WHOLE else self._chance.choice(own)
            texts += [*self._sample(questions), said]
            numbers += [int(number)] * (len(texts) - len(numbers))
        for number in self._some(self._of_topics, TOPICS):
            texts += self._sample(self._lesson.topics[number])
            numbers += [len(self._lesson.passages) + int(number)] * (len(texts) - len(numbers))
        return [self._perhaps_nameless(text) for text in texts], numbers

    def messages(self) -> tuple[list[str], list[int]]:
        """Return messages, and the number of each one's kind."""
        drawn = self._numbers.choice(len(self._of_kinds), MESSAGES, p=self._of_kinds)
        kinds = list(self._lesson.kinds.values())
        return [self._chance.choice(kinds[number]) for number in drawn], drawn.tolist()

    def _some(self, shares: NDArray[np.float64], most: int) -> NDArray[np.int64]:
        count = min(most, len(shares))
        return self._numbers.choice(len(shares), count, replace=False, p=shares)

    def _sample(self, texts: Sequence[str]) -> list[str]:
        return self._chance.sample(texts, min(QUESTIONS, len(texts)))

    def _perhaps_nameless(self, text: str) -> str:
        return without_names(text, self._lesson.names) if self._chance.random() < NAMELESS else text


def _roots(counts: Sequence[int]) -> NDArray[np.float64]:
    roots = np.sqrt(np.array(counts, dtype=np.float64))
    return np.asarray(roots / roots.sum())


def _kind_shares(lesson: Lesson) -> NDArray[np.float64]:
    sorts = np.array([_sort(kind) for kind in lesson.kinds])
    shares = _roots([len(texts) for texts in lesson.kinds.values()])
    for sort, share in SHARES.items():
        shares[sorts == sort] *= share / shares[sorts == sort].sum()
    return np.asarray(shares / shares.sum())


def _sort(kind: str) -> str:
    if kind == CALM:
        return "calm"
    return "urgent" if kind.startswith(PREFIX) else "talk"
