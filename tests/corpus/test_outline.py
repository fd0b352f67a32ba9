"""Sections: their headings, levels and ids, and which block stands in which."""

from collections.abc import Callable

import pytest

from corpus import Block, BlockKind, Document, Section, Span
from corpus.outline import slug

Make = Callable[..., Document]

HR_POSITIVE = "For hormone receptor-positive, HER2-negative metastatic breast cancer"
HER2_POSITIVE = "For HER2-positive breast cancer"
TRIPLE_NEGATIVE = "For triple-negative metastatic breast cancer"
BRCA = "For metastatic breast cancer in people who test positive for a BRCA mutation"

TREE = [
    (0, "treatment-for-metastatic-breast-cancer", ("Treatment for metastatic breast cancer",)),
    (1, "your-treatment-team", ("Your treatment team",)),
    (1, "types-of-treatment", ("Types of treatment",)),
    (1, "hormonal-therapy", ("Hormonal therapy",)),
    (
        2,
        "for-postmenopausal-women-or-for-men",
        ("Hormonal therapy", "For postmenopausal women or for men"),
    ),
    (1, "targeted-therapy", ("Targeted therapy",)),
    (
        2,
        "for-hormone-receptor-positive-her2-negative-metastatic-breast-cancer",
        ("Targeted therapy", HR_POSITIVE),
    ),
    (3, "akt-inhibitors", ("Targeted therapy", HR_POSITIVE, "AKT inhibitors")),
    (3, "cdk-4-6-inhibitors", ("Targeted therapy", HR_POSITIVE, "CDK 4/6 inhibitors")),
    (
        3,
        "antibody-drug-conjugates-adcs",
        ("Targeted therapy", HR_POSITIVE, "Antibody-drug conjugates (ADCs)"),
    ),
    (
        3,
        "mtor-mammalian-target-of-rapamycin-inhibitors",
        ("Targeted therapy", HR_POSITIVE, "mTOR (mammalian target of rapamycin) inhibitors"),
    ),
    (
        3,
        "pi3k-phosphatidylinositol-3-kinase-inhibitors",
        ("Targeted therapy", HR_POSITIVE, "PI3K (phosphatidylinositol 3-kinase) inhibitors"),
    ),
    (2, "for-her2-positive-breast-cancer", ("Targeted therapy", HER2_POSITIVE)),
    (3, "monoclonal-antibodies", ("Targeted therapy", HER2_POSITIVE, "Monoclonal antibodies")),
    (3, "tyrosine-kinase-inhibitors", ("Targeted therapy", HER2_POSITIVE, "Tyrosine kinase inhibitors")),
    (3, "antibody-drug-conjugates", ("Targeted therapy", HER2_POSITIVE, "Antibody-drug conjugates")),
    (2, "for-triple-negative-metastatic-breast-cancer", ("Targeted therapy", TRIPLE_NEGATIVE)),
    (
        2,
        "for-metastatic-breast-cancer-in-people-who-test-positive-for-a-brca-mutation",
        ("Targeted therapy", BRCA),
    ),
    (1, "chemotherapy", ("Chemotherapy",)),
    (1, "radiation-therapy", ("Radiation therapy",)),
    (1, "surgery", ("Surgery",)),
    (1, "complementary-integrative-medicine", ("Complementary & integrative medicine",)),
    (2, "yoga", ("Complementary & integrative medicine", "Yoga")),
    (1, "clinical-trials-new-drug-options", ("Clinical trials & new drug options",)),
    (1, "treatment-breaks", ("Treatment breaks",)),
    (2, "stopping-treatment", ("Treatment breaks", "Stopping treatment")),
    (1, "about-this-page", ("About this page",)),
]
"""Level, id and heading path of every section of the shipped document, in its order."""

RUN_IN = {
    "for-postmenopausal-women-or-for-men": "For postmenopausal women or for men:",
    "akt-inhibitors": "AKT inhibitors.",
    "cdk-4-6-inhibitors": "CDK 4/6 inhibitors.",
    "antibody-drug-conjugates-adcs": "Antibody-drug conjugates (ADCs).",
    "mtor-mammalian-target-of-rapamycin-inhibitors": "mTOR (mammalian target of rapamycin) inhibitors.",
    "pi3k-phosphatidylinositol-3-kinase-inhibitors": "PI3K (phosphatidylinositol 3-kinase) inhibitors.",
    "monoclonal-antibodies": "Monoclonal antibodies.",
    "tyrosine-kinase-inhibitors": "Tyrosine kinase inhibitors.",
    "antibody-drug-conjugates": "Antibody-drug conjugates.",
}
"""Each section of the shipped document whose heading begins a paragraph or opens a list."""


