"""How much may be asked: by one client, at a time, and for how long; no test waits for a clock."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from assistant.web.errors import BusyError, TooSlowError
from assistant.web.limits import (
    AnswerQueue,
    RateLimit,
    SlowBodies,
    TokenBuckets,
    client_named,
    client_of,
    too_many,
)
from assistant.web.sentences import BUSY, TOO_MANY, TOO_SLOW
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
        for path, method in [("/", "GET"), ("/api", "POST"), ("/api/ask", "OPTIONS"), ("/api/ask", "GET")]:
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

    async def received(
        self, pieces: list[Message], *, seconds: float, count: int
    ) -> list[Message]:
        """Return what the application receives of a request with these pieces."""
        coming, got = list(pieces), []

        async def app(_: object, receive: Callable, __: object) -> None:
            got.extend([await receive() for _ in range(count)])

        async def receive() -> Message:
            return coming.pop(0) if coming else await asyncio.Event().wait()

        await SlowBodies(app, seconds)(request("/api/ask", method="POST"), receive, None)
        return got


class TestAnswerQueue:
    def queue(self, **limits: object) -> AnswerQueue:
        """Return a queue of one place and one that waits, unless told otherwise."""
        return AnswerQueue(**{"places": 1, "waiting": 1, "seconds": FOREVER, **limits})

    def test_what_is_done_is_returned(self) -> None:
        """Asked in the loop or by a thread, work is done in a thread of the queue's."""
        queue = self.queue()
        names = [run(queue.run(self.thread_name)), queue.run_in_thread(self.thread_name)]
        assert names == ["answer_0", "answer_0"]
        queue.close()

    def thread_name(self) -> str:
        """Return who does this."""
        return threading.current_thread().name

    def test_what_fails_fails_for_the_asker(self) -> None:
        """An error comes out as it is, and the place is free again, every time."""
        queue = self.queue(waiting=0)

        def fail() -> None:
            raise KeyError("x")

        for _ in range(3):
            with pytest.raises(KeyError, match="x"):
                run(queue.run(fail))
            with pytest.raises(KeyError, match="x"):
                queue.run_in_thread(fail)
        queue.close()

    def test_one_too_many_is_sent_away_at_once(self) -> None:
        """With all places taken and enough waiting, the next is told so, either way it asks."""
        queue, go_on = self.queue(), threading.Event()

        async def ask() -> list[object]:
            asked = [asyncio.create_task(queue.run(go_on.wait)) for _ in range(2)]
            await asyncio.sleep(0)
            for attempt in (queue.run(go_on.wait), asyncio.to_thread(queue.run_in_thread, go_on.wait)):
                with pytest.raises(BusyError, match=BUSY):
                    await attempt
            go_on.set()
            return await asyncio.gather(*asked)

        assert run(ask()) == [True, True]
        queue.close()

    def test_an_answer_that_takes_too_long_is_given_up(self) -> None:
        """The asker is told; the place is taken until the work is done, the waiting one is freed."""
        queue, go_on = self.queue(seconds=0.0), threading.Event()
        with pytest.raises(TooSlowError, match=TOO_SLOW):
            run(queue.run(go_on.wait))
        with pytest.raises(TooSlowError, match=TOO_SLOW):
            queue.run_in_thread(go_on.wait)
        # Nobody waits any more, so that there is room to wait, however often.
        with pytest.raises(TooSlowError, match=TOO_SLOW):
            run(queue.run(go_on.wait))
        go_on.set()
        queue.close()

    def test_who_goes_away_frees_the_place(self) -> None:
        """A question that waits and is given up is never begun, and the next may wait."""
        queue, go_on, begun = self.queue(), threading.Event(), []

        async def ask() -> object:
            first = asyncio.create_task(queue.run(go_on.wait))
            await asyncio.sleep(0)
            gone = asyncio.create_task(queue.run(lambda: begun.append("gone")))
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.wait([gone])
            third = asyncio.create_task(queue.run(lambda: begun.append("third")))
            await asyncio.sleep(0)
            go_on.set()
            await asyncio.gather(first, third)
            return gone.cancelled()

        assert run(ask()) is True
        assert begun == ["third"]
        queue.close()
