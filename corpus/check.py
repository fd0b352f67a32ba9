"""Looks a document over before it is indexed: Document in, findings with line numbers out."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.announcements import Announced, announcements
from corpus.document import BlockKind, Document, HiddenKind
from corpus.folding import fold
from corpus.page_text import LABELS
from corpus.sentences import sentence_spans

DUPLICATE_WORDS = 5
"""Sentences of fewer words may repeat without a finding ("Hair loss")."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    Something in a document that its editor should know.

    Attributes:
        line: The line of the source, counted from 1.
        kind: `empty-list`, `list-as-sections`, `missing-media`, `duplicate-sentence`,
            `unknown-label` or `metadata`; or one of those that `check_authored` names.
        message: What was found, in one line.

    """

    line: int
    kind: str
    message: str


_ANNOUNCED = {
    Announced.NOTHING: ("empty-list", "announced list is empty"),
    Announced.SECTIONS: ("list-as-sections", "announced list is given as parts with headings"),
    Announced.MEDIA: ("missing-media", "announced video or picture is not in this copy"),
}


def check_document(document: Document) -> tuple[Finding, ...]:
    """Return what is worth knowing about a document, in the order of its lines."""
    found = [
        *_announced(document),
        *_duplicates(document),
        *_labels(document),
        *_metadata(document),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.kind)))


def _announced(document: Document) -> Iterator[Finding]:
    for announcement in announcements(document):
        if announcement.followed_by in _ANNOUNCED:
            kind, words = _ANNOUNCED[announcement.followed_by]
            quote = " ".join(announcement.sentence.of(document.source).split())
            yield Finding(document.line(announcement.sentence.start), kind, f"{words}: {quote}")


def _duplicates(document: Document) -> Iterator[Finding]:
    places: dict[str, list[int]] = defaultdict(list)
    for block in document.blocks:
        for sentence in sentence_spans(block.span.of(document.source), offset=block.span.start):
            words = fold(sentence.of(document.source))
            if len(words.split()) >= DUPLICATE_WORDS:
                places[words].append(document.line(sentence.start))
    for words, lines in places.items():
        if len(lines) > 1:
            again = ", ".join(str(line) for line in lines[1:])
            message = f"sentence stands again on line {again}: {words}"
            yield Finding(lines[0], "duplicate-sentence", message)


def _labels(document: Document) -> Iterator[Finding]:
    for hidden in document.hidden:
        text = hidden.span.of(document.source)
        if hidden.kind is HiddenKind.LABEL and text not in LABELS:
            line = document.line(hidden.span.start)
            yield Finding(line, "unknown-label", f"template label is not known: {text}")
    for block in document.blocks:
        text = block.span.of(document.source)
        if block.kind is BlockKind.PARAGRAPH and text.isalpha() and text.islower():
            line = document.line(block.span.start)
            yield Finding(line, "unknown-label", f"shown as text, but looks like a label: {text}")


def _metadata(document: Document) -> Iterator[Finding]:
    stated = {
        "title": document.metadata.title,
        "reviewed": document.metadata.reviewed,
        "reviewer": document.metadata.reviewer,
        "publisher": document.metadata.publisher,
    }
    for name, words in stated.items():
        if words and words not in document.source:
            yield Finding(1, "metadata", f'the page does not state the {name} "{words}"')
