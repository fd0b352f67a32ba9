"""Sentences that announce something, and what the copy has behind them."""

from collections.abc import Callable

import pytest

from corpus import Document
from corpus.announcements import Announced, announcements

Make = Callable[..., Document]


def told(document: Document) -> list[tuple[str, Announced]]:
    """Return each announcing sentence of a document with what follows it."""
    return [(found.sentence.of(document.source), found.followed_by) for found in announcements(document)]


def test_followed_by_a_list(small_document: Make) -> None:
    """A list behind the colon is what was announced."""
    document = small_document("It may cause:\n\n  • Nausea\n")
    assert told(document) == [("It may cause:", Announced.LIST)]


def test_bullet_followed_by_a_deeper_list(small_document: Make) -> None:
    """A bullet may announce too, and only a deeper list answers it."""
    document = small_document("Take:\n\n  • Pills, such as:\n\n    • A\n  • Drops, such as:\n  • Tea\n")
    assert told(document) == [
        ("Take:", Announced.LIST),
        ("Pills, such as:", Announced.LIST),
        ("Drops, such as:", Announced.NOTHING),
    ]


def test_followed_by_parts_with_headings(small_document: Make) -> None:
    """Parts one level below answer the colon as well as a list does."""
    document = small_document("general_content\n\nMain\n\nThere are:\n\nYoga\n\nIt is safe.\n")
    assert told(document) == [("There are:", Announced.SECTIONS)]


def test_followed_by_run_in_parts(small_document: Make) -> None:
    """A part whose heading begins its paragraph is a part with a heading."""
    document = small_document("Here they are:\n\nOne kind. It is given so:\n\n  • By mouth\n")
    assert told(document) == [
        ("Here they are:", Announced.SECTIONS),
        ("It is given so:", Announced.LIST),
    ]


def test_followed_by_the_next_main_part(small_document: Make) -> None:
    """A part of the same level is not what was announced."""
    document = small_document(
        "general_content\n\nFirst\n\nThere are:\n\ngeneral_content\n\nSecond\n\nIt is safe.\n"
    )
    assert told(document) == [("There are:", Announced.NOTHING)]


@pytest.mark.parametrize("label", ["video", "image_row"])
def test_followed_by_media(small_document: Make, label: str) -> None:
    """A label in whose place the page shows a video or picture answers the colon."""
    document = small_document(
        f"general_content\n\nFirst\n\nWatch this:\n\n{label}\ngeneral_content\n\nSecond\n"
    )
    assert told(document) == [("Watch this:", Announced.MEDIA)]


def test_media_at_the_end_of_the_page(small_document: Make) -> None:
    """A video may be the last thing on a page."""
    assert told(small_document("Watch this:\n\nvideo\n")) == [("Watch this:", Announced.MEDIA)]


def test_media_above_the_first_heading(small_document: Make) -> None:
    """A video right behind the colon is what was announced, though a main heading comes next."""
    document = small_document("Watch this:\n\nvideo\ngeneral_content\n\nFirst\n\nIt is safe.\n")
    assert told(document) == [("Watch this:", Announced.MEDIA)]


@pytest.mark.parametrize("label", ["general_content", "hero_banner"])
def test_other_labels_are_no_media(small_document: Make, label: str) -> None:
    """A label that stands for no video or picture does not answer the colon."""
    assert told(small_document(f"They are:\n\n{label}\n\nIt is safe.\n")) == [
        ("They are:", Announced.NOTHING)
    ]


def test_media_further_down_is_another_matter(small_document: Make) -> None:
    """A video behind the next paragraph is not what was announced."""
    document = small_document("They are:\n\nIt is safe.\n\nvideo\n")
    assert told(document) == [("They are:", Announced.NOTHING)]


def test_followed_by_the_end(small_document: Make) -> None:
    """A page may end with a colon and nothing behind it."""
    assert told(small_document("They are:")) == [("They are:", Announced.NOTHING)]


def test_only_the_last_sentence_announces(small_document: Make) -> None:
    """Of a paragraph, the sentence with the colon alone is the announcement."""
    document = small_document("This is common. The two kinds are:\n\n  • A\n")
    assert told(document) == [("The two kinds are:", Announced.LIST)]


def test_colon_inside_a_sentence_announces_nothing(small_document: Make) -> None:
    """A colon with words behind it in the same block says what it has to say."""
    assert told(small_document("One thing is sure: it helps.\n\n  • Tea: warm\n")) == []


def test_shipped_document_lacks_one_list(document: Document) -> None:
    """The shipped copy lacks the list of PARP inhibitors and the yoga video, and nothing else."""
    assert [pair for pair in told(document) if pair[1] in {Announced.NOTHING, Announced.MEDIA}] == [
        ("The two approved PARP inhibitors, given in pill form, are:", Announced.NOTHING),
        (
            "Try an all-levels yoga class, featuring instructor Kathy DiGiorgio:",
            Announced.MEDIA,
        ),
    ]


def test_shipped_document_gives_three_lists_as_parts(document: Document) -> None:
    """Three announced lists of the shipped copy are parts with headings of their own."""
    assert [words for words, kind in told(document) if kind is Announced.SECTIONS] == [
        "Here are the targeted therapies available to treat this type of metastatic breast cancer:",
        "While HER2-positive breast cancer is more aggressive than HER2-negative breast cancer, many "
        "effective targeted therapies are available to treat it:",
        "Complementary therapies include:",
    ]
