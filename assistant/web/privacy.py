"""What is said about a reader's questions: never more than is true for the reader who sees it."""

import ipaddress
import re
from pathlib import Path

from markupsafe import escape
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

import assistant.wording as wording
from assistant.web.settings import ServerSettings

SCRIPT_FILE = Path(__file__).parents[1] / "pages" / "privacy.js"

_PORT = re.compile(r"(?<=[^:]):\d*$")

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "via")
"""Headers that a proxy adds for somebody on another machine."""


class Privacy:
    """
    Knows what becomes of a question on a server set up in some way.

    A server that listens on this computer only may still be shown to others by a proxy, and need not
    have been told. So the line on the screen begins with what is true everywhere and is exchanged by
    the reader's own browser; and a reply says “this computer” only as long as nobody else has asked.
    """

    def __init__(self, settings: ServerSettings) -> None:
        """Take what an operator has set."""
        self._served = _line_when_served(settings)
        self._keeps_nothing = settings.log is None
        self._is_reached = not is_this_computer(settings.host)

    @property
    def line(self) -> str:
        """One line that is true now for whoever asks."""
        return wording.PRIVACY if self._keeps_nothing and not self._is_reached else self._served

    @property
    def html(self) -> str:
        """The line as a paragraph, for `privacy.js` to exchange on the reader's own computer."""
        here = f' data-here="{escape(wording.PRIVACY)}"' if self._keeps_nothing else ""
        return f"<p{here}>{escape(self._served)}</p>"

    def note(self, headers: Headers) -> None:
        """Note where a request came from: one from elsewhere is enough."""
        host = _PORT.sub("", headers.get("host", ""))
        if not is_this_computer(host) or any(name in headers for name in _FORWARDED):
            self._is_reached = True


class Noticing:
    """ASGI middleware: notes whether the server is reached from other machines."""

    def __init__(self, app: ASGIApp, privacy: Privacy) -> None:
        """Stand before `app`."""
        self._app = app
        self._privacy = privacy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        if scope["type"] == "http":
            self._privacy.note(Headers(scope=scope))
        await self._app(scope, receive, send)


def is_this_computer(host: str) -> bool:
    """Tell whether a host's name or address, as in a URL, can only mean this computer."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def privacy_script() -> str:
    """Return the script that exchanges the line."""
    return SCRIPT_FILE.read_text(encoding="utf-8")


def _line_when_served(settings: ServerSettings) -> str:
    if settings.log is None:
        return wording.PRIVACY_SERVED
    return wording.PRIVACY_QUESTIONS_KEPT if settings.log_questions else wording.PRIVACY_FIGURES_KEPT
