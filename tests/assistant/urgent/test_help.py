"""The notice that comes first names the right numbers, in few and plain words."""

import re

import pytest

from assistant.answer import NoticeKind
from assistant.errors import AssistantError, CountryError
from assistant.urgent.help import DEFAULT_COUNTRY, countries, urgent_notice
from assistant.urgent.rules import rules

MOST_WORDS = 25
HIGHEST_GRADE = 6.0

CASES = [(sign, country) for country in countries() for sign in rules()]


@pytest.mark.parametrize(
    ("country", "emergency", "crisis"),
    [
        ("us", "911", "call or text 988"),
        ("gb", "999", "116 123"),
        ("ca", "911", "call or text 988"),
        ("ie", "112 or 999", "116 123"),
        ("au", "000", "13 11 14"),
        ("nz", "111", "call or text 1737"),
        ("in", "112", "14416"),
        ("other", "your local emergency number", "a crisis line where you live"),
    ],
)
def test_each_country_has_its_numbers(country: str, emergency: str, crisis: str) -> None:
    """The emergency number stands in every notice, the crisis line in that of self-harm alone."""
    for sign in rules():
        notice = urgent_notice(sign, country)
        assert f"call {emergency}" in notice.text
        assert (crisis in notice.text) == (sign == "self-harm")


@pytest.mark.parametrize(
    ("country", "emergency", "crisis"),
    [
        ("us", ["tel:911"], ["tel:988", "sms:988"]),
        ("gb", ["tel:999"], ["tel:116123"]),
        ("ca", ["tel:911"], ["tel:988", "sms:988"]),
        ("ie", ["tel:112", "tel:999"], ["tel:116123"]),
        ("au", ["tel:000"], ["tel:131114"]),
        ("nz", ["tel:111"], ["tel:1737", "sms:1737"]),
        ("in", ["tel:112"], ["tel:14416"]),
        ("other", [], []),
    ],
)
def test_each_number_can_be_tapped(country: str, emergency: list[str], crisis: list[str]) -> None:
    """The emergency number in every notice; in that of self-harm the crisis line comes before it."""
    for sign in rules():
        links = [contact.href for contact in urgent_notice(sign, country).contacts]
        assert links == (crisis + emergency if sign == "self-harm" else emergency)


def test_a_link_says_what_it_does() -> None:
    """In the words of the notice: to call or to text, and the number as it is spoken."""
    labels = [contact.label for contact in urgent_notice("self-harm", "nz").contacts]
    assert labels == ["Call 1737", "Text 1737", "Call 111"]
    assert urgent_notice("self-harm", "au").contacts[0].label == "Call 13 11 14"


@pytest.mark.parametrize(("sign", "country"), CASES)
def test_every_number_that_can_be_tapped_is_named(sign: str, country: str) -> None:
    """No link leads to a number that the sentences leave out, nor texts a line that takes no texts."""
    notice = urgent_notice(sign, country)
    spoken = re.findall(r"\d+", re.sub(r"(?<=\d) (?=\d)", "", notice.text))
    for contact in notice.contacts:
        scheme, number = contact.href.split(":")
        assert number in spoken
        assert contact.label.replace(" ", "").endswith(number)
        assert scheme == "tel" or f"text {number}" in notice.text
    assert bool(notice.contacts) == (country != "other")


def test_every_country_is_held_by_the_tests_above() -> None:
    """A country that is added must be added there."""
    assert set(countries()) == {"us", "gb", "ca", "ie", "au", "nz", "in", "other"}


def test_no_figure_stands_there_but_numbers_to_call() -> None:
    """A stray figure could be taken for one."""
    allowed = {"911", "988", "999", "111", "116", "123", "112", "000", "13", "11", "14", "1737", "14416"}
    for sign, country in CASES:
        assert set(re.findall(r"\d+", urgent_notice(sign, country).text)) <= allowed


def test_british_readers_are_told_of_nhs_111() -> None:
    """Where the care team cannot be reached and it is not clear what to do."""
    assert "NHS 111" in urgent_notice("breathing", "gb").text
    assert "NHS" not in urgent_notice("breathing", "us").text


@pytest.mark.parametrize("sign", [sign for sign in rules() if sign != "self-harm"])
def test_the_heading_says_that_it_is_urgent(sign: str) -> None:
    """And the text names the emergency number or the care team."""
    notice = urgent_notice(sign)
    assert notice.kind is NoticeKind.URGENT
    assert notice.heading.startswith("This sounds urgent")
    assert "now" in notice.heading
    assert "care team" in notice.text


def test_self_harm_is_met_warmly() -> None:
    """The crisis line comes first, then the emergency number."""
    notice = urgent_notice("self-harm")
    assert notice.heading == "You matter. Please talk to someone now"
    assert notice.text.index("988") < notice.text.index("911")


def test_a_fever_goes_to_the_care_team_first() -> None:
    """They know the blood counts; the emergency number comes second."""
    text = urgent_notice("fever").text
    assert text.index("care team") < text.index("911")


def test_the_default_is_the_united_states() -> None:
    """The page's own readers."""
    assert DEFAULT_COUNTRY == "us"
    assert urgent_notice("chest") == urgent_notice("chest", "us")
    assert urgent_notice("chest", "GB") == urgent_notice("chest", "gb")


@pytest.mark.parametrize("country", ["", "usa", "xx", "United States", "texts"])
def test_an_unknown_country_is_refused(country: str) -> None:
    """With the countries that there are, so that the operator can mend it."""
    with pytest.raises(CountryError, match=r"no emergency numbers.*choose one of us, gb") as raised:
        urgent_notice("fever", country)
    assert isinstance(raised.value, AssistantError)
    assert repr(country) in str(raised.value)


def test_an_unknown_sign_is_a_mistake_of_the_caller() -> None:
    """Signs come from `urgent_signs` alone."""
    with pytest.raises(ValueError, match="no such sign: 'hiccups'"):
        urgent_notice("hiccups")


@pytest.mark.parametrize(("sign", "country"), CASES)
class TestWords:
    def test_they_are_tidy(self, sign: str, country: str) -> None:
        """No blank is left, no exclamation mark, no straight quote, and sentences end."""
        notice = urgent_notice(sign, country)
        for text in (notice.heading, notice.text):
            assert " ".join(text.split()) == text
            assert not set(text) & set("!{}'\"")
        assert notice.text.endswith(".")
        assert not notice.heading.endswith(".")

    def test_they_are_few(self, sign: str, country: str) -> None:
        """A frightened reader takes in a few short sentences."""
        sentences = re.split(r"(?<=\.)\s+", urgent_notice(sign, country).text)
        assert len(sentences) <= 4
        assert all(len(sentence.split()) <= MOST_WORDS for sentence in sentences)

    def test_they_are_plain(self, sign: str, country: str) -> None:
        """Flesch-Kincaid grade of heading and text; numbers to call are left out."""
        notice = urgent_notice(sign, country)
        assert grade(f"{notice.heading}. {notice.text}") <= HIGHEST_GRADE

    def test_they_advise_no_treatment(self, sign: str, country: str) -> None:
        """Whom to call, and nothing to take or to leave."""
        text = urgent_notice(sign, country).text.casefold()
        assert not re.search(r"\b(take|stop|dose|tablets?|pills?|medicines?|drink|lie|press)\b", text)
        assert not re.search(r"\b(will be fine|get better|safe|promise|sure)\b", text)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade (Kincaid and others, 1975)."""
    sentences = [part for part in re.split(r"[.:]", text) if part.strip()]
    words = re.findall(r"[a-z’]+", text.casefold())
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.removesuffix("e")))) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
