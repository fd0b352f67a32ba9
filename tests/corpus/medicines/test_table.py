"""The table of medicines: every medicine of the page with what it says of each, listed by reading."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.collection import parse_document
from corpus.document import BlockKind, Document, Metadata, Span
from corpus.medicines.search import find_medicine
from corpus.medicines.table import Medicine, medicine_table
from corpus.sentences import sentence_spans

Make = Callable[..., Document]


@dataclass(frozen=True)
class Listed:
    """A medicine as a reader lists it: every cell as the words of the page."""

    generic: tuple[str, ...]
    brand: tuple[str, ...]
    kind: str | None
    given: tuple[str, ...] = ()
    treats: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    sentences: int = 1
    biosimilars: tuple[tuple[str, str], ...] = ()


POSITIVE = "hormone receptor-positive breast cancer"
POSITIVE_NEGATIVE = "hormone receptor-positive, HER2-negative metastatic breast cancer"
HER2 = "HER2-positive metastatic breast cancer"

WITH_AROMATASE_INHIBITORS = (
    "ovarian suppression treatments such as GnRH agonists, also known as LHRH agonists",
    "GnRH / LHRH antagonists",
    "targeted therapies",
    "Abemaciclib",
    "Palbociclib",
    "Ribociclib",
    "an ovarian-suppressing GnRH/LHRH agonist",
    "a GnRH/LHRH agonist",
)
WITH_CDK_INHIBITORS = ("an ovarian-suppressing GnRH/LHRH agonist", "a GnRH/LHRH agonist")

LISTED = [
    Listed(
        ("Tamoxifen",),
        (),
        "Hormonal therapy",
        given=("given in pill form",),
        treats=(POSITIVE,),
        partners=("ovarian suppression",),
        sentences=3,
    ),
    # No medicine of this class is named; the class is.
    Listed(
        (),
        (),
        "Gonadotropin-releasing hormone agonists (GnRH)",
        given=("given as injections",),
        treats=(POSITIVE,),
        partners=("AIs", "CDK 4/6 inhibitors", "aromatase inhibitor", "fulvestrant"),
        sentences=6,
    ),
    Listed(
        ("anastrozole",),
        ("Arimidex",),
        "Aromatase inhibitors",
        given=("come in pill form", "given in pill form"),
        treats=(POSITIVE,),
        partners=WITH_AROMATASE_INHIBITORS,
        sentences=2,
    ),
    Listed(
        ("exemestane",),
        ("Aromasin",),
        "Aromatase inhibitors",
        given=("come in pill form", "given in pill form"),
        treats=(POSITIVE,),
        partners=(*WITH_AROMATASE_INHIBITORS, "Everolimus"),
        sentences=3,
    ),
    Listed(
        ("letrozole",),
        ("Femara",),
        "Aromatase inhibitors",
        given=("come in pill form", "given in pill form"),
        treats=(POSITIVE,),
        partners=(*WITH_AROMATASE_INHIBITORS, "lapatinib"),
        sentences=3,
    ),
    Listed(
        ("fulvestrant",),
        ("Faslodex",),
        "Selective estrogen receptor degraders (SERDs)",
        given=("given as an injection", "injected medicine"),
        treats=(POSITIVE, "metastatic breast cancer"),
        partners=(
            "ovarian suppression medicine",
            "ovarian function suppression medicines",
            "targeted therapies",
            "Abemaciclib",
            "Palbociclib",
            "Ribociclib",
            "an ovarian-suppressing GnRH/LHRH agonist",
            "a GnRH/LHRH agonist",
            "Alpelisib",
        ),
        sentences=10,
    ),
    Listed(
        ("elacestrant",),
        ("Orserdu",),
        "Selective estrogen receptor degraders (SERDs)",
        given=("is a pill", "given as a pill"),
        treats=(
            "hormone receptor-positive metastatic breast cancer that tests positive for an ESR1 "
            "mutation",
        ),
        partners=("ovarian function suppression medicines",),
        sentences=3,
    ),
    Listed(
        ("Toremifene",),
        ("Fareston",),
        "Hormonal therapy",
        given=("given as a pill",),
        treats=(POSITIVE,),
    ),
    # The page doesn't say how it is given.
    Listed(
        ("Capivasertib",),
        ("Truqap",),
        "AKT inhibitors",
        treats=(
            "hormone receptor-positive, HER2-negative metastatic breast cancer that tests positive for "
            "AKT1, PIK3CA, or PTEN mutations, after the breast cancer grows or spreads while on an "
            "endocrine therapy",
            "hormone receptor-positive, metastatic breast cancer during or within 12 months of "
            "completing "
            "treatment for early-stage breast cancer",
            "the tumor must test positive for AKT1, PIK3CA, or PTEN mutations",
        ),
    ),
    Listed(
        ("Abemaciclib",),
        ("Verzenio",),
        "CDK 4/6 inhibitors",
        given=("given in pill form",),
        treats=(
            POSITIVE_NEGATIVE,
            "If the cancer has grown despite treatment with hormonal therapy and chemotherapy, "
            "abemaciclib "
            "can be given by itself.",
        ),
        partners=("an aromatase inhibitor or fulvestrant", *WITH_CDK_INHIBITORS),
        sentences=2,
    ),
    Listed(
        ("Palbociclib",),
        ("Ibrance",),
        "CDK 4/6 inhibitors",
        given=("given in pill form",),
        treats=(POSITIVE_NEGATIVE,),
        partners=(
            "hormonal therapy, such as an aromatase inhibitor or fulvestrant",
            *WITH_CDK_INHIBITORS,
        ),
        sentences=2,
    ),
    Listed(
        ("Ribociclib",),
        ("Kisqali",),
        "CDK 4/6 inhibitors",
        given=("given as a pill",),
        treats=(POSITIVE_NEGATIVE,),
        partners=("an aromatase inhibitor or fulvestrant", *WITH_CDK_INHIBITORS),
    ),
    Listed(
        ("Sacituzumab govitecan",),
        ("Trodelvy",),
        "Antibody-drug conjugates (ADCs)",
        given=("IV medicine",),
        treats=("hormone receptor-positive, HER2-negative and triple-negative breast cancer",),
        sentences=2,
    ),
    Listed(
        ("Fam-trastuzumab-deruxtecan-nxki",),
        ("Enhertu",),
        "Antibody-drug conjugates (ADCs)",
        given=("IV treatment",),
        treats=(
            "metastatic breast cancer that is HER2-low or HER2-positive that has grown after at "
            "least two "
            "past treatments",
            "Because hormone receptor-positive breast cancer is often found to be HER2-low, "
            "fam-trastuzumab-deruxtecan-nxki may be an option.",
            "metastatic, HER2-positive and HER2-low breast cancer that has grown after at least "
            "two past "
            "treatments",
            "Because triple-negative breast cancer is sometimes found to be HER2-low, "
            "fam-trastuzumab-deruxtecan-nxki may be an option.",
        ),
        sentences=5,
    ),
    Listed(
        ("Everolimus",),
        ("Afinitor",),
        "mTOR (mammalian target of rapamycin) inhibitors",
        given=("given as a pill",),
        treats=(POSITIVE_NEGATIVE, "hormone receptor-positive, metastatic breast cancer"),
        partners=(
            "the aromatase inhibitor exemestane",
            "ovarian suppression medicine and hormonal therapy",
        ),
        sentences=3,
    ),
    Listed(
        ("Alpelisib",),
        ("Piqray",),
        "PI3K (phosphatidylinositol 3-kinase) inhibitors",
        given=("taken as a pill",),
        treats=(POSITIVE_NEGATIVE, "tumors that carry a genetic mutation in the PIK3CA gene"),
        partners=("the hormonal therapy fulvestrant",),
        sentences=3,
    ),
    Listed(
        ("Trastuzumab",),
        ("Herceptin",),
        "Monoclonal antibodies",
        given=("IV treatment",),
        treats=("HER2-positive, metastatic breast cancer",),
        partners=("Pertuzumab", "docetaxel", "Tucatinib", "capecitabine"),
        sentences=7,
        biosimilars=(
            ("trastuzumab-qyyp", "Trazimera"),
            ("trastuzumab-dttb", "Ontruzant"),
            ("trastuzumab-dkst", "Ogivri"),
            ("trastuzumab-pkrb", "Herzuma"),
            ("trastuzumab-anns", "Kanjinti"),
        ),
    ),
    Listed(
        ("Pertuzumab",),
        ("Perjeta",),
        "Monoclonal antibodies",
        given=("IV treatment",),
        treats=("metastatic, HER2-positive breast cancer",),
        partners=("trastuzumab and the chemotherapy docetaxel",),
        sentences=3,
    ),
    # Named without a brand, and without a word on how it is given.
    Listed(
        ("docetaxel",),
        (),
        "chemotherapy",
        treats=("metastatic, HER2-positive breast cancer",),
        partners=("Pertuzumab", "trastuzumab"),
    ),
    Listed(
        ("Pertuzumab", "trastuzumab", "hyaluronidase-zzxf"),
        ("Phesgo",),
        "Monoclonal antibodies",
        given=("given as an injection",),
        treats=(HER2,),
        partners=("chemotherapy",),
    ),
    Listed(
        ("Margetuximab",),
        ("Margenza",),
        "Monoclonal antibodies",
        given=("IV medicine",),
        treats=(
            "metastatic, HER2-positive breast cancer after it’s been treated with at least two "
            "other kinds "
            "of targeted therapy",
        ),
        partners=("chemotherapy",),
        sentences=2,
    ),
    Listed(
        ("Lapatinib",),
        ("Tykerb",),
        "Tyrosine kinase inhibitors",
        given=("given as a pill",),
        treats=(
            HER2,
            "In postmenopausal women with hormone receptor-positive, HER2-positive breast cancer, "
            "lapatinib is given with letrozole.",
        ),
        partners=("the chemotherapy pill capecitabine (Xeloda)", "letrozole"),
        sentences=3,
    ),
    Listed(
        ("capecitabine",),
        ("Xeloda",),
        "chemotherapy",
        given=("chemotherapy pill",),
        treats=(
            "metastatic, HER2-positive breast cancer that has grown despite treatment with at least two "
            "previous targeted therapies",
            "metastatic, HER2-positive breast cancers that have grown after previous HER2-targeted "
            "treatments",
        ),
        partners=("Lapatinib", "Neratinib", "Tucatinib", "trastuzumab"),
        sentences=3,
    ),
    Listed(
        ("Neratinib",),
        ("Nerlynx",),
        "Tyrosine kinase inhibitors",
        given=("given as a pill",),
        treats=(
            "metastatic, HER2-positive breast cancer that has grown despite treatment with at least two "
            "previous targeted therapies",
        ),
        partners=("the chemotherapy pill capecitabine",),
        sentences=2,
    ),
    Listed(
        ("Tucatinib",),
        ("Tukysa",),
        "Tyrosine kinase inhibitors",
        given=("is a pill",),
        treats=(
            "metastatic, HER2-positive breast cancers that have grown after previous HER2-targeted "
            "treatments",
        ),
        partners=("trastuzumab and the chemotherapy pill capecitabine",),
        sentences=2,
    ),
    Listed(
        ("Ado-trastuzumab emtansine",),
        ("Kadcyla",),
        "Antibody-drug conjugates",
        given=("intravenous (IV) treatment",),
        treats=(
            "metastatic, HER2-positive breast cancer that has grown despite treatment with "
            "HER2-targeted "
            "therapy trastuzumab (Herceptin) and taxane chemotherapy",
        ),
    ),
    Listed(
        ("Pembrolizumab",),
        ("Keytruda",),
        "immunotherapy",
        given=("IV immunotherapy",),
        treats=("triple-negative breast cancer that overexpresses the PD-L1 protein",),
        partners=("chemotherapy",),
        sentences=2,
    ),
    # The list of these is missing in the copy; nothing is filled in.
    Listed(
        (),
        (),
        "PARP inhibitors",
        given=("given in pill form",),
        treats=(
            "If you have hormone receptor-positive, HER2-negative breast cancer or "
            "triple-negative breast "
            "cancer, and you also test positive for a BRCA mutation, there are two targeted therapies "
            "available to you.",
        ),
        sentences=3,
    ),
]


@pytest.fixture(scope="module")
def table(document: Document) -> tuple[Medicine, ...]:
    """The table of the shipped document."""
    return medicine_table(document)


def as_read(document: Document, medicine: Medicine) -> Listed:
    """Return a row in the form of the list above."""

    def words(spans: tuple[Span, ...]) -> tuple[str, ...]:
        return tuple(span.of(document.source) for span in spans)

    kind = medicine.medicine_class
    return Listed(
        words(medicine.generic),
        words(medicine.brand),
        kind.of(document.source) if kind else None,
        words(medicine.given),
        words(medicine.treats),
        words(medicine.partners),
        len(medicine.sentences),
        tuple((*words(each.generic), *words(each.brand)) for each in medicine.biosimilars),  # type: ignore[misc]
    )


def rows_of(table: tuple[Medicine, ...]) -> list[Medicine]:
    """Return all rows, biosimilars too."""
    return [each for row in table for each in (row, *row.biosimilars)]


def ids(at: int) -> str:
    """Return a name for the case of a listed medicine."""
    return " ".join(LISTED[at].generic) or str(LISTED[at].kind)


def name_of(listed: Listed) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    """Return what a listed medicine is told apart by."""
    return listed.generic, listed.brand, listed.kind


class TestTheShippedDocument:
    def test_its_medicines_are_these(self, document: Document, table: tuple[Medicine, ...]) -> None:
        """Every medicine is a row, in the order of the text, and nothing else is one."""
        assert [name_of(as_read(document, each)) for each in table] == [name_of(each) for each in LISTED]

    @pytest.mark.parametrize("at", range(len(LISTED)), ids=ids)
    def test_every_cell_is_what_the_page_says(
        self, document: Document, table: tuple[Medicine, ...], at: int
    ) -> None:
        """How it is given, for which cancer, with which partner: the words that a reader marks."""
        assert as_read(document, table[at]) == LISTED[at]

    def test_names_are_keys(self, table: tuple[Medicine, ...]) -> None:
        """No two rows share a name, and a name is folded."""
        names = [each.name for row in table for each in (row, *row.biosimilars)]
        assert len(set(names)) == len(names) == 33
        assert {
            "tamoxifen",
            "fam-trastuzumab-deruxtecan-nxki",
            "pertuzumab + trastuzumab + hyaluronidase-zzxf",
            "trastuzumab-dkst",
            "parp inhibitor",
        } <= set(names)

    def test_every_sentence_with_a_name_is_kept(
        self, document: Document, table: tuple[Medicine, ...]
    ) -> None:
        """A row's sentences are all those that hold its generic name or its brand as a word."""
        sentences = [
            sentence
            for block in document.blocks
            if block.kind is not BlockKind.HEADING
            for sentence in sentence_spans(block.span.of(document.source), offset=block.span.start)
        ]
        for row in rows_of(table):
            if len(row.generic) != 1:
                continue
            names = [span.of(document.source).casefold() for span in (*row.generic, *row.brand)]
            expected = [
                sentence
                for sentence in sentences
                if set(names) & set(words_of(sentence.of(document.source).casefold()))
                or any(" " in name and name in sentence.of(document.source).casefold() for name in names)
            ]
            assert list(row.sentences) == expected, row.name

    def test_passages_are_about_the_medicine(
        self, document: Document, table: tuple[Medicine, ...]
    ) -> None:
        """A row's passages are the bullets that begin with it, or that list it under their class."""
        lines = {row.name: [document.line(span.start) for span in row.passages] for row in table}
        assert lines["tamoxifen"] == [85, 93]
        assert lines["letrozole"] == [87, 92]
        assert lines["fulvestrant"] == [88, 95]
        assert lines["sacituzumab govitecan"] == [133, 186]
        assert lines["fam-trastuzumab-deruxtecan-nxki"] == [134, 178, 187]
        assert lines["docetaxel"] == [163]
        assert lines["capecitabine"] == [170, 171, 172]
        assert lines["parp inhibitor"] == [192]

    def test_biosimilars_are_called_so(self, document: Document, table: tuple[Medicine, ...]) -> None:
        """The five stand under their drug, each with the word that the page has for them."""
        (drug,) = (row for row in table if row.biosimilars)
        assert drug.name == "trastuzumab"
        for each in drug.biosimilars:
            assert each.medicine_class is not None
            assert each.medicine_class.of(document.source) == "biosimilars"
            assert (each.treats, each.partners, each.biosimilars) == ((), (), ())


