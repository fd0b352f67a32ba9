"""Ranks passages for a question: Query in, Ranking out, best passage first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpus import Document, Passage, Span, embedded_text
from corpus.medicines.stems import medicine_names, stemmed_names, without_names
from index.cosines import Comparer, Cosines, RowsByOwner, highest
from index.embedding import Embedder, Vectors
from index.lexical import LexicalIndex
from index.storage import (
    EXAMPLES,
    GAPS,
    NAMELESS_GAPS,
    NAMELESS_QUESTIONS,
    PASSAGES,
    QUESTIONS,
    SENTENCES,
    SearchIndex,
)
from index.windows import windows


@dataclass(frozen=True, slots=True)
class Query:
    """
    A self-contained question.

    Attributes:
        text: All of it.
        core: The sentences that ask, where `text` tells a story as well; empty where it does not.

    """

    text: str
    core: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """
    How much each way of looking at a passage counts; a way with weight 0 is left out.

    Attributes:
        passage: Cosine of question and passage (heading path, context, text).
        sentence: Cosine of question and the passage's nearest sentence under its heading path.
        lexical: BM25 score over that of the best passage, in [0, 1].
        question: Cosine of question and the nearest question that was written for the passage, half
            of it the mean of the three nearest. Where it counts, BM25 reads these questions as part
            of the passage (document expansion: Nogueira and others, arXiv 1904.08375).

    """

    passage: float = 1.0
    sentence: float = 0.0
    lexical: float = 1.0
    question: float = 3.0


RETRIEVERS = {
    "dense": Weights(passage=1.0, sentence=0.0, lexical=0.0, question=0.0),
    "lexical": Weights(passage=0.0, sentence=0.0, lexical=1.0, question=0.0),
    "hybrid": Weights(passage=1.0, sentence=1.0, lexical=0.3, question=0.0),
    "full": Weights(),
}
"""
Named mixtures, for taking parts away. Chosen on the development questions (tests/development), with
the gold figures in sight; both are much the same for weights near these. The nearest sentence says
nothing more where questions were authored: over 216 mixtures hit@1 of the development questions is on
average 0.939 without it, and 0.938 with weight 1. A document without authored questions is searched
with `hybrid` where `full` is asked for.
"""

SPECIAL_TOKENS = 8
"""More than any model puts around a text."""

NEAREST_EXAMPLES = 10
"""Examples that a message is compared with in earnest."""

NEAREST = 5
"""Authored questions, and gaps, whose mean cosine says how well known a sort of question is."""

SEVERAL = 3
"""
Authored questions of a passage whose mean cosine counts beside the nearest: one of many may be near by
chance. Shares from a sixth to two thirds put the right passage first as often as without it or more
often, on the development questions and on the first questions of the conversations.
"""

TOPIC_COSINE = 0.55
"""
From here on, a gap question is near enough to say by name what the documents leave out; by eye, on gaps
of the development questions, as `AGREEING` is. Neither says whether there is an answer.
"""

AGREEING = 0.4
"""Share of the nearest gaps that must be about one topic before it is named."""

SHORT_WORDS = 25
"""A longer text may name a medicine that its question is not about (words): a judgement, not fitted."""

MARKING_COSINE = 0.6
"""
From here on, an authored question is near enough to say which words of the passage answer; by eye. It
decides what is marked within a quote, never which passage is quoted.
"""


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """
    A passage with how well it fits a question.

    Where a set is too large to be compared whole, a cosine may be that of the least near row that was
    found (`index.cosines`).

    Attributes:
        passage: The passage.
        relevance: The weighted sum that ranks it; comparable within one question only.
        similarity: Cosine of question and passage, in [-1, 1].
        sentence_similarity: Cosine of question and nearest sentence under its heading path.
        answering: The range of the passage that answers best.

    """

    passage: Passage
    relevance: float
    similarity: float
    sentence_similarity: float
    answering: Span


@dataclass(frozen=True, slots=True)
class Neighbours:
    """
    The texts of one sort that are nearest to a question.

    Attributes:
        best: Cosine of the nearest, in [-1, 1].
        mean: Mean cosine of the five nearest.

    """

    best: float
    mean: float


CORE = 0.2
"""
Share of the core question in a passage's relevance. On the 200 posts among the development questions
that have an answer it puts the right passage first for 189, the whole post alone for 188; 0.3 for 186.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What speaks for and against an answer.

    Attributes:
        passage: Cosine of question and best passage.
        sentence: Cosine of question and that passage's nearest sentence.
        margin: By how much the best passage's relevance is above the second's.
        questions: Questions that the documents answer; None where none were written, or where the
            mixture leaves them out.
        gaps: Questions that they leave open; None likewise.
        core_questions: As `questions`, for the core question.
        core_gaps: As `gaps`, for the core question.
        nameless_questions: As `questions`, with a stand-in for each medicine's name on both sides:
            how well known is what is asked, about whichever medicine?
        nameless_gaps: As `gaps`, likewise.
        nameless_core_questions: As `nameless_questions`, for the core question.
        nameless_core_gaps: As `nameless_gaps`, for the core question.
        gap_topic: What the nearest gaps are about, where enough of them agree.
        unknown_medicine: Whether a short question names a medicine that no document names, and
            none that one does.

    """

    passage: float
    sentence: float
    margin: float
    questions: Neighbours | None = None
    gaps: Neighbours | None = None
    core_questions: Neighbours | None = None
    core_gaps: Neighbours | None = None
    nameless_questions: Neighbours | None = None
    nameless_gaps: Neighbours | None = None
    nameless_core_questions: Neighbours | None = None
    nameless_core_gaps: Neighbours | None = None
    gap_topic: str | None = None
    unknown_medicine: bool = False


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages for a question, best first, and the evidence that they answer it."""

    passages: tuple[ScoredPassage, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Look:
    """
    One text compared with every passage.

    Attributes:
        text: The text.
        vector: float32, shape (d,).
        nameless: The same text's with a stand-in for each medicine's name; float32, shape (d,).
        similarity: Cosine with each passage, shape (passages,).
        sentence: Cosine with each passage's nearest sentence, shape (passages,).
        relevance: The weighted sum, shape (passages,).
        cosines: `vector` compared with the sets of the index.
        nameless_cosines: `nameless` likewise; the same object where nothing was replaced.

    """

    text: str
    vector: Vectors
    nameless: Vectors
    similarity: NDArray[np.float64]
    sentence: NDArray[np.float64]
    relevance: NDArray[np.float64]
    cosines: Cosines
    nameless_cosines: Cosines


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    A question compared with every passage.

    Attributes:
        whole: What is searched for.
        core: The part of it that asks; the same where there is no other.
        relevance: What ranks each passage, shape (passages,).

    """

    whole: Look
    core: Look
    relevance: NDArray[np.float64]


class Retriever:
    """Ranks the passages of one index."""

    def __init__(
        self,
        index: SearchIndex,
        embedder: Embedder,
        documents: Mapping[str, Document],
        *,
        weights: Weights | None = None,
    ) -> None:
        """
        Make a retriever.

        Args:
            index: The built index.
            embedder: The model that the index was built with.
            documents: The indexed documents, by id, in the order in which they were indexed.
            weights: The mixture; the shipped one by default.

        Raises:
            ValueError: The model's vectors are not of the index's length.

        """
        dimension = index.sets[PASSAGES].vectors.dimension
        if embedder.dimension != dimension:
            msg = f"the model makes vectors of {embedder.dimension}, the index holds {dimension}"
            raise ValueError(msg)
        weights = weights or Weights()
        expanded = bool(weights.question) and len(index.sets[QUESTIONS].vectors) > 0
        if weights.question and not expanded:
            weights = RETRIEVERS["hybrid"]
        self._index = index
        self._embedder = embedder
        self._weights = weights
        self._authored = expanded
        self._medicines = medicine_names(documents.values())
        self._questions = [q for document in documents.values() for q in document.questions]
        self._gaps = [gap for document in documents.values() for gap in document.gaps]
        self._lexical = LexicalIndex(self._searched_texts(documents, expanded=expanded))
        self._comparer = Comparer(index.sets)
        self._owned = {
            name: RowsByOwner(index.sets[name].owners, len(index.passages))
            for name in (PASSAGES, SENTENCES, QUESTIONS)
        }

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Every passage that can be found, in the order of the text."""
        return self._index.passages

    @property
    def model(self) -> str:
        """Digest of the model that the index was built with."""
        return self._embedder.digest

    @property
    def examples(self) -> int:
        """How many examples there are to compare messages with."""
        return len(self._index.sets[EXAMPLES].vectors)

    def retrieve(self, query: Query, k: int = 10) -> Ranking:
        """Return the `k` best passages, best first; equal ones in the order of the text."""
        return self.rank(self.compare(query), k)

    def compare(self, query: Query) -> Comparison:
        """Compare a question with every passage."""
        texts = [query.text]
        if query.core not in ("", query.text):
            texts.append(query.core)
        looks = self.looks(texts)
        whole, core = looks[0], looks[-1]
        return Comparison(whole, core, (1 - CORE) * whole.relevance + CORE * core.relevance)

    def looks(self, texts: Sequence[str]) -> tuple[Look, ...]:
        """Compare texts with every passage, in every way that counts; the model reads them together."""
        masked = [without_names(text, self._medicines) if self._authored else text for text in texts]
        different = list(dict.fromkeys([*texts, *masked]))
        vectors = dict(zip(different, self._embed(different), strict=True))
        return tuple(
            self._look(text, vectors[text], vectors[nameless])
            for text, nameless in zip(texts, masked, strict=True)
        )

    def rank(self, compared: Comparison, k: int = 10) -> Ranking:
        """Return the `k` best passages by a comparison, best first, and its evidence."""
        whole = compared.whole
        order = _order(compared.relevance, k)
        marks = self._marks(whole.cosines) if self._authored else {}
        passages = tuple(
            ScoredPassage(
                self._index.passages[at],
                float(compared.relevance[at]),
                float(whole.similarity[at]),
                float(whole.sentence[at]),
                marks.get(at) or self._sentence(at, whole.cosines),
            )
            for at in order
        )
        return Ranking(passages, self.evidence(compared))

    def evidence(self, compared: Comparison) -> Evidence:
        """Return what speaks for and against an answer."""
        whole, core = compared.whole, compared.core
        order = _order(compared.relevance, 2)
        first, second = (*order, *order)[:2]
        evidence = Evidence(
            passage=float(whole.similarity[first]),
            sentence=float(whole.sentence[first]),
            margin=float(compared.relevance[first] - compared.relevance[second]),
            unknown_medicine=self._names_unknown_medicine(whole.text),
        )
        if not self._authored:
            return evidence
        return replace(
            evidence,
            questions=_neighbours(QUESTIONS, whole.cosines),
            gaps=_neighbours(GAPS, whole.cosines),
            core_questions=_neighbours(QUESTIONS, core.cosines),
            core_gaps=_neighbours(GAPS, core.cosines),
            nameless_questions=_neighbours(NAMELESS_QUESTIONS, whole.nameless_cosines),
            nameless_gaps=_neighbours(NAMELESS_GAPS, whole.nameless_cosines),
            nameless_core_questions=_neighbours(NAMELESS_QUESTIONS, core.nameless_cosines),
            nameless_core_gaps=_neighbours(NAMELESS_GAPS, core.nameless_cosines),
            gap_topic=self._gap_topic(whole, core),
        )

    def nearest_examples(self, look: Look) -> tuple[tuple[int, float], ...]:
        """Return number and cosine of the examples that are nearest to a text, best first."""
        rows, cosines = look.cosines.nearest(EXAMPLES, NEAREST_EXAMPLES)
        return tuple((int(row), float(cosine)) for row, cosine in zip(rows, cosines, strict=True))

    def example_cosines(self, look: Look, texts: Sequence[str]) -> Vectors:
        """
        Compare texts with every example.

        Args:
            look: A text that was compared already: the first row.
            texts: Further ones, a row each.

        Returns:
            float32, shape (1 + len(texts), examples).

        """
        vectors = self._embed(texts) if texts else []
        rows = [self._comparer.compare(vector).all(EXAMPLES) for vector in vectors]
        return np.stack([look.cosines.all(EXAMPLES), *rows])

    def _look(self, text: str, vector: Vectors, nameless: Vectors) -> Look:
        cosines = self._comparer.compare(vector)
        similarity, sentence, nearest = (
            self._owned[name].best(cosines.all(name)) for name in (PASSAGES, SENTENCES, QUESTIONS)
        )
        several = self._owned[QUESTIONS].mean_of_best(cosines.all(QUESTIONS), SEVERAL)
        question = (nearest + several) / 2
        # A passage for which no question was written must not lose by that.
        question = np.where(question > -1, question, np.maximum(similarity, sentence))
        lexical = self._lexical.scores(text)
        relevance = (
            self._weights.passage * similarity
            + self._weights.sentence * sentence
            + self._weights.lexical * lexical / max(float(lexical.max(initial=0)), 1e-9)
            + self._weights.question * question
        )
        masked = cosines if nameless is vector else self._comparer.compare(nameless)
        return Look(text, vector, nameless, similarity, sentence, relevance, cosines, masked)

    def _embed(self, texts: Sequence[str]) -> list[Vectors]:
        """Embed texts; one that is longer than the model can read, as the mean of its windows."""
        limit = self._embedder.max_tokens

        def fits(part: str) -> bool:
            # Plain letters make at most a token each, and a few special ones stand around them.
            short = part.isascii() and len(part) + SPECIAL_TOKENS <= limit
            return short or self._embedder.count_tokens(part) <= limit

        parts = [windows(text, fits=fits) for text in texts]
        rows = self._embedder.embed_queries([part for each in parts for part in each])
        vectors: list[Vectors] = []
        start = 0
        for each in parts:
            own = rows[start : start + len(each)]
            start += len(each)
            mean = own[0] if len(own) == 1 else own.mean(axis=0)
            vectors.append(np.asarray(mean / np.linalg.norm(mean), dtype=np.float32))
        return vectors

    def _marks(self, cosines: Cosines) -> dict[int, Span]:
        """Return, for passages with a near authored question, the words that it is bound to."""
        owners = self._index.sets[QUESTIONS].owners
        marks: dict[int, Span] = {}
        for row in cosines.at_least(QUESTIONS, MARKING_COSINE)[0]:
            at = owners[row]
            passage, span = self._index.passages[at], self._questions[row].span
            inside = passage.span.start <= span.start and span.end <= passage.span.end
            if inside and span != passage.span:
                marks.setdefault(at, span)
        return marks

    def _sentence(self, at: int, cosines: Cosines) -> Span:
        """Return the sentence of a passage that is nearest to a text."""
        passage = self._index.passages[at]
        row = self._owned[SENTENCES].best_row(cosines.all(SENTENCES), at)
        if row is None:
            return passage.span
        return passage.sentences[row - self._owned[SENTENCES].first_row(at)]

    def _gap_topic(self, *looks: Look) -> str | None:
        """Return the topic that enough of the gaps nearest in what they ask have, if they are near."""
        votes: Counter[str] = Counter()
        best = -1.0
        for look in looks:
            rows, cosines = look.nameless_cosines.nearest(NAMELESS_GAPS, NEAREST)
            votes.update(self._gaps[int(row)].topic for row in rows)
            best = max(best, float(cosines.max(initial=-1.0)))
        if best < TOPIC_COSINE:
            return None
        topic, count = votes.most_common(1)[0]
        return topic if count >= AGREEING * votes.total() else None

    def _names_unknown_medicine(self, text: str) -> bool:
        if len(text.split()) > SHORT_WORDS:
            return False
        named = stemmed_names(text)
        return bool(named - self._medicines) and without_names(text, self._medicines) == text

    def _searched_texts(self, documents: Mapping[str, Document], *, expanded: bool) -> list[str]:
        """Return what BM25 reads of each passage."""
        texts = [embedded_text(documents[p.document_id], p) for p in self._index.passages]
        if expanded:
            for question, owner in zip(self._questions, self._index.sets[QUESTIONS].owners, strict=True):
                texts[owner] += f"\n{question.text}"
        return texts


def _neighbours(name: str, cosines: Cosines) -> Neighbours | None:
    _, nearest = cosines.nearest(name, NEAREST)
    return Neighbours(float(nearest[0]), float(nearest.mean())) if len(nearest) else None


def _order(relevance: NDArray[np.float64], k: int) -> list[int]:
    """Return the numbers of the `k` best passages, best first."""
    # Rounded, so that the last bits of a sum never decide between equals.
    return [int(at) for at in highest(np.round(relevance, 6), max(k, 0))[0]]
