"""
Finds to which class each medicine of a document belongs, by the words that say so.

A class is said by the sentence that lists its medicines, by the line above their list, beside a name
("the aromatase inhibitor exemestane"), after it ("is an IV immunotherapy"), or by the heading.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from corpus.document import BlockKind, Section, Span
from corpus.medicines.classes import class_phrases
from corpus.medicines.names import Mention
from corpus.medicines.runs import Run, examples, opening, runs
from corpus.medicines.sentences import MedicineText, Sentence
from corpus.medicines.words import THERAPY, just_before

_LISTS = re.compile(r"(?i)\b(?:includ(?:e|es|ing)|are|such\s+as)\b:?\s+(?:the\s+)?$")
_INCLUDES = re.compile(r"(?i)\binclud(?:e|es|ing)\b:?\s+(?:the\s+)?$")
_IS_A = re.compile(
    r"(?i)(?:\s*\([^()]*\))?,?\s+(?:is\s+(?:an?|one\s+of\s+the)|are(?:\s+(?:both|all))?)\s+(?:(?!with|that|which|used|given)[\w/‑-]+\s+){0,4}"
)

LISTED, EXAMPLE, CALLED, DESCRIBED, HEADED = range(5)
"""How a class is said, the most telling way first; a heading further up follows after `HEADED`."""


class Kinds:
    """Knows the classes of one document's medicines."""

    def __init__(self, text: MedicineText) -> None:
        self.text = text
        self._sections = {section.id: section for section in text.document.sections}
        self._by_path = {section.path: section for section in text.document.sections}
        self._members: dict[str, dict[str, Span]] = defaultdict(dict)
        self._words: dict[str, list[tuple[int, Span]]] = defaultdict(list)
        self._listed: dict[int, list[Mention]] = defaultdict(list)
        for sentence in text.sentences:
            self._learn(sentence)

    def words(self, key: str) -> Span | None:
        """Return the words that say to which class a medicine belongs, the most telling ones."""
        found = self._words.get(key)
        return min(found, key=lambda ranked: (ranked[0], ranked[1].start))[1] if found else None

    def members(self, class_key: str) -> Sequence[str]:
        """Return the keys of the medicines of a class that the document names."""
        return tuple(self._members.get(class_key, ()))

    def listed(self, block: int) -> Sequence[Mention]:
        """Return the medicines that a block lists as those of the class with which it begins."""
        return self._listed.get(block, ())

    def sections_above(self, block: int) -> Iterator[Section]:
        """Yield the section of a block, then those above it."""
        section = self._sections[self.text.document.blocks[block].section_id]
        for length in range(len(section.path), 0, -1):
            if section.path[:length] in self._by_path:
                yield self._by_path[section.path[:length]]

    def _learn(self, sentence: Sentence) -> None:
        """Note which medicines a sentence, or what stands above it, puts into which class."""
        begins = opening(self.text, sentence)
        first = self.text.of_block(sentence.block)[0]
        block_begins = begins if sentence is first else opening(self.text, first)
        self._learn_list(sentence, begins, block_begins)
        for described, name in sentence.described:
            self._put(name, described, DESCRIBED)
        if begins and not begins[0].is_class:
            self._learn_called(sentence, begins)
            kind = self.text.document.blocks[sentence.block].kind
            if sentence is first or kind is BlockKind.PARAGRAPH:
                self._learn_place(sentence, begins)

    def _learn_list(self, sentence: Sentence, begins: Run, block_begins: Run) -> None:
        """Read "Aromatase inhibitors include ...", and "aromatase inhibitors (letrozole, ...)"."""
        same = {each.key for each in begins} <= {each.key for each in block_begins}
        head = begins if begins and begins[0].is_class and not same else block_begins
        alone = bool(head) and head[0].is_class and sum(each.is_class for each in head) == 1
        lists = _LISTS if begins and begins[0].is_class else _INCLUDES
        words = self.text.of(sentence.span)
        for run in runs(self.text, sentence.mentions):
            at = run[0].span.start - sentence.span.start
            if alone and just_before(lists, words, at):
                for name in (mention for mention in run if not mention.is_class):
                    self._put(name, head[0], LISTED)
                    self._listed[sentence.block].append(name)
            for kind, name in examples(self.text, run):
                self._put(name, kind, EXAMPLE)

    def _learn_called(self, sentence: Sentence, begins: Run) -> None:
        """Read "Pembrolizumab is an IV immunotherapy"."""
        words = self.text.of(sentence.span)
        end = begins[-1].span.end - sentence.span.start
        for kind in _kinds_in(words):
            if kind.start >= end and _IS_A.fullmatch(words, end, kind.start):
                span = Span(kind.start + sentence.span.start, kind.end + sentence.span.start)
                key = next((each.key for each in sentence.mentions if each.span == span), "")
                for name in begins:
                    self._put(name, Mention(key, span, is_class=True), CALLED)

    def _learn_place(self, sentence: Sentence, begins: Run) -> None:
        """Read the class off the sentence above a list, or the heading of a section."""
        above = self.text.above[sentence.block]
        over = self.text.of_block(above) if above is not None else ()
        head = opening(self.text, over[0]) if over else ()
        if len(head) == 1 and head[0].is_class:
            for name in begins:
                self._put(name, head[0], LISTED)
        for rank, section in enumerate(self.sections_above(sentence.block), start=HEADED):
            if section.heading is None or section.level == 0:
                continue
            start = section.heading.start
            for kind in _kinds_in(self.text.of(section.heading)):
                for name in begins:
                    span = Span(kind.start + start, kind.end + start)
                    self._put(name, Mention("", span, is_class=True), rank)

    def _put(self, name: Mention, kind: Mention, rank: int) -> None:
        """Note that a medicine belongs to a class, by the words of `kind`."""
        if name.is_class:
            return
        self._words[name.key].append((rank, kind.span))
        if kind.key:
            self._members[kind.key].setdefault(name.key, kind.span)


def _kinds_in(words: str) -> Iterator[Span]:
    """Yield the classes and kinds of treatment that a text names."""
    for match in THERAPY.finditer(words):
        yield Span(*match.span())
    for phrase in class_phrases(words):
        yield phrase.span
