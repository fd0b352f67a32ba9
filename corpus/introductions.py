"""Finds the sentence that introduces each item of a list: blocks in, ranges out."""

from collections.abc import Sequence

from corpus.document import Block, BlockKind, Document, Span
from corpus.sentences import sentence_spans


def introducing_blocks(blocks: Sequence[Block]) -> tuple[int | None, ...]:
    """
    Return for each block the number of the block that introduces its list.

    That is the introduction before the list or, for a deeper bullet, the bullet above it; None for
    whatever is no bullet, and for a bullet that nothing introduces.
    """
    found: list[int | None] = []
    for at, block in enumerate(blocks):
        above = at - 1
        if block.kind is not BlockKind.BULLET:
            found.append(None)
            continue
        while above >= 0 and blocks[above].kind is BlockKind.BULLET:
            if blocks[above].depth < block.depth:
                break
            # The bullets between have the same answer, or stand deeper.
            above = above - 1 if (known := found[above]) is None else known
        introduces = above >= 0 and blocks[above].kind in {BlockKind.BULLET, BlockKind.INTRODUCTION}
        found.append(above if introduces else None)
    return tuple(found)


def introducing_sentence(document: Document, block: Block) -> Span:
    """
    Return the words of a block that introduce the list behind it.

    That is its last sentence, the one that announces the list, or the heading that the block begins
    with: "CDK 4/6 inhibitors. This type of medicine ..." introduces by its lead-in.
    """
    sentences = sentence_spans(block.span.of(document.source), offset=block.span.start)
    last = sentences[-1] if sentences else block.span
    heading = document.section(block.section_id).heading
    announces = last.of(document.source).endswith(":")
    if heading is None or announces or block.span.start != heading.start:
        return last
    return heading
