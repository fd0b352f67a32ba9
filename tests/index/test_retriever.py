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
from index.retriever import MARKING_COSINE, SHORT_WORDS, TOPIC_COSINE
from index.storage import (
    EXAMPLES,
    GAPS,
    NAMELESS_GAPS,
    NAMELESS_QUESTIONS,
    PASSAGES,
    QUESTIONS,
    SENTENCES,
    Recipe,
    VectorSet,
)
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
        return np.asarray([self._table.get(text, X) for text in texts], np.float32).reshape(-1, 3)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Look questions up as documents are."""
        return self.embed_documents(texts)

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
        nameless_questions: Sequence[Row] | None = None,
        nameless_gaps: Sequence[Row] | None = None,
        topics: Sequence[str] | None = None,
        examples: Sequence[Row] = (),
        embedder: TableEmbedder | None = None,
    ) -> Retriever:
        authored = tuple(replace(QUESTION, span=span) for _, _, span in questions)
        topics = topics or [f"topic {number}" for number in range(len(gaps))]
        open_ones = tuple(Gap(topic, f"gap {number}") for number, topic in enumerate(topics))
        rows, owners = [row for row, _, _ in questions], [owner for _, owner, _ in questions]
        document = replace(page, questions=authored, gaps=open_ones)
        sets = {
            PASSAGES: vector_set(passages, [0, 1, 2]),
            SENTENCES: vector_set(SENTENCE_ROWS, [0, 0, 1, 2]),
            QUESTIONS: vector_set(rows, owners),
            GAPS: vector_set(gaps),
            NAMELESS_QUESTIONS: vector_set(
                rows if nameless_questions is None else nameless_questions, owners
            ),
            NAMELESS_GAPS: vector_set(gaps if nameless_gaps is None else nameless_gaps),
            EXAMPLES: vector_set(examples),
        }
        cut = build_index([document], TableEmbedder()).passages
        index = SearchIndex(Recipe({}, "table", "b" * 64, {}, ""), cut, sets)
        return Retriever(index, embedder or TableEmbedder(), {document.id: document}, weights=weights)

    return make_retriever


def figures(ranking: Ranking) -> dict[str, float]:
    """Return the relevance of each passage, best first, rounded from float32."""
    return {found.passage.section_id: round(found.relevance, 6) for found in ranking.passages}


def test_relevance_is_the_weighted_sum(make: Callable[..., Retriever]) -> None:
    """All four ways count as documented; where no question was written, the better cosine stands in."""
    ranking = make(Weights(1, 0.5, 1, 3)).retrieve(Query("vomiting?"))
    # hair: 0.6 + 0.5 + 0 + 3 x max(0.6, 1); nausea: 0.8 + 0 + 1 + 3 x 0.6; money is at right angles.
    assert figures(ranking) == {"hair": 4.1, "nausea": 3.6, "money": 0.0}
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
        ("full", [("hair", 3.6), ("nausea", 3.6), ("money", 0.0)]),
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
        "full": Weights(1.0, 0.0, 1.0, 3.0),
    }
    assert agreed == RETRIEVERS


def test_authored_questions_are_words_of_their_passage(make: Callable[..., Retriever]) -> None:
    """A word that only an authored question has is found where questions count, and only there."""
    only_words = Weights(passage=0, sentence=0, lexical=1, question=1e-9)
    assert figures(make(only_words).retrieve(Query("pills"))) == {"nausea": 1.0, "hair": 0, "money": 0}
    assert set(figures(make(RETRIEVERS["lexical"]).retrieve(Query("pills"))).values()) == {0.0}


def test_the_better_of_two_authored_questions_counts_more(make: Callable[..., Retriever]) -> None:
    """Of several questions written for a passage the nearest counts more than the others."""
    span = Span(54, 86)
    retriever = make(Weights(0, 0, 0, 1), questions=[((0, 1, 0), 1, span), ((0.8, 0.6, 0), 1, span)])
    # Half of it is the nearest, half the mean of both: (0.8 + (0 + 0.8) / 2) / 2.
    assert figures(retriever.retrieve(Query("?"))) == {"hair": 1.0, "nausea": 0.6, "money": 0.0}


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


@pytest.mark.parametrize("name", ["dense", "lexical", "hybrid"])
def test_authored_questions_mark_only_where_they_count(
    make: Callable[..., Retriever], name: str
) -> None:
    """A mixture that leaves authored questions out marks the nearest sentence."""
    found = make(RETRIEVERS[name], questions=[(X, 0, SECOND)]).retrieve(Query("?")).passages
    (hair,) = (one for one in found if one.passage.section_id == "hair")
    assert hair.answering == FIRST


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
        nameless_questions=[(0.6, 0, 0.8), (0, 1, 0), (0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 0, 1)],
        nameless_gaps=[(0.28, 0.96, 0), (0, 0.8, 0.6), (0, 0, 1)],
        embedder=TableEmbedder({"Why?": Y}),
    )
    evidence = retriever.retrieve(Query("A story. Why?", core="Why?")).evidence
    assert evidence.passage == pytest.approx(0.8)
    assert evidence.sentence == 0.0
    # The three nearest questions have a mean of 0.8 for the whole and for the core: (1 + 0.8) / 2.
    # nausea: 0.8 x (0.8 + 0.9) + 0.2 x (0.6 + 0.9); hair: 0.8 x (0.6 + 1) + 0.2 x (0.8 + 1).
    assert evidence.margin == pytest.approx(1.66 - 1.64)
    assert evidence.questions == Neighbours(1.0, pytest.approx((1 + 0.8 + 0.6) / 5))
    assert evidence.core_questions == Neighbours(1.0, pytest.approx((1 + 0.8 + 0.6) / 5))
    assert evidence.gaps == Neighbours(pytest.approx(0.6), pytest.approx(0.6 / 3))
    assert evidence.core_gaps == Neighbours(1.0, pytest.approx(1.8 / 3))
    # There is no name in the question, so that only the other side differs.
    assert evidence.nameless_questions == Neighbours(pytest.approx(0.6), pytest.approx(0.6 / 5))
    assert evidence.nameless_core_questions == Neighbours(1.0, pytest.approx(1 / 5))
    assert evidence.nameless_gaps == Neighbours(pytest.approx(0.28), pytest.approx(0.28 / 3))
    assert evidence.nameless_core_gaps == Neighbours(pytest.approx(0.96), pytest.approx(1.76 / 3))
    # The core is near to gaps, but they are of three topics.
    assert evidence.gap_topic is None
    assert evidence.unknown_medicine is False


ON_TOPIC = (TOPIC_COSINE, (1 - TOPIC_COSINE**2) ** 0.5, 0)
OFF_TOPIC = (0.54, (1 - 0.54**2) ** 0.5, 0)
FURTHER = (0.5, 0, 0.75**0.5)


@pytest.mark.parametrize(
    ("gaps", "topics", "topic"),
    [
        ([X], ["prices"], "prices"),
        ([ON_TOPIC], ["prices"], "prices"),
        ([OFF_TOPIC], ["prices"], None),
        ([FURTHER, X], ["prices", "shops"], "shops"),
        ([X, FURTHER, FURTHER], ["prices", "shops", "shops"], "shops"),
        ([X, FURTHER, FURTHER], ["prices", "shops", "travel"], None),
        ([X, X, X, X, X], ["prices", "shops", "travel", "shops", "food"], "shops"),
        ([X, X, X, X, X], ["prices", "shops", "travel", "work", "food"], None),
        ([FURTHER, X, X, X, X, X], ["shops", "shops", "work", "prices", "travel", "food"], None),
        ([Y, Y, Y, Y, Y], ["prices"] * 5, None),
        ([], [], None),
    ],
    ids=[
        "the only one",
        "just near enough",
        "not near enough",
        "the nearer of two",
        "two of three",
        "three topics",
        "two of five",
        "five topics",
        "a second beyond the five",
        "at right angles",
        "none written",
    ],
)
def test_the_topic_is_that_of_the_nearest_gaps(
    make: Callable[..., Retriever], gaps: list[Row], topics: list[str], topic: str | None
) -> None:
    """Two in five of the nearest gaps agree, and the nearest is near; else there is none."""
    evidence = make(gaps=gaps, topics=topics).retrieve(Query("?")).evidence
    assert evidence.gap_topic == topic


def test_the_topic_is_found_without_names(make: Callable[..., Retriever]) -> None:
    """The gaps nearest in what they ask have a say, not those nearest by a medicine's name."""
    topics = ["prices", "shops", "travel"]
    retriever = make(gaps=[X, Y, Y], nameless_gaps=[Y, X, Y], topics=topics)
    assert retriever.retrieve(Query("?")).evidence.gap_topic is None
    topics = ["prices"]
    assert (
        make(gaps=[X], nameless_gaps=[Y], topics=topics).retrieve(Query("?")).evidence.gap_topic is None
    )
    near = make(gaps=[Y], nameless_gaps=[X], topics=topics).retrieve(Query("?")).evidence
    assert near.gap_topic == "prices"


