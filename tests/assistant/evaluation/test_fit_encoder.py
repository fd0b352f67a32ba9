"""How the shipped model learns: what is drawn, what counts as a loss, and what comes of a few steps."""

import math
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from assistant.evaluation import fit_encoder
from assistant.evaluation.fit_encoder import RANK, contrastive, main
from assistant.evaluation.lessons import MESSAGES, PASSAGES, TOPICS, Draw, Lesson, lessons
from assistant.examples import examples
from corpus import read_corpus, shipped_corpus
from index import BASE_MODEL, find_model
from index.adapter import add_adapter


def words(text: str) -> int:
    """Count tokens roughly."""
    return len(text.split())


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    """What the shipped document has to teach."""
    return lessons(read_corpus(shipped_corpus()), words)


@pytest.fixture
def draw(lesson: Lesson) -> Draw:
    """Draws that are always the same."""
    return Draw(lesson, random.Random(1), np.random.default_rng(1))  # noqa: S311


def test_a_lesson_holds_what_was_written_and_nothing_held_out(lesson: Lesson) -> None:
    """Every authored question and gap of a shared topic, and every example but those held out."""
    (document,) = read_corpus(shipped_corpus())
    assert sum(len(questions) for _, questions in lesson.passages) == len(document.questions)
    shared = [n for n in Counter(gap.topic for gap in document.gaps).values() if n > 1]
    assert sum(map(len, lesson.topics)) == sum(shared)
    held_out = {example.text for example in examples() if example.held_out}
    assert held_out
    assert held_out.isdisjoint(text for texts in lesson.kinds.values() for text in texts)
    assert "abemaciclib" in lesson.names


def test_groups_belong_together(lesson: Lesson, draw: Draw) -> None:
    """Texts with one number are of one passage or one topic, apart from names that are masked."""
    texts, numbers = draw.groups()
    assert len(texts) == len(numbers)
    assert len(set(numbers)) == PASSAGES + TOPICS
    assert sum(number >= len(lesson.passages) for number in set(numbers)) == TOPICS
    kept = 0
    for text, number in zip(texts, numbers, strict=True):
        if number < len(lesson.passages):
            own, asked = lesson.passages[number]
            kept += text in {*own, *asked}
        else:
            kept += text in lesson.topics[number - len(lesson.passages)]
    assert kept >= 0.7 * len(texts)
    assert max(Counter(numbers).values()) == 4


def test_messages_are_of_their_kind(lesson: Lesson, draw: Draw) -> None:
    """Two in five are calm, two in five urgent, and all are of the kind that they go by."""
    kinds = list(lesson.kinds)
    drawn = [draw.messages() for _ in range(50)]
    assert all(len(texts) == len(numbers) == MESSAGES for texts, numbers in drawn)
    pairs = [
        (text, kinds[number])
        for texts, numbers in drawn
        for text, number in zip(texts, numbers, strict=True)
    ]
    assert all(text in lesson.kinds[kind] for text, kind in pairs)
    shares = Counter(kind.split("/")[0] for _, kind in pairs)
    assert shares["calm"] / len(pairs) == pytest.approx(0.4, abs=0.05)
    assert shares["urgent"] / len(pairs) == pytest.approx(0.4, abs=0.05)


def test_the_contrast_is_the_one_of_the_paper() -> None:
    """Held to a few lines without torch; a row that is alone in its group has no say."""
    rows = np.random.default_rng(3).normal(size=(6, 4))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    groups = [0, 0, 1, 1, 1, 2]
    losses = []
    for one in range(5):
        others = [at for at in range(6) if at != one]
        all_odds = sum(math.exp(rows[one] @ rows[at] / 0.05) for at in others)
        same = [at for at in others if groups[at] == groups[one]]
        losses.append(
            -np.mean([math.log(math.exp(rows[one] @ rows[at] / 0.05) / all_odds) for at in same])
        )
    found = contrastive(torch.tensor(rows), torch.tensor(groups))
    assert float(found) == pytest.approx(np.mean(losses))


@pytest.mark.model
@pytest.mark.parametrize("first", [None, 100])
def test_the_first_questions_alone_may_be_learnt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int | None
) -> None:
    """As they stand in the document's file; the gaps stay."""
    given: list[Lesson] = []

    def learn(_model: object, lesson: Lesson, *_: object) -> dict[str, torch.Tensor]:
        given.append(lesson)
        return {}

    monkeypatch.setattr(fit_encoder, "learn", learn)
    main(tmp_path / "adapter.safetensors", first=first)
    (found,), (document,) = given, read_corpus(shipped_corpus())
    asked = [question for _, questions in found.passages for question in questions]
    assert sorted(asked) == sorted(question.text for question in document.questions[:first])
    shared = [n for n in Counter(gap.topic for gap in document.gaps).values() if n > 1]
    assert sum(map(len, found.topics)) == sum(shared)


@pytest.mark.model
def test_a_few_steps_make_an_adapter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file fits the public model and moves its vectors, a little after two steps."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    path = tmp_path / "adapter.safetensors"
    main(path, steps=2)
    matrices = load_file(path)
    assert len(matrices) == 2 * 36
    assert {min(each.shape) for each in matrices.values()} == {RANK}
    assert {each.dtype for each in matrices.values()} == {torch.float16}
    model = SentenceTransformer(str(find_model(BASE_MODEL).folder), device="cpu")
    before = model.encode("will I lose my hair?", normalize_embeddings=True)
    add_adapter(model, path)
    after = model.encode("will I lose my hair?", normalize_embeddings=True)
    assert float(before @ after) > 0.99
    assert np.abs(before - after).max() > 1e-4
    assert capsys.readouterr().out == ""
