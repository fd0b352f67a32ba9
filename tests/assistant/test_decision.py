"""The one place that decides between answering and declining, and the file that it reads."""

import math
from collections.abc import Callable
from dataclasses import fields, replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.decision import MODEL_FILE, DecisionModel, decide, decide_turn, features_of
from corpus import Document
from index import Embedder, Evidence, Neighbours, Query, Retriever, build_index

SORTS = [field.name for field in fields(Evidence) if field.name.endswith(("questions", "gaps"))]
"""What a question is compared with, for and against an answer."""

MIDDLE = Evidence(passage=0.3, sentence=0.3, margin=0.1, **dict.fromkeys(SORTS, Neighbours(0.6, 0.5)))
PLAIN = replace(MIDDLE, **dict.fromkeys(SORTS))

COSINES = st.floats(-1, 1)


@pytest.fixture(scope="module")
def file() -> dict:
    """The file of weights and thresholds."""
    return orjson.loads(MODEL_FILE.read_bytes())


class TestFile:
    def test_it_says_where_it_comes_from(self, file: dict) -> None:
        """Nobody has to guess which questions set the threshold, or which command."""
        source = file["source"]
        assert source["made_by"] == "python -m assistant.evaluation.fit"
        assert source["questions"]
        assert source["answerable"] > 100
        assert source["unanswerable"] > 100

    @pytest.mark.parametrize("name", ["authored", "plain"])
    def test_each_model_has_a_threshold_and_figures(self, file: dict, name: str) -> None:
        """A threshold is a probability, and how good it is stands beside it."""
        model = file["models"][name]
        assert 0 < model["threshold"] < 1
        assert 0.5 < model["cross_validated"]["auroc"] <= 1

    def test_only_the_two_models_are_there(self, file: dict) -> None:
        """A model that nothing reads would only mislead."""
        assert set(file["models"]) == {"authored", "plain"}

    @pytest.mark.parametrize(("name", "evidence"), [("authored", MIDDLE), ("plain", PLAIN)])
    def test_weights_are_of_features_that_there_are(
        self, file: dict, name: str, evidence: Evidence
    ) -> None:
        """Each weight finds its feature."""
        assert set(file["models"][name]["weights"]) <= set(features_of(evidence))


class TestDirections:
    @pytest.mark.parametrize("sort", ["questions", "core_questions"])
    @pytest.mark.parametrize("part", ["best", "mean"])
    def test_a_nearer_question_raises_the_confidence(self, sort: str, part: str) -> None:
        """What is known to be answered speaks for an answer."""
        neighbours = replace(getattr(MIDDLE, sort), **{part: 0.7})
        nearer = replace(MIDDLE, **{sort: neighbours})
        assert decide(nearer).confidence > decide(MIDDLE).confidence

    @pytest.mark.parametrize("sort", ["gaps", "core_gaps"])
    @pytest.mark.parametrize("part", ["best", "mean"])
    def test_a_nearer_gap_lowers_the_confidence(self, sort: str, part: str) -> None:
        """What is known to be left open speaks against one."""
        neighbours = replace(getattr(MIDDLE, sort), **{part: 0.7})
        nearer = replace(MIDDLE, **{sort: neighbours})
        assert decide(nearer).confidence < decide(MIDDLE).confidence

    @pytest.mark.parametrize("name", ["passage", "sentence"])
    def test_a_nearer_passage_raises_the_plain_confidence(self, name: str) -> None:
        """Where there is nothing else, the passage speaks for itself."""
        assert decide(replace(PLAIN, **{name: 0.7})).confidence > decide(PLAIN).confidence

    @given(low=COSINES, high=COSINES)
    def test_confidence_never_turns_back(self, low: float, high: float) -> None:
        """Over the whole range of a cosine, the direction stays the same."""
        low, high = sorted((low, high))
        for sort, sign in (("questions", 1), ("core_questions", 1), ("gaps", -1), ("core_gaps", -1)):
            first, second = (
                decide(replace(MIDDLE, **{sort: Neighbours(value, value)})).confidence
                for value in (low, high)
            )
            assert (second - first) * sign >= 0


