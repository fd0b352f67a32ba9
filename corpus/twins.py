"""Finds the places where a document says the same thing again, in the same words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from corpus.document import Passage, Span
from corpus.folding import fold

MOST_TWINS = 50
"""Other places that are noted of a passage, the first ones; in the shipped page none has over 1."""


def note_twins(passages: Sequence[Passage], source: str) -> tuple[Passage, ...]:
    """
    Fill in `also_at`: the other runs of sentences that read the same as the whole passage.

    A run is looked for within one passage, sentence by sentence, so that every place has its
    own range; curly quotes and non-breaking blanks are folded.
    """
    keys = {p.id: [fold(s.of(source)) for s in p.sentences] for p in passages}
    starts: dict[str, list[tuple[Passage, int]]] = defaultdict(list)
    for passage in passages:
        for at, key in enumerate(keys[passage.id]):
            starts[key].append((passage, at))
    noted = []
    for passage in passages:
        own = keys[passage.id]
        twins = (
            Span(other.sentences[at].start, other.sentences[at + len(own) - 1].end)
            for other, at in (starts[own[0]] if own else ())
            if other is not passage and keys[other.id][at : at + len(own)] == own
        )
        noted.append(replace(passage, also_at=tuple(islice(twins, MOST_TWINS))))
    return tuple(noted)
