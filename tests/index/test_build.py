"""Building an index: which vectors there are, in which order, and to which passages they belong."""

import copy
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
from corpus.medicines.stems import medicine_names, without_names
from index import Progress, SearchIndex, SearchIndexError, build_index
from index.build import recipe_of
from index.embedding import Embedder, Vectors
from index.storage import (
    EXAMPLES,
    GAPS,
    NAMELESS_GAPS,
    NAMELESS_QUESTIONS,
    PASSAGES,
    QUESTIONS,
    SENTENCES,
    SETS,
)

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

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the first axis, whatever the texts."""
        return np.eye(self.dimension, dtype=np.float32)[[0] * len(texts)]

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
    """Passages, sentences, questions and gaps are embedded in this order, each different text once."""
    embedder = NotingEmbedder()
    build_index([page], embedder)
    assert embedder.calls == [
        [
            "Hair\nHair falls out. It grows back.",
            "Nausea\nMedicine helps against nausea.",
            "Hair\nHair falls out.",
            "Hair\nIt grows back.",
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
        NAMELESS_QUESTIONS: (1, 0),
        NAMELESS_GAPS: (),
        EXAMPLES: (),
    }
    axes = np.eye(64, dtype=np.float32)
    texts = {
        PASSAGES: [0, 1],
        # The last sentence is all of its passage.
        SENTENCES: [2, 3, 1],
        QUESTIONS: [4, 5],
        GAPS: [6],
        # There is no name in them.
        NAMELESS_QUESTIONS: [4, 5],
        NAMELESS_GAPS: [6],
        # None were given.
        EXAMPLES: [],
    }
    assert texts.keys() == index.sets.keys() == set(SETS)
    for name, numbers in texts.items():
        vectors = index.sets[name].vectors
        assert len(vectors) == len(numbers)
        for row, number in enumerate(numbers):
            rows, cosines = vectors.search(axes[number], 1)
            assert (rows.tolist(), cosines.tolist()) == ([row], [1.0])


def test_names_of_medicines_are_left_out_of_the_nameless_sets(small_document: Make) -> None:
    """Questions and gaps are embedded as they are and with a stand-in, each different text once."""
    source = "A page\n\nPills\n\nTamoxifen helps. Trastuzumab (Herceptin) helps too.\n"
    document = replace(
        small_document(source),
        questions=(
            ask("does TAMOXIFEN help", 15, 31),
            ask("does it help", 15, 31),
            ask("does Herceptin help", 32, 66),
            ask("does Aspirin help", 32, 66),
        ),
        gaps=(Gap("prices", "what does tamoxifen cost"), Gap("prices", "what does it cost")),
    )
    embedder = NotingEmbedder()
    sets = build_index([document], embedder).sets
    (texts,) = embedder.calls
    assert len(texts) == len(set(texts))
    expected = {
        QUESTIONS: ["does TAMOXIFEN help", "does it help", "does Herceptin help", "does Aspirin help"],
        NAMELESS_QUESTIONS: [
            "does this medicine help",
            "does it help",
            "does this medicine help",
            "does Aspirin help",
        ],
        GAPS: ["what does tamoxifen cost", "what does it cost"],
        NAMELESS_GAPS: ["what does this medicine cost", "what does it cost"],
    }
    assert set(texts[-8:]) == {text for part in expected.values() for text in part}
    axes = np.eye(64, dtype=np.float32)
    for name, part in expected.items():
        assert len(sets[name].vectors) == len(part)
        for text in part:
            rows, cosines = sets[name].vectors.search(axes[texts.index(text)], len(part))
            found = {int(row) for row, cosine in zip(rows, cosines, strict=True) if cosine == 1}
            assert found == {row for row, other in enumerate(part) if other == text}
    assert sets[NAMELESS_QUESTIONS].owners == sets[QUESTIONS].owners
    assert sets[NAMELESS_GAPS].owners == ()


def test_a_name_in_one_document_is_left_out_of_anothers_questions(
    page: Document, small_document: Make
) -> None:
    """Names are those of all documents together."""
    naming = replace(small_document("A page\n\nPills\n\nTrastuzumab (Herceptin) helps.\n"), id="b-page")
    asking = replace(page, questions=(ask("will Herceptin make me bald", 14, 29),))
    embedder = NotingEmbedder()
    build_index([asking, naming], embedder)
    assert "will this medicine make me bald" in embedder.calls[0]


@pytest.mark.parametrize("source", ["A page\n", "A page\n\n\n"])
def test_documents_without_a_passage_are_refused(small_document: Make, source: str) -> None:
    """Where there is no text to search nothing is embedded, whatever is written beside it."""
    empty = replace(small_document(source), gaps=(Gap("prices", "what does it cost"),))
    embedder = NotingEmbedder()
    for documents in ([empty], [empty, replace(empty, id="b-page")], []):
        with pytest.raises(SearchIndexError, match="the documents hold no text to search"):
            build_index(documents, embedder)
    assert embedder.calls == []


def test_questions_without_a_text_are_refused(page: Document, small_document: Make) -> None:
    """Nothing could answer them: the document is named, also where another one has a text."""
    asked = (AuthoredQuestion("what is it", Span(0, 6), "patient"),)
    empty = replace(small_document("A page\n"), id="0-page", questions=asked)
    embedder = NotingEmbedder()
    for documents in ([empty], [page, empty]):
        with pytest.raises(
            SearchIndexError, match="document 0-page has authored questions, and no text"
        ):
            build_index(documents, embedder)
    assert embedder.calls == []


def test_one_document_with_a_passage_is_enough(page: Document, small_document: Make) -> None:
    """A document of a title alone is indexed beside another, and has no passages."""
    empty = replace(small_document("A page\n"), id="0-page")
    index = build_index([empty, page], NotingEmbedder())
    assert [passage.document_id for passage in index.passages] == ["a-page"] * 2
    assert index.sets[QUESTIONS].owners == (1, 0)


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
        NAMELESS_QUESTIONS: (1, 0, 3, 2),
        NAMELESS_GAPS: (),
        EXAMPLES: (),
    }
    assert [len(index.sets[name].vectors) for name in (GAPS, NAMELESS_GAPS)] == [2, 2]


def test_a_document_without_questions_and_gaps_has_empty_sets(small_document: Make) -> None:
    """Sets without texts have no rows and keep the dimension."""
    sets = build_index([small_document(SOURCE)], NotingEmbedder()).sets
    empty = (QUESTIONS, GAPS, NAMELESS_QUESTIONS, NAMELESS_GAPS, EXAMPLES)
    assert [len(sets[name].vectors) for name in empty] == [0] * 5
    assert [sets[name].vectors.dimension for name in empty] == [64] * 5


def test_examples_have_a_set_of_their_own(page: Document) -> None:
    """Messages are embedded as they are, behind the document's texts, and belong to no passage."""
    embedder = NotingEmbedder()
    sets = build_index([page], embedder, examples=["hello", "I feel sick", "thanks"]).sets
    (texts,) = embedder.calls
    # The second is an authored question as well, and is embedded once.
    assert texts[4:] == ["I feel sick", "am I going bald", "what does it cost", "hello", "thanks"]
    assert (len(sets[EXAMPLES].vectors), sets[EXAMPLES].owners) == (3, ())
    axes = np.eye(64, dtype=np.float32)
    for row, number in enumerate((7, 4, 8)):
        rows, cosines = sets[EXAMPLES].vectors.search(axes[number], 1)
        assert (rows.tolist(), cosines.tolist()) == ([row], [1.0])


