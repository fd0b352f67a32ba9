"""What is said about a question is true for the reader who sees it."""

from pathlib import Path

import pytest
from starlette.datastructures import Headers

from assistant import wording
from assistant.web.privacy import Noticing, Privacy, is_this_computer, privacy_script
from assistant.web.settings import ServerSettings
from tests.assistant.web.conftest import Inner, call, request

LOG = Path("log.jsonl")


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, wording.PRIVACY),
        ({"host": "localhost"}, wording.PRIVACY),
        ({"host": "::1"}, wording.PRIVACY),
        ({"host": "0.0.0.0"}, wording.PRIVACY_SERVED),  # noqa: S104 - nothing listens
        ({"host": "192.0.2.7"}, wording.PRIVACY_SERVED),
        ({"log": LOG}, wording.PRIVACY_FIGURES_KEPT),
        ({"log": LOG, "log_questions": True}, wording.PRIVACY_QUESTIONS_KEPT),
        ({"log": LOG, "host": "192.0.2.7"}, wording.PRIVACY_FIGURES_KEPT),
    ],
)
def test_the_line_follows_the_settings(settings: dict[str, object], line: str) -> None:
    """“This computer” is said of a server for this computer without a log, and of no other."""
    assert Privacy(ServerSettings(**settings)).line == line


def test_the_screen_begins_with_what_is_true_everywhere() -> None:
    """The drawn line is that of a server; the reader's own browser may put the other in its place."""
    assert Privacy(ServerSettings()).html == (
        f'<p data-here="{wording.PRIVACY}">{wording.PRIVACY_SERVED}</p>'
    )
    assert 'querySelector("[data-here]")' in privacy_script()


def test_where_there_is_a_log_nothing_takes_its_lines_place() -> None:
    """A reader on the same computer is told of the log too."""
    kept = Privacy(ServerSettings(log=LOG, log_questions=True))
    assert kept.html == f"<p>{wording.PRIVACY_QUESTIONS_KEPT}</p>"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "signpost.example"},
        {"host": "192.0.2.7:7860"},
        {},
        {"host": "127.0.0.1:7860", "x-forwarded-for": "192.0.2.1"},
        {"host": "127.0.0.1:7860", "forwarded": "for=192.0.2.1"},
        {"host": "localhost", "via": "1.1 proxy"},
    ],
)
def test_one_request_from_elsewhere_is_enough(headers: dict[str, str]) -> None:
    """Where a proxy shows the server to others, “this computer” is no more said."""
    privacy = Privacy(ServerSettings())
    privacy.note(Headers(headers))
    privacy.note(Headers({"host": "localhost:7860"}))
    assert privacy.line == wording.PRIVACY_SERVED


@pytest.mark.parametrize(
    "host", ["127.0.0.1:7860", "localhost", "localhost:7860", "[::1]:7860", "[::1]"]
)
def test_requests_from_this_computer_change_nothing(inner: Inner, host: str) -> None:
    """The layer passes them on, and the line stays."""
    privacy = Privacy(ServerSettings())
    assert call(Noticing(inner, privacy), request("/", host=host)).body == b"inside"
    assert privacy.line == wording.PRIVACY
    call(Noticing(inner, privacy), request("/", host="signpost.example"))
    assert privacy.line == wording.PRIVACY_SERVED


@pytest.mark.parametrize(
    ("host", "is_this"),
    [
        *(("localhost", True), ("LOCALHOST", True), ("127.0.0.1", True), ("127.8.9.1", True)),
        *(("::1", True), ("[::1]", True), ("", False), ("0.0.0.0", False), ("localhost.evil", False)),  # noqa: S104
        *(("127.0.0.1.evil.example", False), ("10.0.0.1", False), ("::", False)),
    ],
)
def test_which_hosts_are_this_computer(host: str, is_this: bool) -> None:
    """Loopback addresses and their one name; a name that only begins like one is somebody else's."""
    assert is_this_computer(host) is is_this
