"""Names of medicines: those of a document, those known by their stems, and texts without them."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document
from corpus.medicines.stems import STAND_IN, medicine_names, stemmed_names, without_names

Make = Callable[..., Document]

GENERICS = {
    "abemaciclib",
    "alpelisib",
    "anastrozole",
    "capecitabine",
    "capivasertib",
    "deruxtecan",
    "docetaxel",
    "elacestrant",
    "emtansine",
    "everolimus",
    "exemestane",
    "fam-trastuzumab-deruxtecan-nxki",
    "fulvestrant",
    "govitecan",
    "hyaluronidase-zzxf",
    "lapatinib",
    "letrozole",
    "margetuximab",
    "neratinib",
    "palbociclib",
    "pembrolizumab",
    "pertuzumab",
    "rapamycin",
    "ribociclib",
    "sacituzumab",
    "tamoxifen",
    "toremifene",
    "trastuzumab",
    "trastuzumab-anns",
    "trastuzumab-dkst",
    "trastuzumab-dttb",
    "trastuzumab-pkrb",
    "trastuzumab-qyyp",
    "tucatinib",
}
BRANDS = {
    "afinitor",
    "arimidex",
    "aromasin",
    "enhertu",
    "fareston",
    "faslodex",
    "femara",
    "herceptin",
    "herzuma",
    "ibrance",
    "kadcyla",
    "kanjinti",
    "keytruda",
    "kisqali",
    "margenza",
    "nerlynx",
    "ogivri",
    "ontruzant",
    "orserdu",
    "perjeta",
    "phesgo",
    "piqray",
    "trazimera",
    "trodelvy",
    "truqap",
    "tukysa",
    "tykerb",
    "verzenio",
    "xeloda",
}


def test_the_names_of_the_shipped_document_are_these(document: Document) -> None:
    """Every generic name and brand of the page is found, and nothing else is taken for one."""
    assert medicine_names([document]) == GENERICS | BRANDS


def test_names_are_found_as_they_are_written(small_document: Make) -> None:
    """A brand in brackets, a biosimilar in brackets, and a stem; other brackets are no names."""
    page = small_document(
        "A page\n\nPills\n\nThey include exampline (Brandex and generic) and Other (otherin-abcd). "
        "Tamoxifen is old. Doctors (Experts) call removal (oophorectomy) a surgery (OP).\n"
    )
    found = medicine_names([page])
    assert {"exampline", "brandex", "other", "otherin-abcd", "tamoxifen"} <= found
    assert not found & {"include", "generic", "removal", "oophorectomy", "surgery", "op"}


def test_names_of_several_documents_are_put_together(small_document: Make) -> None:
    """Each document adds its names; no document has none."""
    one, two, three = (
        small_document(f"A page\n\nPills\n\n{text}\n")
        for text in ("Tamoxifen helps.", "Trastuzumab (Herceptin) helps.", "Rest helps.")
    )
    assert medicine_names([one, two, three]) == {"tamoxifen", "trastuzumab", "herceptin"}
    assert medicine_names([three]) == medicine_names([]) == frozenset()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Does denosumab help?", {"denosumab"}),
        ("TAMOXIFEN, Letrozole", {"tamoxifen", "letrozole"}),
        ("trastuzumab-dkst", {"trastuzumab"}),
        ("sertraline or venlafaxine?", {"venlafaxine"}),
        ("zoledronic acid, paclitaxel/carboplatin", {"zoledronic", "paclitaxel", "carboplatin"}),
        ("olaparib's cost", {"olaparib"}),
        ("tamoxifens", set()),
        ("Herceptin", set()),
        ("mab nib sone platin", set()),
        ("", set()),
    ],
)
def test_generic_names_are_known_by_their_stems(text: str, names: set[str]) -> None:
    """A whole word that ends in a stem is a name, in any case; a stem alone is none."""
    assert stemmed_names(text) == names


EVERYDAY = """
    about alone answer appointment arm bone breast bulletin burn calm cancer captain certain chemo
    clean clinic collapse complain crib cramp curtain doctor dolphin drain explain fatigue fine
    gluten grab hair itching job lab latin liver lump medicine mountain muffin nausea nurse ovary
    pain pelvis person pill port program protein puffin radiation rain reason remain restaurant
    rib satin scab scan season sister skin slab someone spine stage statement stone surgeon tab
    treatment tumor vitamin waiting walk warrant weekend
