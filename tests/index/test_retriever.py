"""Retriever: relevance worked out by hand, the marked words, the evidence, and odd questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus import AuthoredQuestion, Document, Gap, Span, embedded_text
from index import (
    RETRIEVERS,
    Neighbours,
    Query,
    Ranking,
    Retriever,
    SearchIndex,
    Weights,
    build_index,
)
from index.embedding import Embedder, Vectors
from index.retriever import MARKING_COSINE
from index.storage import GAPS, PASSAGES, QUESTIONS, SENTENCES, Recipe, VectorSet
from index.vectors import VectorIndex

SOURCE = (
    "A page\n\nHair\n\nHair falls out. It grows back.\n\n"
    "Nausea\n\nMedicine helps against vomiting.\n\nMoney\n\nA social worker helps.\n"
)
X, Y, Z = np.eye(3, dtype=np.float32)
Row = Sequence[float]
Make = Callable[..., Document]


class TableEmbedder:
    """Looks each text up in a table; a text that is not there lies on the first axis."""

    name = "table"
    digest = "b" * 64
    dimension = 3

    def __init__(self, table: Mapping[str, Row] | None = None, max_tokens: int = 256) -> None:
        self.max_tokens = max_tokens
        self._table = table or {}

    def embed_documents(self, texts: Sequence[str], *, progress: object = None) -> Vectors:
        """Look texts up."""
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """Look one text up."""
        return np.asarray(self._table.get(text, X), np.float32)

    def count_tokens(self, text: str) -> int:
        """Count words."""
        return len(text.split())


def vector_set(rows: Sequence[Row], owners: Sequence[int] = ()) -> VectorSet:
    """Return a set of the vectors given."""
    vectors = np.asarray(rows, np.float32).reshape(-1, 3)
    return VectorSet(VectorIndex.from_vectors(vectors), tuple(owners))


PASSAGE_ROWS = [(0.6, 0.8, 0), (0.8, 0.6, 0), (0, 0, 1)]
SENTENCE_ROWS = [(1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 0, 1)]
QUESTION = AuthoredQuestion("sick of pills", Span(54, 86), "patient")


@pytest.fixture
def page(small_document: Make) -> Document:
    """A page of three passages: hair, nausea and money."""
    return replace(small_document(SOURCE), questions=(QUESTION,))


@pytest.fixture
def make(page: Document) -> Callable[..., Retriever]:
    """Make a retriever over vectors given by hand: `make(weights, questions=[(row, owner, span)])`."""

    def make_retriever(
        weights: Weights | None = None,
        *,
        passages: Sequence[Row] = PASSAGE_ROWS,
        questions: Sequence[tuple[Row, int, Span]] = (((0.6, 0.8, 0), 1, Span(54, 86)),),
        gaps: Sequence[Row] = (),
        embedder: TableEmbedder | None = None,
    ) -> Retriever:
        authored = tuple(replace(QUESTION, span=span) for _, _, span in questions)
        open_ones = tuple(Gap(f"topic {number}", f"gap {number}") for number in range(len(gaps)))
        document = replace(page, questions=authored, gaps=open_ones)
        sets = {
            PASSAGES: vector_set(passages, [0, 1, 2]),
            SENTENCES: vector_set(SENTENCE_ROWS, [0, 0, 1, 2]),
            QUESTIONS: vector_set(
                [row for row, _, _ in questions], [owner for _, owner, _ in questions]
            ),
            GAPS: vector_set(gaps),
        }
        cut = build_index([document], TableEmbedder()).passages
        index = SearchIndex(Recipe({}, "table", "b" * 64, {}), cut, sets)
        return Retriever(index, embedder or TableEmbedder(), {document.id: document}, weights=weights)

    return make_retriever


def figures(ranking: Ranking) -> dict[str, float]:
    """Return the relevance of each passage, best first, rounded from float32."""
    return {found.passage.section_id: round(found.relevance, 6) for found in ranking.passages}


def test_relevance_is_the_weighted_sum(make: Callable[..., Retriever]) -> None:
    """All four ways count as documented; where no question was written, the better cosine stands in."""
    ranking = make().retrieve(Query("vomiting?"))
    # hair: 0.6 + 1 + 0 + 3 x max(0.6, 1); nausea: 0.8 + 0 + 1 + 3 x 0.6; money is at right angles.
    assert figures(ranking) == {"hair": 4.6, "nausea": 3.6, "money": 0.0}
    assert list(figures(ranking)) == ["hair", "nausea", "money"]
    best = ranking.passages[0]
    assert best.similarity == pytest.approx(0.6)
    assert best.sentence_similarity == 1.0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dense", [("nausea", 0.8), ("hair", 0.6), ("money", 0.0)]),
        ("lexical", [("nausea", 1.0), ("hair", 0.0), ("money", 0.0)]),
        ("hybrid", [("hair", 1.6), ("nausea", 1.1), ("money", 0.0)]),
        ("full", [("hair", 4.6), ("nausea", 3.6), ("money", 0.0)]),
    ],
)
def test_each_mixture_counts_what_it_names(
    make: Callable[..., Retriever], name: str, expected: list[tuple[str, float]]
) -> None:
    """A way with weight 0 is left out; equal passages stay in the order of the text."""
    ranking = make(RETRIEVERS[name]).retrieve(Query("vomiting?"))
    assert list(figures(ranking).items()) == expected


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (Weights(1, 0, 0, 0), {"nausea": 0.8, "hair": 0.6, "money": 0.0}),
        (Weights(0, 1, 0, 0), {"hair": 1.0, "nausea": 0.0, "money": 0.0}),
        (Weights(0, 0, 2, 0), {"nausea": 2.0, "hair": 0.0, "money": 0.0}),
        (Weights(0, 0, 0, 1), {"hair": 1.0, "nausea": 0.6, "money": 0.0}),
        (Weights(0, 0, 0, 0), {"hair": 0.0, "nausea": 0.0, "money": 0.0}),
    ],
    ids=["passage", "sentence", "lexical", "question", "nothing"],
)
def test_each_way_counts_alone(
    make: Callable[..., Retriever], weights: Weights, expected: dict[str, float]
) -> None:
    """One way at a time gives its own figures and nothing else."""
    assert figures(make(weights).retrieve(Query("vomiting?"))) == expected


def test_the_shipped_mixtures_are_these() -> None:
    """The named mixtures hold the weights that the evaluation was run with."""
    agreed = {
        "dense": Weights(1.0, 0.0, 0.0, 0.0),
        "lexical": Weights(0.0, 0.0, 1.0, 0.0),
        "hybrid": Weights(1.0, 1.0, 0.3, 0.0),
        "full": Weights(1.0, 1.0, 1.0, 3.0),
    }
    assert agreed == RETRIEVERS


def test_authored_questions_are_words_of_their_passage(make: Callable[..., Retriever]) -> None:
    """A word that only an authored question has is found where questions count, and only there."""
    only_words = Weights(passage=0, sentence=0, lexical=1, question=1e-9)
    assert figures(make(only_words).retrieve(Query("pills"))) == {"nausea": 1.0, "hair": 0, "money": 0}
    assert set(figures(make(RETRIEVERS["lexical"]).retrieve(Query("pills"))).values()) == {0.0}


def test_the_better_of_two_authored_questions_counts(make: Callable[..., Retriever]) -> None:
    """Of several questions written for a passage the nearest gives the cosine."""
    span = Span(54, 86)
    retriever = make(Weights(0, 0, 0, 1), questions=[((0, 1, 0), 1, span), ((0.8, 0.6, 0), 1, span)])
    assert figures(retriever.retrieve(Query("?"))) == {"hair": 1.0, "nausea": 0.8, "money": 0.0}


def test_a_passage_without_questions_is_not_punished(make: Callable[..., Retriever]) -> None:
    """A passage without questions gets the better of its own two cosines in their place."""
    rows = [(1, 0, 0), (0.8, 0.6, 0), (0.6, 0, 0.8)]
    retriever = make(Weights(0, 0, 0, 1), passages=rows)
    # hair: max(1, 1); nausea: its question; money: max(0.6, 0).
    assert figures(retriever.retrieve(Query("?"))) == {"hair": 1.0, "nausea": 0.6, "money": 0.6}


def test_without_authored_questions_full_is_hybrid(make: Callable[..., Retriever]) -> None:
    """A document beside which no question was written is searched with the hybrid mixture."""
    full, hybrid = (make(RETRIEVERS[name], questions=()) for name in ("full", "hybrid"))
    query = Query("vomiting?")
    assert figures(full.retrieve(query)) == {"hair": 1.6, "nausea": 1.1, "money": 0.0}
    assert full.retrieve(query) == hybrid.retrieve(query)
    assert figures(make(RETRIEVERS["dense"], questions=()).retrieve(query)) == {
        "nausea": 0.8,
        "hair": 0.6,
        "money": 0.0,
    }


def test_the_core_question_has_a_share(make: Callable[..., Retriever]) -> None:
    """The whole text counts for four fifths and the sentences that ask for one fifth."""
    retriever = make(RETRIEVERS["dense"], embedder=TableEmbedder({"Why?": Y}))
    ranking = retriever.retrieve(Query("A story. Why?", core="Why?"))
    # hair: 0.8 x 0.6 + 0.2 x 0.8; nausea: 0.8 x 0.8 + 0.2 x 0.6.
    assert figures(ranking) == {"nausea": 0.76, "hair": 0.64, "money": 0.0}
    # What is said of the best passage is said of the whole text.
    assert ranking.passages[0].similarity == pytest.approx(0.8)


@pytest.mark.parametrize("core", ["", "A story. Why?"])
def test_without_a_core_the_whole_is_its_own(make: Callable[..., Retriever], core: str) -> None:
    """No core, or one that is the whole text, changes nothing."""
    retriever = make(RETRIEVERS["dense"])
    ranking = retriever.retrieve(Query("A story. Why?", core=core))
    assert figures(ranking) == {"nausea": 0.8, "hair": 0.6, "money": 0.0}
    assert ranking.evidence.core_questions == ranking.evidence.questions


def test_a_long_text_is_the_mean_of_its_windows(make: Callable[..., Retriever]) -> None:
    """A text of two windows, one on each axis, lies between them."""
    embedder = TableEmbedder({"First part here.": X, "Second part here.": Y}, max_tokens=3)
    ranking = make(RETRIEVERS["dense"], embedder=embedder).retrieve(
        Query("First part here. Second part here.")
    )
    between = 1.4 / 2**0.5
    found = {one.passage.section_id: one.similarity for one in ranking.passages}
    assert found == pytest.approx({"hair": between, "nausea": between, "money": 0})
    assert list(found) == ["hair", "nausea", "money"]


def test_equal_passages_come_in_the_order_of_the_text(make: Callable[..., Retriever]) -> None:
    """A difference in the last bits never puts a later passage before an equal one."""
    nearly = float(np.nextafter(np.float32(0.6), np.float32(1)))
    rows = [(0.6, 0.8, 0), (nearly, 0.8, 0), (0.6, 0, 0.8)]
    ranking = make(RETRIEVERS["dense"], passages=rows).retrieve(Query("?"))
    assert list(figures(ranking)) == ["hair", "nausea", "money"]
    assert ranking.passages[1].relevance > ranking.passages[0].relevance


@pytest.mark.parametrize(("k", "found"), [(-1, 0), (0, 0), (1, 1), (2, 2), (3, 3), (99, 3)])
def test_k_is_an_upper_bound(make: Callable[..., Retriever], k: int, found: int) -> None:
    """At most k passages come back, the best ones, and the evidence is the same for every k."""
    retriever = make()
    ranking, every = retriever.retrieve(Query("vomiting"), k=k), retriever.retrieve(Query("vomiting"))
    assert ranking.passages == every.passages[:found]
    assert len(ranking.passages) == found
    assert ranking.evidence == every.evidence


def test_a_model_of_another_dimension_is_refused(make: Callable[..., Retriever]) -> None:
    """A model whose vectors do not fit the index is the caller's mistake, told at once."""
    embedder = TableEmbedder()
    embedder.dimension = 2
    with pytest.raises(ValueError, match="the model makes vectors of 2, the index holds 3"):
        make(embedder=embedder)


