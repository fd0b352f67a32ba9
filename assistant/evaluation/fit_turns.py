"""
Fits how turns are completed: `python -m assistant.evaluation.fit_turns FILE --alone FILE`.

Conversations say by `kind` which turns depend on what came before. Single questions, set behind
conversations that they have nothing to do with, stand for changes of subject. A logistic model learns to
tell the two apart; a conditional logit over all passages (McFadden, 1974) learns how much each way of
completing a dependent turn counts. While fitting, the trail of each conversation is kept as its kinds
say, and the looks are weighed equally.
"""

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from assistant.core_question import core_question
from assistant.evaluation.gold import GoldQuestion, read_gold
from assistant.evaluation.relevance import covers, normalised
from assistant.follow_ups.resolving import MODEL_FILE, Resolver, TurnModel
from assistant.follow_ups.trail import Trail
from assistant.opening import Setup, is_everyday_word, load_embedder, open_retriever
from assistant.spelling import Speller
from corpus import Document, Passage, read_corpus
from index import Query, Retriever, find_model

DEPENDENT = frozenset({"ellipsis", "pronoun", "back"})
STANDING_ALONE = frozenset({"shift"})
FOLLOWING = DEPENDENT | {"unanswerable"}
"""Kinds that are taken to follow the last turn while the trail is walked."""

ADDED = 150
"""Single questions set behind conversations, and their weight beside a real change of subject."""
ADDED_WEIGHT = 0.5
SHORT_CHARACTERS = 160
SEED = 20240212
STRENGTH = 1.0
PENALTY = 0.01
"""Inverse of the ridge penalty on dependence, and the ridge penalty on the weights of looks."""

LEAST = 0.3
"""
Share below which nothing is carried over. By five-fold cross-validation on the conversations, with
vectors of the public model, hit@1 is the same from 0.2 to 0.4, and a point lower for 0 and for an
all-or-nothing choice at 0.5.
"""

LOOKS = ("alone", "carried", "glued", "shown", "section", "part")
NEAR = ("same", "beside", "section", "part", "named")


@dataclass(frozen=True, slots=True)
class _Row:
    """A turn with what the two models see of it; arrays have shape (ways, passages)."""

    dependent: bool
    weight: float
    features: dict[str, float]
    ways: NDArray[np.float64] | None
    right: NDArray[np.bool_]


def main(
    files: Annotated[list[Path], typer.Argument(help="Development conversations, as gold files.")],
    alone: Annotated[list[Path], typer.Option(help="Development questions without a history.")],
    index_dir: Annotated[Path | None, typer.Option(help="Folder for built indexes.")] = None,
) -> None:
    """Fit both models and write resolving.json."""
    setup = Setup() if index_dir is None else Setup(index_dir=index_dir)
    documents = read_corpus(setup.corpus)
    turns = read_gold(files, documents)
    singles = [
        question
        for question in read_gold(alone, documents)
        if question.answerable and len(question.asked.question) <= SHORT_CHARACTERS
    ]
    drawn = random.Random(SEED)  # noqa: S311
    singles = drawn.sample(singles, min(ADDED, len(singles)))
    followed = [turn for turn in turns if turn.asked.history]
    added = [
        replace(single, asked=replace(single.asked, history=drawn.choice(followed).asked.history))
        for single in singles
    ]
    retriever = open_retriever(setup)
    walk = _Walk(documents, retriever, turns)
    rows = [*walk.rows(turns, 1.0), *walk.rows(added, ADDED_WEIGHT)]
    model = _fitted(rows)
    content = {
        "source": {
            "made_by": "python -m assistant.evaluation.fit_turns",
            "conversations": [path.name for path in files],
            "single_questions": [path.name for path in alone],
            "dependent_turns": sum(row.dependent for row in rows),
            "other_turns": sum(not row.dependent for row in rows),
        },
        "dependence": {"weights": model.weights, "intercept": model.intercept},
        "least": model.least,
        "looks": model.looks,
        "near": model.near,
    }
    text = json.dumps(content, indent=2)
    MODEL_FILE.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


