"""Side effects: every sentence of the page that speaks of them or of easing them, listed by reading."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.collection import parse_document
from corpus.document import Document, Metadata
from corpus.side_effects.entries import Concern, SideEffectEntry, side_effect_entries, symptom_index

Make = Callable[..., Document]

TITLE = "Treatment for metastatic breast cancer"
EFFECTS, SYMPTOMS = Concern.SIDE_EFFECTS, Concern.SYMPTOMS

# Treatment, text, symptoms, whether it speaks of easing them, and what it is about.
LISTED: list[tuple[str, str, str, bool, Concern]] = [
    (TITLE, "Reducing symptoms caused by the cancer", "", True, SYMPTOMS),
    (TITLE, "Keeping treatment side effects to a minimum", "", True, EFFECTS),
    (
        "Your treatment team",
        "Palliative care specialists, who can help you manage pain, symptoms, and significant stress",
        "pain stress",
        True,
        SYMPTOMS,
    ),
    ("Your treatment team", "What are the short and long-term side effects?", "", False, EFFECTS),
    (
        "Your treatment team",
        "Will this treatment’s side effects prevent me from enjoying daily activities?",
        "",
        False,
        EFFECTS,
    ),
    ("Your treatment team", "What side effects mean I should call you immediately?", "", False, EFFECTS),
    (
        "Your treatment team",
        "If this treatment doesn’t work or has too many side effects, what are my other options?",
        "",
        False,
        EFFECTS,
    ),
    (
        "Types of treatment",
        "If the disease does recur, the goal of treatment for metastatic breast cancer is to manage the "
        "disease over the long term while helping you live with as few treatment side effects as "
        "possible.",
        "",
        True,
        EFFECTS,
    ),
    (
        "Types of treatment",
        "Or, a past treatment may be too toxic to have more than once.",
        "",
        False,
        EFFECTS,
    ),
    (
        "Types of treatment",
        "Usually, treatment is used until the cancer grows or travels to a new part of the body, or the "
        "side effects become too much to manage.",
        "",
        False,
        EFFECTS,
    ),
    (
        "Hormonal therapy",
        "While GnRH agonists suppress ovarian function as long as a person is taking them, "
        "ovary removal "
        "stops ovarian function permanently, putting a woman into permanent menopause.",
        "early-menopause",
        False,
        EFFECTS,
    ),
    (
        "Hormonal therapy",
        "Side effects of hormonal therapy depend on the specific drug but can include menopausal "
        "symptoms such as hot flashes, vaginal dryness or discharge, joint pain, weight changes, bone "
        "loss, and changes in sexual desire.",
        "early-menopause hot-flashes vaginal-dryness vaginal-discharge joint-pain weight-changes "
        "bone-loss low-desire",
        False,
        EFFECTS,
    ),
    (
        "Targeted therapy",
        "Targeted therapy treats the cancer in a focused way, so it’s less likely than chemotherapy to "
        "harm healthy cells, and may have fewer side effects.",
        "",
        False,
        EFFECTS,
    ),
    (
        "Targeted therapy",
        "Different targeted therapies can cause different side effects.",
        "",
        False,
        EFFECTS,
    ),
    (
        "Targeted therapy",
        "These can include nausea, diarrhea, anemia, low blood cell counts, and fatigue.",
        "nausea diarrhea anemia low-blood-counts fatigue",
        False,
        EFFECTS,
    ),
    (
        "Chemotherapy",
        "A port or PICC line allows a person to avoid repeated needlesticks in the arm, and can reduce "
        "the risk of IV medicines irritating the blood vessels.",
        "vein-irritation",
        True,
        EFFECTS,
    ),
    (
        "Chemotherapy",
        "There are many possible side effects of chemotherapy, and there’s no way to know who will "
        "experience each one.",
        "",
        False,
        EFFECTS,
    ),
    ("Chemotherapy", "Some common side effects include:", "", False, EFFECTS),
    ("Chemotherapy", "Nausea", "nausea", False, EFFECTS),
    ("Chemotherapy", "Hair loss", "hair-loss", False, EFFECTS),
    ("Chemotherapy", "Weight gain or loss", "weight-gain weight-loss", False, EFFECTS),
    ("Chemotherapy", "Low blood cell counts", "low-blood-counts", False, EFFECTS),
    ("Chemotherapy", "Fatigue", "fatigue", False, EFFECTS),
    (
        "Chemotherapy",
        "Your healthcare team can recommend effective ways to manage some side effects with lifestyle "
        "changes or medicine.",
        "",
        True,
        EFFECTS,
    ),
    ("Radiation therapy", "Manage pain from tumors in the bone", "pain", True, SYMPTOMS),
    (
        "Radiation therapy",
        "Treat or prevent symptoms caused by breast cancer in the brain or lungs",
        "",
        True,
        SYMPTOMS,
    ),
    (
        "Radiation therapy",
        "Lessen pain and prevent injury to nerves by treating tumors of the spine that are pushing on "
        "the spinal cord",
        "pain nerve-damage",
        True,
        SYMPTOMS,
    ),
    (
        "Radiation therapy",
        "The side effects of radiation therapy are very specific to the part of the body being treated.",
        "",
        False,
        EFFECTS,
    ),
    (
        "Radiation therapy",
        "If you receive radiation to the liver, for example, nausea or vomiting may be side effects.",
        "nausea vomiting",
        False,
        EFFECTS,
    ),
    (
        "Radiation therapy",
        "If the breast cancer has traveled to the brain, radiation therapy can cause changes in "
        "thinking "
        "and memory.",
        "memory-and-thinking",
        False,
        EFFECTS,
    ),
    (
        "Radiation therapy",
        "If your healthcare team recommends radiation therapy, you and your radiation oncologist will "
        "talk before and during treatment about possible side effects and how to manage them.",
        "",
        True,
        EFFECTS,
    ),
    (
        "Surgery",
        "If you have pain or bleeding, removing the original tumor can help ease symptoms.",
        "pain bleeding",
        True,
        SYMPTOMS,
    ),
    (
        "Surgery",
        "If there are tumors in places outside the breast that are causing you pain or other symptoms, "
        "removing them can help reduce symptoms.",
        "pain",
        True,
        SYMPTOMS,
    ),
    (
        "Surgery",
        "If you have metastatic breast cancer that has spread to the bones, orthopedic surgery can be "
        "done to reduce the risk of bone breaks and to ease pain.",
        "fractures pain",
        True,
        SYMPTOMS,
    ),
    (
        "Surgery",
        "Kyphoplasty, a surgery in which cement is inserted into a bone to ease pain",
        "pain",
        True,
        SYMPTOMS,
    ),
    (
        "Surgery",
        "But it’s important to know that in these women, oophorectomy causes sudden menopause.",
        "early-menopause",
        False,
        EFFECTS,
    ),
    (
        "Surgery",
        "Side effects include hot flashes, an increased risk for heart disease, bone loss or fractures, "
        "and decreased sexual desire.",
        "hot-flashes heart-problems bone-loss fractures low-desire",
        False,
        EFFECTS,
    ),
    (
        "Complementary & integrative medicine",
        "While complementary therapies do not treat cancer directly, research shows they can ease some "
        "side effects, such as nausea, fatigue, anxiety, and depression.",
        "nausea fatigue anxiety depression",
        True,
        EFFECTS,
    ),
    (
        "Complementary & integrative medicine",
        "Although yoga is not a treatment for breast cancer, studies suggest practicing yoga during "
        "breast cancer treatment can help relieve stress, anxiety, depression, insomnia, and fatigue.",
        "stress anxiety depression insomnia fatigue",
        True,
        SYMPTOMS,
    ),
    (
        "Complementary & integrative medicine",
        "Some women who practice yoga have reported less pain, fewer hot flashes, and improved strength "
        "and body image.",
        "pain hot-flashes weakness body-image",
        True,
        SYMPTOMS,
    ),
    (
        "Treatment breaks",
        "You and your doctor can schedule treatment breaks for special events, like vacations or "
        "weddings, if it will be hard to get treatment while you’re away or the side effects "
        "may prevent "
        "you from enjoying the event.",
        "",
        False,
        EFFECTS,
    ),
    (
        "Treatment breaks",
        "It’s also possible to take treatment breaks just to give your body a rest from treatment and "
        "side effects.",
        "",
        True,
        EFFECTS,
    ),
    (
        "Treatment breaks",
        "When you stop treating the cancer, your care team can still continue caring for you, through "
        "palliative care or hospice care, to ease symptoms and provide support.",
        "",
        True,
        SYMPTOMS,
    ),
]


def as_read(document: Document, entry: SideEffectEntry) -> tuple[str, str, str, bool, Concern]:
    """Return an entry in the form of the list above, its symptoms in order."""
    symptoms = " ".join(dict.fromkeys(mention.symptom for mention in entry.symptoms))
    text = entry.span.of(document.source)
    return entry.treatment, text, symptoms, entry.easing, entry.concern


class TestTheShippedDocument:
    def test_every_sentence_is_found_and_no_other(self, document: Document) -> None:
        """The entries are those that a reader lists, in the order of the text, and nothing more."""
        found = [as_read(document, entry)[:2] for entry in side_effect_entries(document)]
        assert found == [listed[:2] for listed in LISTED]

    def test_what_each_says_is_known(self, document: Document) -> None:
        """Symptoms, easing and concern of each entry are those that a reader notes."""
        found = [as_read(document, entry) for entry in side_effect_entries(document)]
        assert [(text, set(symptoms.split()), *rest) for _, text, symptoms, *rest in found] == [
            (text, set(symptoms.split()), *rest) for _, text, symptoms, *rest in LISTED
        ]

    def test_no_mention_of_the_words_is_left_out(self, document: Document) -> None:
        """Wherever the text says “side effect”, an entry holds it."""
        spans = [entry.span for entry in side_effect_entries(document)]
        source = document.source
        at = source.casefold().find("side effect")
        places = []
        while at >= 0:
            places.append(at)
            at = source.casefold().find("side effect", at + 1)
        assert len(places) == 20
        assert all(any(span.start <= place < span.end for span in spans) for place in places)

    def test_mentions_are_words_of_the_text(self, document: Document) -> None:
        """A mention's range holds the words of the symptom, inside its entry."""
        entries = side_effect_entries(document)
        assert all(
            entry.span.start <= mention.span.start < mention.span.end <= entry.span.end
            for entry in entries
            for mention in entry.symptoms
        )
        mentions = {
            (mention.symptom, mention.span.of(document.source))
            for entry in entries
            for mention in entry.symptoms
        }
        assert len(mentions) >= 30
        assert {
            ("vaginal-discharge", "vaginal dryness or discharge"),
            ("weight-loss", "Weight gain or loss"),
            ("memory-and-thinking", "changes in thinking and memory"),
            ("vein-irritation", "irritating the blood vessels"),
        } <= mentions

    def test_a_bullet_keeps_what_introduces_it(self, document: Document) -> None:
        """“Hair loss” alone says little; the sentence before its list says what it is."""
        (entry,) = (
            entry
            for entry in side_effect_entries(document)
            if entry.span.of(document.source) == "Hair loss"
        )
        assert entry.context is not None
        assert entry.context.of(document.source) == "Some common side effects include:"
        assert (entry.section_id, entry.path) == ("chemotherapy", ("Chemotherapy",))

    def test_the_index_leads_to_each_place(self, document: Document) -> None:
        """Each symptom leads to every entry that names it, in order."""
        index = symptom_index(side_effect_entries(document))
        treatments = {
            symptom: [entry.treatment for entry in entries] for symptom, entries in index.items()
        }
        assert treatments["nausea"] == [
            "Targeted therapy",
            "Chemotherapy",
            "Radiation therapy",
            "Complementary & integrative medicine",
        ]
        assert treatments["hot-flashes"] == [
            "Hormonal therapy",
            "Surgery",
            "Complementary & integrative medicine",
        ]
        assert treatments["hair-loss"] == ["Chemotherapy"]
        assert set(index) == set(" ".join(listed[2] for listed in LISTED).split())


