"""The view of medicines: a row for each, every cell words of the page with a link to their place."""

import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import wording
from assistant.links import parse_range
from assistant.views.medicines import medicines_page
from assistant.views.side_effects import side_effects_page
from corpus import Document, Metadata, parse_document
from corpus.medicines.groups import Way, group_medicines, ways_of
from corpus.medicines.phrases import cancer_marks
from corpus.medicines.table import Medicine, medicine_table

Make = Callable[..., Document]

MOST_BYTES = 200_000


class RowReader(HTMLParser):
    """Reads the rows of the table: every link and quote with its words, what is folded away too."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[dict] = []
        self.options: list[str] = []
        self._link: list[str] | None = None
        self._quote: list[str] | None = None
        self._skipped = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = dict(attrs)
        if tag == "tbody":
            self.rows.append({"links": [], "quotes": [], **found})
        elif tag == "option":
            self.options.append(found.get("value", ""))
        elif self.rows and tag == "a" and "?quote=" in found.get("href", ""):
            self._link = []
            self.rows[-1]["links"].append((found["href"], self._link))
        elif tag == "blockquote":
            self._quote = []
            self.rows[-1]["quotes"].append((found["cite"], self._quote))
        elif found.get("class") == "sp-go":
            self._link = None
        elif found.get("class") == "sp-context":
            self._skipped = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipped:
            self._skipped = ""
        elif tag == "a":
            self._link = None
        elif tag == "blockquote":
            self._quote = None

    def handle_data(self, data: str) -> None:
        for kept in (self._link, self._quote):
            if kept is not None and not self._skipped:
                kept.append(data)


def words_of(parts: str | list[str]) -> list[str]:
    """Return the words of a text, signs of bullets off."""
    text = parts if isinstance(parts, str) else " ".join(parts)
    return [word for word in text.split() if word != "•"]


def shown_by(link: str, document: Document) -> str:
    """Return the words that the reading view marks for a link, and check that its section is theirs."""
    parts = urlsplit(link)
    assert parts.path == f"/read/{document.id}"
    (quoted,) = parse_qs(parts.query)["quote"]
    span = parse_range(quoted, length=len(document.source))
    assert span is not None
    assert document.blocks_within(span)[0].section_id == unquote(parts.fragment)
    return span.of(document.source)


def cells_of(row: Medicine) -> Iterator[str]:
    """Yield the range of each cell of a row as its link has it."""
    kind = (row.medicine_class,) if row.medicine_class else ()
    for spans in (row.generic, row.brand, kind, row.given, row.treats, row.partners, row.passages):
        yield from (f"quote={span.start}-{span.end}#" for span in spans)
    for each in row.biosimilars:
        yield from (f"quote={span.start}-{span.end}#" for span in (*each.generic, *each.brand))


@pytest.fixture(scope="module")
def page(document: Document) -> str:
    """The page of the shipped document."""
    return medicines_page([document])


@pytest.fixture(scope="module")
def read(page: str) -> RowReader:
    """What stands in it."""
    return RowReader(page)


@pytest.fixture(scope="module")
def table(document: Document) -> tuple[Medicine, ...]:
    """The medicines of the shipped document."""
    return medicine_table(document)


class TestTheShippedDocument:
    def test_every_medicine_is_a_row(self, read: RowReader, table: tuple[Medicine, ...]) -> None:
        """The rows are those of the table, in its order, and every cell of each is there."""
        assert len(read.rows) == len(table) == 28
        for drawn, row in zip(read.rows, table, strict=True):
            links = [href for href, _ in drawn["links"]]
            assert all(any(cell in link for link in links) for cell in cells_of(row)), row.name

    def test_every_cell_is_verbatim_and_leads_to_its_place(
        self, document: Document, read: RowReader
    ) -> None:
        """A link has the words that it marks in the page, or the headings above a quote."""
        paths = {" › ".join(section.path) for section in document.sections}
        for row in read.rows:
            assert row["links"]
            for href, words in row["links"]:
                shown = shown_by(href, document)
                assert words_of(words) == words_of(shown) or "".join(words).strip() in paths

    def test_every_quote_is_verbatim(self, document: Document, read: RowReader) -> None:
        """What the page says of a medicine is said in its words, and no row is without."""
        for row in read.rows:
            assert row["quotes"]
            for cite, words in row["quotes"]:
                assert words_of(words) == words_of(shown_by(cite, document))

    def test_biosimilars_stand_under_their_drug(self, read: RowReader) -> None:
        """They are found by their names in the row of their drug, and have no row of their own."""
        (drug,) = [row for row in read.rows if "ogivri" in json.loads(row["data-find"])["names"]]
        words = ["".join(words) for _, words in drug["links"]]
        assert words[0] == "Trastuzumab"
        assert {"Trazimera", "Ontruzant", "Ogivri", "Herzuma", "Kanjinti", "biosimilars"} <= set(words)

    def test_a_class_without_a_medicine_is_said_to_be_one(self, page: str) -> None:
        """Nothing is filled in where the list is missing in the copy, and that is said."""
        assert page.count(wording.MEDICINE_CLASS_ONLY) == 2
        sentence = "The two approved PARP inhibitors, given in pill form, are:"
        assert wording.MISSING_LIST.format(sentence=sentence) in page

    def test_every_choice_has_a_row(self, read: RowReader) -> None:
        """No filter leads to an empty table, and every group of a row can be chosen."""
        groups = [json.loads(row["data-find"]) for row in read.rows]
        used = {value for each in groups for name in ("kind", "given", "treats") for value in each[name]}
        columns = {"name", "brand", "kind", "given", "treats"}
        assert set(read.options) - {""} - columns == used

    def test_it_is_small_enough_for_a_phone(self, page: str) -> None:
        """The whole page, style and script with it, is under 200 KB."""
        assert len(page.encode()) < MOST_BYTES


class TestGroups:
    def test_of_the_shipped_document(self, document: Document, table: tuple[Medicine, ...]) -> None:
        """Class, way and cancers of a row are those that its cells say."""
        names = [row.name for row in table]
        groups = dict(zip(names, group_medicines(document, table), strict=True))
        assert groups["letrozole"].treatment == "Hormonal therapy"
        assert groups["letrozole"].kind == "aromatase inhibitor"
        assert groups["docetaxel"].treatment == "Chemotherapy"
        assert groups["docetaxel"].ways == ()
        assert groups["sacituzumab govitecan"].kind == groups["ado-trastuzumab emtansine"].kind
        assert groups["alpelisib"].cancers == ("hormone receptor-positive", "her2-negative", "pik3ca")

    @pytest.mark.parametrize(
        ("words", "ways"),
        [
            ("come in pill form", (Way.PILL,)),
            ("IV medicine", (Way.VEIN,)),
            ("given as injections", (Way.INJECTION,)),
            ("an injection into a vein", (Way.VEIN,)),
            ("by mouth or by IV", (Way.VEIN, Way.PILL)),
            ("a cream", (Way.SKIN,)),
            ("as a nasal spray", (Way.OTHER,)),
        ],
    )
    def test_ways(self, words: str, ways: tuple[Way, ...]) -> None:
        """The words of a cell tell the way."""
        assert ways_of(words) == ways

    @pytest.mark.parametrize(
        ("words", "marks"),
        [
            ("HER2-low or HER2-positive breast cancer", ("HER2-low", "HER2-positive", "breast cancer")),
            ("advanced ovarian cancer with a BRCA mutation", ("ovarian cancer", "BRCA")),
            ("after HER2-targeted therapy, as the FDA says", ()),
            ("any cancer", ()),
        ],
    )
    def test_marks(self, words: str, marks: tuple[str, ...]) -> None:
        """What tells one cancer from another."""
        assert cancer_marks(words) == marks


OTHER = """A page

