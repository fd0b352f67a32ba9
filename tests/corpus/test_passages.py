"""Passages: how a document is cut, and what every cut keeps."""

import copy
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from corpus import (
    BlockKind,
    Document,
    Metadata,
    Passage,
    PassageSettings,
    build_passages,
    embedded_sentence,
    embedded_text,
    parse_document,
)
from corpus.sentences import sentence_spans
from index import find_model
from index.embedding import Embedder, plain

Make = Callable[..., Document]
Counted = Callable[[str], int]

METADATA = Metadata("A page", "A publisher", (), "", "", "0" * 64, "", "")
SMALL = PassageSettings(max_words=8, max_tokens=60, min_words=4, short_bullet_words=3)

LINES = [
    "general_content",
    "image_row",
    "page_title_detailed",
    "Home > A page",
    "A page",
    "A heading",
    "For men:",
    "Some kind. It is given so:",
    "A sentence about a medicine. And another one that is longer than all others here.",
    "Short one.",
    "They are:",
    "  • Nausea",
    "  • Trazimera is one of the biosimilars. It is given by a nurse in the clinic, slowly.",
    "    • Yoga",
    "• ",
    "",
]


def pages() -> st.SearchStrategy[str]:
    """Texts of the lines that pages are made of, and any text at all."""
    lines = st.lists(st.sampled_from(LINES) | st.text(max_size=12), max_size=14)
    ends = st.sampled_from(["\n", "\n\n", "\r\n"])
    return st.builds(lambda lines, end: end.join(lines), lines, ends) | st.text()


def count_roughly(text: str) -> int:
    """Count a token for every four characters, and two special ones."""
    return len(text) // 4 + 2


def words(text: str) -> int:
    """Count words as a reader does: a bullet's sign or a dash is none."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split())


def broken(document: Document, passages: tuple[Passage, ...], limit: int) -> list[str]:
    """Return what is wrong with passages, each as a phrase; an empty list if nothing is."""
    found, at = [], 0
    for passage in passages:
        inside = document.blocks_within(passage.span)
        claims = {
            "is not its slice": passage.text == passage.span.of(document.source),
            "is empty or has blanks around it": passage.text == passage.text.strip() != "",
            "is out of order": passage.span.start >= at,
            "leaves its section": {block.section_id for block in inside} == {passage.section_id},
            "holds a heading": all(block.kind is not BlockKind.HEADING for block in inside),
            "holds hidden text": not any(h.span.overlaps(passage.span) for h in document.hidden),
            "is too long": words(passage.text) <= limit,
            "has a sentence outside": all(
                passage.span.start <= sentence.start < sentence.end <= passage.span.end
                for sentence in passage.sentences
            ),
            "has its context inside": passage.context is None
            or passage.context.end <= passage.span.start,
        }
        found += [f"{passage.id} {claim}" for claim, holds in claims.items() if not holds]
        at = passage.span.end
    return found


def left_out(document: Document, passages: tuple[Passage, ...]) -> list[str]:
    """Return the blocks that have words in no passage; headings of any kind may."""
    headings = {section.heading for section in document.sections}
    kept = [
        block
        for block in document.blocks
        if block.kind is not BlockKind.HEADING and block.span not in headings
    ]
    covered = {at for p in passages for at in range(p.span.start, p.span.end)}
    source = document.source
    return [
        block.span.of(source)
        for block in kept
        if any(
            at not in covered and not source[at].isspace()
            for at in range(block.span.start, block.span.end)
        )
    ]


@pytest.fixture(scope="module")
def passages(document: Document, bag_of_words: Embedder) -> tuple[Passage, ...]:
    """The passages of the shipped document."""
    return build_passages(document, count_tokens=bag_of_words.count_tokens)


@pytest.fixture(scope="module")
def count_tokens() -> Counted:
    """The tokenizer of the shipped model, without its own limit."""
    tokenizer = Tokenizer.from_file(str(find_model().folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(plain(text)).ids)


def cut(document: Document, *, limits: PassageSettings | None = None) -> list[str]:
    """Return the texts of a small document's passages."""
    return [p.text for p in build_passages(document, count_tokens=count_roughly, settings=limits)]


