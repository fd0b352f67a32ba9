"""
The chat and the reading view, served: `build_app(assistant)` and `main()`.

The only importer of Gradio. A conversation lives in its session's state on the server, never in the
browser, and is drawn by `assistant.as_html`; nothing happens when this module is imported.
"""

import html
import socket
import sys

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

import assistant.wording as wording
from assistant import Assistant, AssistantError, Conversation, Turn
from assistant.as_html import HtmlRenderer
from assistant.command_line import app as command_line
from assistant.errors import ServerError
from assistant.guard import Guard
from assistant.links import READING_PATH, parse_range
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


def _build_chat(assistant: Assistant, renderer: HtmlRenderer) -> gr.Blocks:
    """Build the chat page: conversation on the left, the document in a pane where there is room."""
    first = assistant.documents[0]
    starters = [text for document in assistant.documents for text in document.metadata.starters]

    def reply(question: str, conversation: Conversation, *, exact: bool = False) -> tuple[object, ...]:
        """Answer one turn; a question that cannot be searched for stays in the box."""
        # A lone surrogate could be neither drawn nor sent.
        typed = question.encode("utf-8", errors="replace").decode("utf-8")
        try:
            answer = assistant.answer(question, conversation.questions, exact=exact)
        except AssistantError as error:
            turn, kept, changed = Turn(typed, trouble=str(error)), typed, False
        except SearchIndexError:
            turn, kept, changed = Turn(typed, trouble=wording.FAILED), typed, False
        else:
            turn, kept = Turn(typed, answer), ""
            changed = answer.resolved_question != answer.question
        grown = conversation.with_turn(turn)
        return (
            grown,
            renderer.conversation(grown),
            kept,
            gr.update(visible=False),
            gr.update(visible=changed),
        )

    def reply_exactly(conversation: Conversation) -> tuple[object, ...]:
        """Ask the last question again, as it was typed."""
        return reply(conversation.turns[-1].question, conversation, exact=True)

    chat = gr.Blocks(title=wording.NAME, analytics_enabled=False, fill_width=True)
    with chat:
        conversation = gr.State(Conversation())
        _html(renderer.header())
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="talk"):
                _html(renderer.welcome())
                transcript = _html("", elem_id="transcript")
                with gr.Column(elem_id="starters") as starting:
                    _html(f"<p>{wording.TRY_ONE}</p>")
                    with gr.Row(elem_classes="sp-starters"):
                        buttons = [gr.Button(text, size="sm") for text in starters]
                exactly = gr.Button(wording.EXACT, size="sm", visible=False, elem_id="exactly")
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
                _html(_pane(f"{READING_PATH}/{first.id}", first.title))
        outputs = [conversation, transcript, question, starting, exactly]
        # Private: none of these is an API endpoint, and Gradio keeps no record of their runs.
        gr.on(
            [question.submit, ask.click],
            reply,
            [question, conversation],
            outputs,
            api_visibility="private",
            show_progress="hidden",
        )
        for button in buttons:
            button.click(
                reply,
                [button, conversation],
                outputs,
                api_visibility="private",
                show_progress="hidden",
            )
        exactly.click(
            reply_exactly,
            [conversation],
            outputs,
            api_visibility="private",
            show_progress="hidden",
        )
    return chat


def _html(content: str, elem_id: str | None = None) -> gr.Markdown:
    """
    Return a component that shows HTML of ours as it is.

    gr.HTML would need `unsafe-eval` in the content security policy. Markdown leaves a block of HTML
    alone as long as it has no blank line, which `HtmlRenderer` sees to, as to the escaping.
    """
    return gr.Markdown(content, sanitize_html=False, latex_delimiters=[], elem_id=elem_id)


def _pane(address: str, title: str) -> str:
    return f'<iframe id="page-pane" name="page" src="{address}" title="{html.escape(title)}"></iframe>'


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
