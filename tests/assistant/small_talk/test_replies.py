"""The replies to small talk: short, plain, honest, and with somewhere to go next."""

import re

import orjson
import pytest
import textstat
from hypothesis import example, given
from hypothesis import strategies as st

import assistant.wording as wording
from assistant.answer import Reply
from assistant.small_talk.detection import small_talk
from assistant.small_talk.phrasebook import PHRASES_FILE
from assistant.small_talk.replies import REPLIES_FILE, reply_kinds, reply_to
from corpus import Document

STARTERS = tuple(f"Question {number}?" for number in range(1, 7))
DOCUMENT = {
    "title": "A page",
    "publisher": "A publisher",
    "reviewed": "May 1, 2024",
    "reviewer": "A. Reviewer",
    "starters": STARTERS,
}
NOTHING = {**dict.fromkeys(DOCUMENT, ""), "starters": ()}
KINDS = reply_kinds()
REPLIES = orjson.loads(REPLIES_FILE.read_bytes())
TEXTS = [text for fields in REPLIES.values() for text in fields["texts"]]
BLANKS = {"title", "publisher", "reviewed", "reviewer", "name", "privacy", "not_a_doctor"}

HARDEST_GRADE = 6
"""Flesch-Kincaid grade: read without trouble at about eleven years."""

MOST_WORDS = 25
"""In a sentence."""


def shipped(kind: str, document: Document) -> Reply:
    """Return the reply to a kind about the shipped document."""
    about = document.metadata
    return reply_to(
        kind,
        title=document.title,
        publisher=about.publisher,
        reviewed=about.reviewed,
        reviewer=about.reviewer,
        starters=about.starters,
    )


def test_every_kind_of_small_talk_has_a_reply() -> None:
    """And there is no reply that nobody can get."""
    assert set(KINDS) == set(orjson.loads(PHRASES_FILE.read_bytes())["order"])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("hello", "Hello. Type your question in your own words, or start with one of these."),
        ("thanks", "You are welcome. Ask again at any time."),
        (
            "doctor",
            "Signpost only shows what one page says, so that you can talk about it with your care team. "
            "It is not a doctor and it gives no advice.",
        ),
        (
            "trust",
            "The quotes are copied word for word from “A page” by A publisher. Each one links to its "
            "place there, so you can check it. The page names A. Reviewer as its reviewer.",
        ),
        (
            "age",
            "The page says that it was reviewed on May 1, 2024. Newer things may be missing, and your "
            "care team can tell you about those.",
        ),
        (
            "privacy",
            "Your questions stay on this computer. They are not saved, and they are not sent to anyone.",
        ),
        (
            "other",
            "That would be nice to talk about. But Signpost only looks things up in one page: “A page”.",
        ),
    ],
)
def test_the_blanks_are_filled(kind: str, text: str) -> None:
    """The words are those of the document's own metadata."""
    reply = reply_to(kind, **DOCUMENT)
    assert (reply.kind, reply.text) == (kind, text)


def test_where_something_is_not_known_it_is_left_out() -> None:
    """No sentence is built around an empty date or name."""
    assert reply_to("age", **{**DOCUMENT, "reviewed": ""}).text.startswith(
        "The page does not say when it was reviewed."
    )
    assert "names" not in reply_to("trust", **{**DOCUMENT, "reviewer": ""}).text
    assert "“" not in reply_to("can", **NOTHING).text


@pytest.mark.parametrize(
    ("kind", "suggestions"),
    [
        ("hello", (*STARTERS[:3], "What can I ask?")),
        ("thanks", STARTERS[4:]),
        ("can", STARTERS),
        ("bye", ()),
        ("who", ("What can I ask?", "Can I trust this?", "Is this private?")),
        ("feeling", ("What can I ask?",)),
    ],
)
def test_suggestions_are_starters_and_messages_of_ours(kind: str, suggestions: tuple[str, ...]) -> None:
    """First the document's own, then ours; somebody who is sad is not asked about hair loss."""
    assert reply_to(kind, **DOCUMENT).suggestions == suggestions


def test_fewer_starters_are_no_trouble() -> None:
    """A document may have none."""
    assert reply_to("hello", **NOTHING).suggestions == ("What can I ask?",)
    assert reply_to("ok", **{**DOCUMENT, "starters": STARTERS[:4]}).suggestions == ("Question 4?",)