def named(passages: tuple[Passage, ...], name: str) -> Passage:
    """Return the passage of that id."""
    return next(passage for passage in passages if passage.id == name)


def test_passages_of_the_shipped_document(document: Document, passages: tuple[Passage, ...]) -> None:
    """Each is its slice, in order, of one section, without labels or headings, of at most 120 words."""
    assert broken(document, passages, 120) == []


def test_passages_per_section(passages: tuple[Passage, ...]) -> None:
    """The shipped document is cut into 99 passages, shared like this among its sections."""
    assert Counter(passage.section_id for passage in passages) == {
        "treatment-for-metastatic-breast-cancer": 5,
        "your-treatment-team": 5,
        "types-of-treatment": 5,
        "hormonal-therapy": 10,
        "for-postmenopausal-women-or-for-men": 5,
        "targeted-therapy": 2,
        "for-hormone-receptor-positive-her2-negative-metastatic-breast-cancer": 2,
        "akt-inhibitors": 2,
        "cdk-4-6-inhibitors": 4,
        "antibody-drug-conjugates-adcs": 3,
        "mtor-mammalian-target-of-rapamycin-inhibitors": 1,
        "pi3k-phosphatidylinositol-3-kinase-inhibitors": 1,
        "for-her2-positive-breast-cancer": 2,
        "monoclonal-antibodies": 5,
        "tyrosine-kinase-inhibitors": 4,
        "antibody-drug-conjugates": 3,
        "for-triple-negative-metastatic-breast-cancer": 4,
        "for-metastatic-breast-cancer-in-people-who-test-positive-for-a-brca-mutation": 2,
        "chemotherapy": 6,
        "radiation-therapy": 3,
        "surgery": 7,
        "complementary-integrative-medicine": 2,
        "yoga": 4,
        "clinical-trials-new-drug-options": 4,
        "treatment-breaks": 3,
        "stopping-treatment": 3,
        "about-this-page": 2,
    }


def test_ids_count_within_a_section(passages: tuple[Passage, ...]) -> None:
    """A passage's number is its place in its section, across a run-in section in between."""
    sections: Counter[str] = Counter()
    for passage in passages:
        sections[passage.section_id] += 1
        assert passage.id == f"{passage.section_id}/{sections[passage.section_id]}"
    assert named(passages, "hormonal-therapy/9").text.startswith("Side effects of hormonal therapy")


def test_every_sentence_is_in_one_passage(document: Document, passages: tuple[Passage, ...]) -> None:
    """Each sentence shown is in exactly one passage, save an introduction that is itself a heading."""
    owners = Counter(sentence for passage in passages for sentence in passage.sentences)
    shown = [
        sentence
        for block in document.blocks
        if block.kind is not BlockKind.HEADING
        for sentence in sentence_spans(block.span.of(document.source), offset=block.span.start)
    ]
    assert [s.of(document.source) for s in shown if owners[s] != 1] == [
        "For postmenopausal women or for men:"
    ]
    assert set(owners) <= set(shown)


def test_every_word_is_in_a_passage(document: Document, passages: tuple[Passage, ...]) -> None:
    """No paragraph and no bullet of the shipped document is left out, in whole or in part."""
    assert left_out(document, passages) == []


def test_no_label_or_furniture_in_a_passage(document: Document, passages: tuple[Passage, ...]) -> None:
    """Nothing that is embedded or quoted holds a label, and no range of it touches what is hidden."""
    texts = [embedded_text(document, passage) for passage in passages]
    labels = {"general_content", "image_row", "on_this_page", "stay_connected"}
    assert [label for label in labels for text in texts if label in text] == []
    ranges = [span for p in passages for span in (p.span, p.context, *p.sentences, *p.also_at) if span]
    assert [s for s in ranges if any(part.span.overlaps(s) for part in document.hidden)] == []


@pytest.mark.model
def test_limits_with_the_real_tokenizer(document: Document, count_tokens: Counted) -> None:
    """What is embedded never exceeds the 256 tokens of the model, nor a passage its 120 words."""
    passages = build_passages(document, count_tokens=count_tokens)
    counts = {p.id: count_tokens(embedded_text(document, p)) for p in passages}
    assert {name: count for name, count in counts.items() if count > 256} == {}
    assert {p.id: words(p.text) for p in passages if words(p.text) > 120} == {}
    assert broken(document, passages, 120) == []


