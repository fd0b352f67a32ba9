"""
Puts together what a document says of each medicine that it names: Document in, rows out.

Every cell is a range of the source. A medicine is known by how its name is written; what is said of
it by the words around it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.document import BlockKind, Document, Span
from corpus.folding import fold
from corpus.medicines.cancers import Cancers
from corpus.medicines.kinds import Kinds
from corpus.medicines.names import Mention, Name
from corpus.medicines.phrases import FORM_BEFORE_NAME, given_phrases
from corpus.medicines.runs import opening
from corpus.medicines.sentences import MedicineText, Sentence, read_medicine_text
from corpus.medicines.subjects import Subjects
from corpus.medicines.words import just_before

_OR = re.compile(r"\bor\b")


@dataclass(frozen=True, slots=True)
class Medicine:
    """
    What a document says of one medicine, or of a class of which it names no medicine.

    Attributes:
        name: Its folded name, unlike that of any other row.
        generic: Its generic name; the parts of a combination; none for a class, or where the document
            has only a brand.
        brand: Its brands.
        medicine_class: The words that say to which class it belongs, or None.
        given: The words that say how it is given, each once.
        treats: The words that say for which cancer it is, each once.
        partners: The medicines with which it is given, each once.
        passages: The paragraphs and bullets that are about it.
        sentences: Every sentence that names it.
        biosimilars: The biosimilars of it that the document names.
        aliases: Every form of its names, folded, for finding it; none for a class.
        kind: The words of its class, folded; empty where the document gives none.

    """

    name: str
    generic: tuple[Span, ...]
    brand: tuple[Span, ...]
    medicine_class: Span | None
    given: tuple[Span, ...]
    treats: tuple[Span, ...]
    partners: tuple[Span, ...]
    passages: tuple[Span, ...]
    sentences: tuple[Span, ...]
    biosimilars: tuple["Medicine", ...] = ()
    aliases: tuple[str, ...] = ()
    kind: str = ""


def medicine_table(document: Document) -> tuple[Medicine, ...]:
    """Return a row for every medicine that a document names, in the order of the text."""
    return _Table(read_medicine_text(document)).rows()


class _Table:
    """The cells of one document's medicines."""

    def __init__(self, text: MedicineText) -> None:
        self.text = text
        self.kinds = Kinds(text)
        self.subjects = Subjects(text, self.kinds)
        self.cancers = Cancers(text, self.kinds, self.subjects)
        self.given: dict[str, list[Span]] = defaultdict(list)
        self.partners: dict[str, list[Span]] = defaultdict(list)
        self.shown = [
            sentence
            for sentence in text.sentences
            if text.document.blocks[sentence.block].kind is not BlockKind.HEADING
        ]
        for sentence in self.shown:
            self._read_given(sentence)
            self._read_partners(sentence)

    def rows(self) -> tuple[Medicine, ...]:
        """Return the rows in the order of the text, biosimilars under their drug."""
        biosimilars: dict[str, list[Medicine]] = defaultdict(list)
        for name in self.text.names:
            if name.parent:
                biosimilars[name.parent].append(self._row(name, ()))
        found = [self._row(name, biosimilars[name.key]) for name in self.text.names if not name.parent]
        found += [self._class_row(mention) for mention in self._classes_alone()]
        return tuple(sorted(found, key=lambda row: row.sentences[0] if row.sentences else _first(row)))

    def _row(self, name: Name, biosimilars: Sequence[Medicine]) -> Medicine:
        naming = self._naming(name.key)
        kind = name.called or self.kinds.words(name.key)
        generic = tuple(fold(span.of(self.text.document.source)) for span in name.generic)
        return Medicine(
            name=" + ".join(generic) or name.key,
            generic=name.generic,
            brand=name.brand,
            medicine_class=kind,
            given=self._once(self.given[name.key]),
            treats=() if name.parent else self.cancers.of(name.key),
            partners=self._once(self.partners[name.key]),
            passages=self._passages(name.key, naming),
            sentences=tuple(sentence.span for sentence in naming),
            biosimilars=tuple(biosimilars),
            aliases=tuple(dict.fromkeys(map(fold, name.aliases))),
            kind=self._folded(kind),
        )

    def _class_row(self, mention: Mention) -> Medicine:
        naming = self._naming(mention.key)
        return Medicine(
            name=mention.key,
            generic=(),
            brand=(),
            medicine_class=mention.span,
            given=self._once(self.given[mention.key]),
            treats=self.cancers.of(mention.key),
            partners=self._once(self.partners[mention.key]),
            passages=self._passages(mention.key, naming),
            sentences=tuple(sentence.span for sentence in naming),
            kind=self._folded(mention.span),
        )

    def _folded(self, span: Span | None) -> str:
        return fold(self.text.of(span)) if span else ""

    def _classes_alone(self) -> Iterator[Mention]:
        """Yield each class that a sentence is about and of which no medicine is named."""
        taken: set[str] = set()
        for sentence in self.shown:
            for mention in opening(self.text, sentence):
                alone = mention.is_class and not self.kinds.members(mention.key)
                if alone and mention.key not in taken:
                    taken.add(mention.key)
                    yield mention

    def _read_given(self, sentence: Sentence) -> None:
        """Note how the medicines are given of which a sentence speaks."""
        before_names = []
        text, start = self.text.of(sentence.span), sentence.span.start
        for mention in sentence.mentions:
            form = just_before(FORM_BEFORE_NAME, text, mention.span.start - start)
            if form is not None and not mention.is_class:
                span = Span(start + form.start(), start + form.start() + len(form.group().rstrip()))
                before_names.append(span)
                self.given[mention.key].append(span)
        for phrase in given_phrases(text):
            span = Span(phrase.start + start, phrase.end + start)
            if any(map(span.overlaps, before_names)):
                continue
            for subject in self.subjects.of(sentence, span.start):
                self.given[subject.key].append(span)

    def _read_partners(self, sentence: Sentence) -> None:
        """Note with which others the medicines are given of which a sentence speaks, and the reverse."""
        for part in sentence.together:
            inside = [mention for mention in sentence.mentions if part.overlaps(mention.span)]
            partners = [each for mention in inside for each in self.subjects.resolved(mention)]
            subjects = self.subjects.of(sentence, part.start)
            for subject in subjects:
                if all(subject.key != partner.key for partner in partners):
                    self.partners[subject.key].append(part)
            for partner in partners:
                others = [*subjects, *(other for other in inside if self._joined(other, partner))]
                self.partners[partner.key] += [
                    other.span for other in others if not self._same(other, partner)
                ]

    def _same(self, mention: Mention, partner: Mention) -> bool:
        return any(each.key == partner.key for each in (mention, *self.subjects.resolved(mention)))

    def _joined(self, other: Mention, partner: Mention) -> bool:
        """Tell whether two medicines are given together: not where one stands for the other ("or")."""
        first, second = sorted((other.span, partner.span))
        return _OR.search(self.text.of(Span(first.start, second.end))) is None

    def _naming(self, key: str) -> list[Sentence]:
        """Return the sentences that name a medicine, alone or as a part of a combination."""
        return [
            sentence
            for sentence in self.shown
            if any(key in (mention.key, *mention.key.split(" + ")) for mention in sentence.mentions)
            or any(key == name.key for _, name in sentence.described)
        ]

    def _passages(self, key: str, naming: Iterable[Sentence]) -> tuple[Span, ...]:
        blocks = self.text.document.blocks
        about = [
            block.span
            for at, block in enumerate(blocks)
            if block.kind is not BlockKind.HEADING and key in self.subjects.about(at)
        ]
        return tuple(about or dict.fromkeys(blocks[sentence.block].span for sentence in naming))

    def _once(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return ranges in order, of those with the same words the first."""
        found: dict[str, Span] = {}
        for span in sorted(spans):
            found.setdefault(fold(self.text.of(span)), span)
        return tuple(found.values())


def _first(row: Medicine) -> Span:
    return min(row.generic + row.brand)