def tree(document: Document) -> list[tuple[int, str, tuple[str, ...]]]:
    """Return level, id and heading path of each section."""
    return [(section.level, section.id, section.path) for section in document.sections]


def places(document: Document) -> list[tuple[str, BlockKind, str]]:
    """Return the section, the kind and the text of each block."""
    return [(b.section_id, b.kind, b.span.of(document.source)) for b in document.blocks]


def test_sections_of_the_shipped_document(document: Document) -> None:
    """The section tree is the one that a reader of the page sees."""
    assert tree(document) == TREE


def test_titles_of_the_shipped_document(document: Document) -> None:
    """A section's title is the last heading of its path."""
    assert [section.title for section in document.sections] == [path[-1] for _, _, path in TREE]


def test_run_in_headings_of_the_shipped_document(document: Document) -> None:
    """Nine sections have their heading in a paragraph, or as the line that opens their list."""
    assert {
        section.id: section.heading.of(document.source)
        for section in document.sections
        if section.run_in and section.heading
    } == RUN_IN


def test_headings_on_lines_of_their_own(document: Document) -> None:
    """Every other heading stands in the text as the title says, and "About this page" stands nowhere."""
    found = {
        section.title: section.heading and section.heading.of(document.source)
        for section in document.sections
        if not section.run_in
    }
    assert found == {
        path[-1]: None if name == "about-this-page" else path[-1]
        for _, name, path in TREE
        if name not in RUN_IN
    }


@pytest.mark.parametrize(
    ("beginning", "section_id"),
    [
        ("For women who are premenopausal", "hormonal-therapy"),
        ("For postmenopausal women or for men:", "for-postmenopausal-women-or-for-men"),
        ("Elacestrant,\u00a0given as a pill", "for-postmenopausal-women-or-for-men"),
        ("Side effects of hormonal therapy depend", "hormonal-therapy"),
        ("Some hormonal therapies, such as", "hormonal-therapy"),
        ("CDK 4/6 inhibitors. This type", "cdk-4-6-inhibitors"),
        ("Ribociclib (Kisqali) targets", "cdk-4-6-inhibitors"),
        (
            "Pre- or perimenopausal women can take CDK 4/6",
            "for-hormone-receptor-positive-her2-negative-metastatic-breast-cancer",
        ),
        ("Monoclonal antibodies. In breast", "monoclonal-antibodies"),
        ("Kanjinti (trastuzumab-anns)", "monoclonal-antibodies"),
        ("Margetuximab (Margenza) is", "monoclonal-antibodies"),
        ("Tyrosine kinase inhibitors. These", "tyrosine-kinase-inhibitors"),
        ("Antibody-drug conjugates: treatments that pair", "clinical-trials-new-drug-options"),
        (
            "Different targeted therapies can cause different side effects",
            "for-metastatic-breast-cancer-in-people-who-test-positive-for-a-brca-mutation",
        ),
        ("Try an all-levels yoga class", "yoga"),
        ("Watch Talking about end of life", "stopping-treatment"),
        ("At LBBC, we know", "treatment-for-metastatic-breast-cancer"),
        ("Reviewed by: Douglas Yee, MD", "about-this-page"),
        ("Living Beyond Breast Cancer is a national", "about-this-page"),
    ],
)
def test_section_of_words_of_the_shipped_document(
    document: Document, beginning: str, section_id: str
) -> None:
    """Words stand in the section that a reader would name, and a run-in section ends with its list."""
    start = document.source.index(beginning)
    (block,) = document.blocks_within(Span(start, start + 1))
    assert block.section_id == section_id


def test_every_block_is_in_a_section_that_there_is(document: Document) -> None:
    """The sections that hold blocks are those of the document, each one of them."""
    assert {block.section_id for block in document.blocks} == {name for _, name, _ in TREE}


def test_levels_with_labels(small_document: Make) -> None:
    """Right behind a label stands a main heading, and any other is one level below it."""
    document = small_document(
        "A page\n\ngeneral_content\n\nYoga\n\nIt helps.\n\nPoses\n\nMany.\n\nMats\n\nOne.\n\n"
        "general_content\n\nSurgery\n\nRarely.\n"
    )
    assert tree(document) == [
        (0, "a-page", ("A page",)),
        (1, "yoga", ("Yoga",)),
        (2, "poses", ("Yoga", "Poses")),
        (2, "mats", ("Yoga", "Mats")),
        (1, "surgery", ("Surgery",)),
    ]


def test_first_heading_without_a_label_is_a_main_one(small_document: Make) -> None:
    """A heading with no main heading before it is one itself."""
    document = small_document("page_title_detailed\n\nA page\n\nYoga\n\nPoses\n\nMany.\n")
    assert tree(document)[1:] == [(1, "yoga", ("Yoga",)), (2, "poses", ("Yoga", "Poses"))]


