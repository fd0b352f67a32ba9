"""Misspelt names are put right with the document's own words, and nothing else is touched."""

from collections.abc import Callable

import pytest
from tokenizers import Tokenizer

from assistant.spelling import Correction, Speller
from corpus import Document
from index import find_model


@pytest.fixture(scope="module")
def is_everyday() -> Callable[[str], bool]:
    """Tell the words that the model's vocabulary has in one piece, without loading the model."""
    tokenizer = Tokenizer.from_file(str(find_model().folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    single = len(tokenizer.encode("a").ids)
    return lambda word: len(tokenizer.encode(word).ids) <= single


@pytest.fixture(scope="module")
def speller(document: Document, is_everyday: Callable[[str], bool]) -> Speller:
    """A speller of the shipped document with the real vocabulary."""
    return Speller([document], is_everyday)


@pytest.mark.model
class TestNames:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("tamoxifin", "tamoxifen"),
            ("letrazole", "letrozole"),
            ("anastrazole", "anastrozole"),
            ("exemestaine", "exemestane"),
            ("abemacilib", "abemaciclib"),
            ("trastuzimab", "trastuzumab"),
            ("capecitabene", "capecitabine"),
            ("everolimas", "Everolimus"),
            ("ibrence", "Ibrance"),
            ("verzinio", "Verzenio"),
            ("faslodx", "Faslodex"),
            ("Herceptn", "Herceptin"),
            ("keytrudda", "Keytruda"),
            ("PIQREY", "Piqray"),
            ("tykerv", "Tykerb"),
            ("phesgoo", "Phesgo"),
            ("oophrectomy", "oophorectomy"),
        ],
    )
    def test_a_slip_in_a_name_is_put_right(self, speller: Speller, typed: str, meant: str) -> None:
        """Generic and brand names come out as the document writes them, capitals included."""
        assert speller.corrections(f"is {typed} for me?") == (Correction(typed, meant),)
        assert speller.corrected(f"is {typed} for me?") == f"is {meant} for me?"

    @pytest.mark.parametrize(
        "name", ["tamoxifen", "HERCEPTIN", "ibrance", "Fam-trastuzumab-deruxtecan-nxki"]
    )
    def test_a_name_that_is_right_stays_as_typed(self, speller: Speller, name: str) -> None:
        """Capitals are no slip."""
        assert speller.corrected(f"what is {name}") == f"what is {name}"

    def test_no_other_medicine_of_the_gaps_becomes_one_of_ours(
        self, speller: Speller, document: Document
    ) -> None:
        """In all that the document leaves open, only slips in ordinary words are put right."""
        found = {correction for gap in document.gaps for correction in speller.corrections(gap.text)}
        assert len(document.gaps) > 1_000
        assert found == {Correction("diarhea", "diarrhea")}

    @pytest.mark.parametrize(
        "name",
        [
            *("olaparib", "talazoparib", "Lynparza", "inavolisib", "datopotamab", "pyrotinib"),
            *("camizestrant", "imlunestrant", "goserelin", "leuprolide", "Hercessi", "Zoladex"),
            *("bevacizumab", "atezolizumab", "nivolumab", "cetuximab", "temsirolimus", "capmatinib"),
            *("raloxifene", "clomifene", "paclitaxel", "cabazitaxel", "tamsulosin", "aprepitant"),
            pytest.param("mirvetuximab"),
        ],
    )
    def test_other_medicines_are_left_alone(self, speller: Speller, name: str) -> None:
        """A medicine that the document does not name is never taken for one that it does."""
        assert speller.corrections(f"can I take {name}") == ()

    @pytest.mark.parametrize(
        "word",
        [
            *("metastases", "biosimilar", "injecting", "injected", "inhibitor", "oncologists"),
            *("mutational", "hormonally", "fatigues", "backbend", "immunology", "receptive"),
        ],
    )
    def test_another_form_of_a_word_is_no_slip(self, speller: Speller, word: str) -> None:
        """Singular, plural and other forms stay as they were typed."""
        assert speller.corrections(word) == ()

    @pytest.mark.parametrize(
        "word",
        ["pill", "pain", "bones", "liver", "tired", "hair", "nodes", "spine", "bone", "mets", "chemo"],
    )
    def test_short_and_everyday_words_are_never_touched(self, speller: Speller, word: str) -> None:
        """Everyday English is not mistaken for a name."""
        assert speller.corrections(word) == ()

    @pytest.mark.parametrize(
        "question",
        [
            "which vaccination can I have",
            pytest.param(
                "are vaccinations safe on chemo",
            ),
        ],
    )
    def test_a_longer_word_of_another_meaning_stays(self, speller: Speller, question: str) -> None:
        """Two slips are the most; a word three letters away is another word."""
        assert speller.corrected(question) == question

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("letrozol", "letrozole"),
            ("anastrozol", "anastrozole"),
            ("fulvestrent", "fulvestrant"),
        ],
    )
    def test_a_slip_in_the_ending_is_put_right(self, speller: Speller, typed: str, meant: str) -> None:
        """An ending that looks like one of English grammar is a slip all the same."""
        assert speller.corrected(f"is {typed} a pill") == f"is {meant} a pill"


