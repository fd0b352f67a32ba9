"""Where names are asked for, a passage with names comes before an introduction without any."""

import pytest

from assistant.asked_names import LOOKED_AT, asks_names, names_first
from corpus import Passage, Span
from index import ScoredPassage


def scored(text: str, section: str = "s") -> ScoredPassage:
    """A passage whose words are its name."""
    span = Span(0, len(text))
    passage = Passage(
        id=text,
        document_id="d",
        section_id=section,
        span=span,
        text=text,
        context=None,
        sentences=(span,),
    )
    return ScoredPassage(passage, 1.0, 1.0, 1.0, span)


def names_any(passage: Passage) -> bool:
    """A passage names something if it says so."""
    return "NAMED" in passage.text


OVERVIEW, OTHER = scored("overview"), scored("other")
NAMED = scored("NAMED a")
ASKING = "which tablets are there"


@pytest.mark.parametrize(
    "question",
    [
        "which tablets are there for my mum",
        "what hormone drugs could she have",
        "hormonal therapy: which ones",
        "CDK 4/6 inhibitors: names?",
        "so what are they called",
        "wat options do i have",
    ],
)
def test_names_are_asked_for(question: str) -> None:
    """By what there is, or by what it is called."""
    assert asks_names(question)


@pytest.mark.parametrize(
    "question",
    [
        "what is hormonal therapy",
        "what do these tablets do",
        "what's a tyrosine inhibitor",
        "by what way do antibodies work",
        "how many tablets a day",
        "what tablets do to the bones",
        "what happens after treatments",
        "what helps during chemo",
        "what if the drugs stop working",
        "what about the pills",
        "what " + "-" * 3000 + " x",
    ],
)
def test_something_else_is_asked_for(question: str) -> None:
    """What a thing is or does, the introduction says best."""
    assert not asks_names(question)


def test_the_first_with_names_comes_first() -> None:
    """The others keep their order."""
    passages = (OVERVIEW, OTHER, NAMED, scored("NAMED b"))
    assert names_first(ASKING, passages, names_any) == (NAMED, OVERVIEW, OTHER, passages[3])


@pytest.mark.parametrize(
    ("question", "passages"),
    [
        ("what do they do", (OVERVIEW, NAMED)),
        (ASKING, (scored("NAMED b"), NAMED)),
        (ASKING, (OVERVIEW, scored("NAMED elsewhere", "t"))),
        (ASKING, (*[OVERVIEW] * LOOKED_AT, NAMED)),
        (ASKING, (OVERVIEW, OTHER)),
        (ASKING, ()),
    ],
)
def test_all_else_stays_as_it_is(question: str, passages: tuple[ScoredPassage, ...]) -> None:
    """Another question, a first passage with names, another section, one far down, none at all."""
    assert names_first(question, passages, names_any) == passages