def words_of(text: str) -> list[str]:
    """Return the words of a text, hyphens kept, other signs off."""
    return [word.strip(".,;:()’'“”") for word in text.split()]


class TestFinding:
    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ("tamoxifen", "tamoxifen"),
            ("Tamoxafin", "tamoxifen"),
            ("tamoxofen", "tamoxifen"),
            ("HERCEPTIN", "trastuzumab"),
            ("herseptin", "trastuzumab"),
            ("traztuzumab", "trastuzumab"),
            ("ibrans", "palbociclib"),
            ("Verzinio", "abemaciclib"),
            ("kisquali", "ribociclib"),
            ("enhurtu", "fam-trastuzumab-deruxtecan-nxki"),
            ("Kadsyla", "ado-trastuzumab emtansine"),
            ("keytruda", "pembrolizumab"),
            ("ogivri", "trastuzumab"),
            ("trastuzumab-dkst", "trastuzumab"),
            ("Phesgo shot", "pertuzumab + trastuzumab + hyaluronidase-zzxf"),
            ("sacituzumab", "sacituzumab govitecan"),
            ("faslodx", "fulvestrant"),
            ("letro", "letrozole"),
            ("parp inhibitors", "parp inhibitor"),
            ("xelota", "capecitabine"),
            ("arimadex", "anastrozole"),
            ("what is Femarra for", "letrozole"),
        ],
    )
    def test_by_a_name_however_it_is_spelt(
        self, table: tuple[Medicine, ...], typed: str, name: str
    ) -> None:
        """The likeliest row comes first."""
        assert next(row.name for row in find_medicine(table, typed)) == name

    def test_a_class_brings_its_medicines(self, table: tuple[Medicine, ...]) -> None:
        """Rows of a class are found by its name."""
        found = find_medicine(table, "aromatase inhibitors")
        assert [row.name for row in found] == ["anastrozole", "exemestane", "letrozole"]
        found = find_medicine(table, "CDK 4/6")
        assert [row.name for row in found] == ["abemaciclib", "palbociclib", "ribociclib"]

    def test_a_part_of_a_combination_brings_it_too(self, table: tuple[Medicine, ...]) -> None:
        """The medicine itself comes first, then what it is a part of."""
        found = [row.name for row in find_medicine(table, "pertuzumab")]
        assert found == ["pertuzumab", "pertuzumab + trastuzumab + hyaluronidase-zzxf"]

    @pytest.mark.parametrize("typed", ["", " ", "?", "aspirin", "paracetamol", "x", "olaparib", "hair"])
    def test_what_the_page_has_not_is_not_found(self, table: tuple[Medicine, ...], typed: str) -> None:
        """Another medicine's name is no misspelling of one of these."""
        assert find_medicine(table, typed) == ()


