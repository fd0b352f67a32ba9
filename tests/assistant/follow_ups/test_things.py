"""What a text speaks of: everyday words, names of medicines and headings, each in its slot."""

import re
from collections.abc import Callable

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.follow_ups.things import (
    ASPECT,
    CANCER,
    LONGEST_HEADING,
    PERSON,
    SITE,
    SLOTS,
    THING,
    THINGS_FILE,
    Vocabulary,
)
from corpus import Document
from corpus.folding import fold

CONTENT: dict[str, dict[str, list[str]]] = orjson.loads(THINGS_FILE.read_bytes())

SPOKEN_OF = {
    "does chemo hurt": [(THING, "chemotherapy")],
    "Are HORMONE PILLS forever?": [(THING, "hormonal therapy"), (ASPECT, "how long")],
    "rads to the spine": [(THING, "radiation therapy"), (SITE, "spine")],
    "what about cdk4/6?": [(THING, "CDK 4/6 inhibitors")],
    "having my ovaries out": [(THING, "ovary removal")],
    "does Kisqali help": [(THING, "kisqali")],
    "the doctors on my treatment team": [(THING, "treatment team")],
    "HER2+ with brain mets": [(CANCER, "HER2-positive breast cancer"), (SITE, "brain")],
    "my mum, she’s triple negative": [(CANCER, "triple-negative breast cancer")],
    "ER+ cancer": [(CANCER, "hormone receptor-positive breast cancer")],
    "and after menopause?": [(PERSON, "postmenopausal women")],
    "I still have periods": [(PERSON, "premenopausal women")],
    "haven't hit menopause yet": [(PERSON, "premenopausal women")],
    "I never went through the change": [(PERSON, "premenopausal women")],
    "she isn't menopausal yet": [(PERSON, "premenopausal women")],
    "I'm not postmenopausal": [(PERSON, "premenopausal women")],
    "before she goes into menopause": [(PERSON, "premenopausal women")],
    "my menopause has not come": [(PERSON, "premenopausal women")],
    "been thru menopause": [(PERSON, "postmenopausal women")],
    "menopause is over": [(PERSON, "postmenopausal women")],
    "I don't get my periods any more": [(PERSON, "postmenopausal women")],
    "hasn't had a period for ten years": [(PERSON, "postmenopausal women")],
    "no longer premenopausal": [(PERSON, "postmenopausal women")],
    "not sure I'm in menopause": [],
    "will it bring on menopause": [],
    "what about men?": [(PERSON, "men")],
    "any side-effects": [(ASPECT, "side effects")],
    "is it a pill?": [(ASPECT, "how is it given")],
    "How does it work?": [(ASPECT, "how does it work")],
    "who gets it": [(ASPECT, "who is it for")],
    "What’s for dinner?": [],
    "化疗会掉头发吗": [],
    "": [],
}


@pytest.fixture(scope="module")
def vocabulary(document: Document) -> Vocabulary:
    """The words for what the shipped document speaks of."""
    return Vocabulary([document])


@pytest.fixture(scope="module")
def general() -> Vocabulary:
    """The general words alone."""
    return Vocabulary([])


class TestThings:
    @pytest.mark.parametrize("text", SPOKEN_OF)
    def test_everyday_words_are_known(self, vocabulary: Vocabulary, text: str) -> None:
        """Each thing is found in its slot and by the label that it has in a query, in its order."""
        things = vocabulary.things(text)
        assert [(thing.slot, thing.label) for thing in things] == SPOKEN_OF[text]

    @pytest.mark.parametrize(
        "text",
        ["my report", "the important mentor", "women", "aids", "support", "chemosynthesis", "bonehead"],
    )
    def test_a_part_of_a_word_is_nothing(self, general: Vocabulary, text: str) -> None:
        """There is no port in "report", and "women" has no men."""
        assert general.things(text) == ()

    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("brain surgery", "craniotomy"),
            ("her2 neg", "HER2-negative breast cancer"),
            ("her2 low", "HER2-low breast cancer"),
            ("ovarian suppression", "ovarian suppression"),
            ("genetic testing", "genetic testing"),
            ("taking out the ovaries", "ovary removal"),
        ],
    )
    def test_of_two_that_overlap_the_longer_is_meant(
        self, general: Vocabulary, text: str, label: str
    ) -> None:
        """A "brain surgery" is a craniotomy; it is neither a brain nor any operation."""
        (thing,) = general.things(text)
        assert thing.label == label

    def test_each_place_is_told(self, general: Vocabulary) -> None:
        """A thing that is named twice is there twice, and its place is that in the folded text."""
        text = "  Chemo – or   CHEMO?"
        things = general.things(text)
        assert [(thing.start, thing.end) for thing in things] == [(0, 5), (11, 16)]
        assert {fold(text)[thing.start : thing.end] for thing in things} == {"chemo"}

    @given(
        words=st.lists(
            st.one_of(
                st.sampled_from([text for text in SPOKEN_OF if text]),
                st.sampled_from(["and", "the", "tamoxifen", "surgery", "—", "??", "HER2", "brain"]),
                st.text(max_size=12),
            ),
            max_size=8,
        )
    )
    def test_any_text_can_be_read(self, vocabulary: Vocabulary, words: list[str]) -> None:
        """Things stand in the folded text, one behind the other, each in a slot that there is."""
        text = " ".join(words)
        things = vocabulary.things(text)
        assert {thing.slot for thing in things} <= set(SLOTS)
        assert all(thing.label for thing in things)
        ends = [0, *(thing.end for thing in things)]
        for thing, before in zip(things, ends, strict=False):
            assert before <= thing.start < thing.end <= len(fold(text))
        assert vocabulary.things(text) == things


