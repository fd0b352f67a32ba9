"""Messages that were written as examples of a sort: urgent ones, small talk, and plain questions."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

EXAMPLE_FILES = ("urgent/examples.jsonl", "small_talk/examples.jsonl")
"""In folders beside this file; a line each: {"text", "kind"}, and "held_out" where it is."""


@dataclass(frozen=True, slots=True)
class Example:
    """
    A message with its sort.

    Attributes:
        text: The message.
        kind: Such as "urgent/breathing", "calm" or "talk/thanks".
        held_out: Whether it was written after the rules for urgent messages, so that how much rules
            and examples count can be fitted on it.

    """

    text: str
    kind: str
    held_out: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """
    How near a message is to an example.

    Attributes:
        kind: Of the example.
        cosine: Of message and example, in [-1, 1].

    """

    kind: str
    cosine: float


@cache
def examples() -> tuple[Example, ...]:
    """Read the examples once; the files come with the package."""
    folder = Path(__file__).parent
    return tuple(
        Example(line["text"], line["kind"], line.get("held_out", False))
        for name in EXAMPLE_FILES
        for line in map(orjson.loads, (folder / name).read_bytes().splitlines())
    )
