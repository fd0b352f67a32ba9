"""The questions that a document suggests: lists of questions, and nothing else."""

from collections.abc import Callable

import pytest

from assistant.views.own_questions import own_questions
from corpus import Document


def texts(document: Document) -> list[tuple[str, ...]]:
    """Return the questions of each list that was found."""
    return [
        tuple(span.of(document.source) for span in found.questions) for found in own_questions(document)
    ]


class TestTheShippedDocument:
    def test_its_list_is_found(self, document: Document) -> None:
        """It has one: nine questions for the care team, with the sentence that introduces them."""
        (found,) = own_questions(document)
        assert found.introduction is not None
        assert found.introduction.of(document.source) == "Here are some questions to get you started:"
        assert document.section(found.section_id).title == "Your treatment team"
        questions = [span.of(document.source) for span in found.questions]
        assert len(questions) == 9
        assert questions[0] == "What are the benefits of the treatment?"
        assert questions[-1] == "Am I eligible for any clinical trials?"

    def test_each_is_whole(self, document: Document) -> None:
        """A question has no sign before it, nothing cut off, and stands in the list's section."""
        (found,) = own_questions(document)
        for span in found.questions:
            (block,) = document.blocks_within(span)
            assert block.span == span
            assert block.section_id == found.section_id


class TestWhatCounts:
    def test_one_item_that_asks_nothing_spoils_a_list(
        self, small_document: Callable[..., Document]
    ) -> None:
        """A list that holds anything but questions is no list of questions."""
        assert texts(small_document("Ask:\n\n  • Why?\n  • The dose.\n")) == []

    def test_a_question_in_a_paragraph_is_none(self, small_document: Callable[..., Document]) -> None:
        """Only lists are looked at: what the page asks in its text it answers itself."""
        assert texts(small_document("What is it?\n\nIt is a page.\n")) == []

    @pytest.mark.parametrize("end", ["?", "?”", "?’", '?"', "?)", "?) ", "?\N{NO-BREAK SPACE}"])
    def test_closing_signs_may_follow(self, small_document: Callable[..., Document], end: str) -> None:
        """A question in quotation marks or brackets is one."""
        assert len(texts(small_document(f"Ask:\n\n  • “Why{end}\n"))) == 1

    def test_two_lists_are_two(self, small_document: Callable[..., Document]) -> None:
        """Each has its own introduction, in the order of the page."""
        document = small_document(
            "Ask the doctor:\n\n  • Why?\n  • When?\n\nAsk the nurse:\n\n  • How?\n"
        )
        assert texts(document) == [("Why?", "When?"), ("How?",)]
        introductions = [found.introduction for found in own_questions(document)]
        assert [span and span.of(document.source) for span in introductions] == [
            "Ask the doctor:",
            "Ask the nurse:",
        ]

    def test_lists_that_nothing_introduces_are_told_apart(
        self, small_document: Callable[..., Document]
    ) -> None:
        """A heading introduces no list, but is a border between two."""
        document = small_document(
            "general_content\n\nYoga\n\n  • Why?\n\ngeneral_content\n\nReiki\n\n  • How?\n"
        )
        assert texts(document) == [("Why?",), ("How?",)]
        assert [found.introduction for found in own_questions(document)] == [None, None]

    def test_a_page_without_any_has_none(self, small_document: Callable[..., Document]) -> None:
        """Nothing is made up."""
        assert own_questions(small_document("It helps.\n")) == ()
