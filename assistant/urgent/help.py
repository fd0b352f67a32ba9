"""
The notice that comes first where a message sounds urgent: whom to call, in the reader's country.

The words stand in help.json: a heading and a text for each sort of sign, with blanks that each
country's numbers fill, and the same numbers once more as they are called. The notice names numbers and
never a treatment.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from assistant.answer import Contact, Notice, NoticeKind
from assistant.errors import CountryError

HELP_FILE = Path(__file__).parent / "help.json"

DEFAULT_COUNTRY = "us"


def urgent_notice(sign: str, country: str = DEFAULT_COUNTRY) -> Notice:
    """
    Return the notice for a sign.

    Args:
        sign: As `assistant.urgent.detection.urgent_signs` names it, such as "breathing" or "self-harm".
        country: An ISO 3166 code of two letters, in capitals or not, or "other", where the local
            numbers are not known.

    Raises:
        CountryError: There are no numbers for this country.
        ValueError: There is no such sign.

    """
    content = _content()
    if sign not in content["signs"]:
        msg = f"no such sign: {sign!r}"
        raise ValueError(msg)
    numbers = numbers_of(country)
    words = content["texts"][content["signs"][sign]]
    text = words["text"].format(**numbers)
    contacts = (
        contact for line in words["lines"] for contact in _contacts(numbers["lines"].get(line, {}))
    )
    return Notice(NoticeKind.URGENT, text, words["heading"], tuple(contacts))


def numbers_of(country: str) -> Mapping[str, Any]:
    """
    Return the words on a country's numbers, by what they are for, and under "lines" the numbers.

    Raises:
        CountryError: There are none for it.

    """
    numbers: Mapping[str, Any] | None = _content()["countries"].get(country.casefold())
    if numbers is None:
        known = ", ".join(countries())
        msg = f"there are no emergency numbers for the country {country!r}; choose one of {known}"
        raise CountryError(msg)
    return numbers


def countries() -> tuple[str, ...]:
    """Return the countries that there are numbers for."""
    return tuple(_content()["countries"])


def _contacts(line: Mapping[str, list[str]]) -> Iterator[Contact]:
    """Tell how a line is reached: its numbers, by the scheme of the address that opens them."""
    for scheme, numbers in line.items():
        for number in numbers:
            label = _content()["labels"][scheme].format(number=number)
            yield Contact(label, f"{scheme}:{number.replace(' ', '')}")


@cache
def _content() -> dict[str, Any]:
    """Read the words once; the file comes with the package."""
    content: dict[str, Any] = orjson.loads(HELP_FILE.read_bytes())
    return content
