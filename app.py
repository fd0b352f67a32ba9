"""
The chat and the reading view, served: `build_app(assistant)` and `main()`.

The only importer of Gradio. A conversation lives in its session's state on the server, never in the
browser, and is drawn by `assistant.as_html`; nothing happens when this module is imported.
"""

import functools
import socket
import sys

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

import assistant.wording as wording
from assistant import Assistant, AssistantError, Conversation, Trail, Turn
from assistant.as_html import HtmlRenderer
from assistant.command_line import app as command_line
from assistant.errors import ServerError
from assistant.guard import Guard
from assistant.links import READING_PATH, parse_range
from assistant.web.take import take_router
from assistant.web.views import add_views
from index import SearchIndexError

QUEUE = 64
"""Most questions that wait at a time; one more is told to try again."""

BACKLOG = 128
"""Connections that wait to be accepted."""

AT_ONCE = 4
"""Questions worked on at a time; the model uses every core for each."""

HEAD = '<meta name="referrer" content="no-referrer"><style>{style}</style><script>{script}</script>'
"""Style and script of ours. Not Gradio's `css=`: it rewrites the rules and loses the dark colours."""


def build_app(assistant: Assistant) -> FastAPI:
    """
    Build the web application: the chat at `/`, each document at `/read/<document>`.

    Args:
        assistant: Answers the questions.

    """
    renderer = HtmlRenderer(assistant.documents)
    app = FastAPI(title=wording.NAME, docs_url=None, redoc_url=None, openapi_url=None)
    _add_reading_view(app, assistant, renderer)
    add_views(app, assistant.documents)
    app.include_router(take_router(assistant.documents))
    chat = _build_chat(assistant, renderer)
    chat.queue(max_size=QUEUE, default_concurrency_limit=AT_ONCE)
    gr.mount_gradio_app(
        app,
        chat,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        enable_monitoring=False,
        ssr_mode=False,
        theme=gr.themes.Base(),
        head=HEAD.format(style=renderer.style, script=renderer.script),
    )
    app.add_middleware(Guard)
    return app


def serve(assistant: Assistant, *, host: str, port: int) -> None:
    """
    Serve an assistant until interrupted.

    Args:
        assistant: Answers the questions.
        host: Address to listen on.
        port: Port; 0 takes a free one.

    Raises:
        ServerError: The address cannot be listened on.

    """
    listener = _listen(host, port)
    app = build_app(assistant)
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"{wording.NAME} is at http://{shown}:{listener.getsockname()[1]}\n")
    # No access log: a log of addresses and times is more than anybody needs to know.
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


def main() -> None:
    """Run `signpost serve` with this command's arguments."""
    command_line(["serve", *sys.argv[1:]])


def _add_reading_view(app: FastAPI, assistant: Assistant, renderer: HtmlRenderer) -> None:
    """Add the pages that show a whole document; they need no script."""
    documents = {document.id: document for document in assistant.documents}

    @app.get(f"{READING_PATH}/{{document_id}}", response_class=HTMLResponse)
    def read(document_id: str, quote: str | None = None) -> HTMLResponse:
        document = documents.get(document_id)
        if document is None:
            return HTMLResponse(renderer.not_found(), status_code=404)
        marked = parse_range(quote, length=len(document.source))
        return HTMLResponse(renderer.reading_view(document, marked))