OTHER = """A page

Medicines for prostate cancer

Casodex (bicalutamide) is a tablet. Your doctor may prescribe goserelin (brand name Zoladex), which is
given as an injection under the skin. Luteinizing blockers include degarelix (Firmagon).

Chemotherapy

Docetaxel (Taxotere®) is given by infusion into a vein to treat advanced prostate cancer. It is taken
together with prednisone. Cabazitaxel, sold as Jevtana, is used for prostate cancer that has grown after
docetaxel.

Bevacizumab (Avastin)

You get this medicine through an IV. It treats advanced colorectal cancer. Biosimilars of bevacizumab
include Mvasi, Zirabev and Vegzelma.

PARP inhibitors. These stop cells from mending DNA. They are:

- Olaparib (Lynparza): tablets for advanced ovarian cancer with a BRCA mutation
- Niraparib and abiraterone acetate (Akeega) is a tablet that combines two medicines

Trials

The hospital (Boston) runs a study (Keynote) of surgery (Mastectomy). Call Dr. Smith (Oncology).
"""


def test_another_page_in_another_style(small_document: Make) -> None:
    """Brand first, headings that are names, other routes, other cancers."""
    page = small_document(OTHER)
    found = [as_read(page, row) for row in medicine_table(page)]
    assert [(each.generic, each.brand, each.kind) for each in found] == [
        (("bicalutamide",), ("Casodex",), None),
        (("goserelin",), ("Zoladex",), None),
        (("degarelix",), ("Firmagon",), "Luteinizing blockers"),
        (("Docetaxel",), ("Taxotere",), "Chemotherapy"),
        (("prednisone",), (), None),
        (("Cabazitaxel",), ("Jevtana",), "Chemotherapy"),
        (("Bevacizumab",), ("Avastin",), None),
        (("Olaparib",), ("Lynparza",), "PARP inhibitors"),
        (("Niraparib", "abiraterone acetate"), ("Akeega",), "PARP inhibitors"),
    ]
    given = {each.brand: each.given for each in found if each.brand}
    assert given == {
        ("Casodex",): ("is a tablet",),
        ("Zoladex",): ("given as an injection under the skin",),
        ("Firmagon",): (),
        ("Taxotere",): ("given by infusion into a vein",),
        ("Jevtana",): (),
        ("Avastin",): ("through an IV",),
        ("Lynparza",): ("tablets",),
        ("Akeega",): ("is a tablet",),
    }
    treats = {each.brand: each.treats for each in found if each.treats}
    assert treats == {
        ("Casodex",): ("prostate cancer",),
        ("Zoladex",): ("prostate cancer",),
        ("Firmagon",): ("prostate cancer",),
        ("Taxotere",): ("advanced prostate cancer",),
        ("Jevtana",): ("prostate cancer that has grown after\ndocetaxel",),
        ("Avastin",): ("advanced colorectal cancer",),
        ("Lynparza",): ("advanced ovarian cancer with a BRCA mutation",),
    }
    assert found[3].partners == ("prednisone",)
    assert [
        brand for row in medicine_table(page) for each in row.biosimilars for brand in each.brand
    ] == [
        Span(at, at + len(brand))
        for brand in ("Mvasi", "Zirabev", "Vegzelma")
        if (at := page.source.index(brand))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A page\n\nRest\n\nSleep helps. Walk (Slowly) every day. Estrogen (Hormone) is made by "
        "the body.\n",
        "A page\n\nChemotherapy (Chemo)\n\nMedicines (Pills) are given as a pill with food.\n",
        "• \n\n()\n",
    ],
)
def test_a_page_without_medicines_has_no_row(small_document: Make, text: str) -> None:
    """Brackets and capitals alone make no medicine."""
    assert medicine_table(small_document(text)) == ()