OTHER = """A page

What tablets can do

Bicalutamide (Casodex) is a tablet for prostate cancer. Most men feel well on it. You may notice
swollen or tender breasts, and you might feel more tired than usual.

Unwanted effects

Tell your nurse about any of these:

- a skin rash
- loose, watery poo (diarrhoea)
- hot flushes and sweats

Drinking cool water helps with hot flushes.

Afterwards

Prostate cancer can cause bone pain. Radiotherapy may make you pass urine more often. Your team can
give you medicines to relieve constipation. The clinic has free parking.

Mouth care

Chemotherapy often gives people a sore mouth. Rinse with salt water. A soft brush soothes it.
"""

OTHER_LISTED = [
    ("You may notice\nswollen or tender breasts, and you might feel more tired than usual.", False),
    ("Tell your nurse about any of these:", False),
    ("a skin rash", False),
    ("loose, watery poo (diarrhoea)", False),
    ("hot flushes and sweats", False),
    ("Drinking cool water helps with hot flushes.", True),
    ("Radiotherapy may make you pass urine more often.", False),
    ("Your team can\ngive you medicines to relieve constipation.", True),
    ("Chemotherapy often gives people a sore mouth.", False),
    ("A soft brush soothes it.", True),
]


def test_another_page_in_another_style(small_document: Make) -> None:
    """British words, other headings, another cancer: the same kinds of sentences are found."""
    page = small_document(OTHER)
    found = [(entry.span.of(page.source), entry.easing) for entry in side_effect_entries(page)]
    assert found == OTHER_LISTED
    symptoms = symptom_index(side_effect_entries(page))
    assert {"breast-changes", "fatigue", "rash", "diarrhea", "hot-flashes", "sweating"} <= set(symptoms)
    assert {"frequent-urination", "constipation", "mouth-sores"} <= set(symptoms)


