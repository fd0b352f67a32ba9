"""An answer in a narrow terminal: every word quoted, where it stands, and what is beside it."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from assistant import Answer, Assistant, wording
from assistant.as_text import answer_text
from corpus import Document

PARP = "what did the two approved PARP inhibitors turn out to be?"
QUESTIONS = [
    PARP,
    "Is yoga safe for me?",
    "tamoxifin or letrozole",
    "will I lose my hair?",
    "surgery rods in bone",
]


def drawn(answer: Answer, document: Document) -> str:
    """Return an answer as it is drawn in a terminal of 60 columns."""
    console = Console(width=60, record=True, file=io.StringIO(), highlight=False)
    console.print(answer_text(answer, [document]))
    return console.export_text()


def close(text: str) -> str:
    """Return a text without white space, since lines are broken anywhere."""
    return "".join(text.split())


@pytest.fixture(params=QUESTIONS)
def answer(request: pytest.FixtureRequest, fake_assistant: Assistant) -> Answer:
    """Answers, and declined questions."""
    return fake_assistant.answer(request.param)


def test_each_quote_is_there_with_its_place(answer: Answer, document: Document) -> None:
    """Context, words, section path, link and notices of every quote shown, in that order."""
    text = close(drawn(answer, document))
    at = 0
    for quote in answer.shown:
        parts = [quote.context.text] if quote.context else []
        parts += [quote.excerpt.text, " › ".join(quote.section_path), quote.place.link]
        for part in [*parts, *(notice.text for notice in quote.notices)]:
            at = text.index(close(part), at) + 1


def test_what_is_not_shown_is_not_drawn(answer: Answer, document: Document) -> None:
    """The ranking below is for evaluation."""
    text = close(drawn(answer, document))
    for quote in answer.quotes[len(answer.shown) :]:
        assert close(quote.place.link) not in text


def test_no_line_is_wider_than_the_terminal(answer: Answer, document: Document) -> None:
    """Even links are folded."""
    assert max(len(line) for line in drawn(answer, document).splitlines()) <= 60


def test_the_page_and_its_review_stand_at_the_end(answer: Answer, document: Document) -> None:
    """Title, review date, reviewer and publisher, once."""
    last = (
        "Treatment for metastatic breast cancer. Reviewed and updated February 12, 2024 "
        "by Douglas Yee, MD, Living Beyond Breast Cancer."
    )
    text = close(drawn(answer, document))
    assert text.endswith(close(last))
    assert text.count(close("Reviewed and updated")) == 1


def test_the_missing_list_is_told(fake_assistant: Assistant, document: Document) -> None:
    """The notice stands below the quote that it is about."""
    text = close(drawn(fake_assistant.answer(PARP), document))
    sentence = close("The two approved PARP inhibitors, given in pill form, are:")
    assert text.count(sentence) == 2
    assert close(f"should follow “{sentence}” is missing in this copy") in text


def test_what_was_searched_for_is_told_if_it_differs(
    fake_assistant: Assistant, document: Document
) -> None:
    """First thing, and only where something was put right or carried over."""
    text = drawn(fake_assistant.answer("tamoxifin side effects"), document)
    assert text.startswith("Searched for: tamoxifen side effects")
    same = drawn(fake_assistant.answer("tamoxifen side effects"), document)
    assert wording.SEARCHED_FOR not in same


def test_a_declined_question_says_so_first(fake_assistant: Assistant, document: Document) -> None:
    """With the topic where it is known, without it where not; then the nearest passages, labelled."""
    answer = fake_assistant.answer("will my teeth be all right?")
    declined = replace(answer, answered=False, gap_topic="bones and teeth")
    text = drawn(declined, document)
    assert text.startswith("This page does not speak of bones and teeth.")
    assert close(wording.NOT_ANSWERED_MORE) in close(text)
    assert close(f"{wording.NEAREST}:") in close(text)
    unnamed = drawn(replace(declined, gap_topic=None), document)
    assert unnamed.startswith(wording.NOT_ANSWERED)
    assert "bones and teeth" not in unnamed


def test_an_answer_is_not_labelled_as_nearest(fake_assistant: Assistant, document: Document) -> None:
    """What answers comes without excuses."""
    text = close(drawn(fake_assistant.answer("Is yoga safe for me?"), document))
    for sentence in (wording.NOT_ANSWERED, wording.NOT_ANSWERED_MORE, wording.NEAREST):
        assert close(sentence) not in text


def test_lists_within_lists_are_indented(fake_assistant: Assistant, document: Document) -> None:
    """A bullet below a bullet stands two columns further in."""
    answer = fake_assistant.answer("Surgery to insert metal rods within bone to provide stability")
    lines = drawn(answer, document).splitlines()
    outer = next(line for line in lines if "• If you have metastatic breast cancer" in line)
    inner = next(line for line in lines if "• Surgery to insert metal rods" in line)
    assert (outer.index("•"), inner.index("•")) == (2, 4)


def test_square_brackets_are_words(fake_assistant: Assistant, document: Document) -> None:
    """What somebody typed is never taken for the terminal's markup."""
    answer = fake_assistant.answer("[bold]tamoxifin[/bold] [red]pills[/red]")
    assert "[bold]tamoxifen[/bold] [red]pills[/red]" in drawn(answer, document)


def test_without_quotes_nothing_is_quoted(fake_assistant: Assistant, document: Document) -> None:
    """An answer without a passage is drawn without a source."""
    answer = replace(fake_assistant.answer("zzyzx"), quotes=(), answered=False, gap_topic=None)
    text = drawn(answer, document)
    assert text.startswith(wording.NOT_ANSWERED)
    assert document.metadata.publisher not in text
