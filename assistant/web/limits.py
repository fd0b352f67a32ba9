"""
How much one client may ask, and how slowly.

A client is told apart by its address, which stays in memory and is never written anywhere. Behind a
proxy on the same machine the address is the one that the proxy names in `X-Forwarded-For`; uvicorn
reads it only from proxies that it is told to trust.
"""

import asyncio
import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.sentences import TOO_MANY

CLIENTS = 10_000
"""Clients that are remembered; of more, those that asked longest ago are forgotten. Some 2 MB."""

IPV6_SITE_BITS = 64
"""Of an IPv6 address, what one customer of a provider has for himself: the rest is his to choose."""

BODY_SECONDS = 10.0
"""Longest time for a request's body of at most 64 KB; a telephone at the edge of a network needs 2."""


class TokenBuckets:
    """
    A bucket of tokens for each client, one token a question (the token bucket algorithm).

    A bucket holds `burst` tokens at first and at most, and is filled again at `rate` tokens a minute.
    Who has one is let in, and may then be charged for more than the bucket holds, whatever its size:
    it is empty until the debt is paid.
    """

    def __init__(
        self,
        rate: float,
        burst: int,
        *,
        clients: int = CLIENTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Make the buckets.

        Args:
            rate: Tokens a minute, above 0.
            burst: Tokens that a bucket holds, at least 1.
            clients: Buckets that are kept, at least 1.
            clock: Returns a time in seconds that never runs back.

        """
        self._per_second = rate / 60
        self._burst = burst
        self._clients = clients
        self._clock = clock
        # The chat's turns are counted in threads, all else in the event loop.
        self._lock = threading.Lock()
        # Tokens and when they were counted, the bucket that was used last at the end.
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many clients are remembered."""
        return len(self._buckets)

    def take(self, client: str) -> float:
        """
        Take a token for a client.

        Returns:
            0 where there was one, otherwise the seconds until there will be.

        """
        with self._lock:
            tokens = self._tokens(client)
            seconds = 0.0 if tokens >= 1 else (1 - tokens) / self._per_second
            self._keep(client, tokens if seconds else tokens - 1)
            return seconds

    def charge(self, client: str, tokens: int) -> None:
        """
        Take further tokens for a client that was let in; what its bucket does not hold it owes.

        Args:
            client: As for `take`.
            tokens: How many, at least 0.

        """
        with self._lock:
            self._keep(client, self._tokens(client) - tokens)

    def _tokens(self, client: str) -> float:
        """Return what a client's bucket holds now; below 0 it is a debt."""
        tokens, counted = self._buckets.get(client, (float(self._burst), self._clock()))
        return min(self._burst, tokens + (self._clock() - counted) * self._per_second)

    def _keep(self, client: str, tokens: float) -> None:
        self._buckets[client] = (tokens, self._clock())
        self._buckets.move_to_end(client)
        while len(self._buckets) > self._clients:
            self._buckets.popitem(last=False)


class RateLimit:
    """ASGI middleware: answers 429 to a client that asks too fast, where questions come in."""

    def __init__(self, app: ASGIApp, buckets: Mapping[str, TokenBuckets]) -> None:
        """
        Stand before `app`.

        Args:
            app: The application.
            buckets: For each path where questions are sent to by POST, what counts them.

        """
        self._app = app
        self._buckets = buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        buckets = self._buckets.get(scope["path"]) if scope["type"] == "http" else None
        if buckets is not None and scope["method"] == "POST":
            seconds = buckets.take(client_of(scope))
            if seconds:
                await too_many(seconds)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class SlowBodies:
    """ASGI middleware: hangs up on a client that does not get its request's body across."""

    def __init__(self, app: ASGIApp, seconds: float = BODY_SECONDS) -> None:
        """
        Stand before `app`.

        Args:
            app: The application.
            seconds: Longest time from the first line of a request to the end of its body.

        """
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        deadline = time.monotonic() + self._seconds
        complete = False

        async def receive_in_time() -> Message:
            nonlocal complete
            if complete:
                # What comes now is the client going away, at any time.
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return {"type": "http.disconnect"}
            complete = not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)


def client_of(scope: Scope) -> str:
    """Return what tells the client of a request apart."""
    return client_named((scope.get("client") or ("",))[0])


def client_named(address: str) -> str:
    """Return what tells a client apart: its IPv4 address, or its site's part of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        # A socket without an address (a Unix socket's, say): one client for all.
        return ""
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed), IPV6_SITE_BITS), strict=False))


def too_many(seconds: float) -> JSONResponse:
    """Return the answer to a client that must wait for some seconds."""
    # Gradio's page shows `error` to the reader.
    return JSONResponse(
        {"error": TOO_MANY}, status_code=429, headers={"retry-after": str(math.ceil(seconds))}
    )