def test_what_the_cancer_does_is_no_side_effect(small_document: Make) -> None:
    """Only a treatment has side effects; a symptom of the cancer is listed where it is eased."""
    page = small_document(
        "A page\n\nSigns\n\nThe cancer can cause pain. Tumors may cause nausea. Tea can cause nausea. "
        "Radiation can ease pain.\n"
    )
    found = [(e.span.of(page.source), e.concern) for e in side_effect_entries(page)]
    assert found == [
        ("Tea can cause nausea.", EFFECTS),
        ("Radiation can ease pain.", SYMPTOMS),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A page\n\nNothing here\n\nThe clinic opens at nine.\n",
        "A page\n\nParking\n\nCold weather makes roads slippery. We manage the car park.\n",
        "• \n\n•\n",
    ],
)
def test_a_page_without_side_effects_has_no_entry(small_document: Make, text: str) -> None:
    """Nothing is made up."""
    entries = side_effect_entries(small_document(text))
    assert entries == ()
    assert symptom_index(entries) == {}


PIECES = st.sampled_from(
    [
        "side effects",
        "Nausea",
        "  • ",
        "\n\n",
        "ease",
        "can cause",
        ":",
        "vaginal dryness or",
        "them. ",
        "’",
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES | st.text(max_size=8), max_size=20).map(" ".join) | st.text())
def test_any_text_is_read(text: str) -> None:
    """Any text gives entries within it, in order, without overlaps."""
    metadata = Metadata("A page", "A publisher", (), "", "", "0" * 64, "", "")
    page = parse_document("a-page", text, metadata)
    at = 0
    for entry in side_effect_entries(page):
        assert at <= entry.span.start < entry.span.end <= len(text)
        assert all(
            entry.span.start <= mention.span.start < mention.span.end <= entry.span.end
            for mention in entry.symptoms
        )
        at = entry.span.end
