"""What an editor is told about a document before it is indexed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from corpus import Document, Finding, check_document

Make = Callable[..., Document]

STATED = "A page, reviewed on May 1, 2024 by A. Reviewer for A publisher.\n\n"
"""Says all that the metadata of small documents claim, so that they have no finding of their own."""


def of_kind(document: Document, kind: str) -> list[Finding]:
    """Return a document's findings of one kind."""
    return [finding for finding in check_document(document) if finding.kind == kind]


def test_nothing_to_find(small_document: Make) -> None:
    """A page that keeps its promises has no finding."""
    assert check_document(small_document(STATED + "It may cause:\n\n  • Nausea\n")) == ()


def test_findings_of_the_shipped_document(document: Document) -> None:
    """The shipped document has exactly these findings, in the order of its lines."""
    assert [(finding.line, finding.kind) for finding in check_document(document)] == [
        (85, "duplicate-sentence"),
        (115, "list-as-sections"),
        (134, "duplicate-sentence"),
        (151, "list-as-sections"),
        (192, "empty-list"),
        (280, "list-as-sections"),
        (304, "missing-media"),
    ]


def test_one_empty_list_in_the_shipped_document(document: Document) -> None:
    """The one list that the copy lacks is found on its line, with the sentence that announces it."""
    assert of_kind(document, "empty-list") == [
        Finding(
            192,
            "empty-list",
            "announced list is empty: The two approved PARP inhibitors, given in pill form, are:",
        )
    ]


def test_missing_media_in_the_shipped_document(document: Document) -> None:
    """The one video that the copy lacks is found on its line."""
    assert of_kind(document, "missing-media") == [
        Finding(
            304,
            "missing-media",
            "announced video or picture is not in this copy: Try an all-levels yoga class, "
            "featuring instructor Kathy DiGiorgio:",
        )
    ]


def test_list_as_sections_in_the_shipped_document(document: Document) -> None:
    """A list that comes as parts with headings is found where it is announced."""
    assert of_kind(document, "list-as-sections")[-1] == Finding(
        280,
        "list-as-sections",
        "announced list is given as parts with headings: Complementary therapies include:",
    )


def test_duplicates_in_the_shipped_document(document: Document) -> None:
    """A sentence said three times is one finding that names the two later lines."""
    first, second = of_kind(document, "duplicate-sentence")
    assert first == Finding(
        85,
        "duplicate-sentence",
        "sentence stands again on line 93: tamoxifen, given in pill form, blocks estrogen from "
        "helping hormone receptor-positive breast cancer to grow.",
    )
    assert second.message.startswith(
        "sentence stands again on line 178, 187: her2-low refers to breast cancers"
    )


@pytest.mark.parametrize(
    ("source", "line", "kind", "message"),
    [
        ("They are:\n\nIt helps.\n", 3, "empty-list", "announced list is empty: They are:"),
        (
            "They are:\n\nYoga\n\nIt helps.\n",
            3,
            "list-as-sections",
            "announced list is given as parts with headings: They are:",
        ),
        (
            "Some words. Watch:\n\nvideo\n",
            3,
            "missing-media",
            "announced video or picture is not in this copy: Watch:",
        ),
        (
            "You may lose hair soon.\n\nOr not. You may  lose hair soon.\n",
            3,
            "duplicate-sentence",
            "sentence stands again on line 5: you may lose hair soon.",
        ),
        ("It helps.\n\nhero_banner\n", 5, "unknown-label", "template label is not known: hero_banner"),
        (
            "It helps.\n\ngallery\n\nIt does.\n",
            5,
            "unknown-label",
            "shown as text, but looks like a label: gallery",
        ),
    ],
)
def test_finding_of_a_small_page(
    small_document: Make, source: str, line: int, kind: str, message: str
) -> None:
    """Each kind of finding has its line and says in one line what was found."""
    assert check_document(small_document(STATED + source)) == (Finding(line, kind, message),)


@pytest.mark.parametrize(
    "source",
    [
        "Hair loss is common.\n\nHair loss is common.\n",
        "video\n\nIt helps.\n",
        "Gallery\n\nIt helps.\n",
        "a gallery\n\nIt helps.\n",
        "mTOR\n\nIt helps.\n",
    ],
    ids=["short sentence again", "known label", "heading", "two words", "capitals"],
)
def test_no_finding(small_document: Make, source: str) -> None:
    """Short sentences may repeat, and neither known labels nor words are taken for new labels."""
    assert check_document(small_document(STATED + source)) == ()


def test_metadata_that_the_page_does_not_state(small_document: Make) -> None:
    """Each thing that the metadata claim and the page does not state is found on line 1."""
    assert check_document(small_document("It helps.")) == (
        Finding(1, "metadata", 'the page does not state the title "A page"'),
        Finding(1, "metadata", 'the page does not state the reviewed "May 1, 2024"'),
        Finding(1, "metadata", 'the page does not state the reviewer "A. Reviewer"'),
        Finding(1, "metadata", 'the page does not state the publisher "A publisher"'),
    )


def test_other_review_date(document: Document) -> None:
    """A review date that is not the page's own is found."""
    changed = replace(document, metadata=replace(document.metadata, reviewed="March 3, 2025"))
    assert of_kind(changed, "metadata") == [
        Finding(1, "metadata", 'the page does not state the reviewed "March 3, 2025"')
    ]


def test_empty_metadata_claim_nothing(small_document: Make) -> None:
    """A field that is left empty is not looked for."""
    document = small_document(STATED)
    unsaid = replace(document.metadata, reviewed="", reviewer="", publisher="")
    assert check_document(replace(document, metadata=unsaid)) == ()


def test_findings_come_by_line_then_kind(small_document: Make) -> None:
    """Findings are sorted by line, and on one line by kind."""
    again = "There are two kinds of these:"
    document = small_document(f"{again}\n\nhero_banner\n\n{again}\n")
    assert [(finding.line, finding.kind) for finding in check_document(document)] == [
        (1, "duplicate-sentence"),
        (1, "empty-list"),
        *[(1, "metadata")] * 4,
        (3, "unknown-label"),
        (5, "empty-list"),
    ]


def test_message_is_one_line(small_document: Make) -> None:
    """A finding's message is one line, also where the sentence runs over two."""
    (finding,) = check_document(small_document(STATED + "The two approved\nmedicines are:\n"))
    assert finding.message == "announced list is empty: The two approved medicines are:"