def test_passages_are_those_of_the_index(make: Callable[..., Retriever]) -> None:
    """What can be found is listed in the order of the text."""
    assert [passage.id for passage in make().passages] == ["hair/1", "nausea/1", "money/1"]


NEAR = (MARKING_COSINE, (1 - MARKING_COSINE**2) ** 0.5, 0)
FAR = (0.59, (1 - 0.59**2) ** 0.5, 0)
HAIR = Span(14, 44)
FIRST, SECOND = Span(14, 29), Span(30, 44)


@pytest.mark.parametrize(
    ("questions", "marked"),
    [
        ([(X, 0, SECOND)], SECOND),
        ([(NEAR, 0, SECOND)], SECOND),
        ([(FAR, 0, SECOND)], FIRST),
        ([(X, 0, Span(30, 34))], Span(30, 34)),
        ([(X, 0, HAIR)], FIRST),
        ([(X, 0, Span(30, 52))], FIRST),
        ([(X, 0, Span(8, 29))], FIRST),
        ([(NEAR, 0, SECOND), (X, 0, Span(14, 18))], Span(14, 18)),
        ([(X, 0, HAIR), (NEAR, 0, SECOND)], SECOND),
        ([(X, 1, Span(54, 62))], FIRST),
        ([], FIRST),
    ],
    ids=[
        "a sentence",
        "just near enough",
        "not near enough",
        "words",
        "all of the passage",
        "beyond its end",
        "before its beginning",
        "the nearest of two",
        "the nearest that says something",
        "another passage's",
        "none",
    ],
)
def test_the_answering_words_are_marked(
    make: Callable[..., Retriever], questions: list[tuple[Row, int, Span]], marked: Span
) -> None:
    """A near authored question marks its range within the passage; else the nearest sentence is it."""
    found = make(questions=questions).retrieve(Query("?")).passages
    (hair,) = (one for one in found if one.passage.section_id == "hair")
    assert hair.answering == marked


