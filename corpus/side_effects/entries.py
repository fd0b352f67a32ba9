"""
Finds what a document says of side effects: Document in, sentences and bullets out.

A sentence counts where it names side effects, says that a treatment causes a symptom, speaks of
easing a symptom, or says whom to tell of one; a bullet also where the sentence before its list
announces side effects, and everything under a heading that names them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.document import Block, BlockKind, Document, Section, Span
from corpus.introductions import introducing_blocks
from corpus.sentences import sentence_spans
from corpus.side_effects.symptoms import SymptomMention, symptom_mentions
from corpus.side_effects.words import EFFECT, caused_by_treatment, eases, reports

HEADING_WORDS = 5
"""A longer heading that names a symptom is about something else as well (words)."""

_CONTINUES = re.compile(r"(?:They|These|Some|Others?|Common|Examples|Among|The\s+most|Possible)\b")
"""How a sentence begins that goes on with side effects named just before it."""


class Concern(StrEnum):
    """What an entry is about."""

    SIDE_EFFECTS = "side-effects"
    SYMPTOMS = "symptoms"
    """Easing or reporting a symptom, where the text does not say that a treatment causes it."""


@dataclass(frozen=True, slots=True)
class SideEffectEntry:
    """
    A sentence or bullet that speaks of side effects, or of easing them.

    Attributes:
        span: Its exact range in the source.
        section_id: The section that it stands in.
        path: The headings down to that section.
        treatment: The main heading above it; the document's title above the first.
        symptoms: The symptoms that it names, within `span`.
        inherited: The symptoms that its heading, or the sentence before its list, names for it.
        easing: Whether it speaks of easing, managing or reducing them.
        concern: Side effects, or symptoms of which it says only that something eases them.
        context: The sentence that introduces its list, for a bullet.

    """

    span: Span
    section_id: str
    path: tuple[str, ...]
    treatment: str
    symptoms: tuple[SymptomMention, ...]
    inherited: tuple[SymptomMention, ...]
    easing: bool
    concern: Concern
    context: Span | None


def side_effect_entries(document: Document) -> tuple[SideEffectEntry, ...]:
    """Return every sentence and bullet that speaks of side effects, in the order of the text."""
    finder = _Finder(document)
    for at, block in enumerate(document.blocks):
        finder.read(at, block)
    return tuple(finder.entries)


def symptom_index(entries: Iterable[SideEffectEntry]) -> Mapping[str, tuple[SideEffectEntry, ...]]:
    """Return the entries of each symptom that one of them names, in the order of the symptoms' ids."""
    found: dict[str, list[SideEffectEntry]] = defaultdict(list)
    for entry in entries:
        for symptom in sorted({each.symptom for each in (*entry.symptoms, *entry.inherited)}):
            found[symptom].append(entry)
    return {symptom: tuple(found[symptom]) for symptom in sorted(found)}


@dataclass(frozen=True, slots=True)
class _Announced:
    """What a sentence that ends with a colon says of the list behind it."""

    sentence: Span
    easing: bool
    concern: Concern
    symptoms: tuple[SymptomMention, ...]


@dataclass(frozen=True, slots=True)
class _Before:
    """
    What the sentences of a block said so far.

    Attributes:
        spoken: One of them is an entry.
        named_effect: One of them names side effects.
        effects: The symptoms that are named as side effects.

    """

    spoken: bool = False
    named_effect: bool = False
    effects: frozenset[str] = frozenset()

    def and_then(self, entry: SideEffectEntry) -> "_Before":
        """Return what is said with one more entry."""
        named = entry.concern is Concern.SIDE_EFFECTS
        symptoms = {mention.symptom for mention in entry.symptoms} if named else set()
        return _Before(True, self.named_effect or named, self.effects | symptoms)

    def goes_on(self, symptoms: Sequence[SymptomMention], *, easing: bool) -> bool:
        """Tell whether a sentence goes on with the side effects that were named before it."""
        if not self.named_effect:
            return False
        named = {mention.symptom for mention in symptoms}
        # What is eased may be another thing: after "Tea can cause nausea", "Radiation can ease pain".
        return (not named or bool(named & self.effects)) if easing else bool(named)


