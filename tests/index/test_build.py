"""Building an index: which vectors there are, in which order, and to which passages they belong."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from corpus import (
    AuthoredQuestion,
    Document,
    Gap,
    PassageSettings,
    Span,
    embedded_sentence,
    embedded_text,
)
from index import Progress, SearchIndex, build_index
from index.build import recipe_of
from index.embedding import Embedder, Vectors
from index.storage import GAPS, PASSAGES, QUESTIONS, SENTENCES

SOURCE = "A page\n\nHair\n\nHair falls out. It grows back.\n\nNausea\n\nMedicine helps against nausea.\n"
Make = Callable[..., Document]


class NotingEmbedder:
    """Makes each text another axis, notes the texts and tells how far it has come."""

    name = "noting"
    digest = "a" * 64
    dimension = 64

    def __init__(self, max_tokens: int = 256) -> None:
        self.max_tokens = max_tokens
        self.calls: list[list[str]] = []

    def embed_documents(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Return rows of the unit matrix."""
        self.calls.append(list(texts))
        for done in range(len(texts)):
            if progress is not None:
                progress("noting", done + 1, len(texts))
        return np.eye(self.dimension, dtype=np.float32)[: len(texts)]

    def embed_query(self, text: str) -> Vectors:
        """Return the first axis, whatever the text."""
        return np.eye(self.dimension, dtype=np.float32)[len(text) * 0]

    def count_tokens(self, text: str) -> int:
        """Count words, and two special tokens."""
        return len(text.split()) + 2


def ask(text: str, start: int, end: int) -> AuthoredQuestion:
    """Return an authored question bound to a range."""
    return AuthoredQuestion(text, Span(start, end), "patient")


@pytest.fixture
def page(small_document: Make) -> Document:
    """A page of two passages with questions on both and one gap."""
    return replace(
        small_document(SOURCE),
        questions=(ask("I feel sick", 54, 84), ask("am I going bald", 14, 29)),
        gaps=(Gap("prices", "what does it cost"),),
    )


def test_texts_are_embedded_in_one_go(page: Document) -> None:
    """Passages, sentences, questions and gaps are embedded in this order, each with its heading."""
    embedder = NotingEmbedder()
    build_index([page], embedder)
    assert embedder.calls == [
        [
            "Hair\nHair falls out. It grows back.",
            "Nausea\nMedicine helps against nausea.",
            "Hair\nHair falls out.",
            "Hair\nIt grows back.",
            "Nausea\nMedicine helps against nausea.",
            "I feel sick",
            "am I going bald",
            "what does it cost",
        ]
    ]


def test_each_set_has_its_own_rows_and_owners(page: Document) -> None:
    """The vectors are parted as the texts were, and gaps belong to no passage."""
    index = build_index([page], NotingEmbedder())
    assert [passage.id for passage in index.passages] == ["hair/1", "nausea/1"]
    assert {name: part.owners for name, part in index.sets.items()} == {
        PASSAGES: (0, 1),
        SENTENCES: (0, 0, 1),
        QUESTIONS: (1, 0),
        GAPS: (),
    }
    axes = np.eye(64, dtype=np.float32)
    firsts = {PASSAGES: 0, SENTENCES: 2, QUESTIONS: 5, GAPS: 7}
    sizes = {PASSAGES: 2, SENTENCES: 3, QUESTIONS: 2, GAPS: 1}
    for name, first in firsts.items():
        vectors = index.sets[name].vectors
        assert len(vectors) == sizes[name]
        for row in range(sizes[name]):
            rows, cosines = vectors.search(axes[first + row], 1)
            assert (rows.tolist(), cosines.tolist()) == ([row], [1.0])


@pytest.mark.parametrize(
    ("start", "end", "owner"),
    [
        (14, 44, 0),
        (30, 44, 0),
        (54, 84, 1),
        (14, 60, 0),
        (40, 84, 1),
        (0, 6, 0),
        (47, 53, 1),
        (14, 15, 0),
    ],
)
def test_a_question_belongs_to_the_passage_that_holds_most_of_its_range(
    page: Document, start: int, end: int, owner: int
) -> None:
    """A range over two passages goes to the one with more of it; one over none, to the nearest."""
    asked = replace(page, questions=(ask("a question", start, end),))
    assert build_index([asked], NotingEmbedder()).sets[QUESTIONS].owners == (owner,)


def test_several_documents_follow_one_another(page: Document) -> None:
    """Passages and owners of a second document are numbered on from the first."""
    second = replace(page, id="b-page")
    index = build_index([page, second], NotingEmbedder())
    assert [passage.document_id for passage in index.passages] == ["a-page"] * 2 + ["b-page"] * 2
    assert {name: part.owners for name, part in index.sets.items()} == {
        PASSAGES: (0, 1, 2, 3),
        SENTENCES: (0, 0, 1, 2, 2, 3),
        QUESTIONS: (1, 0, 3, 2),
        GAPS: (),
    }
    assert len(index.sets[GAPS].vectors) == 2