def test_the_nearest_sentence_answers(make: Callable[..., Retriever]) -> None:
    """Without a near question, each passage's own nearest sentence answers."""
    retriever = make(questions=(), embedder=TableEmbedder({"back?": Y}))
    found = retriever.retrieve(Query("back?")).passages
    assert {one.passage.section_id: one.answering.of(SOURCE) for one in found} == {
        "hair": "It grows back.",
        "nausea": "Medicine helps against vomiting.",
        "money": "A social worker helps.",
    }


def test_the_evidence_is_worked_out_by_hand(make: Callable[..., Retriever]) -> None:
    """Nearest and mean of the five nearest, for questions and gaps, whole and core; and the margin."""
    rows = [(1, 0, 0), (0.8, 0.6, 0), (0.6, 0.8, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0)]
    gaps = [(0.6, 0.8, 0), (0, 1, 0), (0, 0, 1)]
    retriever = make(
        Weights(passage=1, sentence=0, lexical=0, question=1),
        questions=[(row, 1, Span(54, 62)) for row in rows],
        gaps=gaps,
        embedder=TableEmbedder({"Why?": Y}),
    )
    evidence = retriever.retrieve(Query("A story. Why?", core="Why?")).evidence
    assert evidence.passage == pytest.approx(0.8)
    assert evidence.sentence == 0.0
    # nausea: 0.8 x (0.8 + 1) + 0.2 x (0.6 + 1); hair: 0.8 x (0.6 + 1) + 0.2 x (0.8 + 1).
    assert evidence.margin == pytest.approx(1.76 - 1.64)
    assert evidence.questions == Neighbours(1.0, pytest.approx((1 + 0.8 + 0.6) / 5))
    assert evidence.core_questions == Neighbours(1.0, pytest.approx((1 + 0.8 + 0.6) / 5))
    assert evidence.gaps == Neighbours(pytest.approx(0.6), pytest.approx(0.6 / 3))
    assert evidence.core_gaps == Neighbours(1.0, pytest.approx(1.8 / 3))
    # The core's nearest gap is nearer than the whole text's.
    assert evidence.gap == Gap("topic 1", "gap 1")
    assert evidence.gap_similarity == 1.0