class TestDecide:
    def test_far_from_gaps_it_answers_and_near_them_it_declines(self) -> None:
        """The shipped weights decide both ways."""
        near, far = Neighbours(0.9, 0.8), Neighbours(0.2, 0.1)
        for_it = replace(MIDDLE, **{sort: near if "questions" in sort else far for sort in SORTS})
        against = replace(MIDDLE, **{sort: far if "questions" in sort else near for sort in SORTS})
        assert decide(for_it).answered is True
        assert decide(for_it).confidence > 0.99
        assert decide(against).answered is False
        assert decide(against).confidence < 0.01

    @pytest.mark.parametrize("missing", SORTS)
    def test_without_a_sort_the_plain_model_decides(self, file: dict, missing: str) -> None:
        """Where no questions or no gaps were written, only the passage counts."""
        evidence = replace(MIDDLE, **{missing: None})
        plain = file["models"]["plain"]
        assert features_of(evidence) == {"passage": 0.3, "sentence": 0.3}
        odds = plain["intercept"] + 0.3 * (plain["weights"]["passage"] + plain["weights"]["sentence"])
        assert decide(evidence).confidence == pytest.approx(1 / (1 + math.exp(-odds)))

    def test_a_document_without_authored_questions_is_decided_on(
        self, small_document: Callable[..., Document], bag_of_words: Embedder
    ) -> None:
        """From document to decision, no authored file is needed."""
        page = small_document("Yoga\nYoga can help with sleep, and many people like it.\n")
        retriever = Retriever(build_index([page], bag_of_words), bag_of_words, {page.id: page})
        near = retriever.retrieve(Query("yoga can help with sleep")).evidence
        far = retriever.retrieve(Query("quantum chess")).evidence
        assert set(features_of(near)) == {"passage", "sentence"}
        assert decide(near).answered is True
        assert decide(far).answered is False


class TestDecisionModel:
    @pytest.mark.parametrize(("threshold", "answered"), [(0.5, True), (math.nextafter(0.5, 1), False)])
    def test_the_threshold_itself_answers(self, threshold: float, answered: bool) -> None:
        """A confidence that equals the threshold is enough; a bit less is not."""
        decision = DecisionModel({"passage": 1.0}, 0.0, threshold).decide({"passage": 0.0})
        assert decision.confidence == 0.5
        assert decision.answered is answered

    @pytest.mark.parametrize(
        ("value", "confidence"), [(1e308, 1.0), (-1e308, 0.0), (math.inf, 1.0), (-math.inf, 0.0)]
    )
    def test_extreme_values_do_not_overflow(self, value: float, confidence: float) -> None:
        """Confidence stays in [0, 1] however far the odds go."""
        decision = DecisionModel({"passage": 1.0}, 0.0, 0.5).decide({"passage": value})
        assert decision.confidence == pytest.approx(confidence, abs=1e-20)
        assert 0 <= decision.confidence <= 1

    def test_a_feature_without_a_weight_counts_nothing(self) -> None:
        """The model reads only what it has a weight for."""
        model = DecisionModel({"passage": 2.0}, -1.0, 0.5)
        assert model.decide({"passage": 0.5, "other": 99.0}).confidence == 0.5


KNOWN = replace(MIDDLE, questions=Neighbours(0.95, 0.9), gaps=Neighbours(0.3, 0.2))


class TestTurns:
    def test_a_turn_that_stands_alone_is_judged_alone(self) -> None:
        """What came before has no say then."""
        assert decide_turn(MIDDLE, KNOWN, 0.0) == decide(MIDDLE)

    def test_the_more_a_turn_depends_the_more_its_context_counts(self) -> None:
        """A fragment is hardly known by itself; with what it follows it is."""
        confidences = [decide_turn(MIDDLE, KNOWN, share).confidence for share in (0.0, 0.5, 1.0)]
        assert confidences == sorted(set(confidences))
        assert confidences[-1] < decide(KNOWN).confidence

    @pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
    def test_a_carried_medicine_makes_no_unknown_one_known(self, share: float) -> None:
        """Asked after tamoxifen, "what about dalpiciclib" must not be answered with tamoxifen."""
        unknown = replace(KNOWN, unknown_medicine=True)
        assert decide(KNOWN).answered
        assert not decide_turn(unknown, KNOWN, share).answered
