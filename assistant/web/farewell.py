"""Lets a server stop: streams that only keep a tab company end, answers in flight are finished."""

import asyncio
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

COMPANY = re.compile(r"/gradio_api/heartbeat/[^/]+")
"""Streams that a page holds open as long as it is shown; nobody waits for an answer there."""


class Farewell:
    """ASGI middleware: ends such streams when the server stops."""

    def __init__(self, app: ASGIApp, stopping: asyncio.Event) -> None:
        """
        Stand before `app`.

        Args:
            app: The application.
            stopping: Set when the server begins to stop.

        """
        self._app = app
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request; to a stream, the server's end is as if the client had gone."""
        if scope["type"] != "http" or not COMPANY.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def receive_or_stop() -> Message:
            received = asyncio.ensure_future(receive())
            stopped = asyncio.ensure_future(self._stopping.wait())
            try:
                await asyncio.wait({received, stopped}, return_when=asyncio.FIRST_COMPLETED)
                return received.result() if received.done() else {"type": "http.disconnect"}
            finally:
                received.cancel()
                stopped.cancel()

        await self._app(scope, receive_or_stop, send)