def test_levels_without_labels(small_document: Make) -> None:
    """Where the source has no labels, every heading is a main one."""
    document = small_document("A page\n\nYoga\n\nIt helps.\n\nPoses\n\nMany.\n")
    assert tree(document)[1:] == [(1, "yoga", ("Yoga",)), (1, "poses", ("Poses",))]


def test_unknown_label_counts_as_a_label(small_document: Make) -> None:
    """A heading behind a label that nobody knows is a main one too."""
    document = small_document("general_content\n\nYoga\n\nIt helps.\n\nhero_banner\n\nSurgery\n")
    assert tree(document)[1:] == [(1, "yoga", ("Yoga",)), (1, "surgery", ("Surgery",))]


def test_heading_behind_label_and_furniture(small_document: Make) -> None:
    """Furniture between a label and a heading does not make it a lesser heading."""
    document = small_document(
        "general_content\n\nYoga\n\nIt helps.\n\npage_title_detailed\n\nHome > Care\n\nSurgery\n"
    )
    assert tree(document)[1:] == [(1, "yoga", ("Yoga",)), (1, "surgery", ("Surgery",))]


def test_title_is_the_heading_of_the_first_section(small_document: Make) -> None:
    """The part above the first heading is named by the title, where the page states it."""
    document = small_document("A page\n\nIt helps.\n")
    assert document.sections == (Section("a-page", "A page", ("A page",), 0, Span(0, 6)),)
    assert places(document) == [
        ("a-page", BlockKind.HEADING, "A page"),
        ("a-page", BlockKind.PARAGRAPH, "It helps."),
    ]


def test_page_without_labels_title_or_headings(small_document: Make) -> None:
    """A plain text is one section without a heading, with its paragraphs and lists."""
    document = small_document("It helps.\n\nTry:\n\n  - Tea\n  - Rest\n")
    assert document.sections == (Section("a-page", "A page", ("A page",), 0, None),)
    assert document.blocks == (
        Block(BlockKind.PARAGRAPH, Span(0, 9), "a-page"),
        Block(BlockKind.INTRODUCTION, Span(11, 15), "a-page"),
        Block(BlockKind.BULLET, Span(21, 24), "a-page", 1),
        Block(BlockKind.BULLET, Span(29, 33), "a-page", 1),
    )


def test_lead_in_opens_a_section_that_ends_with_its_list(small_document: Make) -> None:
    """A short first sentence before a list is a heading, and the next paragraph is outside."""
    document = small_document("Yoga\n\nSlow poses. These are slow:\n\n  • Tree\n\nRest after it.\n")
    assert tree(document)[1:] == [
        (1, "yoga", ("Yoga",)),
        (2, "slow-poses", ("Yoga", "Slow poses")),
    ]
    assert document.section("slow-poses") == Section(
        "slow-poses", "Slow poses", ("Yoga", "Slow poses"), 2, Span(6, 17), run_in=True
    )
    assert places(document)[1:] == [
        ("slow-poses", BlockKind.INTRODUCTION, "Slow poses. These are slow:"),
        ("slow-poses", BlockKind.BULLET, "Tree"),
        ("yoga", BlockKind.PARAGRAPH, "Rest after it."),
    ]


def test_second_lead_in_is_no_deeper_than_the_first(small_document: Make) -> None:
    """Two lists with lead-ins, one behind the other, make sections of the same level."""
    document = small_document("Yoga\n\nOne. Are:\n\n• a\n\nTwo. Are:\n\n• b\n\nFor men:\n\n• c\n")
    assert [(s.level, s.path) for s in document.sections if s.run_in] == [
        (2, ("Yoga", "One")),
        (2, ("Yoga", "Two")),
        (2, ("Yoga", "For men")),
    ]


def test_lead_in_above_the_first_heading(small_document: Make) -> None:
    """Above the first heading a list with a heading of its own makes a section of level 1."""
    document = small_document("For men:\n\n• Tea\n\nIt helps.\n")
    assert tree(document) == [(0, "a-page", ("A page",)), (1, "for-men", ("For men",))]
    assert places(document)[-1] == ("a-page", BlockKind.PARAGRAPH, "It helps.")


@pytest.mark.parametrize(
    "introduction",
    [
        "Slow poses:",
        "Slow poses.",
        "Slow poses? These are:",
    ],
)
def test_introduction_that_is_no_heading(small_document: Make, introduction: str) -> None:
    """A sentence alone or a question before a list opens no section."""
    document = small_document(f"{introduction}\n\n• Tree\n")
    assert tree(document) == [(0, "a-page", ("A page",))]
    assert [kind for _, kind, _ in places(document)] == [BlockKind.INTRODUCTION, BlockKind.BULLET]


