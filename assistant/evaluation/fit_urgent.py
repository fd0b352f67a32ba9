"""
Fits what tells an urgent message: `python -m assistant.evaluation.fit_urgent`.

First how much counts of what the rules and the nearest examples say (weights.json): on the examples that
the rules were written with, each with the others near it, and on the authored questions and gaps of the
document, which are calm. Then the machines, over vectors and over words (likeness.json): on the same
examples, judged together with the rules on those that were held out; the joint model is fitted on that.
At last the machines are fitted on all examples. The messages under tests/development are not looked at:
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
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import normalize
from sklearn.svm import SVC, LinearSVC

from assistant.examples import Example, Near, examples
from assistant.opening import load_embedder
from assistant.urgent.detection import WEIGHTS_FILE, Weights, urgent_features, urgent_probability
from assistant.urgent.likeness import MODEL_FILE, PREFIX, pieces, rules_odds
from assistant.urgent.words import WordModel, word_features
from corpus import read_corpus, shipped_corpus
from index import Embedder, find_model
from index.retriever import NEAREST_EXAMPLES

GAMMA = 2.0
COST = 10.0
"""
Of the machine. By three-fold cross-validation on the examples, with vectors of the public model, a gamma
of 1 and one of 2 miss the same share of the urgent ones where 1 or 2 in 100 calm ones are taken for
urgent; a linear machine misses three times as many.
"""

CALM_WEIGHT = 0.7
"""
Of an authored question of the document, beside 1 of an example: a judgement. None of them is urgent, but
few are near misses either.
"""

MOST_STEPS = 2000
"""Of the search for the weights; it ends far sooner."""

FEWEST_TEXTS = 2
"""Examples that a word or pair must stand in for the machine to know it."""

FOLDS = 5
"""Of the cross-validation that the least probability of an alarm is read from: a judgement."""

MOST_CALM = 0.05
"""
Share of the held-out calm examples that may raise the alarm. Most of them were written as near misses
of an emergency, so that of what people really ask it is far less.
"""

LEAST_OF_LONG = 0.7
"""
Of a message of more than 45 words. Of the 330 development questions and posts of that length, nearly all
of them calm, 14 raise the alarm with it, 35 with the one for short ones.
"""


def main(
    out: Annotated[Path, typer.Option(help="Where to write the likeness.")] = MODEL_FILE,
    weights_out: Annotated[Path, typer.Option(help="Where to write the weights.")] = WEIGHTS_FILE,
) -> None:
    """Fit the weights of the rules, then the likeness, and write weights.json and likeness.json."""
    embedder = load_embedder(find_model())
    known = [(at, example) for at, example in enumerate(examples()) if not example.held_out]
    held = [(at, example) for at, example in enumerate(examples()) if example.held_out]
    vectors = embedder.embed_documents([example.text for example in examples()])
    urgent = np.array([example.kind.startswith(PREFIX) for example in examples()])

    first = _fitted(vectors[[at for at, _ in known]], urgent[[at for at, _ in known]])
    scores = [_score(first, embedder, vectors[at], example) for at, example in held]
    documents = read_corpus(shipped_corpus())
    asked = [question.text for document in documents for question in document.questions]
    asked += [gap.text for document in documents for gap in document.gaps]
    weights = _fitted_weights(
        [example for _, example in known],
        vectors[[at for at, _ in known]],
        asked,
        embedder.embed_documents(asked),
    )
    by_rules = _by_rules(vectors, known, held, weights)
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
    weighed = {
        "source": {
            "made_by": "python -m assistant.evaluation.fit_urgent",
            "examples": len(known),
            "questions": len(asked),
        },
        "embedder": embedder.digest,
        "intercept": weights.intercept,
        "features": dict(weights.features),
    }
    weights_out.write_bytes(orjson.dumps(weighed, option=orjson.OPT_INDENT_2) + b"\n")
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


def _fitted_weights(
    known: Sequence[Example],
    vectors: NDArray[np.float32],
    calm: Sequence[str],
    calm_vectors: NDArray[np.float32],
) -> Weights:
    """Fit what each feature counts; no example is near itself."""
    kinds = [example.kind for example in known]
    features = [
        urgent_features(example.text, _near(kinds, vectors, vectors[at], leaving_out=at))
        for at, example in enumerate(known)
    ]
    features += [
        urgent_features(text, _near(kinds, vectors, vector))
        for text, vector in zip(calm, calm_vectors, strict=True)
    ]
    urgent = [kind.startswith(PREFIX) for kind in kinds] + [False] * len(calm)
    counted = [1.0] * len(known) + [CALM_WEIGHT] * len(calm)
    reader = DictVectorizer()
    rows = reader.fit_transform(features)
    model = LogisticRegression(max_iter=MOST_STEPS).fit(rows, urgent, sample_weight=counted)
    names = reader.get_feature_names_out()
    return Weights(
        round(float(model.intercept_[0]), 2),
        {str(name): round(float(each), 2) for name, each in zip(names, model.coef_[0], strict=True)},
    )


def _by_rules(
    vectors: NDArray[np.float32],
    known: Sequence[tuple[int, Example]],
    held: Sequence[tuple[int, Example]],
    weights: Weights,
) -> list[float]:
    """Return the probability by rules of each example held out; only the others are near it."""
    kinds, rows = [example.kind for _, example in known], vectors[[at for at, _ in known]]
    return [
        urgent_probability(example.text, _near(kinds, rows, vectors[at]), weights)
        for at, example in held
    ]


def _near(
    kinds: Sequence[str],
    rows: NDArray[np.float32],
    vector: NDArray[np.float32],
    leaving_out: int | None = None,
) -> list[Near]:
    """Return the rows nearest to a vector, best first."""
    cosines = rows @ vector
    if leaving_out is not None:
        cosines[leaving_out] = -np.inf
    nearest = np.argsort(-cosines)[:NEAREST_EXAMPLES]
    return [Near(kinds[row], float(cosines[row])) for row in nearest if np.isfinite(cosines[row])]


if __name__ == "__main__":
    typer.run(main)