def test_an_unknown_kind_is_refused() -> None:
    """It is a slip of the caller's."""
    with pytest.raises(ValueError, match="no kind of small talk: 'talk/hello'"):
        reply_to("talk/hello", **DOCUMENT)


def test_it_says_what_the_first_screen_says() -> None:
    """About privacy and about being no doctor there is one wording."""
    assert wording.PRIVACY in reply_to("privacy", **DOCUMENT).text
    assert wording.WHAT_IT_IS_NOT in reply_to("doctor", **DOCUMENT).text


def test_blanks_are_known() -> None:
    """A misspelt blank would be found only by a reader."""
    assert {found for text in TEXTS for found in re.findall(r"\{(\w*)\}", text)} <= BLANKS


@pytest.mark.parametrize("text", TEXTS)
class TestEachText:
    def test_it_is_tidy(self, text: str) -> None:
        """Single blanks, curly quotes, no shouting, and no figure of our own."""
        assert " ".join(text.split()) == text
        assert not re.search(r"[!\"'%\d]|\b[A-Z]{2,}\b", text)
        assert text.endswith((".", "{not_a_doctor}"))

    def test_it_claims_no_mind_and_promises_nothing(self, text: str) -> None:
        """The product finds words; it does not think or advise, and it says nothing of medicine."""
        mind = r"AI|intelligen\w*|assistant|chatbot|bot|we|I|I’m|think|smart"
        promises = r"promise|always|never|sure|guarantee\w*|should|must|treatment|medicine|pill"
        assert not re.search(rf"(?i)\b({mind}|{promises})\b", text)


@pytest.mark.parametrize("kind", KINDS)
class TestEachReply:
    def test_it_is_easy_to_read(self, kind: str, document: Document) -> None:
        """Short sentences, at a grade that a child of eleven reads, names of the document included."""
        text = shipped(kind, document).text
        assert textstat.textstat.flesch_kincaid_grade(text) <= HARDEST_GRADE
        sentences = re.split(r"(?<=[.?]) ", text)
        assert len(sentences) <= 3
        assert all(len(sentence.split()) <= MOST_WORDS for sentence in sentences)

    def test_without_anything_known_it_still_reads_well(self, kind: str) -> None:
        """No blank is left, and no hole."""
        text = reply_to(kind, **NOTHING).text
        assert not re.search(r"[{}]|“”|  | [.,:]", text)

    def test_suggestions_lead_on(self, kind: str, document: Document) -> None:
        """A starter is a question to search for; a message of ours gets a reply of ours."""
        starters = document.metadata.starters
        for suggestion in shipped(kind, document).suggestions:
            assert (small_talk(suggestion) is None) == (suggestion in starters)


def test_a_feeling_is_met_with_people() -> None:
    """Somebody close and the care team are named, and no treatment."""
    text = reply_to("feeling", **DOCUMENT).text
    assert "someone close to you" in text
    assert "your care team" in text


@given(
    kind=st.sampled_from(KINDS),
    title=st.text(),
    publisher=st.text(),
    reviewed=st.text(),
    reviewer=st.text(),
    starters=st.lists(st.text()),
)
@example(kind="trust", title="{title}", publisher="{{", reviewed="", reviewer="}} {0}", starters=[])
@example(kind="age", title="", publisher="", reviewed="{{reviewed}}", reviewer="", starters=[])
def test_whatever_the_document_is_called_there_is_a_reply(
    kind: str, title: str, publisher: str, reviewed: str, reviewer: str, starters: list[str]
) -> None:
    """Names pass through as they are, braces included."""
    names = {"title": title, "publisher": publisher, "reviewed": reviewed, "reviewer": reviewer}
    reply = reply_to(kind, **names, starters=starters)
    blanks = {
        **names,
        "name": wording.NAME,
        "privacy": wording.PRIVACY,
        "not_a_doctor": wording.WHAT_IT_IS_NOT,
    }
    filled = (
        # Each text falls into words and, at every second place, blanks.
        [blanks[part] if odd % 2 else part for odd, part in enumerate(re.split(r"\{(\w+)\}", text))]
        for text in REPLIES[kind]["texts"]
    )
    assert reply.text == next("".join(parts) for parts in filled if all(parts[1::2]))