@pytest.mark.model
def test_stand_in_cuts_as_the_model_does(
    document: Document, passages: tuple[Passage, ...], count_tokens: Counted
) -> None:
    """On the shipped document the words are the tighter limit, so that the stand-in cuts it alike."""
    assert build_passages(document, count_tokens=count_tokens) == passages


def test_short_list_is_whole(passages: tuple[Passage, ...]) -> None:
    """A list of a few words each stays with the sentences that introduce it."""
    side_effects = named(passages, "chemotherapy/5")
    assert side_effects.text == (
        "There are many possible side effects of chemotherapy, and there’s no way to know who will "
        "experience each one. Some common side effects include:\n\n"
        "  • Nausea\n  • Hair loss\n  • Weight gain or loss\n  • Low blood cell counts\n  • Fatigue"
    )
    assert side_effects.context is None


def test_sentences_of_a_list_are_its_items(document: Document, passages: tuple[Passage, ...]) -> None:
    """The sentences of a list's passage are the introducing ones and each item without its sign."""
    side_effects = named(passages, "chemotherapy/5")
    assert [sentence.of(document.source) for sentence in side_effects.sentences] == [
        "There are many possible side effects of chemotherapy, and there’s no way to know who will "
        "experience each one.",
        "Some common side effects include:",
        "Nausea",
        "Hair loss",
        "Weight gain or loss",
        "Low blood cell counts",
        "Fatigue",
    ]


def test_deeper_list_stays_with_its_bullet(passages: tuple[Passage, ...]) -> None:
    """The biosimilars are quoted with trastuzumab, which they are said to be similar to."""
    trastuzumab = named(passages, "monoclonal-antibodies/2")
    assert trastuzumab.text.startswith("Trastuzumab (Herceptin) is an IV treatment")
    assert trastuzumab.text.endswith(
        "These drugs are called biosimilars, and they include:\n\n"
        "    • Trazimera (trastuzumab-qyyp)\n"
        "    • Ontruzant (trastuzumab-dttb)\n"
        "    • Ogivri (trastuzumab-dkst)\n"
        "    • Herzuma (trastuzumab-pkrb)\n"
        "    • Kanjinti (trastuzumab-anns)"
    )
    assert named(passages, "monoclonal-antibodies/3").text.startswith("Pertuzumab (Perjeta) is")


@pytest.mark.parametrize(
    ("name", "context"),
    [
        (
            "hormonal-therapy/4",
            "For women who are premenopausal (have not started menopause) or perimenopausal (have "
            "started missing periods, but still sometimes have one):",
        ),
        ("for-postmenopausal-women-or-for-men/2", "For postmenopausal women or for men:"),
        ("cdk-4-6-inhibitors/2", "CDK 4/6 inhibitors."),
        ("akt-inhibitors/2", "There is one FDA-approved AKT inhibitor:"),
        (
            "monoclonal-antibodies/2",
            "Here are the monoclonal antibodies approved to treat HER2-positive metastatic breast "
            "cancer:",
        ),
        ("your-treatment-team/3", "Your treatment team may include:"),
        (
            "surgery/4",
            "Surgery is rarely done for metastatic breast cancer, but there are a few reasons your "
            "doctor may recommend it:",
        ),
        ("hormonal-therapy/3", None),
        ("surgery/6", None),
    ],
)
def test_context_of_a_bullet(
    document: Document, passages: tuple[Passage, ...], name: str, context: str | None
) -> None:
    """A bullet on its own keeps the sentence that introduces its list, or its lead-in heading."""
    span = named(passages, name).context
    assert (span and span.of(document.source)) == context


def test_tamoxifen_for_premenopausal_women(document: Document, passages: tuple[Passage, ...]) -> None:
    """The bullet on tamoxifen is embedded with its section and with whom it is for."""
    assert embedded_text(document, named(passages, "hormonal-therapy/4")) == (
        "Hormonal therapy\n"
        "For women who are premenopausal (have not started menopause) or perimenopausal (have started "
        "missing periods, but still sometimes have one):\n"
        "Tamoxifen, given in pill form, blocks estrogen from helping hormone receptor-positive breast "
        "cancer to grow. There is evidence that tamoxifen may be more effective if combined with "
        "ovarian suppression."
    )


