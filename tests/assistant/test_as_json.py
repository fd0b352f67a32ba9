"""The JSON form of an answer: its keys, its types, and every value as it was."""

from dataclasses import replace

import orjson
import pytest

from assistant import Answer, Assistant, Contact, Notice, NoticeKind, Reply
from assistant.as_json import answer_fields
from corpus import Document

PARP = "what did the two approved PARP inhibitors turn out to be?"

ANSWER_KEYS = [
    *("question", "resolved_question", "answered", "confidence"),
    *("passages", "notices", "gap_topic", "carried", "reply", "ms"),
]
MAY_BE_NULL = ("gap_topic", "reply")
PASSAGE_KEYS = [
    *("text", "start", "end", "highlights", "context", "document", "section_id"),
    *("section_path", "link", "similarity", "also_at"),
]


@pytest.fixture(scope="module")
def answers(fake_assistant: Assistant) -> list[Answer]:
    """Answers with a notice, with twins and contexts, and with a gap."""
    twice = "tamoxifin, given in pill form, blocks estrogen from helping breast cancer to grow"
    answers = [fake_assistant.answer(question) for question in (PARP, twice, "zzyzx")]
    return [*answers[:2], replace(answers[2], answered=False, gap_topic="bones and teeth")]


def test_the_keys_are_those_of_the_design(answers: list[Answer]) -> None:
    """Other programs read these names, in this order; there are no others."""
    for answer in answers:
        fields = answer_fields(answer)
        assert list(fields) == ANSWER_KEYS
        for passage in fields["passages"]:
            assert list(passage) == PASSAGE_KEYS
            for place in passage["also_at"]:
                assert list(place) == ["start", "end", "section_id", "link"]
            if passage["context"] is not None:
                assert list(passage["context"]) == ["text", "start", "end"]
        assert all(list(notice) == ["kind", "text"] for notice in fields["notices"])


def test_the_types_are_those_of_the_design(answers: list[Answer]) -> None:
    """Plain JSON values, exactly of the kinds that are promised."""
    for answer in answers:
        fields = answer_fields(answer)
        kinds = {name: type(fields[name]) for name in ANSWER_KEYS if name not in MAY_BE_NULL}
        assert kinds == {
            "question": str,
            "resolved_question": str,
            "answered": bool,
            "confidence": float,
            "passages": list,
            "notices": list,
            "carried": list,
            "ms": float,
        }
        for passage in fields["passages"]:
            assert [type(passage[name]) for name in ("text", "start", "end")] == [str, int, int]
            assert all(type(at) is int for pair in passage["highlights"] for at in pair)
            assert [len(pair) for pair in passage["highlights"]] == [2] * len(passage["highlights"])
            assert all(type(title) is str for title in passage["section_path"])
            assert type(passage["similarity"]) is float


def test_the_values_are_those_of_the_answer(answers: list[Answer]) -> None:
    """Nothing is lost or changed on the way, but digits beyond the sixth."""
    for answer in answers:
        fields = answer_fields(answer)
        assert fields["question"] == answer.question
        assert fields["resolved_question"] == answer.resolved_question
        assert fields["answered"] is answer.answered
        assert fields["confidence"] == pytest.approx(answer.confidence, abs=1e-6)
        assert fields["gap_topic"] == answer.gap_topic
        assert fields["ms"] == pytest.approx(answer.ms, abs=1e-3)
        for passage, quote in zip(fields["passages"], answer.quotes, strict=True):
            assert passage["text"] == quote.excerpt.text
            assert (passage["start"], passage["end"]) == (
                quote.excerpt.span.start,
                quote.excerpt.span.end,
            )
            assert passage["highlights"] == [[mark.start, mark.end] for mark in quote.highlights]
            assert passage["document"] == quote.document_id
            assert passage["section_id"] == quote.place.section_id
            assert passage["section_path"] == list(quote.section_path)
            assert passage["link"] == quote.place.link
            assert passage["similarity"] == pytest.approx(quote.similarity, abs=1e-6)


