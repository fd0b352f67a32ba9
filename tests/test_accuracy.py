"""
Retrieval accuracy on the gold questions, with the real model at the shipped defaults.

Each test states one promise: a figure, what it means to a reader, and the least that is accepted.
The gold questions were written by reading the page; none of them is in the index, and no threshold
was fitted on them, though two choices were made with their figures in sight (tests/gold/README.md).
To judge your own questions: `signpost evaluate MINE.jsonl`.
"""

from pathlib import Path

import orjson
import pytest

from assistant import Setup, open_assistant
from assistant.evaluation.evaluation import Evaluation, run_evaluation
from assistant.evaluation.gold import read_gold
from corpus import read_corpus, shipped_corpus

pytestmark = pytest.mark.model

GOLD = Path(__file__).parent / "gold" / "questions.jsonl"

GATE = orjson.loads((GOLD.parent / "gate.json").read_bytes())
"""The least and the most that is accepted of a figure, just short of what is reached."""

PROMISES = {
    "hit@1": "the first passage that a reader sees answers her question",
    "hit@3": "one of the three passages that she is shown answers it",
    "S@120w": "she reaches the answer within the first 120 words",
    "abstain AUROC": "confidence is higher for questions that the page answers",
    "answered | answerable": "a question that the page answers is answered",
    "declined | unanswerable": "a question that it leaves open is declined",
}
"""Figure by name: what it means to a reader."""

LIBRARIES = {"hit@1": 0.571, "hit@3": 0.774, "S@120w": 0.768}
"""The best of six common libraries on questions of the same make (see tests/gold/README.md)."""


def evaluated(retriever: str, folder: Path) -> Evaluation:
    """Ask all gold questions of one retriever."""
    setup = Setup(index_dir=folder, retriever=retriever)
    gold = read_gold([GOLD], read_corpus(shipped_corpus()))
    return run_evaluation(gold, open_assistant(setup), retriever)


def figure(evaluation: Evaluation, name: str) -> float:
    """Return a figure of all questions."""
    return evaluation.summary.overall.figures[name].value


@pytest.fixture(scope="module")
def shipped(model_index_dir: Path) -> Evaluation:
    """The shipped assistant, judged."""
    return evaluated("full", model_index_dir)


@pytest.mark.parametrize("name", PROMISES)
def test_promise(name: str, shipped: Evaluation) -> None:
    """Each figure is at least what is promised."""
    least = GATE["min"][name]
    assert figure(shipped, name) >= least, f"no longer true often enough: {PROMISES[name]}"


def test_confidence_means_what_it_says(shipped: Evaluation) -> None:
    """Among answers given with confidence p, about p are right: the mean gap is small."""
    assert figure(shipped, "ECE") <= GATE["max"]["ECE"]


def test_no_passage_is_long(shipped: Evaluation) -> None:
    """None is more than a screen of a phone or two."""
    assert figure(shipped, "longest passage (words)") <= GATE["max"]["longest passage (words)"]


@pytest.mark.parametrize("name", LIBRARIES)
def test_a_document_without_authored_questions_works_well(name: str, model_index_dir: Path) -> None:
    """Without the questions written beside the page, ranking is still at least a library's best."""
    assert figure(evaluated("hybrid", model_index_dir), name) >= LIBRARIES[name]


def test_each_part_earns_its_place(shipped: Evaluation, model_index_dir: Path) -> None:
    """Passage alone, then with sentences and words, then with authored questions: each finds more."""
    dense = figure(evaluated("dense", model_index_dir), "hit@3")
    hybrid = figure(evaluated("hybrid", model_index_dir), "hit@3")
    assert dense < hybrid < figure(shipped, "hit@3")


def test_every_starter_question_is_answered(model_index_dir: Path) -> None:
    """Each question that the first screen offers gets an answer, from the part that it is about."""
    assistant = open_assistant(Setup(index_dir=model_index_dir))
    (document,) = assistant.documents
    answers = {text: assistant.answer(text) for text in document.metadata.starters}
    assert {text: answer.quotes[0].section_path[-1] for text, answer in answers.items()} == {
        "Will I lose my hair?": "Chemotherapy",
        "What do hormone pills do to my body?": "Hormonal therapy",
        "Who will be looking after me?": "Your treatment team",
        "Do I need an operation?": "Surgery",
        "Can I take a break from treatment?": "Treatment breaks",
        "Is yoga safe for me?": "Yoga",
    }
    assert all(answer.answered for answer in answers.values())