def test_sentence_is_embedded_under_its_headings(
    document: Document, passages: tuple[Passage, ...]
) -> None:
    """A sentence is embedded with the whole heading path, and without the context."""
    passage = named(passages, "cdk-4-6-inhibitors/4")
    assert embedded_sentence(document, passage, passage.sentences[0]) == (
        "Targeted therapy > For hormone receptor-positive, HER2-negative metastatic breast cancer > "
        "CDK 4/6 inhibitors\n"
        "Ribociclib (Kisqali) targets proteins that help cancer cells grow and divide, and is given as "
        "a pill with an aromatase inhibitor or fulvestrant to pre- and postmenopausal women."
    )


def test_bullet_over_the_limit_is_cut_by_sentences(
    document: Document, passages: tuple[Passage, ...]
) -> None:
    """The bullet on SERDs, of 121 words, makes two passages that both keep the context."""
    first, second = (named(passages, f"hormonal-therapy/{number}") for number in (7, 8))
    assert first.text.startswith("Selective estrogen receptor degraders (SERDs)")
    assert first.text.endswith("is given with ovarian suppression medicine.")
    assert second.text.startswith("Elacestrant is a pill approved")
    assert second.text.endswith("or who have undergone ovary removal.")
    assert first.context == second.context == named(passages, "hormonal-therapy/4").context


def test_short_list_over_the_limit_is_shared_out(
    document: Document, passages: tuple[Passage, ...]
) -> None:
    """A long list of short bullets is cut between bullets, and the second part begins with a sign."""
    first, second = (named(passages, f"your-treatment-team/{number}") for number in (2, 3))
    assert first.text.startswith("Your treatment team may include:\n\n  • A radiologist, who")
    assert first.text.endswith("who diagnoses the cancer and treats it with medicine")
    assert second.text.startswith("• A radiation oncologist, who can treat")
    assert [sentence.of(document.source)[:13] for sentence in second.sentences] == [
        "A radiation o",
        "A surgeon, wh",
        "Nurses, patie",
        "Palliative ca",
    ]


def test_short_paragraph_joins_its_neighbour(passages: tuple[Passage, ...]) -> None:
    """A pointer of a few words is read with the list before it."""
    assert named(passages, "your-treatment-team/5").text.endswith(
        "  • Am I eligible for any clinical trials?\n\n\nLearn more about your treatment team."
    )


def test_short_paragraph_joins_only_in_its_section(small_document: Make) -> None:
    """Short paragraphs of one section are one passage, and those of another begin a new one."""
    document = small_document("Yoga\n\nIt helps.\n\nIt does.\n\nSurgery\n\nRarely.\n")
    assert cut(document) == ["It helps.\n\nIt does.", "Rarely."]


def test_short_paragraphs_parted_by_a_label_stay_apart(small_document: Make) -> None:
    """What a label parts is never joined, since the label would stand in the quote."""
    document = small_document("general_content\n\nYoga\n\nIt helps.\n\nimage_row\n\nIt does.\n")
    assert cut(document) == ["It helps.", "It does."]


def test_paragraph_of_twenty_words_stands_alone(small_document: Make) -> None:
    """From twenty words on a paragraph is a passage of its own."""
    nineteen, twenty = ("word " * count + "end." for count in (18, 19))
    assert cut(small_document(f"{twenty}\n\n{twenty}\n")) == [twenty, twenty]
    assert cut(small_document(f"{twenty}\n\n{nineteen}\n")) == [f"{twenty}\n\n{nineteen}"]


def test_long_paragraph_is_cut_by_sentences(small_document: Make) -> None:
    """A paragraph over the limit is cut between sentences into evenly filled passages."""
    sentence = "These are ten words of a sentence on some medicine."
    document = small_document(" ".join([sentence] * 16) + "\n")
    assert cut(document) == [" ".join([sentence] * 8)] * 2


def test_paragraph_of_exactly_the_limit_is_whole(small_document: Make) -> None:
    """A paragraph of 120 words is one passage, and one of 121 words is two."""
    tens = " ".join(["One two three four five six seven eight nine ten."] * 12)
    assert cut(small_document(tens)) == [tens]
    assert cut(small_document(f"Yes. {tens}")) == [
        "Yes. " + " ".join(["One two three four five six seven eight nine ten."] * 6),
        " ".join(["One two three four five six seven eight nine ten."] * 6),
    ]