def test_the_gap_nearest_to_the_whole_counts_too(make: Callable[..., Retriever]) -> None:
    """Where the whole text is nearer to a gap than its core is, that gap is named."""
    retriever = make(gaps=[(0, 0.6, 0.8), (0.8, 0, 0.6)], embedder=TableEmbedder({"Why?": Y}))
    evidence = retriever.retrieve(Query("A story. Why?", core="Why?")).evidence
    assert evidence.gap == Gap("topic 1", "gap 1")
    assert evidence.gap_similarity == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("weights", "questions"),
    [(None, ()), (RETRIEVERS["hybrid"], [(X, 1, Span(54, 62))])],
    ids=["none written", "left out"],
)
def test_without_authored_questions_there_is_no_such_evidence(
    make: Callable[..., Retriever], weights: Weights | None, questions: list[tuple[Row, int, Span]]
) -> None:
    """Where none were written, or the mixture leaves them out, nothing is said of them or of gaps."""
    evidence = make(weights, questions=questions, gaps=[(1, 0, 0)]).retrieve(Query("?")).evidence
    assert (evidence.questions, evidence.gaps) == (None, None)
    assert (evidence.core_questions, evidence.core_gaps) == (None, None)
    assert (evidence.gap, evidence.gap_similarity) == (None, -1.0)


