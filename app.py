"""
The chat, served: `build_app(assistant)` and `main()`.

The only importer of Gradio. A conversation lives in its session's state on the server, never in the
browser, and is drawn by `assistant.as_html`; what stands around the chat is put together by
`assistant.web.site`. Nothing happens when this module is imported.
"""

import functools
import sys

import gradio as gr
from fastapi import FastAPI

import assistant.wording as wording
from assistant import Assistant, Conversation
from assistant.command_line import app as command_line
from assistant.web.privacy import privacy_script
from assistant.web.running import leave, listen, server_of
from assistant.web.settings import ServerSettings
from assistant.web.site import Site

HEAD = '<meta name="referrer" content="no-referrer"><style>{style}</style><script>{script}</script>'
"""Style and script of ours. Not Gradio's `css=`: it rewrites the rules and loses the dark colours."""


def build_app(assistant: Assistant, settings: ServerSettings | None = None) -> FastAPI:
    """
    Build the web application: the chat at `/`, each document at `/read/<document>`, and the endpoints.

    Args:
        assistant: Answers the questions.
        settings: What the operator set; nothing where it is left out.

    Raises:
        OutputError: The log cannot be written to.

    """
    return _app_of(Site(assistant, settings or ServerSettings(), _say))


def serve(assistant: Assistant, settings: ServerSettings) -> None:
    """
    Serve an assistant until interrupted, from before it is ready.

    Args:
        assistant: Answers the questions.
        settings: What the operator set.

    Raises:
        ServerError: The address cannot be listened on.
        OutputError: The log cannot be written to.
        CorpusError, SearchIndexError, AssistantError: The assistant could not be made.

    """
    listener = listen(settings.host, settings.port)
    with listener:
        site = Site(assistant, settings, _say)
        server = server_of(_app_of(site), site.stop)
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        try:
            _say(f"{wording.NAME} is at http://{shown}:{listener.getsockname()[1]}{settings.root_path}")
            if site.warming is not None:
                site.warming.start(on_failure=server.stop)
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            if site.warming is not None and site.warming.is_at_work:
                leave()
            return
    if site.warming is not None and site.warming.failure is not None:
        raise site.warming.failure


def main() -> None:
    """Run `signpost serve` with this command's arguments."""
    command_line(["serve", *sys.argv[1:]])


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


def _app_of(site: Site) -> FastAPI:
    app = FastAPI(title=wording.NAME, docs_url=None, redoc_url=None, openapi_url=None)
    for router in site.routers():
        app.include_router(router)
    chat = _build_chat(site)
    chat.queue(max_size=site.settings.waiting, default_concurrency_limit=site.settings.places)
    script = f"{site.renderer.script}\n{privacy_script()}"
    gr.mount_gradio_app(
        app,
        chat,
        path="/",
        root_path=site.settings.root_path or None,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        enable_monitoring=False,
        ssr_mode=False,
        theme=gr.themes.Base(),
        head=HEAD.format(style=site.renderer.style, script=script),
    )
    site.stand_before(
        app,
        {number: len(event.inputs) for number, event in chat.fns.items()},
        # Gradio gives no other way to know it, and looks here itself.
        lambda session: session in chat._queue.pending_messages_per_session,
    )
    return app


def _build_chat(site: Site) -> gr.Blocks:
    """Build the chat page: conversation on the left, the document in a pane where there is room."""
    renderer, talk = site.renderer, site.talk

    def begin(question: str, conversation: Conversation) -> tuple[object, ...]:
        """Show at once what was asked, and that it is being looked for."""
        typed, waiting = talk.begun(question, conversation)
        return typed, renderer.conversation(waiting), ""

    def reply(
        question: str,
        conversation: Conversation,
        request: gr.Request | None = None,
        *,
        exact: bool = False,
    ) -> tuple[object, ...]:
        """Answer one turn; a question that cannot be searched for goes back into the box."""
        client = request.client.host if request and request.client else ""
        grown = talk.answered(question, conversation, client, exact=exact)
        kept = gr.skip() if grown.turns[-1].answer else question
        return grown, renderer.conversation(grown), kept

    def reply_exactly(
        conversation: Conversation, request: gr.Request | None = None
    ) -> tuple[object, ...]:
        """Ask the last question again, as it was typed."""
        if not conversation.turns:
            return conversation, gr.skip(), gr.skip()
        return reply(conversation.turns[-1].question, conversation, request, exact=True)

    def begin_new_topic(conversation: Conversation) -> tuple[object, ...]:
        """Leave out of the next searches what was asked so far."""
        grown = talk.new_topic(conversation)
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
                _html(site.privacy.html, elem_id="small-print")
            with gr.Column(elem_id="page-column"):
                _html(renderer.pane(site.documents[0]))
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


if __name__ == "__main__":
    main()
