"""Puts the server together: what answers, counts and notes, which routes, and what stands before."""

import asyncio
from collections.abc import Callable, Mapping

from fastapi import APIRouter, FastAPI

from assistant.assistant import Assistant
from assistant.web.answer_queue import AnswerQueue
from assistant.web.api import ASK_PATH, build_api
from assistant.web.asking import Asking
from assistant.web.cross_origin import CrossOrigin
from assistant.web.embedding import EmbedView
from assistant.web.farewell import Farewell
from assistant.web.guard import MCP_PATH, Guard
from assistant.web.heads import Heads
from assistant.web.limits import RateLimit, SlowBodies, TokenBuckets
from assistant.web.mcp import build_mcp
from assistant.web.privacy import Noticing, Privacy
from assistant.web.question_log import QuestionLog
from assistant.web.reading import reading_router
from assistant.web.rooted import RootedPages, RootedRenderer, RootPath
from assistant.web.service import ServedAssistant
from assistant.web.settings import ServerSettings
from assistant.web.take import take_router
from assistant.web.talk import Talk
from assistant.web.tickets import CHAT_PATH, Tickets
from assistant.web.views import views_router
from assistant.web.warming import WarmingAssistant

SENT_A_TURN = 4
"""What a page may send for a question of the chat: two for a turn, and as many for what is pressed."""


class Site:
    """What one server is made of."""

    def __init__(
        self, assistant: Assistant, settings: ServerSettings, report: Callable[[str], None]
    ) -> None:
        """
        Put it together; nothing runs yet.

        Args:
            assistant: Answers the questions.
            settings: What the operator set.
            report: Told in a sentence what the operator should know.

        Raises:
            OutputError: The log cannot be written to.

        """
        self.settings = settings
        self.privacy = Privacy(settings)
        self.warming = assistant if isinstance(assistant, WarmingAssistant) else None
        self._stopping = asyncio.Event()
        log = _log(assistant, settings, report)
        self._assistant = ServedAssistant(assistant, self.privacy, log=log, report=report)
        self._queue = AnswerQueue(
            places=settings.places, waiting=settings.waiting, seconds=settings.answer_seconds
        )
        self._buckets = TokenBuckets(settings.rate, settings.burst) if settings.rate else None
        self.talk = Talk(self._assistant, self._queue, self._buckets, self.warming)
        self.documents = assistant.documents
        self.renderer = RootedRenderer(self.documents, root_path=settings.root_path)

    def is_ready(self) -> bool:
        """Tell whether questions can be answered."""
        return self.warming is None or self.warming.is_ready

    def routers(self) -> tuple[APIRouter, ...]:
        """Return the routes beside the chat's."""
        root = self.settings.root_path
        asking = Asking(self._assistant, self._queue, self._buckets, is_ready=self.is_ready)
        api = build_api(self._assistant, asking, root_path=root, is_ready=self.is_ready)
        mcp = build_mcp(asking, root_path=root, origins=self.settings.allow_origins)
        pages = (
            reading_router(self.documents),
            views_router(self.documents, root_path=root),
            take_router(self.documents, root_path=root),
        )
        return (*pages, api, *((mcp,) if self.settings.mcp else ()))

    def stand_before(
        self, app: FastAPI, inputs: Mapping[int, int], has_asked: Callable[[str], bool]
    ) -> None:
        """
        Put before an application what every request passes, from the innermost to the outermost.

        Args:
            app: The application.
            inputs: For each event of the chat, by Gradio's number, how many inputs it has.
            has_asked: Tells whether a session of the chat has events that may be listened for.

        """
        settings = self.settings
        app.add_middleware(Tickets, inputs=inputs, has_asked=has_asked)
        app.add_middleware(RootedPages, root_path=settings.root_path)
        app.add_middleware(EmbedView)
        app.add_middleware(Farewell, stopping=self._stopping)
        app.add_middleware(SlowBodies)
        app.add_middleware(RateLimit, buckets=self._buckets_of_paths())
        app.add_middleware(Heads)
        app.add_middleware(Guard, embedded_by=settings.frame_ancestors, mcp=settings.mcp)
        app.add_middleware(CrossOrigin, origins=settings.allow_origins)
        app.add_middleware(Noticing, privacy=self.privacy)
        app.add_middleware(RootPath, root_path=settings.root_path)

    def stop(self) -> None:
        """Send away whoever waits for what will not come; answers in flight are finished."""
        self._stopping.set()
        if self.warming is not None:
            self.warming.give_up()

    def _buckets_of_paths(self) -> dict[str, TokenBuckets]:
        if self._buckets is None:
            return {}
        # The chat's turns are counted where they are answered, so that the page can say so in words.
        sent = TokenBuckets(self.settings.rate * SENT_A_TURN, self.settings.burst * SENT_A_TURN)
        return {ASK_PATH: self._buckets, MCP_PATH: self._buckets, CHAT_PATH: sent}


def _log(
    assistant: Assistant, settings: ServerSettings, report: Callable[[str], None]
) -> QuestionLog | None:
    if settings.log is None:
        return None
    return QuestionLog(
        settings.log,
        lambda: assistant.passages,
        with_questions=settings.log_questions,
        report=report,
    )
