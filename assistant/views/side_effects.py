"""Draws the view of side effects: documents in, a page of their words grouped by treatment out."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import assistant.wording as wording
from assistant.source_line import source_line
from assistant.views.page import LIKENESS, ViewPage
from assistant.views.source_words import SourceQuote, SourceWords
from corpus import Document
from corpus.side_effects.quotes import SideEffectQuote, side_effect_quotes
from corpus.side_effects.symptom_search import ENDINGS, LEAST_TYPED, STEM_LETTERS, search_words
from corpus.side_effects.symptoms import symptoms

SIDE_EFFECTS_PATH = "/side-effects"
"""The address of the page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """
    A quote on the page.

    Attributes:
        number: Its number on the page, from 1.
        quote: Its words.
        source: What it is quoted from, in one line.
        treatment: The heading that it is grouped under.
        easing: Whether it speaks of easing.
        symptoms: For each symptom that it is about, the words that name it.

    """

    number: int
    quote: SourceQuote
    source: str
    treatment: str
    easing: bool
    symptoms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment and what is said of its side effects."""

    title: str
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Indexed:
    """A symptom and where it is spoken of."""

    id: str
    label: str
    shown: tuple[Shown, ...]


def side_effects_page(documents: Sequence[Document], *, root_path: str = "") -> str:
    """
    Draw the page; it is the same for everybody.

    Args:
        documents: The documents that it quotes.
        root_path: What a proxy shows before each path; empty for nothing.

    """
    page = ViewPage(
        "side_effects.html", here=SIDE_EFFECTS_PATH, scripts=["side_effects.js"], root_path=root_path
    )
    shown = tuple(_shown(documents, root_path))
    return page.render(
        documents=documents,
        treatments=_treatments(shown),
        index=_index(shown),
        counted=wording.SIDE_EFFECTS_SHOWN.format(shown=len(shown), count=len(shown)),
        known=_known(),
    )


def _shown(documents: Sequence[Document], root_path: str) -> Iterator[Shown]:
    number = 0
    for document in documents:
        words = SourceWords(document, root_path=root_path)
        for found in side_effect_quotes(document):
            number += 1
            yield Shown(
                number=number,
                quote=words.quote(found.span, found.context),
                source=source_line(document),
                treatment=found.treatment,
                easing=found.easing,
                symptoms=_named(document, found),
            )


def _named(document: Document, found: SideEffectQuote) -> Mapping[str, tuple[str, ...]]:
    return {
        symptom: tuple(dict.fromkeys(span.of(document.source) for span in spans))
        for symptom, spans in found.symptoms.items()
    }


def _treatments(shown: Sequence[Shown]) -> tuple[Treatment, ...]:
    """Return the treatments in the order of the text; two documents may speak of the same one."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for each in shown:
        found[each.treatment].append(each)
    return tuple(Treatment(title, tuple(quotes)) for title, quotes in found.items())


def _index(shown: Sequence[Shown]) -> tuple[Indexed, ...]:
    """Return the symptoms that the quotes name, by their labels."""
    entries = (
        Indexed(symptom.id, symptom.label, tuple(each for each in shown if symptom.id in each.symptoms))
        for symptom in symptoms()
    )
    return tuple(sorted((entry for entry in entries if entry.shown), key=lambda entry: entry.label))


def _known() -> dict[str, object]:
    """Return what the script must know to search: the words of every symptom, and our sentences."""
    return {
        "symptoms": [[each.id, each.label, each.phrases, each.kinds] for each in search_words()],
        "endings": ENDINGS,
        "stemLetters": STEM_LETTERS,
        "leastTyped": LEAST_TYPED,
        "likeness": LIKENESS,
        "shown": wording.SIDE_EFFECTS_SHOWN,
        "silent": wording.GAP,
        "none": wording.VIEW_NONE,
    }
