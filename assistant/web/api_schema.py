"""The JSON endpoint's bodies as models: what is read of a request, and what documents an answer."""

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field

import assistant.wording as wording
from assistant.follow_ups.trail import KEPT_CHARACTERS, KEPT_TOPICS
from assistant.questions import MAX_CHARACTERS

EARLIER_READ = KEPT_TOPICS
"""Earlier questions that are looked at, the last ones; a later one can go back to no more."""

VERSION = "1"
"""Of the endpoint; raised when a field is taken away or changes its meaning."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AskBody(_Body):
    """A question."""

    question: Annotated[str, Field(description=f"As typed; at most {MAX_CHARACTERS} characters.")]
    earlier: Annotated[
        list[str],
        Field(
            default=[],
            description="Earlier questions of the same conversation, oldest first; of these the last "
            f"{EARLIER_READ} are looked at, of one of more than {KEPT_CHARACTERS} characters what asks. "
            "Each counts as a question of its client.",
        ),
    ]
    exact: Annotated[bool, Field(default=False, description="Search for exactly what was typed.")]


class ExcerptBody(_Body):
    """Words of the source: `text` is exactly `source[start:end]`, counted in code points."""

    text: str
    start: int
    end: int


class PlaceBody(_Body):
    """Another place where the same words stand."""

    start: int
    end: int
    section_id: str
    link: str


class PassageBody(ExcerptBody):
    """A passage, word for word."""

    highlights: Annotated[
        list[tuple[int, int]], Field(description="Ranges of the source that answer best.")
    ]
    context: Annotated[
        ExcerptBody | None, Field(description="The sentence that introduces the passage's list.")
    ]
    document: str
    section_id: str
    section_path: list[str]
    link: Annotated[str, Field(description="Address on this server that shows the words in their page.")]
    similarity: Annotated[
        float, Field(description="Cosine of question and passage.", ge=-1.001, le=1.001)
    ]
    also_at: list[PlaceBody]


class ContactBody(_Body):
    """Whom to call or to write to, as a link."""

    label: str
    href: Annotated[str, Field(description="A `tel:` or `sms:` address.")]


class NoticeBody(_Body):
    """A fixed sentence that belongs before the passages; show it whole."""

    kind: str
    heading: Annotated[str, Field(default="")]
    text: str
    contacts: Annotated[
        list[ContactBody], Field(default=[], description="The numbers that the text names, as links.")
    ]


class ReplyBody(_Body):
    """What is said to a message that asks nothing of the document."""

    kind: str
    text: str
    suggestions: list[str]
    language: str
    direction: str
    link: str
    link_label: str


class AnswerBody(_Body):
    """An answer; where `answered` is false the passages are only the nearest ones."""

    question: str
    resolved_question: Annotated[str, Field(description="What was searched for.")]
    answered: bool
    confidence: Annotated[float, Field(ge=0, le=1)]
    passages: Annotated[list[PassageBody], Field(description="Best first, at most ten.")]
    notices: list[NoticeBody]
    gap_topic: Annotated[str | None, Field(description="What the document is known to leave out.")]
    carried: Annotated[list[str], Field(description="What was taken over from earlier questions.")]
    reply: ReplyBody | None
    ms: Annotated[float, Field(description="Time of the search, in milliseconds.", ge=0)]


class ErrorBody(_Body):
    """What went wrong, in a sentence for the asker."""

    error: str


class HealthBody(_Body):
    """Whether questions can be answered."""

    status: Annotated[str, Field(description="“ok”, or “starting” while the index is opened or built.")]
    documents: list[str]
    passages: Annotated[int, Field(description="0 while it is starting.", ge=0)]


def openapi(router: APIRouter, root_path: str) -> dict[str, Any]:
    """Return the description of the router's endpoints as OpenAPI."""
    return get_openapi(
        title=wording.NAME,
        version=VERSION,
        description="Answers questions about a patient-education page by quoting it, word for word.",
        routes=router.routes,
        servers=[{"url": root_path or "/"}],
    )
