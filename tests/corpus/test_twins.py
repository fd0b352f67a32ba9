"""Places where a document says the same again."""

from dataclasses import replace

import pytest

from corpus import Document, Passage, Span
from corpus.twins import note_twins
from index import SearchIndex


def passage(name: str, source: str, *sentences: str) -> Passage:
    """Make a passage of sentences that stand one behind the other in `source`."""
    start = source.index(" ".join(sentences))
    spans, at = [], start
    for sentence in sentences:
        at = source.index(sentence, at)
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence)
    span = Span(start, spans[-1].end)
    return Passage(name, "a-page", "s", span, span.of(source), None, tuple(spans))


def test_same_passage_in_two_places() -> None:
    """Two passages with the same words name each other's place."""
    source = "Rest well. And then: Rest well."
    first = passage("s/1", source, "Rest well.")
    second = Passage("s/2", "a-page", "s", Span(21, 31), "Rest well.", None, (Span(21, 31),))
    assert [noted.also_at for noted in note_twins([first, second], source)] == [
        (Span(21, 31),),
        (Span(0, 10),),
    ]


def test_run_of_sentences_within_a_longer_passage() -> None:
    """The place is that of the same sentences alone, and the longer passage has no twin."""
    source = "Take a pill. Rest well. | First eat. Take a pill. Rest well. Sleep."
    short = passage("s/1", source, "Take a pill.", "Rest well.")
    long = passage("s/2", source, "First eat.", "Take a pill.", "Rest well.", "Sleep.")
    noted = note_twins([short, long], source)
    assert [place.of(source) for place in noted[0].also_at] == ["Take a pill. Rest well."]
    assert noted[0].also_at[0].start > short.span.end
    assert noted[1].also_at == ()


def test_run_must_be_whole() -> None:
    """A passage whose first sentence alone stands elsewhere has no twin."""
    source = "Take a pill. Rest well. | Take a pill."
    first = passage("s/1", source, "Take a pill.", "Rest well.")
    second = Passage("s/2", "a-page", "s", Span(26, 38), "Take a pill.", None, (Span(26, 38),))
    noted = note_twins([first, second], source)
    assert (noted[0].also_at, noted[1].also_at) == ((), (Span(0, 12),))


@pytest.mark.parametrize(
    "again", ["it's a “pill” – daily.", 'It\'s a "pill" - daily.', "It’s a  “pill” – daily."]
)
def test_signs_and_case_are_folded(again: str) -> None:
    """Curly quotes, dashes, blanks and capitals do not part what reads the same."""
    source = f"It’s a “pill” – daily. | {again}"
    first = passage("s/1", source, "It’s a “pill” – daily.")
    at = Span(25, len(source))
    second = Passage("s/2", "a-page", "s", at, again, None, (at,))
    assert note_twins([first, second], source)[0].also_at == (at,)


def test_every_other_place_is_named() -> None:
    """Three equal passages each name the other two."""
    source = "Go. Go. Go."
    spans = (Span(0, 3), Span(4, 7), Span(8, 11))
    passages = [
        Passage(f"s/{number}", "a-page", "s", span, "Go.", None, (span,))
        for number, span in enumerate(spans, start=1)
    ]
    assert [noted.also_at for noted in note_twins(passages, source)] == [
        (spans[1], spans[2]),
        (spans[0], spans[2]),
        (spans[0], spans[1]),
    ]


def test_passage_without_a_sentence_has_no_twin() -> None:
    """A passage in which no sentence was found is left as it is."""
    empty = Passage("s/1", "a-page", "s", Span(0, 1), "|", None, ())
    assert note_twins([empty, replace(empty, id="s/2")], "|") == (empty, replace(empty, id="s/2"))


def test_arguments_stay_as_they_are() -> None:
    """Noting twins changes no passage that was handed in, and nothing but `also_at` in the result."""
    source = "Go. Go."
    given = [
        Passage("s/1", "a-page", "s", Span(0, 3), "Go.", None, (Span(0, 3),)),
        Passage("s/2", "a-page", "s", Span(4, 7), "Go.", None, (Span(4, 7),)),
    ]
    noted = note_twins(given, source)
    assert [passage.also_at for passage in given] == [(), ()]
    assert [replace(passage, also_at=()) for passage in noted] == given


def test_twins_of_the_shipped_document(document: Document, fake_index: SearchIndex) -> None:
    """One passage stands again elsewhere: tamoxifen, said to both groups of women."""
    twins = {
        passage.id: [span.of(document.source) for span in passage.also_at]
        for passage in fake_index.passages
        if passage.also_at
    }
    words = (
        "Tamoxifen, given in pill form, blocks estrogen from helping hormone receptor-positive "
        "breast cancer to grow."
    )
    assert twins == {"for-postmenopausal-women-or-for-men/2": [words]}


def test_twin_is_in_the_other_list(document: Document, fake_index: SearchIndex) -> None:
    """The twin's range is the sentence under the premenopausal women, not the passage's own."""
    twin = next(p for p in fake_index.passages if p.id == "for-postmenopausal-women-or-for-men/2")
    (place,) = twin.also_at
    assert document.blocks_within(place)[0].section_id == "hormonal-therapy"
    assert (document.line(place.start), document.line(twin.span.start)) == (85, 93)