PIECES = st.sampled_from(
    [
        "tamoxifen",
        "Otherin (trastuzumab-abcd)",
        "trastuzumab (Brandex and generic)",
        "inhibitors",
        "include",
        "(",
        ")",
        "\n\n",
        "  • ",
        "given as a pill with",
        "HER2-positive cancer that",
        ". It ",
        ":",
        "biosimilars",
        "®",
        "/",
        "are",
        ",",
        "and",
        "to treat",
        "‑",
        "\xa0",
        "mTOR (target of rapamycin) inhibitors",
        "AIs",
        "If the cancer",
        "[",
        "]",
        "not",
        "Brandex",
    ]
)


@settings(max_examples=200)
@given(
    st.lists(PIECES | st.text(max_size=8), max_size=25).map(" ".join) | st.text(), st.text(max_size=20)
)
def test_any_text_is_read(text: str, typed: str) -> None:
    """Any text gives rows whose cells lie within it, and can be searched for anything."""
    metadata = Metadata("A page", "A publisher", (), "", "", "0" * 64, "", "")
    page = parse_document("a-page", text, metadata)
    table = medicine_table(page)
    for row in rows_of(table):
        kind = (row.medicine_class,) if row.medicine_class else ()
        cells = (row.generic, row.brand, kind, row.given, row.treats, row.partners)
        spans = [span for cell in (*cells, row.passages, row.sentences) for span in cell]
        assert row.name
        assert spans
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert set(find_medicine(table, typed)) <= set(table)