def _build_chat(  # noqa: C901 - Gradio wants its handlers beside its components
    assistant: Assistant, renderer: HtmlRenderer
) -> gr.Blocks:
    """Build the chat page: conversation on the left, the document in a pane where there is room."""
    first = assistant.documents[0]

    def begin(question: str, conversation: Conversation) -> tuple[object, ...]:
        """Show at once what was asked, and that it is being looked for."""
        # A lone surrogate could be neither drawn nor sent.
        typed = question.encode("utf-8", errors="replace").decode("utf-8")
        waiting = conversation.with_turn(Turn(typed, pending=True))
        return typed, renderer.conversation(waiting), ""

    def reply(question: str, conversation: Conversation, *, exact: bool = False) -> tuple[object, ...]:
        """Answer one turn; a question that cannot be searched for goes back into the box."""
        kept = gr.skip()
        try:
            answer, trail = assistant.converse(question, conversation.trail, exact=exact)
        except AssistantError as error:
            grown, kept = conversation.with_turn(Turn(question, trouble=str(error))), question
        except SearchIndexError:
            grown, kept = conversation.with_turn(Turn(question, trouble=wording.FAILED)), question
        else:
            grown = conversation.with_turn(Turn(question, answer), trail)
        return grown, renderer.conversation(grown), kept

    def reply_exactly(conversation: Conversation) -> tuple[object, ...]:
        """Ask the last question again, as it was typed."""
        if not conversation.turns:
            return conversation, gr.skip(), gr.skip()
        return reply(conversation.turns[-1].question, conversation, exact=True)

    def begin_new_topic(conversation: Conversation) -> tuple[object, ...]:
        """Leave out of the next searches what was asked so far."""
        grown = conversation.with_turn(Turn("", trouble=wording.NEW_TOPIC_BEGUN), Trail())
        return grown, renderer.conversation(grown)

    chat = gr.Blocks(title=wording.NAME, analytics_enabled=False, fill_width=True)
    with chat:
        conversation = gr.State(Conversation())
        asked = gr.State("")
        _html(renderer.header())
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="talk"):
                _html(renderer.welcome(), elem_id="welcome")
                transcript = _html("", elem_id="transcript")
                # Pressed by the buttons of the same name in the transcript.
                exactly = gr.Button(wording.EXACT, elem_id="exactly", elem_classes="sp-unseen")
                new_topic = gr.Button(wording.NEW_TOPIC, elem_id="new-topic", elem_classes="sp-unseen")
                with gr.Row(elem_id="ask-row"):
                    question = gr.Textbox(
                        label=wording.QUESTION_LABEL,
                        placeholder=wording.QUESTION_HINT,
                        lines=1,
                        max_lines=6,
                        elem_id="question",
                        container=False,
                    )
                    ask = gr.Button(wording.ASK, elem_id="ask")
                _html(f"<p>{wording.PRIVACY}</p>", elem_id="small-print")
            with gr.Column(elem_id="page-column"):
                _html(renderer.pane(first))
        # Private: none of these is an API endpoint, and Gradio keeps no record of their runs.
        on = functools.partial(gr.on, api_visibility="private", show_progress="hidden")
        shown = [conversation, transcript, question]
        begun = on(
            [question.submit, ask.click],
            begin,
            [question, conversation],
            [asked, transcript, question],
        )
        begun.then(reply, [asked, conversation], shown, api_visibility="private", show_progress="hidden")
        on([exactly.click], reply_exactly, [conversation], shown)
        on([new_topic.click], begin_new_topic, [conversation], [conversation, transcript])
    return chat


def _html(content: str, elem_id: str | None = None) -> gr.Markdown:
    """
    Return a component that shows HTML of ours as it is.

    gr.HTML would need `unsafe-eval` in the content security policy. Markdown leaves a block of HTML
    alone as long as it has no blank line, which `HtmlRenderer` sees to, as to the escaping.
    """
    return gr.Markdown(content, sanitize_html=False, latex_delimiters=[], elem_id=elem_id)


def _listen(host: str, port: int) -> socket.socket:
    """Open the listening socket before anything else, so that a taken port is known at once."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _cannot_listen(host, port, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _cannot_listen(host, port, error) from error
    return listener


def _cannot_listen(host: str, port: int, error: OSError) -> ServerError:
    reason = error.strerror or str(error)
    return ServerError(
        f"cannot listen on {host}, port {port} ({reason}); choose another with --host or --port"
    )


if __name__ == "__main__":
    main()
