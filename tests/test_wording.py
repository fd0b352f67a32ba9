"""Our own sentences: few, short and plain, and never about medicine."""

import re

import pytest
import textstat

from assistant import wording

SENTENCES = {name: text for name, text in vars(wording).items() if name.isupper()}
MOST_WORDS = 25
HARDEST_GRADE = 6
WHOLE_SENTENCE = 6
"""Words below which a grade says nothing."""
FIXED_FORM = {"REVIEWED"}
"""The page's own words for its review, kept as they stand there."""
EMERGENCY_NUMBERS = {"911", "988"}


def test_there_are_sentences_and_each_is_a_text() -> None:
    """The tests below look at something."""
    assert len(SENTENCES) > 20
    assert {type(text) for text in SENTENCES.values()} == {str}


@pytest.mark.parametrize("name", SENTENCES)
class TestEach:
    def test_it_is_tidy(self, name: str) -> None:
        """No text is empty, begins or ends with a blank, or holds two in a row."""
        text = SENTENCES[name]
        assert text
        assert " ".join(text.split()) == text

    def test_it_does_not_shout(self, name: str) -> None:
        """There is no exclamation mark, and no word in capitals."""
        assert "!" not in SENTENCES[name]
        assert not re.search(r"\b[A-Z]{2,}\b", SENTENCES[name])

    def test_it_holds_no_figure(self, name: str) -> None:
        """Doses, shares and survival times are the page's business; numbers to call are not figures."""
        assert set(re.findall(r"\d+", SENTENCES[name])) <= EMERGENCY_NUMBERS
        assert "%" not in SENTENCES[name]

    def test_its_sentences_are_short(self, name: str) -> None:
        """A tired reader takes in 25 words at a time at most."""
        for sentence in re.split(r"(?<=[.?])\s+", SENTENCES[name]):
            assert len(sentence.split()) <= MOST_WORDS

    def test_it_is_easy_to_read(self, name: str) -> None:
        """Whole sentences read at grade 6 or below; names and blanks to be filled are left out."""
        text = re.sub(r"\{\w+\}", "", SENTENCES[name])
        if len(text.split()) >= WHOLE_SENTENCE and name not in FIXED_FORM:
            assert textstat.textstat.flesch_kincaid_grade(text) <= HARDEST_GRADE

    def test_it_claims_no_mind(self, name: str) -> None:
        """The product finds words; it does not think, know or advise."""
        claims = r"\b(AI|artificial|intelligen\w*|assistant|chatbot|bot|we think|smart)\b"
        assert not re.search(claims, SENTENCES[name])

    def test_its_signs_are_typographic(self, name: str) -> None:
        """Quotation marks and apostrophes are curly, as those of the page are."""
        assert not re.search(r"[\"']", SENTENCES[name])


def test_blanks_to_be_filled_are_known() -> None:
    """A misspelt blank would be found only by a reader."""
    blanks = {found for text in SENTENCES.values() for found in re.findall(r"\{(\w*)\}", text)}
    assert blanks == {
        *("topic", "title", "reviewed", "reviewer", "path", "sentence", "publisher"),
        *("date", "place", "count", "shown", "number", "heading"),
    }


def test_it_says_what_it_is_not() -> None:
    """No doctor, no advice; and a page that is silent says no “no”."""
    assert wording.WHAT_IT_IS_NOT == "It is not a doctor and it gives no advice."
    assert "That is not a “no”." in wording.NOT_ANSWERED_MORE
    assert "care team" in wording.NOT_ANSWERED_MORE