@pytest.mark.parametrize(
    ("whole", "core", "topic"),
    [(X, Z, "prices"), (Z, X, "prices"), (Z, Z, None)],
    ids=["whole", "core", "neither"],
)
def test_whole_and_core_have_a_say_in_the_topic(
    make: Callable[..., Retriever], whole: Row, core: Row, topic: str | None
) -> None:
    """A gap that is near to the whole text, or to its core, is near enough."""
    embedder = TableEmbedder({"A story. Why?": whole, "Why?": core})
    retriever = make(gaps=[X, X, Y], topics=["prices", "prices", "shops"], embedder=embedder)
    evidence = retriever.retrieve(Query("A story. Why?", core="Why?")).evidence
    assert evidence.gap_topic == topic


def test_names_are_left_out_on_both_sides(small_document: Make) -> None:
    """A question on one medicine is as near, without its name, to that on another as can be."""
    document = replace(
        small_document("A page\n\nPills\n\nTamoxifen helps. Trastuzumab (Herceptin) helps too.\n"),
        questions=(AuthoredQuestion("does tamoxifen help", Span(15, 31), "patient"),),
        gaps=(Gap("prices", "what does tamoxifen cost"),),
    )
    embedder = TableEmbedder(
        {
            "does tamoxifen help": Y,
            "what does tamoxifen cost": Y,
            "does this medicine help": (0, 0.6, 0.8),
            "what does this medicine cost": Z,
        }
    )
    retriever = Retriever(build_index([document], embedder), embedder, {document.id: document})
    evidence = retriever.retrieve(
        Query("Hello. does Herceptin help", core="does Herceptin help")
    ).evidence
    assert evidence.questions == evidence.core_questions == Neighbours(0.0, 0.0)
    assert evidence.nameless_questions == Neighbours(0.0, 0.0)
    assert evidence.nameless_core_questions == Neighbours(pytest.approx(1), pytest.approx(1))
    assert evidence.nameless_core_gaps == Neighbours(pytest.approx(0.8), pytest.approx(0.8))
    assert evidence.gap_topic == "prices"
    # Only a document's names are left out.
    other = retriever.retrieve(Query("does denosumab help")).evidence
    assert other.nameless_questions == Neighbours(0.0, 0.0)


