"""Reads one sentence for names of medicines: generic names, and the brands that are paired with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Span
from corpus.medicines.words import (
    BRAND,
    BRAND_LABEL,
    CLASS_HEAD,
    COMBINATION,
    GENERIC_WORD,
    MADE_AS,
    NO_BRAND,
    PAYLOAD,
    is_generic_name,
    just_before,
    may_be_generic,
    without_tail,
)

_BRACKET = re.compile(r"[®™]?\s?[(\[](?P<inside>[^()\[\]\n]{2,80})[)\]]")
_SEPARATOR = re.compile(r"\s*(?:[,;/+]|\band\b|\bor\b|\bplus\b)+\s*")
_FILLER = re.compile(
    r"(?:and |or )?(?:generics?|others?|biosimilars?|a generic version|[A-Z0-9][A-Z0-9-]+)?"
)
_SOLD_AS = re.compile(
    r",?\s+(?:(?:which\s+)?is\s+)?(?:also\s+(?:called|known\s+as)|(?:sold|marketed)\s+(?:as|under\s+the\s+(?:brand\s+)?name))"
    r"\s+"
)
_BRANDED = re.compile(r"(?i)\bbrand(?:\s|-)?name(?:d)?\s+(?:drug|medicine|version)?\s*")
_LAST_WORD = re.compile(r"(?<![\w‑-])[A-Za-z]{3,}(?:[-‑][A-Za-z]{2,})*$")
_LAST_BRAND = re.compile(rf"{BRAND.pattern}$")
_TARGET_OF = re.compile(r"\btarget\s+of\s+$")
_LIST_GAP = re.compile(r",?\s+(?:and|plus|with)\s+|,\s+|\s?[/+]\s?|\s+plus\s+")
_NAME_AND_GAP = re.compile(
    rf"(?<![\w‑-])(?P<name>[A-Za-z]{{3,}}(?:[-‑][A-Za-z]{{2,}})*)(?:{_LIST_GAP.pattern})$"
)
_SINGULAR = re.compile(r"\s+(?:is|was|has|can|may|combines|contains|works|blocks)\b")


@dataclass(frozen=True, slots=True)
class Pair:
    """
    Names that a text puts together as those of one medicine.

    Attributes:
        generic: Its generic name; several are the parts of a combination; none where the text has
            only a brand.
        brand: Its brands.

    """

    generic: tuple[Span, ...]
    brand: tuple[Span, ...]

    @property
    def start(self) -> int:
        """Where the first of its names begins."""
        return min(span.start for span in (*self.generic, *self.brand))


def read_pairs(text: str) -> tuple[Pair, ...]:
    """Return the medicines that a sentence introduces with a brand, in order."""
    generics = generic_names(text)
    found: list[Pair] = []
    for bracket in _BRACKET.finditer(text):
        pair = _brand_in_bracket(text, bracket, generics) or _generic_in_bracket(text, bracket, generics)
        if pair is not None:
            found.append(pair)
    for span in generics:
        sold = _SOLD_AS.match(text, span.end)
        brand = BRAND.match(text, sold.end()) if sold else None
        if brand is not None:
            found.append(Pair((span,), (Span(*brand.span("name")),)))
    taken = [span for pair in found for span in pair.brand]
    found += [Pair((), (span,)) for span in _brands_alone(text) if not any(map(span.overlaps, taken))]
    return tuple(sorted(found, key=lambda pair: pair.start))


def generic_names(text: str) -> tuple[Span, ...]:
    """Return where a text names medicines by names that end as generic ones do."""
    found: list[Span] = []
    for match in GENERIC_WORD.finditer(text):
        if is_generic_name(match.group()) and not _in_class_name(text, match):
            end = match.start() + len(without_tail(match.group()))
            payload = PAYLOAD.match(text, end)
            made = just_before(MADE_AS, text, match.start())
            span = Span(made.start() if made else match.start(), payload.end() if payload else end)
            if not (found and found[-1].overlaps(span)):
                found.append(span)
    return tuple(found)


def brand_list(text: str, start: int) -> tuple[Span, ...]:
    """Return the brands that stand one after the other from `start` on."""
    found: list[Span] = []
    at = start
    while match := BRAND.match(text, at):
        found.append(Span(*match.span("name")))
        gap = _SEPARATOR.match(text, match.end())
        if gap is None:
            break
        at = gap.end()
    return tuple(found)


def _in_class_name(text: str, match: re.Match[str]) -> bool:
    """Tell whether a word explains a class's name: "mTOR (mammalian target of rapamycin) inhibitors"."""
    if just_before(_TARGET_OF, text, match.start()):
        return True
    closing = re.match(r"[^()\n]*\)\s*", text[match.end() :])
    opened = text.rfind("(", 0, match.start()) > text.rfind(")", 0, match.start())
    return bool(opened and closing and CLASS_HEAD.match(text, match.end() + closing.end()))