def test_a_single_passage_has_no_margin(small_document: Make, bag_of_words: Embedder) -> None:
    """The only passage is not above a second one."""
    document = small_document("A page\n\nHair\n\nHair falls out.\n")
    retriever = Retriever(build_index([document], bag_of_words), bag_of_words, {document.id: document})
    ranking = retriever.retrieve(Query("hair"))
    assert [found.passage.text for found in ranking.passages] == ["Hair falls out."]
    assert ranking.evidence.margin == 0.0


@pytest.mark.xfail(strict=True, reason="`_evidence` unpacks the first two of no passages")
def test_a_page_without_passages_finds_nothing(small_document: Make, bag_of_words: Embedder) -> None:
    """A page of a title alone is searched without an error."""
    document = small_document("A page\n")
    retriever = Retriever(build_index([document], bag_of_words), bag_of_words, {document.id: document})
    assert retriever.retrieve(Query("hair")).passages == ()


def test_several_documents_are_searched_together(page: Document, bag_of_words: Embedder) -> None:
    """A question finds the passage of the document that has its words, with that one's question."""
    other = replace(
        page,
        id="b-page",
        questions=(AuthoredQuestion("wigs and scarves", Span(30, 44), "patient"),),
        gaps=(Gap("wig shops", "where is a wig shop"),),
    )
    documents = [page, other]
    retriever = Retriever(
        build_index(documents, bag_of_words), bag_of_words, {each.id: each for each in documents}
    )
    ranking = retriever.retrieve(Query("wigs and scarves"))
    best = ranking.passages[0]
    assert (best.passage.document_id, best.passage.id) == ("b-page", "hair/1")
    assert best.answering.of(SOURCE) == "It grows back."
    assert ranking.evidence.gap == Gap("wig shops", "where is a wig shop")


@pytest.fixture(scope="module")
def shipped(document: Document, fake_index: SearchIndex, bag_of_words: Embedder) -> Retriever:
    """A retriever over the shipped document, without a model."""
    return Retriever(fake_index, bag_of_words, {document.id: document})


def test_each_passage_finds_itself(
    document: Document, fake_index: SearchIndex, bag_of_words: Embedder
) -> None:
    """Asked with a passage's own heading and words, the vectors find just that passage."""
    dense = Retriever(fake_index, bag_of_words, {document.id: document}, weights=RETRIEVERS["dense"])
    for passage in fake_index.passages[::5]:
        (best,) = dense.retrieve(Query(embedded_text(document, passage)), k=1).passages
        assert best.passage.id == passage.id
        assert best.similarity == pytest.approx(1)


def test_the_same_question_gives_the_same_ranking(shipped: Retriever) -> None:
    """Asking again changes no figure."""
    query = Query("My hair came out. Will it grow back?", core="Will it grow back?")
    assert shipped.retrieve(query) == shipped.retrieve(query)


WORDS = ["hair", "Herceptin", "port", "what", "ER-positive", "B\u00a0.", "e.g.", "…", "\n\n", "?"]
STORIES = st.lists(st.sampled_from(WORDS) | st.text(max_size=5), max_size=400).map(" ".join)
ODD_TEXTS = st.text(max_size=80) | STORIES


@settings(derandomize=True, deadline=None, max_examples=60)
@given(text=ODD_TEXTS, core=st.just("") | ODD_TEXTS)
@example(text="", core="")
@example(text="\0", core="?")
@example(text="word " * 2000, core="A\u00a0. " * 300)
@example(text="x" * 20_000, core="")
@example(text="İ\u202e\ufdfa" * 300, core="😀" * 300)
def test_whatever_is_asked_is_ranked(shipped: Retriever, text: str, core: str) -> None:
    """No text raises; every passage comes once, from the most relevant to the least."""
    ranking = shipped.retrieve(Query(text, core), k=10_000)
    assert {found.passage.id for found in ranking.passages} == {p.id for p in shipped.passages}
    assert len(ranking.passages) == len(shipped.passages)
    relevance = [round(found.relevance, 6) for found in ranking.passages]
    assert relevance == sorted(relevance, reverse=True)
    assert all(-1.001 <= found.similarity <= 1.001 for found in ranking.passages)
    for found in ranking.passages:
        span = found.passage.span
        assert span.start <= found.answering.start < found.answering.end <= span.end
