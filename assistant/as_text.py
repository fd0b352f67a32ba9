"""An Answer as text for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

import assistant.wording as wording
from assistant.answer import Answer, NoticeKind, Quote, Reply
from assistant.layout import Item, Run, Shape, lay_out_quote
from assistant.source_line import source_line
from corpus import Document


def answer_text(answer: Answer, documents: Sequence[Document]) -> RenderableType:
    """
    Draw an answer for a terminal: quotes, where they stand, and how old the page is.

    Args:
        answer: The answer.
        documents: The documents that it quotes.

    """
    by_id = {document.id: document for document in documents}
    lines: list[RenderableType] = []
    lines += _urgent(answer)
    if answer.reply is not None:
        return Group(*lines, *_replied(answer.reply))
    if answer.resolved_question != answer.question:
        lines += [Text(f"{wording.SEARCHED_FOR}: {answer.resolved_question}", style="dim"), Text()]
    if not answer.answered:
        lines += [
            Text(_unanswered(answer), style="bold"),
            Text(wording.NOT_ANSWERED_MORE),
            *_searched_in(answer, by_id),
            Text(),
            Text(f"{wording.NEAREST}:", style="dim"),
            Text(),
        ]
    cautions = (notice for notice in answer.notices if notice.kind is NoticeKind.NOT_YES_OR_NO)
    for notice in cautions:
        lines += [Text(notice.text, style="dim"), Text()]
    for quote in answer.shown:
        lines += [*_quote(quote, by_id[quote.document_id]), Text()]
    lines += [Text(source_line(by_id[source]), style="dim") for source in answer.sources]
    return Group(*lines)


def _urgent(answer: Answer) -> Iterator[Text]:
    for notice in answer.notices:
        if notice.kind is NoticeKind.URGENT:
            yield Text(notice.heading, style="bold red")
            yield Text(notice.text)
            yield Text()


def _replied(reply: Reply) -> Iterator[Text]:
    yield Text(reply.text)
    for suggestion in reply.suggestions:
        yield Text(f"  {suggestion}", style="cyan")
    if reply.link:
        yield Text(reply.link, style="cyan")


def _searched_in(answer: Answer, documents: Mapping[str, Document]) -> Iterator[Text]:
    for source in answer.sources:
        page = documents[source]
        yield Text(
            wording.SEARCHED_IN.format(title=page.title, reviewed=page.metadata.reviewed), style="dim"
        )


def _unanswered(answer: Answer) -> str:
    return wording.GAP.format(topic=answer.gap_topic) if answer.gap_topic else wording.NOT_ANSWERED


def _quote(quote: Quote, document: Document) -> Iterator[RenderableType]:
    if quote.context is not None:
        yield Padding(Text(quote.context.text, style="dim"), (0, 0, 0, 2))
    for block in lay_out_quote(document, quote.excerpt.span, quote.highlights):
        if block.shape is Shape.LIST:
            yield from _items(block.items, 2)
        else:
            yield Padding(_words(block.runs), (0, 0, 0, 2))
    yield Padding(Text(" › ".join(quote.section_path), style="cyan"), (0, 0, 0, 2))
    yield Padding(Text(quote.place.link, style="cyan", overflow="fold"), (0, 0, 0, 2))
    for notice in quote.notices:
        yield Padding(Text(notice.text, style="yellow"), (0, 0, 0, 2))


def _items(items: Sequence[Item], indent: int) -> Iterator[RenderableType]:
    for item in items:
        yield Padding(Text("• ") + _words(item.runs), (0, 0, 0, indent))
        yield from _items(item.items, indent + 2)


def _words(runs: Sequence[Run]) -> Text:
    text = Text()
    for run in runs:
        text.append(run.text, style="bold" if run.marked else "")
    return text