PILLS = "A page\n\nPills\n\nTamoxifen helps. Trastuzumab (Herceptin) helps too.\n"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("does denosumab help?", True),
        ("DENOSUMAB", True),
        ("denosumab or goserelin?", True),
        ("does tamoxifen help?", False),
        ("does Herceptin help?", False),
        ("does Tamoxifen help better than denosumab?", False),
        ("denosumab after herceptin", False),
        ("will I lose my hair?", False),
        ("does Xgeva help?", False),
        ("", False),
        ("denosumab" + " word" * (SHORT_WORDS - 1), True),
        ("denosumab" + " word" * SHORT_WORDS, False),
    ],
)
@pytest.mark.parametrize("name", ["hybrid", "full"])
def test_an_unknown_medicine_is_noticed(
    small_document: Make, bag_of_words: Embedder, name: str, text: str, *, unknown: bool
) -> None:
    """A short text that names a medicine, and none of the documents', names an unknown one."""
    page = small_document(PILLS)
    asked = AuthoredQuestion("does tamoxifen help", Span(15, 31), "patient")
    document = replace(page, questions=(asked,))
    index, documents = build_index([document], bag_of_words), {document.id: document}
    retriever = Retriever(index, bag_of_words, documents, weights=RETRIEVERS[name])
    assert retriever.retrieve(Query(text)).evidence.unknown_medicine is unknown


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
    assert (evidence.nameless_questions, evidence.nameless_gaps) == (None, None)
    assert (evidence.nameless_core_questions, evidence.nameless_core_gaps) == (None, None)
    assert evidence.gap_topic is None


def test_without_gaps_nothing_is_said_of_them(make: Callable[..., Retriever]) -> None:
    """Where questions were written but no gaps, only the questions are evidence."""
    evidence = make().retrieve(Query("?")).evidence
    assert (evidence.gaps, evidence.core_gaps) == (None, None)
    assert (evidence.nameless_gaps, evidence.nameless_core_gaps) == (None, None)
    assert evidence.gap_topic is None
    nearest = Neighbours(pytest.approx(0.6), pytest.approx(0.6))
    assert evidence.questions == evidence.core_questions == nearest
    assert evidence.nameless_questions == evidence.nameless_core_questions == nearest


