"""What is said to small talk: one fixed, short reply for each kind, with where to go next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import orjson

import assistant.wording as wording
from assistant.answer import Reply

REPLIES_FILE = Path(__file__).parent / "replies.json"


@dataclass(frozen=True, slots=True)
class _Wording:
    """
    How one kind is replied to.

    Attributes:
        texts: With blanks to be filled; the first one of which no blank stays empty is taken.
        starters: From which to before which of the document's starter questions are suggested. Not
            every reply offers the first ones: they stand on the first screen already.
        labels: Messages of small talk that are suggested after them.

    """

    texts: tuple[str, ...]
    starters: tuple[int, int]
    labels: tuple[str, ...]


def reply_kinds() -> tuple[str, ...]:
    """Return every kind of small talk that there is a reply to."""
    return tuple(_wordings())


def reply_to(
    kind: str,
    *,
    title: str,
    publisher: str,
    reviewed: str,
    reviewer: str,
    starters: Sequence[str],
) -> Reply:
    """
    Return the reply to a kind of small talk.

    Args:
        kind: As `assistant.small_talk.detection` names it.
        title: The document's title.
        publisher: Who publishes it.
        reviewed: Date of its last review, in its own words; may be empty, as may any of these.
        reviewer: Who reviewed it.
        starters: Questions that it answers.

    Raises:
        ValueError: There is no such kind.

    """
    wordings = _wordings()
    if kind not in wordings:
        msg = f"no kind of small talk: {kind!r}"
        raise ValueError(msg)
    chosen = wordings[kind]
    blanks = {
        "title": title,
        "publisher": publisher,
        "reviewed": reviewed,
        "reviewer": reviewer,
        "name": wording.NAME,
        "privacy": wording.PRIVACY,
        "not_a_doctor": wording.WHAT_IT_IS_NOT,
    }
    text = next(text for text in chosen.texts if all(blanks[name] for name in _blanks_of(text)))
    suggested = starters[slice(*chosen.starters)]
    return Reply(kind, text.format_map(blanks), (*suggested, *chosen.labels))


def _blanks_of(text: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name)


@cache
def _wordings() -> Mapping[str, _Wording]:
    """Read the replies once; the file comes with the package."""
    return {
        kind: _Wording(tuple(fields["texts"]), tuple(fields["starters"]), tuple(fields["labels"]))
        for kind, fields in orjson.loads(REPLIES_FILE.read_bytes()).items()
    }
