"""HEAD is GET without the body."""

from assistant.web.heads import Heads
from tests.assistant.web.conftest import Inner, call, request


def test_a_head_is_read_without_its_body() -> None:
    """Status and headers are those of GET, the length of the body that is left out among them."""
    inner = Inner({"content-length": "7"}, body=(b"one", b"more"))
    reply = call(Heads(inner), request("/healthz", method="HEAD"))
    assert (reply.status, reply.headers, reply.body) == (200, {"content-length": "7"}, b"")
    assert [scope["method"] for scope in inner.scopes] == ["GET"]


def test_all_else_passes_as_it_is() -> None:
    """Another method, and the server's own start and stop."""
    for method in ("GET", "POST"):
        inner = Inner()
        reply = call(Heads(inner), request("/healthz", method=method))
        assert (reply.body, inner.scopes[0]["method"]) == (b"inside", method)
    inner = Inner()
    call(Heads(inner), {"type": "lifespan"})
    assert [scope["type"] for scope in inner.scopes] == ["lifespan"]
