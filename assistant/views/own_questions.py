"""Finds the questions that a document itself suggests to ask: Document in, lists of questions out."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus import Block, BlockKind, Document, Span
from corpus.introductions import introducing_blocks, introducing_sentence

CLOSING_SIGNS = "”’\"') \N{NO-BREAK SPACE}"
"""What may stand behind a question mark."""


@dataclass(frozen=True, slots=True)
class OwnQuestions:
    """
    A list of a document that holds nothing but questions.

    Attributes:
        introduction: The sentence that introduces it; None where nothing does.
        section_id: The section that it stands in.
        questions: Its items, without their signs, in order.

    """

    introduction: Span | None
    section_id: str
    questions: tuple[Span, ...]


def own_questions(document: Document) -> tuple[OwnQuestions, ...]:
    """Return every bullet list of a document whose items all end in a question mark, in order."""
    return tuple(
        OwnQuestions(
            introduction=introducing_sentence(document, introducing) if introducing else None,
            section_id=items[0].section_id,
            questions=tuple(item.span for item in items),
        )
        for introducing, items in _lists(document)
        if all(_is_question(item.span.of(document.source)) for item in items)
    )


def _lists(document: Document) -> Iterator[tuple[Block | None, list[Block]]]:
    """Yield each list with the block that introduces it; a deeper list is one of its own."""
    lists: dict[tuple[int | None, int, int], list[Block]] = {}
    text_before = -1
    for at, introduced_by in enumerate(introducing_blocks(document.blocks)):
        block = document.blocks[at]
        if block.kind is not BlockKind.BULLET:
            text_before = at
        elif introduced_by is not None:
            lists.setdefault((introduced_by, 0, 0), []).append(block)
        else:
            # A list that nothing introduces is told from others by the text before it and its depth.
            lists.setdefault((None, text_before, block.depth), []).append(block)
    for (introduced_by, _, _), items in lists.items():
        yield (None if introduced_by is None else document.blocks[introduced_by]), items


def _is_question(text: str) -> bool:
    return text.rstrip(CLOSING_SIGNS).endswith("?")