def test_bullet_signs_are_no_words(small_document: Make) -> None:
    """A list whose words alone keep the limit is whole, however many signs it has."""
    source = "They are:\n\n" + "".join(f"  • Item {number}\n" for number in range(59))
    assert cut(small_document(source)) == [source.rstrip()]


def test_sentence_over_the_limit_is_cut_between_words(small_document: Make) -> None:
    """A sentence that is itself too long is cut between words, and none is lost."""
    source = " ".join(f"word{number}" for number in range(300)) + "."
    texts = cut(small_document(source))
    assert " ".join(texts) == source
    assert max(words(text) for text in texts) <= 120


@pytest.mark.parametrize("source", ["a" * 5000 + ".", "See " + "a" * 5000 + " now."])
def test_word_of_five_thousand_characters(small_document: Make, source: str) -> None:
    """A word that fits no passage is cut, its characters all there, each part within the tokens."""
    document = small_document(source)
    passages = build_passages(document, count_tokens=count_roughly)
    assert "".join(p.text for p in passages).replace(" ", "") == source.replace(" ", "")
    assert [p.id for p in passages if count_roughly(embedded_text(document, p)) > 256] == []
    assert broken(document, passages, 120) == []


@pytest.mark.model
def test_word_of_five_thousand_characters_with_the_real_tokenizer(
    small_document: Make, count_tokens: Counted
) -> None:
    """The model sees such a word as one unknown token, so that it is quoted whole."""
    document = small_document("a" * 5000 + ".")
    assert [p.text for p in build_passages(document, count_tokens=count_tokens)] == ["a" * 5000 + "."]


def test_limits_may_be_set(small_document: Make) -> None:
    """Other settings give other passages."""
    document = small_document("One two three. Four five six. Seven eight nine.\n")
    assert cut(document, limits=PassageSettings(max_words=6, min_words=1)) == [
        "One two three. Four five six.",
        "Seven eight nine.",
    ]


def test_context_counts_towards_the_tokens(small_document: Make) -> None:
    """A bullet that fits behind a short introduction is cut further behind a longer one."""
    bullet = "It is given slowly by a nurse. It is given in a clinic."
    limits = PassageSettings(max_words=15, max_tokens=20, short_bullet_words=2)
    assert cut(small_document(f"Yes:\n\n  • {bullet}\n"), limits=limits) == [f"Yes:\n\n  • {bullet}"]
    assert cut(small_document(f"These are medicines:\n\n  • {bullet}\n"), limits=limits) == [
        "These are medicines:",
        "It is given slowly by a nurse.",
        "It is given in a clinic.",
    ]


def test_long_bullets_get_a_passage_each(small_document: Make) -> None:
    """Bullets of many words are passages with the introducing sentence as context."""
    long = " ".join(["word"] * 21)
    document = small_document(f"It helps. They are:\n\n  • A {long}\n  • B {long}\n")
    passages = build_passages(document, count_tokens=count_roughly)
    assert [(p.text, p.context and p.context.of(document.source)) for p in passages] == [
        ("It helps. They are:", None),
        (f"A {long}", "They are:"),
        (f"B {long}", "They are:"),
    ]


def test_bullets_of_fewer_than_22_words_stay_together(small_document: Make) -> None:
    """Bullets of 21 words on average make a short list, which stays whole."""
    source = "They are:\n\n  • " + "word " * 20 + "end\n  • " + "word " * 20 + "end"
    assert cut(small_document(source)) == [source]


def test_heading_that_opens_a_long_list_is_context_alone(small_document: Make) -> None:
    """An introduction that is itself the heading is quoted as context, not as a passage."""
    long = " ".join(["word"] * 22)
    document = small_document(f"For men:\n\n  • A {long}\n  • B {long}\n")
    passages = build_passages(document, count_tokens=count_roughly)
    assert [(p.id, p.context and p.context.of(document.source)) for p in passages] == [
        ("for-men/1", "For men:"),
        ("for-men/2", "For men:"),
    ]