"""


def test_everyday_words_are_no_names() -> None:
    """Words that look a little like a stem, and those that people use, are not taken for names."""
    assert stemmed_names(EVERYDAY) == frozenset()


MEDICINES = re.compile(
    r".*(?:mab|nib|ciclib|lisib|limus|parib|taxel|platin|rubicin|citabine|eribulin|tecan|trozole|mestane"
    r"|ifene?|strant|relin|relix|dronic|grastim|setron|pitant|prazole|floxacin|cillin|mycin"
    r"|conazole|sartan|dipine|olol|xaban|zepam|oxetine|faxine|pram|pentin|codone|trexate)"
)
"""Endings that no everyday English word has."""

OTHER_NAMES = {"cortisone", "dexamethasone", "hydrocortisone", "prednisolone", "prednisone"}
"""Medicines whose endings everyday words might have; read one by one."""


def test_the_words_of_the_authored_texts_are_told_apart(document: Document) -> None:
    """Of all words in the questions and gaps, only names of medicines are taken for names."""
    texts = [each.text for each in (*document.questions, *document.gaps)]
    found = frozenset().union(*map(stemmed_names, texts))
    rest = {word for word in found if not MEDICINES.fullmatch(word)}
    assert rest == OTHER_NAMES
    assert {"denosumab", "paclitaxel", "prednisone"} <= found


NAMES = ["tamoxifen", "letrozole", "trastuzumab", "trastuzumab-dkst", "herceptin", "perjeta", "kadcyla"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Does Herceptin help?", "Does this medicine help?"),
        ("TAMOXIFEN or not", "this medicine or not"),
        ("hErCePtIn's cost", "this medicine's cost"),
        ("trastuzumab-dkst", "this medicine"),
        ("Trastuzumab-DKST hurts", "this medicine hurts"),
        ("pre-Herceptin scans", "pre-this medicine scans"),
        ("Herceptin (trastuzumab)", "this medicine (this medicine)"),
        ("Herceptin and Perjeta", "this medicine"),
        ("Herceptin/Perjeta", "this medicine"),
        ("Herceptin & Perjeta plus tamoxifen", "this medicine"),
        ("tamoxifen, letrozole, or Kadcyla?", "this medicine?"),
        ("tamoxifen with letrozole. Tamoxifen again", "this medicine. this medicine again"),
        ("tamoxifen then letrozole", "this medicine then this medicine"),
        ("tamoxifen tamoxifen", "this medicine"),
        ("Herceptins, metamoxifen", "Herceptins, metamoxifen"),
        ("does aspirin help", "does aspirin help"),
        ("", ""),
    ],
)
def test_a_text_without_names(text: str, expected: str) -> None:
    """Whole names are replaced in any case, the longest first, and a row of names by one stand-in."""
    assert without_names(text, NAMES) == expected
    assert without_names(text, reversed(NAMES)) == expected
    assert without_names(expected, NAMES) == expected


def test_without_any_names_a_text_stays_as_it_is() -> None:
    """No names, no change; even a repeated stand-in of the reader's own stays."""
    text = f"{STAND_IN} and {STAND_IN}, tamoxifen"
    assert without_names(text, []) == text


def test_a_name_is_no_pattern() -> None:
    """Signs in a name stand for themselves."""
    assert without_names("a.b axb a.b", ["a.b"]) == f"{STAND_IN} axb {STAND_IN}"


@given(st.text(max_size=60))
def test_whatever_the_text_only_names_go(text: str) -> None:
    """Any text is read, and one without names is left alone."""
    masked = without_names(text, NAMES)
    assert without_names(masked, NAMES) == masked
    if not any(name in text.lower() for name in NAMES) and STAND_IN not in text.lower():
        assert masked == text
