"""Reads a document for the medicines, and classes of medicines, that each sentence names."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.document import Document, Span
from corpus.folding import fold
from corpus.introductions import introducing_blocks
from corpus.medicines.classes import ClassPhrase, class_keys, class_phrases, stands_alone
from corpus.medicines.names import Mention, Name, NameFinder, medicine_names_of
from corpus.medicines.phrases import FORM, together_phrases
from corpus.medicines.words import BRAND_LABEL, THERAPY
from corpus.sentences import sentence_spans

_CALLED_SHORT = re.compile(r"\b(?:[Ss]ometimes|[Aa]lso)\s+called\s+(?P<short>[A-Z][A-Za-z0-9]*[A-Z]s)\b")
_DESCRIBES = re.compile(rf"\s+(?:{FORM}\s+)?", re.IGNORECASE)
_WITH = re.compile(r"[®™]?(?:\s\([^()]*\))?\s+(?:with|plus)\s+(?:the\s+)?")
_COMPARES = re.compile(r"(?i)\bcompar|\bversus\b|\binstead\b")
_IN_BRACKETS = re.compile(
    rf"[®™]?\s?[(\[]\s?(?:{BRAND_LABEL.pattern.removeprefix('(?i)')})?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    A sentence and what it names.

    Attributes:
        span: Its range.
        block: The number of its block in the document.
        mentions: The medicines and classes that it names, in order. Of "lapatinib (Tykerb)" only the
            first is kept, and a class is none that describes the medicine behind it.
        described: The classes that do ("the aromatase inhibitor exemestane"), each with that mention.
        together: Where it says with which medicines something is given.

    """

    span: Span
    block: int
    mentions: tuple[Mention, ...]
    described: tuple[tuple[Mention, Mention], ...]
    together: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class MedicineText:
    """
    A document's medicines, and its sentences with what each names.

    Attributes:
        document: The document.
        names: The names of its medicines, in the order of the text.
        sentences: All its sentences, headings included, in order.
        by_block: The same by the number of their block.
        above: For each block the number of the one that introduces its list, or None.

    """

    document: Document
    names: tuple[Name, ...]
    sentences: tuple[Sentence, ...]
    by_block: Mapping[int, Sequence[Sentence]]
    above: tuple[int | None, ...]

    def of(self, span: Span) -> str:
        """Return the words of a range."""
        return span.of(self.document.source)

    def of_block(self, block: int) -> Sequence[Sentence]:
        """Return the sentences of a block."""
        return self.by_block.get(block, ())


def read_medicine_text(document: Document) -> MedicineText:
    """Read a document for the medicines that its sentences name."""
    names = medicine_names_of(document)
    sentences = tuple(_Reader(document, NameFinder(names)).sentences())
    by_block: dict[int, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        by_block[sentence.block].append(sentence)
    return MedicineText(document, names, sentences, by_block, introducing_blocks(document.blocks))


class _Reader:
    """Knows the names and classes of one document."""

    def __init__(self, document: Document, finder: NameFinder) -> None:
        self.source = document.source
        self.blocks = document.blocks
        self.finder = finder
        self._classes: dict[str, str] = {}
        shorts = {short for block in document.blocks for short in self._learn(block.span)}
        alternatives = "|".join(sorted(map(re.escape, shorts), key=len, reverse=True)) or "(?!)"
        self._shorts = re.compile(rf"\b(?:{alternatives})s?\b")

    def sentences(self) -> Iterator[Sentence]:
        """Yield every sentence of the document with what it names."""
        for at, block in enumerate(self.blocks):
            for span in sentence_spans(block.span.of(self.source), offset=block.span.start):
                yield self._sentence(at, span)

    def _sentence(self, at: int, span: Span) -> Sentence:
        text = span.of(self.source)
        named = self.finder.mentions(text, offset=span.start)
        classes = [
            each
            for each in self._class_mentions(text, span)
            if not any(each.span.overlaps(name.span) for name in named)
        ]
        first = [
            name
            for before, name in zip((None, *named), named, strict=False)
            if not self._repeats(before, name)
        ]
        described = [(each, name) for each in classes for name in first if self._describes(each, name)]
        describing = {each for each, _ in described}
        kept = [each for each in classes if each.key and each not in describing]
        together = [
            *(Span(part.start + span.start, part.end + span.start) for part in together_phrases(text)),
            *self._joined(text, first),
        ]
        return Sentence(
            span=span,
            block=at,
            mentions=tuple(sorted((*first, *kept), key=lambda mention: mention.span)),
            described=tuple(described),
            together=tuple(sorted(together)),
        )

    def _class_mentions(self, text: str, span: Span) -> Iterator[Mention]:
        """Yield the classes that a sentence names, and kinds of treatment (these without a key)."""
        phrases = class_phrases(text, offset=span.start)
        for phrase in phrases:
            yield Mention(self._id(phrase), phrase.span, is_class=True)
        for match in THERAPY.finditer(self.source, span.start, span.end):
            yield Mention("", Span(*match.span()), is_class=True)
        for match in self._shorts.finditer(self.source, span.start, span.end):
            short = Span(*match.span())
            if not any(short.overlaps(phrase.span) for phrase in phrases):
                key = self._classes[fold(match.group().removesuffix("s"))]
                yield Mention(key, short, is_class=True)

    def _joined(self, text: str, names: Sequence[Mention]) -> Iterator[Span]:
        """Yield the second of two medicines that stand together: "nivolumab with ipilimumab"."""
        if _COMPARES.search(text):
            return
        for before, name in pairwise(names):
            if _WITH.fullmatch(self.source, before.span.end, name.span.start):
                yield name.span

    def _describes(self, kind: Mention, name: Mention) -> bool:
        """Tell whether a class stands right before a medicine: "the chemotherapy pill capecitabine"."""
        behind = kind.span.end < name.span.start
        return behind and bool(_DESCRIBES.fullmatch(self.source, kind.span.end, name.span.start))

    def _repeats(self, before: Mention | None, name: Mention) -> bool:
        """Tell whether a name in brackets is that of the medicine named right before them."""
        if before is None or before.key != name.key:
            return False
        return bool(_IN_BRACKETS.fullmatch(self.source, before.span.end, name.span.start))

    def _learn(self, span: Span) -> Iterator[str]:
        """Note the classes of a block under all their names; yield abbreviations that stand alone."""
        text = span.of(self.source)
        phrases = class_phrases(text)
        before = ""
        for phrase in phrases:
            known = before if phrase.again and before else self._id(phrase)
            for key in class_keys(phrase):
                self._classes.setdefault(key, known)
            before = known
            if stands_alone(phrase):
                yield phrase.short.removesuffix("s")
        for match in _CALLED_SHORT.finditer(text) if phrases else ():
            short = match["short"].removesuffix("s")
            self._classes.setdefault(fold(short), self._classes[phrases[0].key])
            yield short

    def _id(self, phrase: ClassPhrase) -> str:
        """Return the key of a class under which it was named first."""
        for key in sorted(class_keys(phrase), key=lambda key: (-len(key), key)):
            if key in self._classes:
                return self._classes[key]
        # "GnRH / LHRH antagonists" are spoken of as the agonists whose "GnRH" was explained.
        *modifiers, _ = phrase.key.split()
        parts = modifiers[-1].split("/") if modifiers else []
        return next((self._classes[part] for part in parts if part in self._classes), phrase.key)
