"""Other websites: closed unless named, and then only the endpoint."""

import pytest

from assistant.web.cross_origin import PREFLIGHT_SECONDS, CrossOrigin
from tests.assistant.web.conftest import Inner, call, request

FRIEND = "https://www.example.org"
OTHER = "https://other.example"
ALLOWED = "access-control-allow-origin"


def test_nobody_is_named_by_default(inner: Inner) -> None:
    """Without origins no header is set and no preflight is answered."""
    layer = CrossOrigin(inner, ())
    for method in ("POST", "OPTIONS"):
        scope = request("/api/ask", method=method, origin=FRIEND, access_control_request_method="POST")
        assert call(layer, scope).headers == {}
    assert inner.paths == ["/api/ask", "/api/ask"]


def test_a_named_origin_may_read(inner: Inner) -> None:
    """A reply to it names it, and says when to come back; caches are told that it depends."""
    reply = call(CrossOrigin(inner, [FRIEND]), request("/api/ask", method="POST", origin=FRIEND))
    assert reply.headers == {
        "vary": "origin",
        ALLOWED: FRIEND,
        "access-control-expose-headers": "retry-after",
    }
    assert reply.body == b"inside"


@pytest.mark.parametrize(
    "origin", [OTHER, "null", f"{FRIEND}.evil.example", "HTTPS://WWW.EXAMPLE.ORG", ""]
)
def test_another_origin_may_not(inner: Inner, origin: str) -> None:
    """Anybody else gets no permission, but the same word to caches."""
    reply = call(CrossOrigin(inner, [FRIEND]), request("/api/ask", method="POST", origin=origin))
    assert reply.headers == {"vary": "origin"}


def test_a_preflight_of_a_named_origin_is_answered(inner: Inner) -> None:
    """The browser is told the one method and the one header, and the application is not asked."""
    scope = request("/api/ask", method="OPTIONS", origin=FRIEND, access_control_request_method="POST")
    reply = call(CrossOrigin(inner, [FRIEND]), scope)
    assert reply.status == 204
    assert reply.headers["access-control-allow-methods"] == "POST"
    assert reply.headers["access-control-allow-headers"] == "content-type"
    assert reply.headers["access-control-max-age"] == str(PREFLIGHT_SECONDS) == "600"
    assert reply.headers[ALLOWED] == FRIEND
    assert "access-control-allow-credentials" not in reply.headers
    assert inner.paths == []


def test_a_preflight_of_another_origin_is_not(inner: Inner) -> None:
    """It goes on to what refuses it, without a permission."""
    scope = request("/api/ask", method="OPTIONS", origin=OTHER, access_control_request_method="POST")
    assert ALLOWED not in call(CrossOrigin(inner, [FRIEND]), scope).headers
    assert inner.paths == ["/api/ask"]


@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/queue/join", "/mcp", "/api", "/read/page"]
)
def test_only_the_endpoint_is_shared(inner: Inner, path: str) -> None:
    """The chat and the pages are nobody else's to read, whoever is named."""
    assert call(CrossOrigin(inner, [FRIEND]), request(path, origin=FRIEND)).headers == {}
