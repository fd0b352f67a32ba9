"""The reply to a question in another language: in that language, short, and without a word of advice."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson

REPLIES_FILE = Path(__file__).parent / "replies.json"
"""{code: {"name", "dir", "reply", "read"}}, with a reply in plain English for all other languages."""

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class ForeignReply:
    """
    That only English is read here, and where the page is.

    Attributes:
        code: The language of the reply, an ISO 639-1 code, for HTML's `lang`.
        direction: "ltr" or "rtl", for HTML's `dir`.
        text: Two or three sentences with the blanks `{title}` and `{publisher}`.
        read_label: What the link to the page says.

    """

    code: str
    direction: str
    text: str
    read_label: str


def foreign_reply(code: str) -> ForeignReply:
    """
    Return the reply in a language, or the one in English where there is none in it.

    >>> foreign_reply("de").read_label
    'Seite lesen'
    """
    replies = _replies()
    return replies.get(code, replies[FALLBACK])


@cache
def _replies() -> dict[str, ForeignReply]:
    """Read the replies once; the file comes with the package."""
    return {
        code: ForeignReply(code, fields["dir"], fields["reply"], fields["read"])
        for code, fields in orjson.loads(REPLIES_FILE.read_bytes()).items()
    }
