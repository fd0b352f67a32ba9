"""
Fits how like the urgent examples a message is: `python -m assistant.evaluation.fit_urgent`.

The machines, over vectors and over words, are first fitted on the examples that the rules were written
with, and judged together with the rules on those that were held out; the joint model is fitted on that.
Then the machines are fitted on all examples. The messages under tests/development are not looked at:
they measure what comes of it.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import orjson
import typer
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import normalize
from sklearn.svm import SVC, LinearSVC

from assistant.examples import Example, Near, examples
from assistant.opening import load_embedder
from assistant.urgent.detection import urgent_probability
from assistant.urgent.likeness import MODEL_FILE, PREFIX, pieces, rules_odds
from assistant.urgent.words import WordModel, word_features
from index import Embedder, find_model
from index.retriever import NEAREST_EXAMPLES

GAMMA = 2.0
COST = 10.0
"""
Of the machine. By three-fold cross-validation on the examples, with vectors of the public model, a gamma
of 1 and one of 2 miss the same share of the urgent ones where 1 or 2 in 100 calm ones are taken for
urgent; a linear machine misses three times as many.
"""

FEWEST_TEXTS = 2
"""Examples that a word or pair must stand in for the machine to know it."""

FOLDS = 5
"""Of the cross-validation that the least probability of an alarm is read from: a judgement."""

MOST_CALM = 0.05
"""
Share of the held-out calm examples that may raise the alarm. Most of them were written as near misses
of an emergency, so that of what people really ask it is far less.
"""

LEAST_OF_LONG = 0.8
"""
Of a message of more than 45 words. Of the development questions and posts, half of which are such
messages and nearly all calm, 3 in 100 raise the alarm with it, 8 in 100 with the one for short ones.
"""


def main(
    out: Annotated[Path, typer.Option(help="Where to write the numbers.")] = MODEL_FILE,
) -> None:
    """Fit both models and write likeness.json."""
    embedder = load_embedder(find_model())
    known = [(at, example) for at, example in enumerate(examples()) if not example.held_out]
    held = [(at, example) for at, example in enumerate(examples()) if example.held_out]
    vectors = embedder.embed_documents([example.text for example in examples()])
    urgent = np.array([example.kind.startswith(PREFIX) for example in examples()])

    first = _fitted(vectors[[at for at, _ in known]], urgent[[at for at, _ in known]])
    scores = [_score(first, embedder, vectors[at], example) for at, example in held]
    by_rules = _by_rules(vectors, known, held)
    first_words = _fitted_words([example for _, example in known])
    by_words = [first_words.score([example.text, *pieces(example.text)]) for _, example in held]
    seen = np.column_stack([[rules_odds(p) for p in by_rules], scores, by_words])
    right = urgent[[at for at, _ in held]]
    joint = LogisticRegression(C=COST).fit(seen, right)
    guesses = cross_val_predict(
        LogisticRegression(C=COST), seen, right, cv=FOLDS, method="predict_proba"
    )
    least = float(np.quantile(guesses[~right, 1], 1 - MOST_CALM))

    machine, words = _fitted(vectors, urgent), _fitted_words(examples())
    coefficients = np.zeros(len(vectors))
    coefficients[machine.support_] = machine.dual_coef_[0]
    content = {
        "source": {
            "made_by": "python -m assistant.evaluation.fit_urgent",
            "examples": len(examples()),
            "held_out": len(held),
            "held_out_missed": round(float((guesses[right, 1] < least).mean()), 3),
            "held_out_false": round(float((guesses[~right, 1] >= least).mean()), 3),
        },
        "embedder": embedder.digest,
        "joint": {
            "rules": round(float(joint.coef_[0][0]), 4),
            "score": round(float(joint.coef_[0][1]), 4),
            "words": round(float(joint.coef_[0][2]), 4),
            "intercept": round(float(joint.intercept_[0]), 4),
            "least": round(least, 3),
            "least_of_long": LEAST_OF_LONG,
        },
        "machine": {
            "gamma": GAMMA,
            "intercept": round(float(machine.intercept_[0]), 5),
        },
        "coefficients": [round(float(value), 4) for value in coefficients],
        "words": {
            "intercept": round(words.intercept, 4),
            "weights": {feature: round(weight, 3) for feature, weight in words.weights.items()},
        },
    }
    out.write_bytes(orjson.dumps(content) + b"\n")
    shown = {name: part for name, part in content.items() if name not in ("coefficients", "words")}
    sys.stdout.write(orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode() + "\n")


def _fitted(vectors: NDArray[np.float32], urgent: NDArray[np.bool_]) -> SVC:
    return SVC(C=COST, gamma=GAMMA, class_weight="balanced", cache_size=1000).fit(vectors, urgent)


def _fitted_words(known: Sequence[Example]) -> WordModel:
    reader = CountVectorizer(analyzer=word_features, min_df=FEWEST_TEXTS, binary=True)
    rows = normalize(reader.fit_transform([example.text for example in known]))
    urgent = [example.kind.startswith(PREFIX) for example in known]
    machine = LinearSVC(class_weight="balanced", random_state=0).fit(rows, urgent)
    weights = dict(zip(reader.get_feature_names_out(), map(float, machine.coef_[0]), strict=True))
    return WordModel(weights, float(machine.intercept_[0]))


def _score(machine: SVC, embedder: Embedder, whole: NDArray[np.float32], example: Example) -> float:
    """Return the highest score of an example and its pieces."""
    parts = pieces(example.text)
    vectors = np.vstack([whole[None], embedder.embed_documents(parts)]) if parts else whole[None]
    return float(machine.decision_function(vectors).max())


def _by_rules(
    vectors: NDArray[np.float32],
    known: Sequence[tuple[int, Example]],
    held: Sequence[tuple[int, Example]],
) -> list[float]:
    """Return the probability by rules of each example held out; only the others are near it."""
    rows = vectors[[at for at, _ in known]]
    found = []
    for at, example in held:
        cosines = rows @ vectors[at]
        nearest = np.argsort(-cosines)[:NEAREST_EXAMPLES]
        near = [Near(known[row][1].kind, float(cosines[row])) for row in nearest]
        found.append(urgent_probability(example.text, near))
    return found


if __name__ == "__main__":
    typer.run(main)