class TestSpeller:
    @pytest.fixture
    def page(self, small_document: Callable[..., Document]) -> Document:
        """A document with one name at the beginning of a sentence and one in the middle."""
        return small_document("Zebrafen helps. People take zebrafen with Quillimab. Metastasis hurts.\n")

    @pytest.fixture
    def on_page(self, page: Document) -> Speller:
        """A speller of that page; its only everyday words are these."""
        return Speller([page], {"helps", "people", "hurts", "quillimap"}.__contains__)

    def test_the_rest_of_the_question_stays(self, on_page: Speller) -> None:
        """Blanks, signs, capitals and line breaks are kept; each place of the word is put right."""
        assert on_page.corrected("Zebrafin?!  ZEBRAFIN\nand (Zebrafin), at 5 PM") == (
            "zebrafen?!  zebrafen\nand (zebrafen), at 5 PM"
        )

    def test_a_word_inside_another_is_not_touched(self, on_page: Speller) -> None:
        """Only whole words are put right."""
        assert on_page.corrected("zebrafin zebrafins4 unzebrafin") == "zebrafen zebrafins4 unzebrafin"

    def test_corrections_come_in_the_order_of_the_words(self, on_page: Speller) -> None:
        """Each word is told once."""
        assert on_page.corrections("quilimab zebrafin quilimab") == (
            Correction("quilimab", "Quillimab"),
            Correction("zebrafin", "zebrafen"),
        )

    @pytest.mark.parametrize("word", ["quillimap", "Quillimap"])
    def test_an_everyday_word_is_no_slip(self, on_page: Speller, word: str) -> None:
        """However near it is to a name."""
        assert on_page.corrections(word) == ()

    @pytest.mark.parametrize("word", ["sebrafen", "ebrafen", "zbrfn", "zeb", "zebr", "metastases"])
    def test_what_is_too_far_away_is_left_alone(self, on_page: Speller, word: str) -> None:
        """The first letter must be right, few slips may be wrong, and short words are never touched."""
        assert on_page.corrections(word) == ()

    @pytest.mark.parametrize(
        ("word", "name"),
        [("zebrafen", True), ("quillimab", True), ("people", False), ("unknown", False)],
    )
    def test_names_are_the_rare_words(self, on_page: Speller, word: str, name: bool) -> None:
        """A rare word of the document is a name; an everyday one, or one of elsewhere, is none."""
        assert on_page.is_name(word) is name

    def test_without_documents_nothing_is_put_right(self) -> None:
        """There is nothing to put it right with."""
        assert Speller([], str.isdigit).corrected("tamoxifin") == "tamoxifin"