def test_a_document_without_questions_and_gaps_has_empty_sets(small_document: Make) -> None:
    """Sets without texts have no rows and keep the dimension."""
    sets = build_index([small_document(SOURCE)], NotingEmbedder()).sets
    assert [len(sets[name].vectors) for name in (QUESTIONS, GAPS)] == [0, 0]
    assert [sets[name].vectors.dimension for name in (QUESTIONS, GAPS)] == [64, 64]


def test_the_lower_limit_on_tokens_is_kept(page: Document) -> None:
    """A model that reads little gets short passages, and the recipe keeps the settings asked for."""
    short = NotingEmbedder(max_tokens=7)
    index = build_index([page], short)
    texts = [embedded_text(page, passage) for passage in index.passages]
    assert max(short.count_tokens(text) for text in texts) <= 7
    assert [passage.text for passage in index.passages] == [
        "Hair falls out.",
        "It grows back.",
        "Medicine helps against nausea.",
    ]
    assert index.recipe.settings["max_tokens"] == 256


def test_a_lower_setting_than_the_models_counts(page: Document) -> None:
    """Settings below the model's limit are kept as well, and stand in the recipe."""
    index = build_index([page], NotingEmbedder(), settings=PassageSettings(max_tokens=7))
    assert [passage.id for passage in index.passages] == ["hair/1", "hair/2", "nausea/1"]
    assert index.recipe.settings["max_tokens"] == 7


def test_progress_goes_up_to_the_total(page: Document) -> None:
    """Progress is told of all texts together, to the last."""
    told: list[tuple[str, int, int]] = []
    build_index([page], NotingEmbedder(), progress=lambda *step: told.append(step))
    assert told == [("noting", done, 8) for done in range(1, 9)]


def test_the_recipe_names_documents_model_and_settings(page: Document) -> None:
    """The recipe of a build is that of the same things named beforehand."""
    index = build_index([page], NotingEmbedder())
    expected = recipe_of([page], model="noting", model_sha256="a" * 64, settings=PassageSettings())
    assert index.recipe == expected
    assert index.recipe.documents["a-page"]["source_sha256"] == page.metadata.source_sha256


@pytest.mark.parametrize(
    "change",
    [
        {"questions": ()},
        {"questions": (ask("I feel sick", 54, 84), ask("am I going bald", 14, 30))},
        {"questions": (ask("am I going bald", 14, 29), ask("I feel sick", 54, 84))},
        {"gaps": ()},
        {"gaps": (Gap("costs", "what does it cost"),)},
    ],
    ids=["no questions", "another range", "another order", "no gaps", "another topic"],
)
def test_what_is_written_beside_a_document_is_in_its_recipe(
    page: Document, change: dict[str, tuple[object, ...]]
) -> None:
    """Other questions or gaps make another recipe."""
    old, new = (
        recipe_of([each], model="m", model_sha256="0", settings=PassageSettings())
        for each in (page, replace(page, **change))
    )
    assert old.fingerprint != new.fingerprint


def test_building_changes_no_document(page: Document) -> None:
    """The document handed in is as it was, and building again gives the same index."""
    before = replace(page)
    first, second = (build_index([page], NotingEmbedder()) for _ in range(2))
    assert page == before
    assert (first.recipe, first.passages) == (second.recipe, second.passages)
    for name, part in first.sets.items():
        assert part.vectors.to_bytes() == second.sets[name].vectors.to_bytes()


def test_the_shipped_document_is_indexed_whole(
    document: Document, fake_index: SearchIndex, bag_of_words: Embedder
) -> None:
    """Every passage, sentence, question and gap has its vector, owners ascend, limits are kept."""
    passages, sets = fake_index.passages, fake_index.sets
    assert sets[PASSAGES].owners == tuple(range(len(passages)))
    assert len(sets[SENTENCES].vectors) == sum(len(passage.sentences) for passage in passages)
    assert list(sets[SENTENCES].owners) == sorted(sets[SENTENCES].owners)
    assert len(sets[QUESTIONS].vectors) == len(document.questions) == len(sets[QUESTIONS].owners)
    assert len(sets[GAPS].vectors) == len(document.gaps)
    counts = [bag_of_words.count_tokens(embedded_text(document, passage)) for passage in passages]
    assert max(counts) <= bag_of_words.max_tokens
    row = sets[SENTENCES].owners.index(7)
    text = embedded_sentence(document, passages[7], passages[7].sentences[0])
    _, cosines = sets[SENTENCES].vectors.search(bag_of_words.embed_query(text), 1)
    assert cosines[0] == pytest.approx(1)
    assert sets[SENTENCES].owners[row - 1] == 6


def test_questions_of_the_shipped_document_touch_their_passage(
    document: Document, fake_index: SearchIndex
) -> None:
    """Each authored question belongs to a passage that holds some of its range."""
    owners = fake_index.sets[QUESTIONS].owners
    strays = [
        question.text
        for question, owner in zip(document.questions, owners, strict=True)
        if not question.span.overlaps(fake_index.passages[owner].span)
    ]
    assert strays == []