class TestMedicines:
    def test_each_is_told_once_by_its_generic_name(self, vocabulary: Vocabulary) -> None:
        """A brand and its generic name are one medicine; the order is that of the text."""
        text = "Letrozole with Kisqali, ribociclib or (again) LETROZOLE"
        assert vocabulary.medicines(text) == ("letrozole", "ribociclib")

    def test_only_names_of_the_document_are_known(self, general: Vocabulary) -> None:
        """Without a document no medicine is known."""
        assert general.medicines("tamoxifen and letrozole") == ()
        assert general.things("tamoxifen") == ()

    def test_names_come_from_any_document(self, small_document: Callable[..., Document]) -> None:
        """A made-up page with a made-up medicine is read like the real one."""
        page = small_document("Medicines\nSome people take examplimab (Examplia) for this.\n")
        vocabulary = Vocabulary([page])
        assert vocabulary.medicines("Examplia or examplimab?") == ("examplimab",)
        assert [t.label for t in vocabulary.things("is Examplia new")] == ["examplia"]

    def test_a_part_of_a_name_is_none(self, vocabulary: Vocabulary) -> None:
        """A longer word is another word."""
        assert vocabulary.medicines("pretamoxifen tamoxifens") == ()


class TestHeadings:
    @pytest.fixture
    def page(self, small_document: Callable[..., Document]) -> Vocabulary:
        """The words of a page with headings short and long."""
        return Vocabulary(
            [
                small_document(
                    "A page\n\n"
                    "Massage (by hand)\n\nWords that stand here, in a row.\n\n"
                    "What to know before you go home\n\nWords that stand here, in a row.\n"
                )
            ]
        )

    def test_a_short_heading_is_a_thing(self, page: Vocabulary) -> None:
        """It is called by its title as it stands; what it has in brackets need not be said."""
        (thing,) = page.things("is massage good")
        assert (thing.slot, thing.label) == (THING, "Massage (by hand)")

    def test_a_long_heading_and_the_title_are_none(self, page: Vocabulary) -> None:
        """A heading of more than four words describes; the page's title names everything."""
        assert LONGEST_HEADING == 4
        assert page.things("what to know before you go home") == ()
        assert page.things("a page") == ()

    def test_every_short_heading_of_the_document_is_found(
        self, vocabulary: Vocabulary, document: Document
    ) -> None:
        """Each heading of one to four words, typed as it stands, speaks of something."""
        short = [
            section.title
            for section in document.sections
            if section.level > 0
            and len(re.sub(r"\(.*?\)", "", section.title).split()) <= LONGEST_HEADING
        ]
        assert len(short) > 10
        assert [title for title in short if not vocabulary.things(title)] == []


class TestFile:
    def test_it_has_every_slot(self) -> None:
        """A question has at most one of each at a time."""
        assert tuple(CONTENT) == SLOTS

    def test_every_pattern_is_plain_lower_case(self) -> None:
        """Texts are folded before they are compared, so that a capital would never be found."""
        for labels in CONTENT.values():
            for label, patterns in labels.items():
                assert patterns, label
                for pattern in patterns:
                    re.compile(pattern)
                    assert not re.search(r"[A-Z’]", pattern.replace(r"\w", "")), pattern
                    assert not re.fullmatch(pattern, ""), pattern

    def test_no_label_stands_twice(self) -> None:
        """A label means one thing."""
        labels = [label for labels in CONTENT.values() for label in labels]
        assert len(set(labels)) == len(labels)

    def test_what_is_named_is_known_by_its_label(self, general: Vocabulary) -> None:
        """What is carried into a query is found in it again: all labels but those of what is asked."""
        for slot in set(SLOTS) - {ASPECT}:
            for label in CONTENT[slot]:
                things = general.things(label)
                assert [(thing.slot, thing.label) for thing in things] == [(slot, label)]
