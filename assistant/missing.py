"""Tells what a copy of a document lacks where its words announce more: Span in, notices out."""

from assistant.answer import Notice, NoticeKind
from assistant.wording import MISSING_LIST, MISSING_MEDIA
from corpus import Document, Span
from corpus.announcements import Announced, Announcement, announcements

_MISSING = {
    Announced.NOTHING: (NoticeKind.MISSING_LIST, MISSING_LIST),
    Announced.MEDIA: (NoticeKind.MISSING_MEDIA, MISSING_MEDIA),
}


class Missing:
    """Knows what one document's copy lacks."""

    def __init__(self, document: Document) -> None:
        """
        Look for sentences that announce what does not follow.

        Args:
            document: The document.

        """
        self._found = [
            (found.sentence, _notice(found, document))
            for found in announcements(document)
            if found.followed_by in _MISSING
        ]

    def within(self, span: Span) -> tuple[Notice, ...]:
        """Return a notice for each sentence in a range that announces what is not there."""
        return tuple(notice for sentence, notice in self._found if sentence.overlaps(span))


def _notice(found: Announcement, document: Document) -> Notice:
    kind, words = _MISSING[found.followed_by]
    return Notice(kind, words.format(sentence=found.sentence.of(document.source)))
