"""How much one client may ask, and how slowly; no test waits for a clock."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from assistant.web.limits import (
    RateLimit,
    SlowBodies,
    TokenBuckets,
    client_named,
    client_of,
    too_many,
)
from assistant.web.sentences import TOO_MANY
from tests.assistant.web.conftest import Inner, call, request, run

FOREVER = 3_600.0


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class TestTokenBuckets:
    def test_a_burst_may_come_at_once(self) -> None:
        """As many as a bucket holds, then none until it fills."""
        buckets = TokenBuckets(60, 3, clock=Clock())
        assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 1, 1]

    def test_a_bucket_fills_again(self) -> None:
        """At a token a second, and to no more than it holds."""
        clock = Clock()
        buckets = TokenBuckets(60, 2, clock=clock)
        assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]
        clock.now += 0.5
        assert buckets.take("a") == 0.5
        clock.now += 0.5
        assert [buckets.take("a") for _ in range(2)] == [0, 1]
        clock.now += 1_000
        assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]

    def test_what_is_charged_beside_is_owed(self) -> None:
        """More than the bucket holds, and paid off before the next is let in."""
        clock = Clock()
        buckets = TokenBuckets(60, 3, clock=clock)
        assert buckets.take("a") == 0
        buckets.charge("a", 12)
        assert [buckets.take("a"), buckets.take("b")] == [11, 0]
        clock.now += 11
        assert [buckets.take("a"), buckets.take("a")] == [0, 1]
        buckets.charge("a", 0)
        assert buckets.take("a") == 1

    def test_who_is_charged_is_remembered_too(self) -> None:
        """In its turn, and no more clients than may be."""
        buckets = TokenBuckets(60, 1, clients=2, clock=Clock())
        for name in "abc":
            buckets.charge(name, 1)
        assert len(buckets) == 2
        assert [buckets.take(name) for name in "cba"] == [1, 1, 0]

    def test_each_client_has_a_bucket(self) -> None:
        """One that asks too fast takes nothing from another."""
        buckets = TokenBuckets(60, 1, clock=Clock())
        assert [buckets.take(name) for name in "aab"] == [0, 1, 0]

    def test_those_that_asked_longest_ago_are_forgotten(self) -> None:
        """No more clients are remembered than may be; who asks again is remembered longer."""
        buckets = TokenBuckets(60, 1, clients=2, clock=Clock())
        assert [buckets.take(name) for name in "abacab"] == [0, 0, 1, 0, 1, 0]
        assert len(buckets) == 2

    @given(steps=st.lists(st.floats(0, 30), max_size=60))
    def test_no_more_is_given_than_the_rate_and_the_burst(self, steps: list[float]) -> None:
        """Whenever a client asks, it gets at most the burst and what has flown in since."""
        clock = Clock()
        buckets = TokenBuckets(30, 5, clock=clock)
        given_out = 0
        for step in steps:
            clock.now += step
            given_out += buckets.take("a") == 0
        assert given_out <= 5 + sum(steps) * 0.5 + 1e-6


class TestRateLimit:
    def test_a_client_that_asks_too_fast_is_told_when_to_come_back(self, inner: Inner) -> None:
        """429 with a sentence and the whole seconds to wait; the application is not asked."""
        layer = RateLimit(inner, {"/api/ask": TokenBuckets(40, 1, clock=Clock())})
        replies = [call(layer, request("/api/ask", method="POST")) for _ in range(2)]
        assert [reply.status for reply in replies] == [200, 429]
        assert replies[1].headers["retry-after"] == "2"
        assert replies[1].body == b'{"error":"%s"}' % TOO_MANY.encode()
        assert inner.paths == ["/api/ask"]

    def test_only_questions_are_counted(self, inner: Inner) -> None:
        """Pages, other paths and a browser's question beforehand take no token."""
        layer = RateLimit(inner, {"/api/ask": TokenBuckets(60, 1, clock=Clock())})
        for path, method in [
            ("/", "GET"),
            ("/api", "POST"),
            ("/api/ask", "OPTIONS"),
            ("/api/ask", "GET"),
        ]:
            assert call(layer, request(path, method=method)).status == 200
        assert call(layer, request("/api/ask", method="POST")).status == 200

    def test_starting_and_stopping_pass(self, inner: Inner) -> None:
        """The server's own start and stop have no path."""
        call(RateLimit(inner, {}), {"type": "lifespan"})
        assert [scope["type"] for scope in inner.scopes] == ["lifespan"]

    def test_the_answer_is_for_programs_and_people(self) -> None:
        """Seconds are rounded up, so that who waits as long is let in."""
        assert too_many(0.01).headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("", ""),
        ("testclient", ""),
    ],
)
def test_what_tells_a_client_apart(address: str, client: str) -> None:
    """An IPv4 address whole, of an IPv6 address what a provider gives to one customer."""
    assert client_named(address) == client_of(request("/", client=address)) == client


def test_a_socket_without_addresses_is_one_client() -> None:
    """Behind a Unix socket nobody can be told apart."""
    assert client_of({"type": "http", "client": None}) == client_of({"type": "http"}) == ""


class TestSlowBodies:
    def test_a_body_that_comes_is_passed_on(self) -> None:
        """Its pieces arrive in order, and then whatever the connection says."""
        pieces: list[Message] = [
            {"type": "http.request", "body": b"a", "more_body": True},
            {"type": "http.request", "body": b"b", "more_body": False},
            {"type": "http.disconnect"},
        ]
        assert run(self.received(pieces, seconds=FOREVER, count=3)) == pieces

    def test_a_body_that_does_not_come_is_given_up(self) -> None:
        """When its time is over, the application sees the client go."""
        assert run(self.received([], seconds=0.0, count=1)) == [{"type": "http.disconnect"}]

    async def received(self, pieces: list[Message], *, seconds: float, count: int) -> list[Message]:
        """Return what the application receives of a request with these pieces."""
        coming, got = list(pieces), []

        async def app(_: object, receive: Callable, __: object) -> None:
            got.extend([await receive() for _ in range(count)])

        async def receive() -> Message:
            return coming.pop(0) if coming else await asyncio.Event().wait()

        await SlowBodies(app, seconds)(request("/api/ask", method="POST"), receive, None)
        return got