Medicines for prostate cancer

Casodex (bicalutamide) is a tablet. Goserelin (Zoladex) is given as an injection under the skin.

Chemotherapy

Docetaxel (Taxotere) is given by infusion into a vein to treat advanced prostate cancer. Niraparib
(Zejula) is given as a pill to treat ovarian cancer.
"""


def test_another_page_can_be_chosen_from(small_document: Make) -> None:
    """Other headings, other cancers: the choices are that page's own."""
    document = small_document(OTHER)
    read = RowReader(medicines_page([document]))
    groups = [json.loads(row["data-find"]) for row in read.rows]
    assert [each["kind"][0] for each in groups] == [
        "Medicines for prostate cancer",
        "Medicines for prostate cancer",
        "Chemotherapy",
        "Chemotherapy",
    ]
    assert [each["given"] for each in groups] == [["pill"], ["injection"], ["vein"], ["pill"]]
    assert [each["treats"] for each in groups][2:] == [["prostate cancer"], ["ovarian cancer"]]


def test_hostile_words_are_shown_as_words(small_document: Make) -> None:
    """What looks like markup is text in every cell, and in what the script is given."""
    document = small_document(
        "A <b>page</b>\n\nPills </script><img src=x>\n\nLetrozole (Femara) is given as a pill with "
        "'\"><script>alert(1)</script> exemestane (Aromasin).\n",
        title="A <b>page</b>",
    )
    page = medicines_page([document])
    assert "<b>page" not in page
    assert "<img" not in page
    assert "alert(1)</script>" not in page
    assert page.count("<script") == page.count("</script>")
    for row in RowReader(page).rows:
        for cite, words in row["quotes"]:
            assert words_of(words) == words_of(shown_by(cite, document))


def test_a_page_that_names_none_says_so(small_document: Make) -> None:
    """Nothing is made up where nothing is named."""
    page = medicines_page([small_document("A page\n\nHours\n\nThe clinic opens at nine.\n")])
    assert wording.MEDICINES_NONE in page
    assert "<table" not in page


PIECES = st.sampled_from(
    [
        "tamoxifen",
        "Otherin (trastuzumab-abcd)",
        "trastuzumab (Brandex and generic)",
        "inhibitors include",
        "\n\n",
        "  • ",
        "given as a pill with",
        "HER2-positive cancer that",
        ". It ",
        ":",
        "biosimilars",
        "side effects can include nausea",
        "<b>&",
        "'",
        '"',
    ]
)


@settings(max_examples=60)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map(" ".join))
def test_any_text_is_drawn(text: str) -> None:
    """Both views can be drawn of any text, and every quote is verbatim."""
    document = parse_document("a-page", text, Metadata("A page", "P", (), "", "", "0" * 64, "", ""))
    for page in (medicines_page([document]), side_effects_page([document])):
        assert "<b>&" not in page
    for row in RowReader(medicines_page([document])).rows:
        assert all(
            words_of(words) == words_of(shown_by(cite, document)) for cite, words in row["quotes"]
        )
