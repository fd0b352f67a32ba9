"""
Cuts a document into passages: Document in, passages out.

A passage stays within one section and reads on its own: a paragraph, a short list with its
introduction, or one bullet of a long list, which then keeps the introducing sentence as context.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Block, BlockKind, Document, Passage, Section, Span
from corpus.introductions import introducing_sentence
from corpus.sentences import sentence_spans
from corpus.twins import note_twins

TokenCounter = Callable[[str], int]
"""Counts the tokens that the model makes of a text, its two special tokens included."""


@dataclass(frozen=True, slots=True)
class PassageSettings:
    """
    How passages are cut.

    Attributes:
        max_words: Most words of a passage. 120 is what a reader sees of a first answer without
            scrolling on a phone, and what the evaluation counts as the first screen (S@120w).
        max_tokens: Most tokens of what is embedded (heading path, context and text). The model
            ignores what is beyond its 256, silently.
        min_words: A paragraph of fewer words joins its neighbour ("Learn more about ...").
        short_bullet_words: Bullets of fewer words on average make a short list, which stays whole
            with its introduction (or shares few passages, where it is too long); longer bullets,
            such as those on one medicine each, get a passage of their own.

    """

    max_words: int = 120
    max_tokens: int = 256
    min_words: int = 20
    short_bullet_words: int = 22


def embedded_text(document: Document, passage: Passage) -> str:
    """Return what is embedded for a passage: heading path, context and text."""
    return _embedded(document.section(passage.section_id), document, passage.context, passage.text)


def embedded_sentence(document: Document, passage: Passage, sentence: Span) -> str:
    """Return what is embedded for one sentence of a passage: heading path and sentence."""
    section = document.section(passage.section_id)
    return _embedded(section, document, None, sentence.of(document.source))


def build_passages(
    document: Document,
    *,
    count_tokens: TokenCounter,
    settings: PassageSettings | None = None,
) -> tuple[Passage, ...]:
    """
    Cut a document into passages.

    Args:
        document: The document.
        count_tokens: Handed in by whoever knows the model.
        settings: Limits; the defaults are the shipped ones.

    Returns:
        Passages in the order of the text. Every sentence that is shown belongs to exactly one;
        headings belong to none (they stand in the section path).

    """
    cutter = _Cutter(document, settings or PassageSettings(), count_tokens)
    passages: list[Passage] = []
    numbers: Counter[str] = Counter()
    for draft in cutter.drafts():
        numbers[draft.section_id] += 1
        passages.append(cutter.finish(draft, numbers[draft.section_id]))
    return note_twins(passages, document.source)


def owner(span: Span, passages: Sequence[Passage]) -> int:
    """Return the number, among at least one passage, of the one that holds most of a range."""
    shared = [min(span.end, p.span.end) - max(span.start, p.span.start) for p in passages]
    return shared.index(max(shared))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage before it has a name."""

    section_id: str
    span: Span
    context: Span | None
    closed: bool
    """Whether a short paragraph may not be joined to it (it is a bullet on its own)."""


