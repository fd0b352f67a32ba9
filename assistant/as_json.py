"""An Answer as JSON: the form of `--json`, of the lines of a RUN file and of the API."""

from dataclasses import asdict
from typing import Any

from assistant.answer import Answer, Excerpt, Notice, Place, Quote


def answer_fields(answer: Answer) -> dict[str, Any]:
    """Return an answer as a JSON object."""
    return {
        "question": answer.question,
        "resolved_question": answer.resolved_question,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 6),
        "passages": [_quote_fields(quote) for quote in answer.quotes],
        "notices": [_notice_fields(notice) for notice in answer.notices],
        "gap_topic": answer.gap_topic,
        "carried": list(answer.carried),
        "reply": None if answer.reply is None else asdict(answer.reply),
        "ms": round(answer.ms, 3),
    }


def _notice_fields(notice: Notice) -> dict[str, Any]:
    heading = {"heading": notice.heading} if notice.heading else {}
    contacts = {"contacts": [asdict(contact) for contact in notice.contacts]} if notice.contacts else {}
    return {"kind": notice.kind.value, **heading, "text": notice.text, **contacts}


def _quote_fields(quote: Quote) -> dict[str, Any]:
    return {
        **_excerpt_fields(quote.excerpt),
        "highlights": [[span.start, span.end] for span in quote.highlights],
        "context": None if quote.context is None else _excerpt_fields(quote.context),
        "document": quote.document_id,
        "section_id": quote.place.section_id,
        "section_path": list(quote.section_path),
        "link": quote.place.link,
        "similarity": round(quote.similarity, 6),
        "also_at": [_place_fields(place) for place in quote.also_at],
    }


def _excerpt_fields(excerpt: Excerpt) -> dict[str, Any]:
    return {"text": excerpt.text, "start": excerpt.span.start, "end": excerpt.span.end}


def _place_fields(place: Place) -> dict[str, Any]:
    return {
        "start": place.span.start,
        "end": place.span.end,
        "section_id": place.section_id,
        "link": place.link,
    }