def test_lead_in_has_at_most_six_words(small_document: Make) -> None:
    """Six words before the list are a heading, seven are a sentence."""
    six = small_document("One two three four five six. More:\n\n• Tree\n")
    seven = small_document("One two three four five six seven. More:\n\n• Tree\n")
    assert [section.title for section in six.sections] == ["A page", "One two three four five six"]
    assert [section.title for section in seven.sections] == ["A page"]


def test_short_sentence_without_a_list_is_no_heading(small_document: Make) -> None:
    """A paragraph that begins with a short sentence is a paragraph where no list follows."""
    document = small_document("Slow poses. These are slow.\n\nRest.\n")
    assert [kind for _, kind, _ in places(document)] == [BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]
    assert tree(document) == [(0, "a-page", ("A page",))]


def test_label_parts_a_paragraph_from_a_list(small_document: Make) -> None:
    """A list behind a label is not introduced by the paragraph before the label."""
    document = small_document("Slow poses. These are slow:\n\ngeneral_content\n\n• Tree\n")
    assert places(document) == [
        ("a-page", BlockKind.PARAGRAPH, "Slow poses. These are slow:"),
        ("a-page", BlockKind.BULLET, "Tree"),
    ]


def test_furniture_parts_a_paragraph_from_a_list(small_document: Make) -> None:
    """A list behind a line of furniture is not introduced by the paragraph before that line."""
    document = small_document("page_title_detailed\n\nFor men:\n\nHome > Care\n\n• Tea\n")
    assert places(document) == [
        ("a-page", BlockKind.PARAGRAPH, "For men:"),
        ("a-page", BlockKind.BULLET, "Tea"),
    ]


def test_part_about_the_page(small_document: Make) -> None:
    """Review lines stand in one section that the page itself gives no heading."""
    document = small_document(
        "general_content\n\nYoga\n\nIt helps.\n\nabout_this_page_tabbed_module\n\n"
        "Reviewed: May 1, 2024\n\nTagged:\n\nReviewed by: A. B.\n"
    )
    assert document.section("about-this-page") == Section(
        "about-this-page", "About this page", ("About this page",), 1, None
    )
    assert places(document)[-2:] == [
        ("about-this-page", BlockKind.PARAGRAPH, "Reviewed: May 1, 2024"),
        ("about-this-page", BlockKind.PARAGRAPH, "Reviewed by: A. B."),
    ]


def test_same_heading_twice(small_document: Make) -> None:
    """A repeated heading gets the path in its id, and a number where that is taken as well."""
    document = small_document(
        "general_content\n\nYoga\n\nCare\n\nA.\n\nCare\n\nB.\n\nCare\n\nC.\n\n"
        "general_content\n\nSurgery\n\nCare\n\nD.\n"
    )
    assert [name for _, name, _ in tree(document)] == [
        "a-page",
        "yoga",
        "care",
        "yoga--care",
        "yoga--care-2",
        "surgery",
        "surgery--care",
    ]


def test_heading_like_the_title(small_document: Make) -> None:
    """A heading with the title's words does not take the id of the part above."""
    document = small_document("It helps.\n\nA page", title="A  page")
    assert [name for _, name, _ in tree(document)] == ["a-page", "a-page-2"]


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("CDK 4/6 inhibitors", "cdk-4-6-inhibitors"),
        ("Complementary & integrative medicine", "complementary-integrative-medicine"),
        ("Über “Müdigkeit”", "uber-mudigkeit"),
        ("治療", "section"),
        ("  ", "section"),
        ("A_b--c", "a-b-c"),
    ],
)
def test_slug(words: str, made: str) -> None:
    """An id is made of ASCII letters, digits and single hyphens, and is never empty."""
    assert slug(words) == made


@pytest.mark.parametrize("source", ["", "general_content\n", "stay_connected\n\nStay in touch.\n"])
def test_page_that_shows_nothing(small_document: Make, source: str) -> None:
    """A page of labels and furniture alone has a title and no block."""
    document = small_document(source)
    assert document.blocks == ()
    assert tree(document) == [(0, "a-page", ("A page",))]


def test_title_behind_another_heading_is_a_heading(small_document: Make) -> None:
    """Words of the title behind another heading open a section of their own."""
    document = small_document("Overview\n\nIt helps.\n\nA page\n\nIt does.\n")
    assert places(document) == [
        ("overview", BlockKind.HEADING, "Overview"),
        ("overview", BlockKind.PARAGRAPH, "It helps."),
        ("a-page-2", BlockKind.HEADING, "A page"),
        ("a-page-2", BlockKind.PARAGRAPH, "It does."),
    ]