class _Cutter:
    """Cuts the blocks of one document."""

    def __init__(
        self, document: Document, settings: PassageSettings, count_tokens: TokenCounter
    ) -> None:
        self.document = document
        self.settings = settings
        self.count_tokens = count_tokens
        self.sections = {section.id: section for section in document.sections}
        self.apart = [
            *(hidden.span for hidden in document.hidden),
            *(block.span for block in document.blocks if block.kind is BlockKind.HEADING),
        ]

    def drafts(self) -> Iterator[_Draft]:
        """Yield the passages of the document in order."""
        waiting: _Draft | None = None
        for draft in self._units():
            joined = self._join(waiting, draft)
            if joined is None and waiting is not None:
                yield waiting
            waiting = joined or draft
        if waiting is not None:
            yield waiting

    def finish(self, draft: _Draft, number: int) -> Passage:
        """Name a draft and find its sentences."""
        return Passage(
            id=f"{draft.section_id}/{number}",
            document_id=self.document.id,
            section_id=draft.section_id,
            span=draft.span,
            text=draft.span.of(self.document.source),
            context=draft.context,
            sentences=tuple(self._sentences(draft.span)),
        )

    def _units(self) -> Iterator[_Draft]:
        """Yield paragraphs and lists, each cut to size."""
        blocks = [block for block in self.document.blocks if block.kind is not BlockKind.HEADING]
        at = 0
        while at < len(blocks):
            block = blocks[at]
            end = at + 1
            while end < len(blocks) and self._continues(blocks[end - 1], blocks[end]):
                end += 1
            if block.kind is BlockKind.PARAGRAPH:
                end = at + 1
                yield from self._split(block.section_id, block.span, None, closed=False)
            elif block.kind is BlockKind.INTRODUCTION:
                yield from self._cut_list(block, blocks[at + 1 : end])
            else:
                yield from self._cut_bullets(blocks[at:end], None)
            at = end

    def _continues(self, block: Block, bullet: Block) -> bool:
        """Tell whether `bullet` goes on with the list that `block` opens or belongs to."""
        return (
            bullet.kind is BlockKind.BULLET
            and bullet.section_id == block.section_id
            and not self._parted(block.span, bullet.span)
        )

    def _parted(self, span: Span, following: Span) -> bool:
        """Tell whether a heading or something hidden stands between two ranges."""
        between = Span(span.end, following.start)
        return any(apart.overlaps(between) for apart in self.apart)

    def _cut_list(self, introduction: Block, bullets: Sequence[Block]) -> Iterator[_Draft]:
        """Keep a list whole where it fits; otherwise cut it by bullets."""
        whole = Span(introduction.span.start, bullets[-1].span.end)
        items = len(list(_trees(bullets)))
        short = items == 1 or self._words(bullets) / items < self.settings.short_bullet_words
        if short and self._fits(introduction.section_id, whole, None):
            yield _Draft(introduction.section_id, whole, None, closed=False)
            return
        context = self._introducing(introduction)
        if short and items > 1:
            yield from self._pack([introduction, *bullets], context)
            return
        if introduction.span != self.sections[introduction.section_id].heading:
            yield from self._split(introduction.section_id, introduction.span, None, closed=True)
        yield from self._cut_bullets(bullets, context)

    def _cut_bullets(self, bullets: Sequence[Block], context: Span | None) -> Iterator[_Draft]:
        """Give each bullet, with the deeper list below it, a passage."""
        for tree in _trees(bullets):
            first = tree[0]
            span = Span(first.span.start, tree[-1].span.end)
            if self._fits(first.section_id, span, context):
                yield _Draft(first.section_id, span, context, closed=True)
                continue
            yield from self._split(first.section_id, first.span, context, closed=True)
            if len(tree) > 1:
                yield from self._cut_bullets(tree[1:], self._introducing(first))

    def _pack(self, blocks: Sequence[Block], context: Span | None) -> Iterator[_Draft]:
        """Share out a list of short bullets over as few, evenly filled passages as will do."""
        parts = -(-self._words(blocks) // self.settings.max_words)
        share = self._words(blocks) / parts
        held: list[Block] = []
        for block in blocks:
            span = Span(held[0].span.start, block.span.end) if held else block.span
            here = None if held and held[0].kind is BlockKind.INTRODUCTION else context
            full = self._words(held) + self._words([block]) / 2 > share
            if held and (full or not self._fits(block.section_id, span, here)):
                yield from self._held(held, context)
                held = []
            held.append(block)
        yield from self._held(held, context)

    def _held(self, blocks: Sequence[Block], context: Span | None) -> Iterator[_Draft]:
        first = blocks[0]
        span = Span(first.span.start, blocks[-1].span.end)
        if first.kind is BlockKind.INTRODUCTION:
            context = None
        if len(blocks) == 1:
            yield from self._split(first.section_id, span, context, closed=True)
            return
        if first.kind is BlockKind.BULLET:
            # The first bullet's sign belongs to the quote, so that it is drawn as a list.
            sign = self.document.source.rfind("\n", 0, first.span.start) + 1
            line = self.document.source[sign : first.span.start]
            span = Span(sign + len(line) - len(line.lstrip()), span.end)
        yield _Draft(first.section_id, span, context, closed=True)

    def _split(
        self, section_id: str, span: Span, context: Span | None, *, closed: bool
    ) -> Iterator[_Draft]:
        """Cut a block that is too long into as few, evenly filled runs of sentences as will do."""
        if self._fits(section_id, span, context):
            yield _Draft(section_id, span, context, closed)
            return
        pieces = self._pieces(section_id, span, context)
        words = [len(piece.of(self.document.source).split()) for piece in pieces]
        parts = max(2, -(-sum(words) // self.settings.max_words))
        share = sum(words) / parts
        held, held_words = pieces[0], words[0]
        for piece, size in zip(pieces[1:], words[1:], strict=True):
            longer = Span(held.start, piece.end)
            if held_words + size / 2 > share or not self._fits(section_id, longer, context):
                yield _Draft(section_id, held, context, closed=True)
                held, held_words = piece, size
            else:
                held, held_words = longer, held_words + size
        yield _Draft(section_id, held, context, closed=True)

    def _pieces(self, section_id: str, span: Span, context: Span | None) -> list[Span]:
        """Return the sentences of a block; one that is itself too long is cut between words."""
        pieces: list[Span] = []
        for sentence in sentence_spans(span.of(self.document.source), offset=span.start):
            if self._fits(section_id, sentence, context):
                pieces.append(sentence)
                continue
            for word in _words_of(self.document.source, sentence):
                longer = Span(pieces[-1].start, word.end) if pieces else word
                if pieces and word.start > sentence.start and self._fits(section_id, longer, context):
                    pieces[-1] = longer
                else:
                    pieces.append(word)
        return pieces

    def _join(self, waiting: _Draft | None, draft: _Draft) -> _Draft | None:
        """Return two neighbours as one passage where one is too short to stand alone."""
        if waiting is None or waiting.closed or draft.closed:
            return None
        if waiting.section_id != draft.section_id:
            return None
        shorter = min(self._size(waiting.span), self._size(draft.span))
        both = Span(waiting.span.start, draft.span.end)
        if shorter >= self.settings.min_words or self._parted(waiting.span, draft.span):
            return None
        if not self._fits(draft.section_id, both, None):
            return None
        return _Draft(draft.section_id, both, None, closed=False)

    def _fits(self, section_id: str, span: Span, context: Span | None) -> bool:
        """Tell whether a passage keeps both limits."""
        if self._size(span) > self.settings.max_words:
            return False
        section = self.sections[section_id]
        text = _embedded(section, self.document, context, span.of(self.document.source))
        return self.count_tokens(text) <= self.settings.max_tokens

    def _introducing(self, block: Block) -> Span | None:
        """Return the sentence that introduces the list behind `block`, if it leaves room for one."""
        found = introducing_sentence(self.document, block)
        section = self.sections[block.section_id]
        room = self.count_tokens(_embedded(section, self.document, found, ""))
        return found if room <= self.settings.max_tokens // 2 else None

    def _sentences(self, span: Span) -> Iterator[Span]:
        """Yield the sentences and list items of a passage."""
        for block in self.document.blocks_within(span):
            inside = Span(max(span.start, block.span.start), min(span.end, block.span.end))
            yield from sentence_spans(inside.of(self.document.source), offset=inside.start)

    def _size(self, span: Span) -> int:
        """Return the number of words in a range; bullet signs are none."""
        return sum(
            any(sign.isalnum() for sign in word) for word in span.of(self.document.source).split()
        )

    def _words(self, blocks: Iterable[Block]) -> int:
        return sum(self._size(block.span) for block in blocks)


def _embedded(section: Section, document: Document, context: Span | None, text: str) -> str:
    lines = [" > ".join(section.path)]
    if context is not None:
        lines.append(context.of(document.source))
    return "\n".join([*lines, text])


def _trees(bullets: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """Yield each bullet of the highest level together with the deeper ones below it."""
    top = min(bullet.depth for bullet in bullets)
    start = 0
    for at in range(1, len(bullets) + 1):
        if at == len(bullets) or bullets[at].depth <= top:
            yield bullets[start:at]
            start = at


def _words_of(source: str, span: Span) -> Iterator[Span]:
    """Yield the range of every word in a range; a word of over 100 characters comes in pieces."""
    for match in re.compile(r"\S{1,100}").finditer(source, span.start, span.end):
        yield Span(match.start(), match.end())