@pytest.mark.parametrize(
    "examples",
    [(), ("hello",), ("thanks", "hello"), ("hello", "thank you"), ("hello", "thanks", "thanks")],
    ids=str,
)
def test_the_examples_are_in_the_recipe(page: Document, examples: tuple[str, ...]) -> None:
    """Other examples, or the same in another order, make another recipe."""
    old, new, built = (
        recipe_of(
            [page], examples=each, model="noting", model_sha256="a" * 64, settings=PassageSettings()
        )
        for each in (("hello", "thanks"), examples, list(examples))
    )
    assert old.fingerprint != new.fingerprint
    assert new == built == build_index([page], NotingEmbedder(), examples=examples).recipe


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
    """Progress is told of all different texts together, to the last."""
    told: list[tuple[str, int, int]] = []
    build_index([page], NotingEmbedder(), progress=lambda *step: told.append(step))
    assert told == [("noting", done, 7) for done in range(1, 8)]


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
    before = copy.deepcopy(page)
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
    _, cosines = sets[SENTENCES].vectors.search(bag_of_words.embed_queries([text])[0], 1)
    assert cosines[0] == pytest.approx(1)
    assert sets[SENTENCES].owners[row - 1] == 6


def test_the_nameless_sets_of_the_shipped_document_fit(
    document: Document, fake_index: SearchIndex, bag_of_words: Embedder
) -> None:
    """They have a row for each question and gap, which is that of its text without names."""
    sets, names = fake_index.sets, medicine_names([document])
    assert sets[NAMELESS_QUESTIONS].owners == sets[QUESTIONS].owners
    assert sets[NAMELESS_GAPS].owners == ()
    for name, authored in ((NAMELESS_QUESTIONS, document.questions), (NAMELESS_GAPS, document.gaps)):
        texts = [without_names(each.text, names) for each in authored]
        assert len(sets[name].vectors) == len(texts)
        assert any("this medicine" in text for text in texts)
        for row in range(0, len(texts), 97):
            (vector,) = bag_of_words.embed_queries([texts[row]])
            rows, cosines = sets[name].vectors.search(vector, len(texts))
            assert cosines[rows.tolist().index(row)] == pytest.approx(1, abs=1e-5)


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
