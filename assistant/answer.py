"""What an answer is: verbatim quotes with their places, or an honest word that there is none."""

from dataclasses import dataclass
from enum import StrEnum

from corpus import Span

SHOWN_AS_ANSWER = 3
"""Quotes shown with an answer: the best, and two behind a fold."""

SHOWN_AS_NEAREST = 2
"""Passages shown where nothing answers, plainly labelled as no answer."""


class NoticeKind(StrEnum):
    """Why a notice stands beside an answer."""

    URGENT = "urgent"
    NOT_YES_OR_NO = "not-yes-or-no"
    MISSING_LIST = "missing-list"
    MISSING_MEDIA = "missing-media"


@dataclass(frozen=True, slots=True)
class Contact:
    """
    Whom to call or to write to, as a link.

    Attributes:
        label: What the link says, such as "Call 911".
        href: Where it leads: a `tel:` or `sms:` address.

    """

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Notice:
    """
    A fixed sentence of ours beside the quotes.

    Attributes:
        kind: Why it is there.
        text: The sentence.
        heading: What stands above it; empty where nothing does.
        contacts: The numbers that the sentence names, each to be called or written to.

    """

    kind: NoticeKind
    text: str
    heading: str = ""
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of the source and where they stand: `text` is exactly `source[span.start:span.end]`."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand in a document, with the address that shows them there."""

    span: Span
    section_id: str
    link: str


@dataclass(frozen=True, slots=True)
class Quote:
    """
    A passage as it is shown.

    Attributes:
        excerpt: The quoted words, bullet signs and line breaks included.
        highlights: Ranges of the source that answer best, inside the excerpt.
        context: The sentence that introduces a bullet's list, where the excerpt lacks it.
        document_id: The document that is quoted.
        section_path: The headings above it, outermost first.
        place: Where it stands.
        similarity: Cosine of question and passage, in [-1, 1].
        also_at: Other places where the same words stand.
        notices: What must be said beside these words.

    """

    excerpt: Excerpt
    highlights: tuple[Span, ...]
    context: Excerpt | None
    document_id: str
    section_path: tuple[str, ...]
    place: Place
    similarity: float
    also_at: tuple[Place, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """
    What we say ourselves to a message that asks nothing of the document.

    Attributes:
        kind: Of the message: a kind of small talk, or "language" for one in another language.
        text: A few short sentences.
        suggestions: What may be asked next, each a message of its own.
        language: Of the reply, an ISO 639-1 code.
        direction: In which its letters run: "ltr" or "rtl".
        link: Where it leads; empty where it leads nowhere.
        link_label: What the link says.

    """

    kind: str
    text: str
    suggestions: tuple[str, ...] = ()
    language: str = "en"
    direction: str = "ltr"
    link: str = ""
    link_label: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The reply to one question; the command line, the API and the chat render the same object.

    Attributes:
        question: As it was asked.
        resolved_question: What was searched for.
        answered: Whether the first quotes are given as an answer, or only as nearest passages.
        confidence: In [0, 1]; orders questions that the document answers before others.
        quotes: Up to ten, best first, even where `answered` is false.
        notices: Fixed sentences that belong beside the first quotes.
        gap_topic: What the question is about, where the document is known to leave that out and
            `answered` is false.
        carried: What the search took over from earlier questions, in words; empty where the question
            was searched for alone.
        reply: What we say ourselves, where nothing was searched for; then there are no quotes.
        ms: Time from question to answer, in milliseconds.

    """

    question: str
    resolved_question: str
    answered: bool
    confidence: float
    quotes: tuple[Quote, ...]
    notices: tuple[Notice, ...]
    gap_topic: str | None
    carried: tuple[str, ...] = ()
    reply: Reply | None = None
    ms: float = 0.0

    @property
    def shown(self) -> tuple[Quote, ...]:
        """The quotes that a person is shown; the others are for evaluation."""
        return self.quotes[: SHOWN_AS_ANSWER if self.answered else SHOWN_AS_NEAREST]

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the documents that a person is shown words of, each once, best first."""
        return tuple(dict.fromkeys(quote.document_id for quote in self.shown))

    @property
    def is_urgent(self) -> bool:
        """Whether a notice to get help comes first; what the document says can wait."""
        return any(notice.kind is NoticeKind.URGENT for notice in self.notices)