def _brand_in_bracket(text: str, bracket: re.Match[str], generics: Sequence[Span]) -> Pair | None:
    """Read "exemestane (Aromasin and generic)"."""
    brands = _brands(bracket["inside"], bracket.start("inside"))
    if not brands:
        return None
    before = next((span for span in generics if span.end == bracket.start()), None)
    if before is None:
        word = just_before(_LAST_WORD, text, bracket.start())
        if word is None or not may_be_generic(word.group()):
            return None
        before = Span(*word.span())
    return Pair(_combination(text, before, generics) or (before,), brands)


def _generic_in_bracket(text: str, bracket: re.Match[str], generics: Sequence[Span]) -> Pair | None:
    """Read "Ogivri (trastuzumab-dkst)"."""
    inside = Span(*bracket.span("inside"))
    names = tuple(span for span in generics if inside.start <= span.start and span.end <= inside.end)
    rest = bracket["inside"]
    for span in reversed(names):
        rest = rest[: span.start - inside.start] + rest[span.end - inside.start :]
    if not names or _SEPARATOR.sub("", BRAND_LABEL.sub("", rest)).strip():
        return None
    word = just_before(_LAST_BRAND, text, bracket.start())
    if word is None or is_generic_name(word["name"]) or NO_BRAND.fullmatch(word["name"]):
        return None
    return Pair(names, (Span(*word.span("name")),))


def _brands(inside: str, offset: int) -> tuple[Span, ...]:
    """Return the brands in brackets; none where anything else stands there too."""
    found = []
    for piece in _pieces(inside):
        label = BRAND_LABEL.match(inside, piece.start, piece.end)
        start = label.end() if label else piece.start
        words = inside[start : piece.end]
        match = BRAND.fullmatch(words)
        if match is not None and not ("-" in words and is_generic_name(match["name"])):
            found.append(Span(offset + start, offset + start + len(match["name"])))
        elif not _FILLER.fullmatch(words):
            return ()
    return tuple(found)


def _pieces(text: str) -> list[Span]:
    """Return the ranges of `text` between commas, slashes, "and" and "or"."""
    pieces, at = [], 0
    for gap in _SEPARATOR.finditer(text):
        pieces.append(Span(at, max(at, gap.start())))
        at = gap.end()
    return [piece for piece in (*pieces, Span(at, max(at, len(text)))) if piece.start < piece.end]


def _combination(text: str, last: Span, generics: Sequence[Span]) -> tuple[Span, ...]:
    """Return the parts of a combination that ends with `last`; empty where it stands alone."""
    parts = [last]
    # "pertuzumab, trastuzumab, and hyaluronidase-zzxf (Phesgo) is ...": read from the end.
    while (part := _part_before(text, parts[0], generics)) is not None:
        parts.insert(0, part)
    if len(parts) == 1:
        return ()
    joined = re.search(r"[/+]", text[parts[0].start : last.end]) is not None
    bracket = text.find(")", last.end)
    subject = not text[: parts[0].start].strip() and _SINGULAR.match(text, bracket + 1)
    return tuple(parts) if joined or subject or COMBINATION.search(text) else ()


def _part_before(text: str, part: Span, generics: Sequence[Span]) -> Span | None:
    """Return the name that stands before another one in a list."""
    for span in reversed(generics):
        if span.end <= part.start and _LIST_GAP.fullmatch(text, span.end, part.start):
            return span
    word = just_before(_NAME_AND_GAP, text, part.start)
    if word is None or not may_be_generic(word["name"]):
        return None
    return Span(*word.span("name"))


def _brands_alone(text: str) -> list[Span]:
    """Return brands that the text itself calls so: "the brand name drug Herceptin", "Xgeva®"."""
    found = []
    for label in _BRANDED.finditer(text):
        match = BRAND.match(text, label.end())
        if match is not None:
            found.append(Span(*match.span("name")))
    for match in BRAND.finditer(text):
        marked = text[match.end("name") : match.end("name") + 1] in {"®", "™"}
        if marked and not is_generic_name(match["name"]):
            found.append(Span(*match.span("name")))
    return found
