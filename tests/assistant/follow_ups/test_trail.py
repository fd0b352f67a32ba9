"""What a conversation has been about is a small value that never changes."""

import pickle
from dataclasses import FrozenInstanceError

import pytest

from assistant.follow_ups.trail import KEPT_TOPICS, Said, Trail


def said(number: int) -> Said:
    """Return a question that was searched for."""
    return Said(
        question=f"question {number}",
        focus=(("thing", "tamoxifen"), ("aspect", "side effects")),
        shown=("hormonal-therapy/4", "hormonal-therapy/9"),
        words="Tamoxifen, given in pill form, blocks estrogen.",
        headings=("Hormonal therapy",),
        names=("tamoxifen",),
    )


def test_a_trail_begins_empty() -> None:
    """Before the first question nothing was said."""
    assert Trail().said == ()


def test_it_grows_by_making_a_new_one() -> None:
    """A trail that somebody else still holds never changes under their hands."""
    before = Trail().followed_by(said(1))
    after = before.followed_by(said(2))
    assert before.said == (said(1),)
    assert after.said == (said(1), said(2))


def test_it_cannot_be_changed() -> None:
    """Writing to a trail, or to what was said, is refused."""
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'said'"):
        Trail().said = ()
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'question'"):
        said(1).question = "another"


def test_equal_histories_are_equal() -> None:
    """A trail is known by what it holds, so that it can be compared, kept in a set, and sent."""
    one, other = Trail().followed_by(said(1)), Trail((said(1),))
    assert one == other
    assert len({one, other, Trail()}) == 2
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301


def test_the_last_questions_are_kept() -> None:
    """After many questions the oldest are let go, one for each new one, and the order stays."""
    trail = Trail()
    for number in range(KEPT_TOPICS):
        trail = trail.followed_by(said(number))
    assert trail.said == tuple(said(number) for number in range(KEPT_TOPICS))
    for number in range(KEPT_TOPICS, KEPT_TOPICS + 3):
        trail = trail.followed_by(said(number))
    assert trail.said == tuple(said(number) for number in range(3, KEPT_TOPICS + 3))
