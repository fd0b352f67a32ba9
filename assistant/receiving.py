"""Recognises what a message is before it is searched for: urgent, small talk, another language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Notice, Reply
from assistant.decision import decide
from assistant.examples import Near, examples
from assistant.languages.detection import foreign_language
from assistant.languages.replies import foreign_reply
from assistant.links import reading_link
from assistant.small_talk.detection import small_talk, without_pleasantries
from assistant.small_talk.replies import reply_to
from assistant.spelling import Speller
from assistant.urgent.detection import urgent_signs
from assistant.urgent.help import numbers_of, urgent_notice
from assistant.urgent.likeness import likeness_model, pieces
from corpus import Document
from index import Comparison, Retriever

AGE, TRUST = "age", "trust"
"""Kinds of small talk that ask how old the page is, and who looked it over or whether to believe it."""

_WHO = re.compile(r"(?i)\bwho\b")


@dataclass(frozen=True, slots=True)
class Received:
    """
    What a message is.

    Attributes:
        question: What is to be searched for: the message without greetings and thanks.
        reply: The fixed reply, where there is nothing to search for; else None.
        notices: What must be said first.

    """

    question: str
    reply: Reply | None = None
    notices: tuple[Notice, ...] = ()


class Receiver:
    """Receives messages about some documents."""

    def __init__(
        self, documents: Sequence[Document], retriever: Retriever, speller: Speller, country: str
    ) -> None:
        """
        Make a receiver.

        Args:
            documents: The first of them is the one that replies speak of.
            retriever: Knows the examples that messages are compared with.
            speller: Knows the documents' names.
            country: Whose emergency numbers are given, a code such as "us".

        Raises:
            CountryError: There are no numbers for this country.

        """
        self._document = documents[0]
        self._retriever = retriever
        self._speller = speller
        self._country = country
        # Without an index of the examples there is nothing to be like.
        self._likeness = (
            likeness_model(retriever.model) if retriever.examples == len(examples()) else None
        )
        numbers_of(country)

    def receive(self, message: str, compared: Comparison) -> Received:
        """
        Recognise a message.

        Args:
            message: As typed.
            compared: The message compared with every passage.

        """
        near = self._near(compared)
        typed = compared.whole.text
        signs = self._urgent_signs(message, compared, near)
        if signs:
            # Whatever else it is, the page's words come after the notice.
            return Received(typed, notices=tuple(urgent_notice(sign, self._country) for sign in signs))
        return self._calmly(compared, near)

    def searched(self, message: str, compared: Comparison) -> str | None:
        """
        Return what `receive` would have searched for; None where there is a fixed reply.

        Whether a message is urgent costs most, each of its pieces being read; here it is found out only
        where it makes a difference.

        Args:
            message: As typed.
            compared: The message compared with every passage.

        """
        near = self._near(compared)
        received = self._calmly(compared, near)
        plain = received.reply is None and received.question == compared.whole.text
        if not plain and self._urgent_signs(message, compared, near):
            return compared.whole.text
        return None if received.reply is not None else received.question

    def _near(self, compared: Comparison) -> list[Near]:
        return [
            Near(examples()[number].kind, cosine)
            for number, cosine in self._retriever.nearest_examples(compared.whole)
        ]

    def _calmly(self, compared: Comparison, near: Sequence[Near]) -> Received:
        """Recognise a message that is not urgent."""
        typed = compared.whole.text
        language = foreign_language(typed, self._speller.is_name)
        if language is not None:
            return Received(typed, self._in_language(language))
        kind = small_talk(typed, near)
        if kind is not None and not self._says_itself(kind, compared):
            return Received(typed, self._small_talk(kind))
        return Received(without_pleasantries(typed))

    def _urgent_signs(self, message: str, compared: Comparison, near: Sequence[Near]) -> tuple[str, ...]:
        if self._likeness is None:
            return urgent_signs(message, near)
        cosines = self._retriever.example_cosines(compared.whole, pieces(message))
        return urgent_signs(message, near, self._likeness.likeness(message, cosines), self._likeness)

    def _says_itself(self, kind: str, compared: Comparison) -> bool:
        """Tell whether a document says when, and by whom, it was reviewed: better than we could."""
        asked = kind == AGE or (kind == TRUST and _WHO.search(compared.whole.text))
        return bool(asked) and decide(self._retriever.evidence(compared)).answered

    def _small_talk(self, kind: str) -> Reply:
        about = self._document.metadata
        return reply_to(
            kind,
            title=about.title,
            publisher=about.publisher,
            reviewed=about.reviewed,
            reviewer=about.reviewer,
            starters=about.starters,
        )

    def _in_language(self, code: str) -> Reply:
        found = foreign_reply(code)
        about = self._document.metadata
        return Reply(
            kind="language",
            text=found.text.format(title=about.title, publisher=about.publisher),
            language=found.code,
            direction=found.direction,
            link=reading_link(self._document.id),
            link_label=found.read_label,
        )