class _Walk:
    """Walks conversations as their kinds say."""

    def __init__(
        self, documents: Sequence[Document], retriever: Retriever, turns: Sequence[GoldQuestion]
    ) -> None:
        even = TurnModel({}, 0.0, 0.5, dict.fromkeys(LOOKS, 1.0), dict.fromkeys(NEAR, 0.3))
        self._resolver = Resolver(documents, retriever, even)
        self._retriever = retriever
        self._speller = Speller(documents, is_everyday_word(load_embedder(find_model())))
        self._kinds = {(*turn.asked.history, turn.asked.question): turn.kind for turn in turns}
        self._trails: dict[tuple[str, ...], Trail] = {(): Trail()}

    def rows(self, turns: Sequence[GoldQuestion], weight: float) -> Iterator[_Row]:
        """Yield a row for each turn after the first that depends or stands alone."""
        for turn in turns:
            known = (turn.kind in DEPENDENT | STANDING_ALONE) or weight < 1
            trail = self._trail(turn.asked.history)
            if not known or not trail.said or not turn.answerable:
                continue
            yield self._row(turn, trail, weight)

    def _row(self, turn: GoldQuestion, trail: Trail, weight: float) -> _Row:
        text = self._speller.corrected(turn.asked.question)
        alone = self._retriever.compare(Query(text, core_question(text)))
        completed = self._resolver.completions(alone, trail)
        looks = self._resolver.looks(completed)
        near = self._resolver.nearness(completed)
        relevances = {"alone": alone.relevance, **{name: look.relevance for name, look in looks.items()}}
        dependent = turn.kind in DEPENDENT and weight == 1
        return _Row(
            dependent=dependent,
            weight=weight,
            features=self._resolver.features(alone, looks),
            ways=np.stack([*(relevances[name] for name in LOOKS), *(near[name] for name in NEAR)])
            if dependent
            else None,
            right=_right(turn, self._retriever.passages),
        )

    def _trail(self, history: tuple[str, ...]) -> Trail:
        if history not in self._trails:
            trail = self._trail(history[:-1])
            kind = self._kinds.get(history)
            if kind != "smalltalk":
                trail = self._followed(trail, self._speller.corrected(history[-1]), kind in FOLLOWING)
            self._trails[history] = trail
        return self._trails[history]

    def _followed(self, trail: Trail, text: str, follows: bool) -> Trail:
        alone = self._retriever.compare(Query(text, core_question(text)))
        resolved = self._resolver.resolve(alone, trail if follows else Trail(), share=1.0)
        ranking = self._retriever.rank(resolved.compared)
        return trail.followed_by(self._resolver.said(text, resolved, ranking.passages))


def _right(turn: GoldQuestion, passages: Sequence[Passage]) -> NDArray[np.bool_]:
    spans = [normalised(span) for span in turn.evidence]
    texts = [normalised(passage.text) for passage in passages]
    return np.array([any(covers(text, span) for span in spans) for text in texts])


def _fitted(rows: Sequence[_Row]) -> TurnModel:
    """Fit both models."""
    names = list(rows[0].features)
    table = np.array([[row.features[name] for name in names] for row in rows])
    # Balanced: how often people change the subject is not known, and the files do not tell.
    logistic = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")
    logistic.fit(table, [row.dependent for row in rows], sample_weight=[row.weight for row in rows])
    ways = [row for row in rows if row.ways is not None and row.right.any()]
    weights = _conditional_logit(
        np.array([row.ways for row in ways]), np.array([row.right for row in ways])
    )
    rounded = [round(float(weight), 3) for weight in weights]
    return TurnModel(
        weights={
            name: round(float(weight), 3) for name, weight in zip(names, logistic.coef_[0], strict=True)
        },
        intercept=round(float(logistic.intercept_[0]), 3),
        least=LEAST,
        looks=dict(zip(LOOKS, rounded[: len(LOOKS)], strict=True)),
        near=dict(zip(NEAR, rounded[len(LOOKS) :], strict=True)),
    )


def _conditional_logit(ways: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """
    Return the weights under which the right passages are likeliest to be chosen.

    Args:
        ways: What speaks for each passage, shape (turns, ways, passages).
        right: Whether a passage is right, shape (turns, passages).

    """

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = np.einsum("nkp,k->np", ways, weights)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        chosen = odds * right
        among, whole = chosen.sum(axis=1) + 1e-12, odds.sum(axis=1)
        slope = np.einsum("nkp,np->nk", ways, chosen) / among[:, None]
        slope -= np.einsum("nkp,np->nk", ways, odds) / whole[:, None]
        value = -np.log(among / whole).mean() + PENALTY * weights @ weights
        return float(value), -slope.mean(axis=0) + 2 * PENALTY * weights

    start = np.full(ways.shape[1], 0.3)
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


if __name__ == "__main__":
    typer.run(main)