def test_short_list_under_its_heading_is_whole(small_document: Make) -> None:
    """A short list keeps an introduction that is itself the heading."""
    assert cut(small_document("For men:\n\n  • Tea\n  • Rest\n")) == ["For men:\n\n  • Tea\n  • Rest"]


def test_list_without_introduction(small_document: Make) -> None:
    """Each bullet of a list that nothing introduces is a passage without context."""
    document = small_document("Yoga\n\n  • Tea\n  • Rest\n")
    passages = build_passages(document, count_tokens=count_roughly)
    assert [(p.text, p.context) for p in passages] == [("Tea", None), ("Rest", None)]


def test_document_without_words(small_document: Make) -> None:
    """A page that holds a title alone has no passage."""
    assert build_passages(small_document("A page"), count_tokens=count_roughly) == ()


def test_document_stays_as_it_is(document: Document, bag_of_words: Embedder) -> None:
    """Cutting leaves the document as it was, and cutting again gives the same passages."""
    before = copy.deepcopy(document)
    first = build_passages(document, count_tokens=bag_of_words.count_tokens)
    assert build_passages(document, count_tokens=bag_of_words.count_tokens) == first
    assert document == before


def test_list_ends_at_a_heading(small_document: Make) -> None:
    """A list before a heading and one right behind it are two lists."""
    document = small_document("They are:\n\n  • Tea\n\nYoga\n\n  • Rest\n")
    assert cut(document) == ["They are:\n\n  • Tea", "Rest"]


def test_list_ends_at_a_label(small_document: Make) -> None:
    """No passage holds a label that parts two lists."""
    document = small_document("They are:\n\n  • Tea\n\ngeneral_content\n\n  • Rest\n")
    assert cut(document) == ["They are:\n\n  • Tea", "Rest"]


def test_title_between_short_paragraphs(small_document: Make) -> None:
    """Short paragraphs before and behind the title are not joined over it."""
    assert cut(small_document("By us.\n\nA page\n\nIt helps.\n")) == ["By us.", "It helps."]


def test_long_bullet_in_a_list_of_short_ones(small_document: Make) -> None:
    """One bullet over the limit is cut, also where the others are short."""
    short = "".join(f"  • Item {number}\n" for number in range(30))
    document = small_document(f"They are:\n\n{short}  • {'word ' * 150}\n")
    assert [words(text) for text in cut(document) if words(text) > 120] == []


def test_long_introduction_of_short_bullets(small_document: Make) -> None:
    """An introduction over the limit is cut, also where it opens a short list."""
    document = small_document(f"{'It is so. ' * 50}They are:\n\n  • Tea\n  • Rest\n")
    assert [words(text) for text in cut(document) if words(text) > 120] == []


def test_introducing_sentence_that_leaves_no_room(small_document: Make) -> None:
    """A bullet is not cut into single words because the sentence before its list is very long."""
    bullet = "It is given slowly by a nurse. " * 5
    document = small_document(f"{'antihypertensive ' * 80}are:\n\n  • {bullet}\n  • {bullet}\n")
    texts = [p.text for p in build_passages(document, count_tokens=count_roughly)]
    assert texts[-2:] == [bullet.strip(), bullet.strip()]


@settings(max_examples=400)
@given(pages(), st.sampled_from([PassageSettings(), SMALL]))
@example("They are:\n\n• Tea\n\nYoga\n\n• Rest\n", SMALL)
@example("They are:\n\n• Tea\n\ngeneral_content\n\n• Rest\n", SMALL)
@example("They are:\n\npage_title_detailed\n\nHome > Care\n\n• Rest\n", SMALL)
@example("page_title_detailed\n\nThey are:\n\nHome > Care\n\n• Rest\n", SMALL)
@example("By us.\n\nA page\n\nIt helps.\n", SMALL)
@example(
    "They are:\n\n• a\n• b\n• c\n• d\n• e\n• One two three four five six seven eight nine.\n", SMALL
)
def test_passages_of_any_text(source: str, limits: PassageSettings) -> None:
    """Whatever the text, passages are slices of one section within the words, and nothing is lost."""
    document = parse_document("a-page", source, METADATA)
    passages = build_passages(document, count_tokens=count_roughly, settings=limits)
    assert broken(document, passages, limits.max_words) == []
    assert left_out(document, passages) == []