def test_a_ranking_is_that_of_its_comparison(make: Callable[..., Retriever]) -> None:
    """To compare and then to rank is to retrieve; the evidence may be had without the ranking."""
    retriever = make(embedder=TableEmbedder({"Why?": Y}), gaps=[Y])
    query = Query("A story. Why?", core="Why?")
    compared = retriever.compare(query)
    assert (compared.whole.text, compared.core.text) == ("A story. Why?", "Why?")
    mixed = 0.8 * compared.whole.relevance + 0.2 * compared.core.relevance
    assert compared.relevance == pytest.approx(mixed)
    assert retriever.rank(compared) == retriever.retrieve(query)
    assert retriever.evidence(compared) == retriever.retrieve(query).evidence


def test_texts_looked_at_together_are_as_if_alone(make: Callable[..., Retriever]) -> None:
    """Each text gets its own look, in the order given, a long one and one given twice as well."""
    table = {"First part here.": X, "Second part here.": Y, "Why?": Z}
    retriever = make(embedder=TableEmbedder(table, max_tokens=3))
    texts = ["Why?", "First part here. Second part here.", "pills", "Why?"]
    together = retriever.looks(texts)
    assert [look.text for look in together] == texts
    for text, look in zip(texts, together, strict=True):
        (alone,) = retriever.looks([text])
        assert np.array_equal(look.vector, alone.vector)
        assert np.array_equal(look.nameless, alone.nameless)
        assert np.array_equal(look.relevance, alone.relevance)
    assert np.allclose(together[1].vector, (0.5**0.5, 0.5**0.5, 0))
    assert retriever.looks([]) == ()


def test_the_nearest_examples_come_with_their_cosines(make: Callable[..., Retriever]) -> None:
    """At most ten, nearest first, by their numbers; and none where no examples were given."""
    rows = [(0, 1, 0), (0.6, 0.8, 0), *[(0.8, 0.6, 0)] * 12]
    retriever = make(examples=rows, embedder=TableEmbedder({"bye": (0.6, 0.8, 0)}))
    (hello, bye), (silent,) = retriever.looks(["hello", "bye"]), make().looks(["hello"])
    assert [number for number, _ in retriever.nearest_examples(hello)] == list(range(2, 12))
    assert [cosine for _, cosine in retriever.nearest_examples(hello)] == pytest.approx([0.8] * 10)
    assert [number for number, _ in retriever.nearest_examples(bye)][:2] == [1, 2]
    assert make().nearest_examples(silent) == ()


def test_texts_are_compared_with_every_example(page: Document, bag_of_words: Embedder) -> None:
    """A row for the text that was looked at, one for each further text, in the order of examples."""
    told = ("I feel sick", "hello there", "sick of pills")
    index = build_index([page], bag_of_words, examples=told)
    retriever = Retriever(index, bag_of_words, {page.id: page})
    (look,) = retriever.looks(["I feel sick today"])
    texts = ["hello", "pills"]
    cosines = retriever.example_cosines(look, texts)
    expected = (
        bag_of_words.embed_queries(["I feel sick today", *texts]) @ bag_of_words.embed_documents(told).T
    )
    assert cosines.dtype == np.float32
    assert cosines == pytest.approx(expected, abs=1e-6)
    assert [int(row.argmax()) for row in cosines] == [0, 1, 2]
    assert retriever.example_cosines(look, ()) == pytest.approx(expected[:1], abs=1e-6)


def test_a_single_passage_has_no_margin(small_document: Make, bag_of_words: Embedder) -> None:
    """The only passage is not above a second one."""
    document = small_document("A page\n\nHair\n\nHair falls out.\n")
    retriever = Retriever(build_index([document], bag_of_words), bag_of_words, {document.id: document})
    ranking = retriever.retrieve(Query("hair"))
    assert [found.passage.text for found in ranking.passages] == ["Hair falls out."]
    assert ranking.evidence.margin == 0.0


def test_several_documents_are_searched_together(page: Document, bag_of_words: Embedder) -> None:
    """A question finds the passage of the document that has its words, with that one's question."""
    other = replace(
        page,
        id="b-page",
        questions=(AuthoredQuestion("wigs and scarves", Span(30, 44), "patient"),),
        gaps=(Gap("wig shops", "where is a wig shop"),),
    )
    documents = [replace(page, gaps=(Gap("prices", "what does it cost"),)), other]
    retriever = Retriever(
        build_index(documents, bag_of_words), bag_of_words, {each.id: each for each in documents}
    )
    ranking = retriever.retrieve(Query("wigs and scarves"))
    best = ranking.passages[0]
    assert (best.passage.document_id, best.passage.id) == ("b-page", "hair/1")
    assert best.answering.of(SOURCE) == "It grows back."
    for text, topic in (("where is a wig shop", "wig shops"), ("what does it cost", "prices")):
        assert retriever.retrieve(Query(text)).evidence.gap_topic == topic


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


@settings(max_examples=60)
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
