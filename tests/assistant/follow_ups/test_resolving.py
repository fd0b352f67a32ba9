"""What a turn carries over from earlier ones, with the stand-in for the model."""

import pytest

from assistant import Assistant
from assistant.follow_ups.resolving import Resolver
from assistant.follow_ups.trail import KEPT_CHARACTERS, Said, Trail
from corpus import Document
from index import Embedder, Query, Retriever, SearchIndex


@pytest.mark.parametrize("turn", ["is it a pill?", "and for men?", "side effects?"])
def test_a_fragment_carries_over_what_was_spoken_of(fake_assistant: Assistant, turn: str) -> None:
    """The medicine of the question before is searched for with it, and said to be."""
    answer = fake_assistant.answer(turn, ["what does tamoxifen do"])
    assert "tamoxifen" in answer.carried
    assert answer.resolved_question.endswith(turn)
    assert "tamoxifen" in answer.resolved_question


def test_a_named_thing_beats_what_was_carried(fake_assistant: Assistant) -> None:
    """A new medicine takes the place of the old one."""
    answer = fake_assistant.answer("and letrozole?", ["what does tamoxifen do"])
    assert "tamoxifen" not in answer.carried
    assert "letrozole" in answer.resolved_question


def test_the_first_question_and_an_exact_one_stand_alone(fake_assistant: Assistant) -> None:
    """Nothing is carried over where there is nothing, or where the reader does not want it."""
    assert fake_assistant.answer("is it a pill?").carried == ()
    exact = fake_assistant.answer("is it a pill?", ["what does tamoxifen do"], exact=True)
    assert (exact.carried, exact.resolved_question) == ((), "is it a pill?")


def test_small_talk_leaves_no_trace(fake_assistant: Assistant) -> None:
    """Thanks get a reply without a quote, and the topic stays."""
    trail = fake_assistant.trail(["what does tamoxifen do"])
    answer, grown = fake_assistant.converse("thanks", trail)
    assert answer.reply is not None
    assert (answer.reply.kind, answer.quotes, answer.answered) == ("thanks", (), False)
    assert grown == trail


def test_the_same_history_gives_the_same_answer(fake_assistant: Assistant) -> None:
    """Turn by turn or all at once."""
    trail = Trail()
    turns = ["what does tamoxifen do", "is it a pill?", "and radiation?"]
    for turn in turns:
        answer, trail = fake_assistant.converse(turn, trail)
    again = fake_assistant.answer(turns[-1], turns[:-1])
    assert [q.excerpt for q in again.quotes] == [q.excerpt for q in answer.quotes]
    assert again.resolved_question == answer.resolved_question
    assert len(repr(trail)) < 16_000


def test_a_story_is_not_carried_along(fake_assistant: Assistant) -> None:
    """Of a long post what it asks is remembered: a conversation of posts stays small."""
    story = "We walked along the river and fed the ducks, as we do every Sunday. " * 40
    asked = "what does tamoxifen do?"
    trail = fake_assistant.trail([f"{story}{asked}"] * 20)
    assert {said.question for said in trail.said} == {asked}
    assert len(repr(trail)) < 16_000
    endless = fake_assistant.trail(["tamoxifen " * 300])
    assert len(endless.said[0].question) == KEPT_CHARACTERS


def test_a_turn_that_lacks_nothing_is_searched_for_as_it_is(fake_assistant: Assistant) -> None:
    """Going back by name to a question that had nothing else: there is nothing to put before it."""
    turn = "going back to the hormone pills"
    answer = fake_assistant.answer(turn, ["what are the hormone pills", "does radiation hurt"])
    assert (answer.carried, answer.resolved_question) == ((), turn)


def test_the_first_question_is_gone_back_to(fake_assistant: Assistant) -> None:
    """Whatever was asked in between."""
    earlier = ["what does tamoxifen do", "does radiation hurt", "who is on my team"]
    answer = fake_assistant.answer("the first drug I asked about, how is it given", earlier)
    assert "tamoxifen" in answer.carried


COUNTED = ["what does tamoxifen do", "what is letrozole", "is it a pill?", "and fulvestrant?"]


@pytest.mark.parametrize(
    ("turn", "meant"),
    [
        ("back to the first one, is it a pill", "tamoxifen"),
        ("going back to the second one, is it a pill", "letrozole"),
        ("the third one again, is it a pill", "fulvestrant"),
    ],
)
def test_what_was_asked_about_is_counted(fake_assistant: Assistant, turn: str, meant: str) -> None:
    """Who goes back to the first one means the first that was asked about."""
    assert meant in fake_assistant.answer(turn, COUNTED).resolved_question