class _Finder:
    """Reads the blocks of one document in order."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sections = {section.id: section for section in document.sections}
        self.above = introducing_blocks(document.blocks)
        self.entries: list[SideEffectEntry] = []
        self._last_sentences: dict[int, Span] = {}
        self._announcing: dict[int, _Announced] = {}
        self._headings: dict[str, tuple[bool, tuple[SymptomMention, ...]]] = {}

    def read(self, at: int, block: Block) -> None:
        """Add the entries of a block."""
        if block.kind is BlockKind.HEADING:
            return
        above = self.above[at]
        announced = self._announcing.get(above) if above is not None else None
        entry, before = None, _Before()
        sentences = sentence_spans(block.span.of(self.document.source), offset=block.span.start)
        for sentence in sentences:
            entry = self._entry(sentence, block, above, announced, before)
            if entry is not None:
                self.entries.append(entry)
                before = before.and_then(entry)
        if sentences:
            self._last_sentences[at] = sentences[-1]
            self._note_announcement(at, sentences[-1], entry, named_effect=before.named_effect)
        if announced and at not in self._announcing:
            # What a list is announced as also holds for the bullets below a bullet.
            self._announcing[at] = announced

    def _entry(
        self,
        sentence: Span,
        block: Block,
        above: int | None,
        announced: _Announced | None,
        before: _Before,
    ) -> SideEffectEntry | None:
        """Return what a sentence is an entry of, or None where it speaks of something else."""
        text = sentence.of(self.document.source)
        symptoms = symptom_mentions(text, offset=sentence.start)
        named = [_shifted(mention.span, -sentence.start) for mention in symptoms]
        headed, heading_symptoms = self._heading(self.sections[block.section_id])
        easing = eases(text, named=named, spoken_of_before=before.spoken or headed)
        effects = (
            EFFECT.search(text) is not None
            or headed
            or before.goes_on(symptoms, easing=easing)
            or caused_by_treatment(text, named=named)
        )
        if not (effects or easing or announced or reports(text, named=named)):
            return None
        section = self.sections[block.section_id]
        concern = Concern.SIDE_EFFECTS if effects else Concern.SYMPTOMS
        return SideEffectEntry(
            span=sentence,
            section_id=section.id,
            path=section.path,
            treatment=section.path[0],
            symptoms=symptoms,
            inherited=(*heading_symptoms, *(announced.symptoms if announced else ())),
            easing=easing or (announced is not None and announced.easing),
            concern=announced.concern if announced and not effects else concern,
            context=self._last_sentences.get(above) if above is not None else None,
        )

    def _note_announcement(
        self, at: int, sentence: Span, entry: SideEffectEntry | None, *, named_effect: bool
    ) -> None:
        """Remember what a sentence announces that ends with a colon."""
        text = sentence.of(self.document.source)
        if not text.endswith(":"):
            return
        if entry is not None:
            self._announcing[at] = _Announced(sentence, entry.easing, entry.concern, entry.symptoms)
        elif named_effect and _CONTINUES.match(text):
            self._announcing[at] = _Announced(
                sentence, easing=False, concern=Concern.SIDE_EFFECTS, symptoms=()
            )

    def _heading(self, section: Section) -> tuple[bool, tuple[SymptomMention, ...]]:
        """Tell whether a heading above names side effects or a symptom, and where it names which."""
        if section.id not in self._headings:
            self._headings[section.id] = self._read_heading(section)
        return self._headings[section.id]

    def _read_heading(self, section: Section) -> tuple[bool, tuple[SymptomMention, ...]]:
        found = any(EFFECT.search(title) for title in section.path) and section.level > 0
        own: tuple[SymptomMention, ...] = ()
        if section.heading is not None and len(section.title.split()) <= HEADING_WORDS:
            title = section.heading.of(self.document.source)
            own = symptom_mentions(title, offset=section.heading.start)
        return found or bool(own), own


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
