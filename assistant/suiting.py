"""Tells whether the documents speak of a medicine for the sort of cancer that a question names."""

from collections.abc import Sequence
from functools import cached_property

from assistant.follow_ups.things import CANCER, Vocabulary
from corpus import Document, Passage
from index import ScoredPassage


class Suiting:
    """
    Knows with which sorts of cancer the documents name each medicine.

    "Does Ibrance work for triple-negative" finds what is said of Ibrance, or of triple-negative breast
    cancer; neither says yes, and words that stand under another sort of cancer read like one.
    """

    def __init__(self, documents: Sequence[Document], passages: Sequence[Passage]) -> None:
        """
        Keep what is read when a question first needs it.

        Args:
            documents: Where the passages stand.
            passages: All of them.

        """
        self._vocabulary = Vocabulary(documents)
        self._documents = {document.id: document for document in documents}
        self._passages = tuple(passages)

    def is_unsaid(self, question: str, own: str) -> bool:
        """
        Tell whether no passage names a medicine of the question together with its sort of cancer.

        Args:
            question: A self-contained one. One that names no medicine, or no sort, asks nothing of this.
            own: What was asked in so many words, without what was carried over or told around it. It
                must name one of the two: "are those pills" does not ask whether a medicine suits.

        """
        medicines, sorts = self._vocabulary.medicines(question), self._sorts(question)
        if not medicines or not sorts:
            return False
        if not self._vocabulary.medicines(own) and not self._sorts(own):
            return False
        return all(sorts.isdisjoint(self._cancers.get(medicine, ())) for medicine in medicines)

    def medicine_first(
        self, question: str, passages: Sequence[ScoredPassage]
    ) -> tuple[ScoredPassage, ...]:
        """
        Return passages, best first, with the best that names a medicine of the question before others.

        Args:
            question: A self-contained one, of which nothing is said (`is_unsaid`).
            passages: Best first.

        """
        asked = frozenset(self._vocabulary.medicines(question))
        naming = [
            scored
            for scored in passages
            if not asked.isdisjoint(self._vocabulary.medicines(scored.passage.text))
        ]
        if not naming:
            return tuple(passages)
        return (naming[0], *(scored for scored in passages if scored is not naming[0]))

    @cached_property
    def _cancers(self) -> dict[str, set[str]]:
        """The sorts of cancer that each medicine is named with; few questions need them."""
        found: dict[str, set[str]] = {}
        for passage in self._passages:
            section = self._documents[passage.document_id].section(passage.section_id)
            sorts = self._sorts(" / ".join([*section.path, passage.text]))
            for medicine in self._vocabulary.medicines(passage.text):
                found.setdefault(medicine, set()).update(sorts)
        return found

    def _sorts(self, text: str) -> set[str]:
        return {thing.label for thing in self._vocabulary.things(text) if thing.slot == CANCER}