def test_offsets_are_into_the_source(answers: list[Answer], document: Document) -> None:
    """A reader of the JSON can check each quote and its context against the stored text."""
    for answer in answers:
        for passage in answer_fields(answer)["passages"]:
            for part in (passage, passage["context"] or passage):
                assert document.source[part["start"] : part["end"]] == part["text"]


def test_a_missing_context_is_null(answers: list[Answer]) -> None:
    """Where the quote holds its own introduction there is null; where it does not, the words."""
    parts = [
        (quote, passage)
        for answer in answers
        for quote, passage in zip(answer.quotes, answer_fields(answer)["passages"], strict=True)
    ]
    assert {passage["context"] is None for _, passage in parts} == {True, False}
    for quote, passage in parts:
        if quote.context is None:
            assert passage["context"] is None
        else:
            assert passage["context"]["text"] == quote.context.text


def test_twins_are_told(answers: list[Answer]) -> None:
    """Where the same words stand elsewhere, `also_at` says where, with a link."""
    fields = answer_fields(answers[1])
    first = fields["passages"][0]
    (twin,) = first["also_at"]
    sections = {first["section_id"], twin["section_id"]}
    assert sections == {"hormonal-therapy", "for-postmenopausal-women-or-for-men"}
    assert twin["link"].endswith(f"?quote={twin['start']}-{twin['end']}#{twin['section_id']}")


def test_a_notice_is_its_kind_and_its_words(answers: list[Answer]) -> None:
    """The kind is a plain word."""
    (notice,) = answer_fields(answers[0])["notices"]
    assert notice["kind"] == "missing-list"
    assert type(notice["kind"]) is str
    assert notice["text"] == answers[0].notices[0].text
    assert {kind.value for kind in NoticeKind} >= {"urgent", "missing-list"}


def test_a_gap_is_named_or_null(answers: list[Answer]) -> None:
    """The topic stands where there is one."""
    assert answer_fields(answers[0])["gap_topic"] is None
    assert answer_fields(answers[2])["gap_topic"] == "bones and teeth"


def test_what_was_carried_and_replied_is_told(answers: list[Answer]) -> None:
    """A follow-up lists what it took over; a fixed reply stands whole; a notice has its heading."""
    assert answer_fields(answers[0])["carried"] == []
    assert answer_fields(answers[0])["reply"] is None
    reply = Reply(kind="thanks", text="You are welcome.", suggestions=("Will I lose my hair?",))
    notice = Notice(NoticeKind.URGENT, "Call now.", heading="Get help now")
    fields = answer_fields(replace(answers[0], carried=("tamoxifen",), reply=reply, notices=(notice,)))
    assert fields["carried"] == ["tamoxifen"]
    assert fields["reply"] == {
        "kind": "thanks",
        "text": "You are welcome.",
        "suggestions": ("Will I lose my hair?",),
        "language": "en",
        "direction": "ltr",
        "link": "",
        "link_label": "",
    }
    assert fields["notices"] == [{"kind": "urgent", "heading": "Get help now", "text": "Call now."}]


def test_a_number_to_call_stands_with_its_notice(answers: list[Answer]) -> None:
    """As a link and what it says, after the words."""
    contacts = (Contact("Call 988", "tel:988"), Contact("Text 988", "sms:988"))
    notice = Notice(NoticeKind.URGENT, "Call now.", contacts=contacts)
    assert answer_fields(replace(answers[0], notices=(notice,)))["notices"] == [
        {
            "kind": "urgent",
            "text": "Call now.",
            "contacts": [
                {"label": "Call 988", "href": "tel:988"},
                {"label": "Text 988", "href": "sms:988"},
            ],
        }
    ]


def test_it_survives_being_written_and_read(answers: list[Answer]) -> None:
    """Quotes with curly signs, bullets and line breaks come back the same."""
    for answer in answers:
        fields = answer_fields(answer)
        assert orjson.loads(orjson.dumps(fields)) == fields


def test_an_answer_without_quotes_has_empty_lists(answers: list[Answer]) -> None:
    """Empty, and not null."""
    fields = answer_fields(replace(answers[0], quotes=(), notices=()))
    assert fields["passages"] == []
    assert fields["notices"] == []
