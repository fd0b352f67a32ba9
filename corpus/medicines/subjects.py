"""
Finds of which medicines a sentence speaks.

"It's given in pill form" speaks of the medicine that its block begins with; "these treatments include
..." of those that it lists; "AIs must be combined with ..." of every medicine of that class.
"""

import re
from collections.abc import Sequence

from corpus.document import BlockKind, Span
from corpus.medicines.kinds import Kinds
from corpus.medicines.names import Mention
from corpus.medicines.runs import Run, opening, runs
from corpus.medicines.sentences import MedicineText, Sentence
from corpus.medicines.words import just_before

_GOVERNED = re.compile(
    r"(?i)\b(?:of|with|to|than|by|on|from|without|after|against|despite|treatment)\s+"
    r"(?:(?:the|an?|either)\s+)?$"
)
"""Before a name of which the sentence does not speak: "a combination of ..."."""

_KIND_OF = re.compile(
    r"(?i)\b(?:is|are|was|were)\s+(?:(?:an?|the|both|all|one\s+of\s+the)\s+)?(?:\w+\s+){0,2}$"
)
"""Before the name of a class that says only what kind a medicine is: "is an antibody-drug conjugate"."""


class Subjects:
    """Knows of which medicines the sentences of one document speak."""

    def __init__(self, text: MedicineText, kinds: Kinds) -> None:
        self.text = text
        self.kinds = kinds
        self._names = {name.key for name in text.names}
        self._spoken: dict[Span, list[Run]] = {}
        self._topics: dict[int, tuple[Mention, ...]] = {}

    def of(self, sentence: Sentence, at: int) -> tuple[Mention, ...]:
        """
        Return the medicines of which a sentence speaks at a place in it.

        Args:
            sentence: The sentence.
            at: The place, as an offset in the source.

        """
        spoken = self._spoken_of(sentence)
        before = [run for run in spoken if run[0].span.start < at]
        if before:
            return self._resolved(before[-1])
        topic = self.topic(sentence.block)
        earlier = self._spoken_of_before(sentence)
        # A bullet stays with what it begins with; a paragraph goes on to the next.
        in_paragraph = self.text.document.blocks[sentence.block].kind is BlockKind.PARAGRAPH
        if topic and not (in_paragraph and earlier and not earlier[0].is_class):
            return topic
        return self._resolved(earlier or (spoken[0] if spoken else ()))

    def _spoken_of_before(self, sentence: Sentence) -> Run:
        """Return the medicines or classes of which the nearest sentence before speaks in its block."""
        for earlier in reversed(self.text.of_block(sentence.block)):
            if earlier.span.end <= sentence.span.start and (spoken := self._spoken_of(earlier)):
                return spoken[-1]
        return ()

    def topic(self, block: int) -> tuple[Mention, ...]:
        """Return the medicines that a block is about, as it names them; or a class without medicines."""
        if block not in self._topics:
            self._topics[block] = self._find_topic(block)
        return self._topics[block]

    def about(self, block: int) -> frozenset[str]:
        """Return the keys of the medicines that a block is about by name, or of such a class."""
        return frozenset(mention.key for mention in self.topic(block) if not self.by_class(mention))

    def by_class(self, mention: Mention) -> bool:
        """Tell whether a medicine is meant because its class is named."""
        return mention.is_class and mention.key in self._names

    def resolved(self, mention: Mention) -> tuple[Mention, ...]:
        """Return a medicine itself, or every medicine of a class where its class is named."""
        members = self.kinds.members(mention.key) if mention.is_class else ()
        return tuple(Mention(key, mention.span, is_class=True) for key in members) or (mention,)

    def _resolved(self, run: Run) -> tuple[Mention, ...]:
        return tuple(each for mention in run for each in self.resolved(mention))

    def _spoken_of(self, sentence: Sentence) -> list[Run]:
        if sentence.span not in self._spoken:
            found = runs(self.text, sentence.mentions)
            self._spoken[sentence.span] = [run for run in found if self._speaks(sentence, run)]
        return self._spoken[sentence.span]

    def _speaks(self, sentence: Sentence, run: Run) -> bool:
        """Tell whether a sentence speaks of a run of names, and does not only name it beside others."""
        start = run[0].span.start
        described = [kind.span.start for kind, name in sentence.described if name == run[0]]
        at = min([start, *described]) - sentence.span.start
        words = self.text.of(sentence.span)
        beside = any(part.start <= start < part.end for part in sentence.together)
        kind = run[0].is_class and just_before(_KIND_OF, words, at) is not None
        return not (beside or kind or just_before(_GOVERNED, words, at))

    def _find_topic(self, block: int) -> tuple[Mention, ...]:
        begins = self._begins(self.text.of_block(block))
        listed = self.kinds.listed(block)
        if begins and begins[0].is_class and listed:
            return tuple(listed)
        if begins:
            return self._resolved(begins)
        above = self.text.above[block]
        return self.topic(above) if above is not None else self._headed(block)

    def _headed(self, block: int) -> tuple[Mention, ...]:
        """Return the medicines or the class with which the heading above a block begins."""
        blocks = self.text.document.blocks
        before = block if blocks[block].kind is BlockKind.HEADING else block - 1
        while before >= 0 and blocks[before].kind is not BlockKind.HEADING:
            before -= 1
        return self._resolved(self._begins(self.text.of_block(before))) if before >= 0 else ()

    def _begins(self, sentences: Sequence[Sentence]) -> Run:
        return opening(self.text, sentences[0]) if sentences else ()
