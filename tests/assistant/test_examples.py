"""The messages that were written as examples: of known sorts, each once, in a fixed order."""

from collections import Counter
from dataclasses import FrozenInstanceError
from pathlib import Path

import orjson
import pytest

from assistant.examples import EXAMPLE_FILES, Near, examples
from assistant.opening import example_texts
from assistant.small_talk.replies import reply_kinds
from assistant.urgent.help import urgent_notice
from corpus import nearly_among

TESTS = Path(__file__).parents[1]
URGENT, TALK = "urgent/", "talk/"


def test_they_are_read_once() -> None:
    """The files are read when they are first needed, and not again."""
    assert len(EXAMPLE_FILES) == 2
    assert examples() is examples()
    assert len(examples()) > 1_000


def test_their_texts_are_those_of_the_index() -> None:
    """A number that the index gives is the number of the example here."""
    assert example_texts() == tuple(example.text for example in examples())


def test_every_sort_is_known() -> None:
    """Each is urgent, with a sign that has a notice; or small talk, with a reply; or neither."""
    kinds = {example.kind for example in examples()}
    plain = {kind for kind in kinds if not kind.startswith((URGENT, TALK))}
    assert plain == {"calm", "question"}
    assert {kind.removeprefix(TALK) for kind in kinds if kind.startswith(TALK)} == set(reply_kinds())
    for kind in kinds:
        if kind.startswith(URGENT):
            assert urgent_notice(kind.removeprefix(URGENT)).heading


def test_every_sort_has_enough_of_them() -> None:
    """One or two examples would be a coincidence."""
    counts = Counter(example.kind for example in examples())
    assert min(counts.values()) >= 20


def test_none_is_empty_or_has_white_space_around_it() -> None:
    """Each is a message as somebody might type it."""
    for example in examples():
        assert example.text
        assert example.text == example.text.strip()
        assert any(sign.isalnum() for sign in example.text)


def test_a_text_has_one_sort_only() -> None:
    """The same words are never an example of two sorts that are treated differently."""
    kinds: dict[str, set[str]] = {}
    for example in examples():
        kinds.setdefault(example.text.casefold(), set()).add(example.kind)
    urgent_and_not = [
        text
        for text, found in kinds.items()
        if len({kind for kind in found if kind.startswith(URGENT)}) > 1
        or ({kind.startswith(URGENT) for kind in found} == {True, False})
        or len({kind for kind in found if kind.startswith(TALK)} | (found & {"question"})) > 1
    ]
    assert urgent_and_not == []


@pytest.mark.parametrize("name", ["gold/questions", "gold/dialogues", "development/messages/urgent"])
def test_none_is_what_figures_are_taken_on(name: str) -> None:
    """An example that is a measured message, or nearly one, would make its figure mean nothing."""
    lines = (TESTS / f"{name}.jsonl").read_bytes().splitlines()
    measured = [line.get("question") or line["text"] for line in map(orjson.loads, lines)]
    assert nearly_among([example.text for example in examples()], measured) == ()


def test_neither_example_nor_nearness_can_be_changed() -> None:
    """They are values."""
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'kind'"):
        examples()[0].kind = "calm"
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'cosine'"):
        Near("calm", 0.5).cosine = 1.0
