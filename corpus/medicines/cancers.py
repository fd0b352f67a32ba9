"""Finds for which cancer each medicine of a document is, from its own sentences or those above them."""

import re
from collections import defaultdict
from collections.abc import Iterator

from corpus.document import Block, BlockKind, Section, Span
from corpus.folding import fold
from corpus.medicines.kinds import Kinds
from corpus.medicines.phrases import Against, cancer_phrases, is_specific
from corpus.medicines.runs import opening
from corpus.medicines.sentences import MedicineText, Sentence
from corpus.medicines.subjects import Subjects
from corpus.sentences import sentence_spans


class Cancers:
    """Knows what one document says its medicines are for."""

    def __init__(self, text: MedicineText, kinds: Kinds, subjects: Subjects) -> None:
        self.text = text
        self.kinds = kinds
        self.subjects = subjects
        self.source = text.document.source
        self.blocks = text.document.blocks
        self._own: dict[str, list[Against]] = defaultdict(list)
        self._beside: dict[str, list[Against]] = defaultdict(list)
        self._places: dict[str, list[int]] = defaultdict(list)
        self._openings: dict[str, list[int]] = defaultdict(list)
        self._named: dict[str, list[int]] = defaultdict(list)
        self._silent: dict[int, list[Span]] = defaultdict(list)
        for at, block in enumerate(self.blocks):
            if block.kind is not BlockKind.HEADING:
                for key in sorted(subjects.about(at)):
                    self._places[key].append(at)
        for sentence in text.sentences:
            if self.blocks[sentence.block].kind is not BlockKind.HEADING:
                self._read(sentence)
                self._note_places(sentence)

    def of(self, key: str) -> tuple[Span, ...]:
        """
        Return the words that say for which cancer a medicine is, in order, each once.

        Its own sentences come first. Where none says what it treats, the sentence that introduces its
        list, or the heading above, says it; for a medicine that is only named beside others, what is
        said of them together.
        """
        own = self._own.get(key, [])
        if not any(against.treated and is_specific(against.span.of(self.source)) for against in own):
            own = [*own, *self._above_all(self._places.get(key) or self._openings.get(key, []))]
        return self._once(own or self._beside.get(key) or self._above_all(self._named.get(key, [])))

    def _note_places(self, sentence: Sentence) -> None:
        for mention in opening(self.text, sentence):
            self._openings[mention.key].append(sentence.block)
        for mention in sentence.mentions:
            self._named[mention.key].append(sentence.block)
        if all(mention.is_class for mention in sentence.mentions):
            self._silent[sentence.block].append(sentence.span)

    def _above_all(self, places: list[int]) -> list[Against]:
        return [against for at in places for against in self._above(at)]

    def _read(self, sentence: Sentence) -> None:
        """Note what a sentence says of the medicines of which it speaks, and of those beside them."""
        for against in self._phrases(sentence.span):
            at = sentence.span.end if against.whole else against.span.start
            for subject in self.subjects.of(sentence, at):
                # What is said of a class is said of it in its own section, not wherever it is named.
                if not self.subjects.by_class(subject):
                    self._own[subject.key].append(against)
            if not against.treated:
                continue
            for mention in sentence.mentions:
                if any(part.overlaps(mention.span) for part in sentence.together):
                    self._beside[mention.key].append(against)

    def _above(self, at: int) -> list[Against]:
        """Return what stands above a block for which cancer it is: the nearest that says so."""
        for spans in self._spans_above(at):
            found = [
                against
                for span in spans
                for against in self._phrases(span, conditions=self.blocks[at].span.overlaps(span))
            ]
            if found:
                return found
        return []

    def _spans_above(self, at: int) -> Iterator[list[Span]]:
        """Yield sentences to look at, nearest first: beside, above the list, headings, the kind."""
        block = self.blocks[at]
        if block.kind is BlockKind.PARAGRAPH:
            # A sentence that names another medicine may be about that one.
            yield self._silent[at]
        above = self.text.above[at]
        while above is not None:
            for sentence in reversed(self._sentences(self.blocks[above])):
                yield [sentence]
            above = self.text.above[above]
        for section in self.kinds.sections_above(at):
            if section.heading is not None and section.level > 0:
                yield [section.heading]
                yield self._sentences_on(section)

    def _sentences_on(self, section: Section) -> list[Span]:
        """Return the sentences that begin with a section's heading: "Hormonal therapy treats ..."."""
        title = fold(section.title)
        return [
            sentence
            for block in self.blocks
            if block.section_id == section.id and block.kind is not BlockKind.HEADING
            for sentence in self._sentences(block)
            if fold(sentence.of(self.source)).startswith(title)
        ]

    def _sentences(self, block: Block) -> list[Span]:
        return list(sentence_spans(block.span.of(self.source), offset=block.span.start))

    def _phrases(self, sentence: Span, *, conditions: bool = True) -> Iterator[Against]:
        for against in cancer_phrases(sentence.of(self.source), conditions=conditions):
            span = Span(against.span.start + sentence.start, against.span.end + sentence.start)
            yield Against(span, against.treated, against.whole)

    def _once(self, found: list[Against]) -> tuple[Span, ...]:
        """Return ranges in order; of those with the same words, in whatever order, the first."""
        whole = [against.span for against in found if against.whole]
        kept: dict[frozenset[str], Span] = {}
        for against in found:
            inside = any(span != against.span and span.overlaps(against.span) for span in whole)
            words = frozenset(re.findall(r"[\w/-]+", fold(against.span.of(self.source))))
            if not inside:
                kept.setdefault(words, against.span)
        return tuple(sorted(kept.values()))
