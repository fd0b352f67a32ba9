"""
Finds what a document calls each medicine: generic names, brands, and which belong together.

A generic name is known by its ending, or by a brand in brackets behind it; a brand by a generic name
in brackets, or by the words "brand name". No name of any medicine stands here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus.document import Block, BlockKind, Document, Span
from corpus.folding import fold
from corpus.introductions import introducing_blocks
from corpus.medicines.pairs import Pair, brand_list, generic_names, read_pairs
from corpus.medicines.words import BRAND, is_generic_name
from corpus.sentences import sentence_spans

_BIOSIMILAR = re.compile(r"(?i)\bbiosimilars?\b")
_BIOSIMILARS_ARE = re.compile(
    r"(?i)\bbiosimilars?\b[^.:]{0,60}?(?:\b(?:includ(?:e|es|ing)|such\s+as|are|called|is)\b:?|[:(])\s*"
)
_SUFFIX = re.compile(r"[-‑][a-z]{4}$")
"""The four letters by which the FDA tells apart medicines made by living cells."""

_PREFIX = re.compile(r"^(?:ado|fam)[-‑ ]")
_TAIL = (
    r"(?![\w]|[-‑](?!(?:based|containing|resistant|treated|related|like|induced|refractory|free|na)))"
)


@dataclass(frozen=True, slots=True)
class Name:
    """
    What a document calls one medicine.

    Attributes:
        key: Its folded name, unlike that of any other.
        generic: Where its generic name stands, at its introduction; for a combination, every part.
        brand: Where each of its brands stands first.
        aliases: Every form of its names, as written.
        parent: The key of the medicine that it is a biosimilar of; empty for all others.
        called: Where the text calls it a biosimilar; None for all others.

    """

    key: str
    generic: tuple[Span, ...]
    brand: tuple[Span, ...]
    aliases: tuple[str, ...]
    parent: str = ""
    called: Span | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """
    A place where a text names a medicine, or a class of medicines.

    Attributes:
        key: The key of the medicine, or of the class.
        span: The words.
        is_class: Whether the words name a class; `key` can then be that of a medicine of it.

    """

    key: str
    span: Span
    is_class: bool = False


def medicine_names_of(document: Document) -> tuple[Name, ...]:
    """Return the names of every medicine that a document names, in the order of the text."""
    finder = _Finder(document)
    for at, block in enumerate(document.blocks):
        finder.read(at, block)
    return finder.names()


class NameFinder:
    """Finds the names of some medicines in texts; a longer name goes before one inside it."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._keys = {_plain(alias): name.key for name in names for alias in name.aliases}
        aliases = sorted(self._keys, key=lambda alias: (-len(alias), alias))
        forms = "|".join(r"[-‑\s]+".join(map(re.escape, alias.split())) for alias in aliases)
        self._pattern = re.compile(rf"(?i)(?<![\w‑-])(?:{forms}){_TAIL}") if self._keys else None

    def mentions(self, text: str, *, offset: int = 0) -> tuple[Mention, ...]:
        """Return where a text names one of the medicines, in order."""
        found = self._pattern.finditer(text) if self._pattern else ()
        return tuple(
            Mention(key, Span(match.start() + offset, match.end() + offset))
            for match in found
            if (key := self._keys.get(_plain(match.group())))
        )