@pytest.mark.parametrize(
    ("turn", "base"),
    [("and that break, for a long trip too?", 0), ("and does that scar hurt?", 1), ("for a trip?", 1)],
)
def test_the_question_with_much_more_in_common_is_followed(
    fake_assistant: Assistant,
    document: Document,
    fake_index: SearchIndex,
    bag_of_words: Embedder,
    turn: str,
    base: int,
) -> None:
    """Even if the turn does not say that it goes back; without anything in common the last is."""
    trail = fake_assistant.trail(["can i take a break for a wedding", "does radiation leave a scar"])
    retriever = Retriever(fake_index, bag_of_words, {document.id: document})
    completed = Resolver([document], retriever).completions(retriever.compare(Query(turn)), trail)
    assert completed.base == trail.said[base]


@pytest.mark.parametrize(
    "turn",
    [
        "how long does it last",
        "are there any other side effects",
        "would I get it first",
        "a second opinion?",
    ],
)
def test_what_does_not_count_picks_none(fake_assistant: Assistant, turn: str) -> None:
    """The verb "lasts" and "other effects" mean no medicine of those that were shown."""
    answer = fake_assistant.answer(turn, ["which aromatase inhibitors are there"])
    assert not {"anastrozole", "exemestane", "letrozole"} & set(answer.carried)


def test_the_second_one_is_picked(fake_assistant: Assistant) -> None:
    """Both "the second one" and "second one" mean the second medicine that was shown."""
    earlier = ["which aromatase inhibitors are there"]
    shown = fake_assistant.trail(earlier).said[-1].names
    for turn in ("is the second one a pill", "second one?"):
        assert shown[1] in fake_assistant.answer(turn, earlier).carried


def test_again_alone_does_not_leave_the_last_question(fake_assistant: Assistant) -> None:
    """Hair that grows again is not an earlier question again."""
    earlier = ["what does tamoxifen do", "does chemotherapy cost me my hair"]
    assert "tamoxifen" not in fake_assistant.answer("will it grow again", earlier).carried


@pytest.mark.parametrize(
    "turn",
    [
        "is it given with chemo",
        "do i get chemo with it",
        "is it better than letrozole",
        "is letrozole like it",
    ],
)
def test_what_only_stands_beside_the_meant_thing_does_not_replace_it(
    fake_assistant: Assistant, turn: str
) -> None:
    """Asked about is the medicine from before, in this turn and in the next."""
    earlier = ["what does tamoxifen do", turn]
    assert fake_assistant.answer(turn, earlier[:1]).resolved_question.startswith("tamoxifen")
    assert "tamoxifen" in fake_assistant.answer("side effects?", earlier).carried


@pytest.mark.parametrize("turn", ["is it safe to drink after chemo", "what about chemo, does it hurt"])
def test_an_it_that_means_nothing_before_brings_nothing_back(
    fake_assistant: Assistant, turn: str
) -> None:
    """The turn names what it is about."""
    assert "tamoxifen" not in fake_assistant.answer(turn, ["what does tamoxifen do"]).carried


@pytest.mark.parametrize(
    ("turn", "meant"),
    [
        ("and the first?", "letrozole"),
        ("the second one?", "palbociclib"),
        ("the other one?", "letrozole"),
    ],
)
def test_medicines_that_the_reader_listed_are_counted(
    fake_assistant: Assistant, turn: str, meant: str
) -> None:
    """In her order, whatever order the page has; brand names are known by the generic one."""
    answer = fake_assistant.answer(turn, ["i take letrozole and ibrance, what does ibrance do"])
    assert meant in answer.carried


@pytest.mark.parametrize("heading", ["", "Types of treatment"])
def test_the_title_of_the_page_is_not_carried(
    document: Document, fake_index: SearchIndex, bag_of_words: Embedder, heading: str
) -> None:
    """Everything is about it; a heading below it says something."""
    shown = f"{document.id}#{fake_index.passages[0].id}"
    above = (document.title, heading) if heading else (document.title,)
    said = Said("is there hope", (), (shown,), "Living with it", above, ())
    retriever = Retriever(fake_index, bag_of_words, {document.id: document})
    completed = Resolver([document], retriever).completions(
        retriever.compare(Query("and how often?")), Trail((said,))
    )
    assert completed.carried == ((heading,) if heading else ())
    assert completed.texts["carried"] == (f"{heading}: and how often?" if heading else "and how often?")
