"""Searching for symptoms in everyday words: what somebody types leads to what the page says of it."""

import pytest

from corpus import Document
from corpus.side_effects.quotes import side_effect_quotes
from corpus.side_effects.symptom_search import find_symptoms
from corpus.side_effects.symptoms import symptoms

WEIGHT = ("weight gain", "put on weight", "getting fat", "i'm gaining weight", "losing weight", "skinny")


def found_in(document: Document, typed: str) -> list[str]:
    """Return the treatments of the quotes that a search finds."""
    meant = set(find_symptoms(typed))
    return [quote.treatment for quote in side_effect_quotes(document) if meant & set(quote.symptoms)]


@pytest.mark.parametrize("typed", [*WEIGHT, "weight", "weight changes"])
def test_weight_finds_what_is_said_of_its_changes(document: Document, typed: str) -> None:
    """Gain and loss are changes: hormonal therapy's “weight changes” are found with chemotherapy's."""
    assert found_in(document, typed) == ["Hormonal therapy", "Chemotherapy"]


def test_every_word_for_gain_or_loss_is_one_for_changes() -> None:
    """A phrase that is added for the one is not forgotten for the other."""
    for symptom in symptoms():
        if symptom.id in {"weight-gain", "weight-loss"}:
            for phrase in (symptom.label, *symptom.words, *symptom.everyday):
                assert {"weight-changes", symptom.id} <= set(find_symptoms(phrase)), phrase


def test_gain_does_not_find_loss() -> None:
    """What changes the one way is not what changes the other."""
    assert set(find_symptoms("weight gain")) == {"weight-gain", "weight-changes"}
    assert set(find_symptoms("lost weight")) == {"weight-loss", "weight-changes"}


@pytest.mark.parametrize(
    ("typed", "symptom"),
    [
        ("down below dry", "vaginal-dryness"),
        ("it's dry inside", "vaginal-dryness"),
        ("sore down below", "vaginal-dryness"),
        ("I'm not interested in sex", "low-desire"),
        ("hot all the time", "hot-flashes"),
        ("i'm boiling", "hot-flashes"),
        ("soaked in the night", "night-sweats"),
        ("clumps of hair", "hair-loss"),
        ("no get up and go", "fatigue"),
        ("can't keep my eyes open", "fatigue"),
        ("need naps", "fatigue"),
        ("sick to the stomach", "nausea"),
        ("want to puke", "nausea"),
        ("spewing", "vomiting"),
        ("runny tummy", "diarrhea"),
        ("running to the toilet", "diarrhea"),
        ("loose bowels", "diarrhea"),
        ("not pooping", "constipation"),
        ("catching colds", "infection"),
        ("i get sick easily", "infection"),
        ("tossing and turning", "insomnia"),
        ("waking in the night", "insomnia"),
        ("can't stop panicking", "anxiety"),
        ("terrified", "anxiety"),
        ("feeling blue", "depression"),
        ("too much to handle", "stress"),
        ("my hips hurt", "joint-pain"),
        ("my bones are thin", "bone-loss"),
        ("fragile bones", "bone-loss"),
        ("fingers go to sleep", "neuropathy"),
        ("going through the change", "early-menopause"),
        ("we want a baby", "fertility-problems"),
        ("don't feel like food", "appetite-loss"),
        ("food tastes weird", "taste-changes"),
        ("my head is in a fog", "memory-and-thinking"),
        ("legs feel like jelly", "weakness"),
        ("loose tooth", "jaw-problems"),
        ("i feel unattractive", "body-image"),
    ],
)
def test_everyday_words_are_understood(typed: str, symptom: str) -> None:
    """How people say it leads to the symptom, and first of all to it."""
    assert find_symptoms(typed)[0] == symptom
