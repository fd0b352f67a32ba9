"""The view for other people's pages, and who may show what in a frame."""

import pytest

from assistant.web.embedding import EmbedView, frame_ancestors
from tests.assistant.web.conftest import Inner, call, request

FRIENDS = ("https://www.example.org", "https://example.com")


def test_the_embedded_page_is_the_chats(inner: Inner) -> None:
    """`/embed` is answered by the chat's page; any other path is left alone."""
    layer = EmbedView(inner)
    for path in ("/embed", "/", "/embedded", "/embed/", "/read/page"):
        call(layer, request(path))
    assert inner.paths == ["/", "/", "/embedded", "/embed/", "/read/page"]
    assert inner.scopes[0]["raw_path"] == b"/"


@pytest.mark.parametrize(
    ("path", "origins", "sources"),
    [
        ("/embed", (), "'none'"),
        ("/embed", FRIENDS, "https://www.example.org https://example.com"),
        ("/", FRIENDS, "'self'"),
        ("/api", FRIENDS, "'self'"),
        ("/read/page", (), "'self'"),
        ("/read/page", FRIENDS, "'self' https://www.example.org https://example.com"),
        ("/medicines", FRIENDS, "'self' https://www.example.org https://example.com"),
        ("/read/page/more", FRIENDS, "'self'"),
    ],
)
def test_who_may_show_a_page(path: str, origins: tuple[str, ...], sources: str) -> None:
    """The embeddable view by those that are named alone; what opens inside it by them too; else ours."""
    assert frame_ancestors(path, origins) == sources