def _plain(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").split())


@dataclass(slots=True)
class _Group:
    """The names of one medicine found so far."""

    main: Pair
    paired: bool
    first: int
    brands: dict[str, Span] = field(default_factory=dict)
    aliases: set[str] = field(default_factory=set)
    parent: str = ""
    called: Span | None = None


class _Finder:
    """Reads the blocks of one document in order and groups the names."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.source = document.source
        self.above = introducing_blocks(document.blocks)
        self.groups: dict[str, _Group] = {}
        self._brands: dict[str, str] = {}

    def read(self, at: int, block: Block) -> None:
        """Note the names in a block."""
        for sentence in sentence_spans(block.span.of(self.source), offset=block.span.start):
            text = sentence.of(self.source)
            pairs = [_moved(pair, sentence.start) for pair in read_pairs(text)]
            called = self._called_biosimilar(at)
            for pair in pairs:
                self._add(pair, called)
            held = [span for pair in pairs for span in (*pair.generic, *pair.brand)]
            for span in generic_names(text):
                name = Span(span.start + sentence.start, span.end + sentence.start)
                if not any(map(name.overlaps, held)):
                    self._add(Pair((name,), ()), None)
            self._listed_biosimilars(at, block, sentence, called)

    def names(self) -> tuple[Name, ...]:
        """Return the names of all medicines found, in the order of the text."""
        ordered = sorted(self.groups.items(), key=lambda item: item[1].first)
        return tuple(
            Name(
                key=key,
                generic=group.main.generic,
                brand=tuple(group.brands.values()),
                aliases=tuple(sorted(group.aliases)),
                parent=group.parent,
                called=group.called,
            )
            for key, group in ordered
        )

    def _add(self, pair: Pair, called: Span | None) -> None:
        """Put names that belong together into the group of their medicine."""
        folded = [fold(span.of(self.source)) for span in pair.brand]
        base = " + ".join(_base(span.of(self.source)) for span in pair.generic)
        parent = self._parent_of(pair, folded, base, called)
        known = next((self._brands[brand] for brand in folded if brand in self._brands), "")
        key = folded[0] if parent and folded else known or base or folded[0]
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = _Group(pair, paired=False, first=pair.start)
        if parent and not group.parent:
            group.parent, group.called = parent, called
        if pair.generic and pair.brand and not group.paired:
            group.main, group.paired = pair, True
        elif pair.generic and not group.main.generic:
            group.main = pair
        for brand, span in zip(folded, pair.brand, strict=True):
            group.brands.setdefault(brand, span)
            self._brands.setdefault(brand, key)
        group.aliases |= self._aliases(pair, is_biosimilar=bool(group.parent))

    def _aliases(self, pair: Pair, *, is_biosimilar: bool) -> set[str]:
        found = {span.of(self.source) for span in pair.brand}
        if pair.generic:
            whole = Span(pair.generic[0].start, pair.generic[-1].end).of(self.source)
            found.add(whole)
            if len(pair.generic) == 1 and not is_biosimilar:
                found.add(_base(whole))
        return found

    def _parent_of(self, pair: Pair, brands: list[str], base: str, called: Span | None) -> str:
        """Return the key of the medicine that one with a suffix of its own is a biosimilar of."""
        if len(pair.generic) != 1 or not _SUFFIX.search(pair.generic[0].of(self.source)):
            return ""
        known = self.groups.get(base)
        if known is None or not brands or set(brands) & set(known.brands):
            return ""
        return base if called is not None or known.brands else ""

    def _called_biosimilar(self, at: int | None) -> Span | None:
        """Return where a block, or what introduces it, calls medicines biosimilars."""
        while at is not None:
            span = self.document.blocks[at].span
            match = _BIOSIMILAR.search(self.source, span.start, span.end)
            if match:
                return Span(*match.span())
            at = self.above[at]
        return None

    def _listed_biosimilars(self, at: int, block: Block, sentence: Span, called: Span | None) -> None:
        """Note biosimilars that are listed by brand alone."""
        text = sentence.of(self.source)
        announced = _BIOSIMILARS_ARE.search(text)
        brands: tuple[Span, ...] = ()
        if announced is not None:
            brands = brand_list(text, announced.end())
        elif called is not None and block.kind is BlockKind.BULLET and BRAND.fullmatch(text):
            brands = brand_list(text, 0)
        parent = self._drug_spoken_of(at, sentence)
        for span in brands if parent else ():
            moved = Span(span.start + sentence.start, span.end + sentence.start)
            brand = fold(moved.of(self.source))
            if brand in self._brands or is_generic_name(brand):
                continue
            self._brands[brand] = brand
            self.groups[brand] = _Group(
                Pair((), (moved,)), paired=True, first=moved.start, brands={brand: moved},
                aliases={moved.of(self.source)}, parent=parent, called=called,
            )  # fmt: skip

    def _drug_spoken_of(self, at: int | None, sentence: Span) -> str:
        """Return the key of the medicine named nearest before or in a sentence, up its list."""
        while at is not None:
            span = self.document.blocks[at].span
            end = max(span.start, min(span.end, sentence.end))
            named = generic_names(self.source[span.start : end])
            for name in reversed(named):
                key = _base(self.source[span.start + name.start : span.start + name.end])
                if key in self.groups:
                    return key
            at, sentence = self.above[at], Span(0, len(self.source))
        return ""


def _base(name: str) -> str:
    """Return a generic name, folded, without the prefix and suffix that tell makers apart."""
    plain = _PREFIX.sub("", fold(name))
    shorter = _SUFFIX.sub("", plain)
    return (shorter if is_generic_name(shorter) else plain).replace("-", " ")


def _moved(pair: Pair, by: int) -> Pair:
    def move(spans: tuple[Span, ...]) -> Iterator[Span]:
        return (Span(span.start + by, span.end + by) for span in spans)

    return Pair(tuple(move(pair.generic)), tuple(move(pair.brand)))
