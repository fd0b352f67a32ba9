"""
A thousand questions of every sort through the whole chain, and as many more as one asks for.

    SIGNPOST_QUESTIONS=100000 SIGNPOST_SEED=7 pytest -s tests/assistant/test_many_questions.py

Real questions, whole or harmed as tired hands harm them, and what no reader types; alone and in
conversations. The same seed makes the same questions, so that whatever fails can be looked at again.
"""

import os
import random
import string
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from assistant import Assistant, Trail
from assistant.as_json import answer_fields
from assistant.as_text import answer_text
from assistant.errors import QuestionError
from assistant.questions import MAX_CHARACTERS
from corpus import Document
from tests.assistant.test_assistant import hold_together

COUNT = int(os.environ.get("SIGNPOST_QUESTIONS", "1000"))
SEED = int(os.environ.get("SIGNPOST_SEED", "1"))
DEVELOPMENT = Path(__file__).parents[1] / "development"

SAID_AGAIN = 50
"""One conversation in so many is held twice, and must come out the same."""

ODD = [
    "", " ", "?", "...", "\x00", "\ufeff", "\u202eriah ym", "🙂🙂🙂", "a", "1", "½", "ﬁ", "İ",
    "<script>alert(1)</script>", "'; DROP TABLE passages; --", "{{7*7}}", "%s%n", "../../etc/passwd",
    "[link](javascript:1)", '{"question": "x"}', "\ud800", "e\u0301" * 50, "a\u0300\u0301\u0302" * 100,
    "I can't breathe", "¿Qué es la quimioterapia?", "what about it", "thanks", "the second one", "why",
    "是什么", "\u200b\u200b", "NaN", "null", "\\", "\t\n\r", "x" * MAX_CHARACTERS, "no " * 1300,
    "?" * MAX_CHARACTERS, "x" * (MAX_CHARACTERS + 1), "tamoxifen " * 390,
    "what " + "-" * 3000 + " x", "which" + "-/" * 1900, "- " * 1900, "and " * 900,
]  # fmt: skip


class Questions:
    """Makes conversations from a seed."""

    def __init__(self, document: Document, seed: int) -> None:
        """Take the words that people ask with from the document's questions and the development ones."""
        self._random = random.Random(seed)  # noqa: S311 - to be repeatable, not secret
        self._real = [question.text for question in document.questions]
        self._real += [gap.text for gap in document.gaps]
        for path in sorted(DEVELOPMENT.glob("*.jsonl")):
            lines = path.read_bytes().splitlines()
            self._real += [orjson.loads(line)["question"] for line in lines]
        self._words = sorted({word for text in self._real for word in text.split()})
        self._page = document.source
        self._harms: list[Callable[[str], str]] = [
            str.upper, self._slip, self._slip, self._drop, self._join, self._noise, self._shuffle,
        ]  # fmt: skip

    def conversations(self) -> Iterator[list[str]]:
        """Yield conversations of one to four turns, without end."""
        while True:
            yield [self._turn() for _ in range(self._random.choice((1, 1, 1, 2, 3, 4)))]

    def _turn(self) -> str:
        pick = self._random.random()
        if pick < 0.3:
            return self._random.choice(self._real)
        if pick < 0.7:
            text = self._random.choice(self._real)
            for _ in range(self._random.randint(1, 4)):
                text = self._random.choice(self._harms)(text)
            return text
        if pick < 0.8:
            return " ".join(self._random.choices(self._words, k=self._random.randint(1, 30)))
        if pick < 0.86:
            start = self._random.randrange(len(self._page))
            return self._page[start : start + self._random.randint(1, 600)]
        if pick < 0.93:
            return self._random.choice(ODD) + self._random.choice(ODD)
        return "".join(chr(self._code()) for _ in range(self._random.randint(1, 60)))

    def _code(self) -> int:
        return self._random.choice((self._random.randrange(0x110000), self._random.randrange(0x3000)))

    def _slip(self, text: str) -> str:
        """Put a wrong letter in the place of some."""
        at = self._random.randrange(len(text) + 1)
        return text[:at] + self._random.choice(string.ascii_lowercase) + text[at + 1 :]

    def _drop(self, text: str) -> str:
        """Leave out some letters."""
        at = self._random.randrange(len(text) + 1)
        return text[:at] + text[at + self._random.randint(1, 9) :]

    def _join(self, text: str) -> str:
        """Ask two things at once."""
        between = self._random.choice((" ", " and ", "? ", "\n"))
        return text + between + self._random.choice(self._real)

    def _noise(self, text: str) -> str:
        """Put something between that does not belong there."""
        at = self._random.randrange(len(text) + 1)
        return text[:at] + self._random.choice(ODD)[:40] + text[at:]

    def _shuffle(self, text: str) -> str:
        """Say the words in another order."""
        words = text.split()
        self._random.shuffle(words)
        return " ".join(words)


def hold(assistant: Assistant, document: Document, turns: list[str]) -> list[str]:
    """Hold one conversation to all that is promised; return what became of each turn."""
    trail, became = Trail(), []
    console = Console(file=open(os.devnull, "w"), width=80)  # noqa: SIM115 - closed below
    with console.file:
        for turn in turns:
            try:
                answer, trail = assistant.converse(turn, trail)
            except QuestionError as error:
                assert str(error).endswith("."), error  # noqa: PT017 - either is right
                became.append("refused")
                continue
            hold_together(answer, document)
            assert orjson.loads(orjson.dumps(answer_fields(answer)))["answered"] is answer.answered
            console.print(answer_text(answer, assistant.documents))
            replied = "replied to" if answer.reply else "declined"
            became.append("answered" if answer.answered else replied)
    return became


def again(assistant: Assistant, turns: list[str]) -> list[object]:
    """Return the answers to a conversation, but for the time that they took."""
    trail, answers = Trail(), []
    for turn in turns:
        try:
            answer, trail = assistant.converse(turn, trail)
        except QuestionError as error:
            answers.append(str(error))
        else:
            answers.append(replace(answer, ms=0.0))
    return answers


def test_any_number_of_questions(fake_assistant: Assistant, document: Document) -> None:
    """None raises, every quote is word for word, and the same words get the same answer."""
    became: Counter[str] = Counter()
    slowest, begun = 0.0, time.perf_counter()
    for number, turns in enumerate(Questions(document, SEED).conversations()):
        started = time.perf_counter()
        try:
            became.update(hold(fake_assistant, document, turns))
            if number % SAID_AGAIN == 0:
                assert again(fake_assistant, turns) == again(fake_assistant, turns)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            pytest.fail(f"conversation {number} of seed {SEED}, {turns!r}: {error!r}")
        slowest = max(slowest, (time.perf_counter() - started) / len(turns))
        if became.total() >= COUNT:
            break
    took = time.perf_counter() - begun
    sys.stdout.write(f"\n{became.total()} questions in {took:.0f} s, slowest {slowest:.2f} s: ")
    sys.stdout.write(", ".join(f"{count} {name}" for name, count in became.most_common()) + "\n")
    assert set(became) == {"answered", "declined", "replied to", "refused"}


def test_the_same_seed_makes_the_same_questions(document: Document) -> None:
    """And another seed others."""
    one, same, other = (Questions(document, seed).conversations() for seed in (1, 1, 2))
    first = [next(one) for _ in range(50)]
    assert first == [next(same) for _ in range(50)]
    assert first != [next(other) for _ in range(50)]
