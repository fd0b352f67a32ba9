"""What an operator may set: what is meant is taken, what would open more is refused."""

import pytest

from assistant.errors import ServerError
from assistant.web.settings import DEFAULT_RATE, ServerSettings


def test_nothing_is_open_unless_it_is_set() -> None:
    """By default: this computer only, no other website, no log, no tool, a limit."""
    settings = ServerSettings()
    assert (settings.host, settings.port, settings.root_path) == ("127.0.0.1", 7860, "")
    assert (settings.allow_origins, settings.frame_ancestors) == ((), ())
    assert (settings.log, settings.log_questions, settings.mcp) == (None, False, False)
    assert (settings.rate, settings.burst) == (DEFAULT_RATE, 20) == (60, 20)


@pytest.mark.parametrize("path", ["", "/signpost", "/tools/sign-post_2/~a.b"])
def test_a_root_path_is_taken(path: str) -> None:
    """A path of plain names begins with a slash and does not end in one."""
    assert ServerSettings(root_path=path).root_path == path


@pytest.mark.parametrize(
    "path",
    ["/", "signpost", "/signpost/", "//a", "/a b", "/a?b", "/ä", '/"x', "https://a.org/b", "/a\n"],
)
def test_another_root_path_is_refused(path: str) -> None:
    """What is no such path, or would be markup in a link, is refused with an example."""
    with pytest.raises(ServerError, match="is no root path; one looks like /signpost"):
        ServerSettings(root_path=path)


@pytest.mark.parametrize(
    "origin", ["https://www.example.org", "http://localhost:8080", "http://[::1]:80", "https://a-b.org"]
)
def test_an_origin_is_taken(origin: str) -> None:
    """Scheme and host, perhaps a port, for either use."""
    settings = ServerSettings(allow_origins=(origin,), frame_ancestors=(origin,))
    assert settings.allow_origins == settings.frame_ancestors == (origin,)


@pytest.mark.parametrize(
    "origin",
    [
        *("*", "null", "", "www.example.org", "https://", "https://*.example.org", "file:///a"),
        *(
            "https://example.org/",
            "https://example.org/a",
            "https://a.org https://b.org",
            "https://a.org;",
        ),
        *("https://a.org\n", "https://a.org, https://b.org"),
    ],
)
@pytest.mark.parametrize("use", ["allow_origins", "frame_ancestors"])
def test_no_wildcard_and_no_second_directive_is_taken(origin: str, use: str) -> None:
    """Neither everybody nor anything that would end up as more than one source in a header."""
    with pytest.raises(ServerError, match=r"is no origin; one looks like https://www\.example\.org"):
        ServerSettings(**{use: (origin,)})


def test_questions_cannot_be_logged_without_a_log() -> None:
    """The wish to log words needs a place."""
    with pytest.raises(ServerError, match="--log says where it is"):
        ServerSettings(log_questions=True)


def test_a_rate_is_no_negative_number() -> None:
    """0 sets no limit; below it nothing is meant."""
    assert ServerSettings(rate=0).rate == 0
    with pytest.raises(ServerError, match="a rate of -1 questions a minute cannot be kept"):
        ServerSettings(rate=-1)


@pytest.mark.parametrize(("rate", "burst"), [(1, 1), (3, 1), (6, 2), (60, 20), (100, 33)])
def test_a_third_of_a_minutes_questions_may_come_at_once(rate: int, burst: int) -> None:
    """The burst is a third of the rate, and at least one."""
    assert ServerSettings(rate=rate).burst == burst
