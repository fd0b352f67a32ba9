"""Quotes: their words, what is emphasised, their context, places and notices."""

from dataclasses import replace

import pytest

from assistant import Excerpt, Notice, NoticeKind, Place, Quote
from assistant.errors import QuoteError
from assistant.quoting import Quoter
from corpus import Document, Passage, Span
from index import ScoredPassage, SearchIndex

PAGE = "treatment-for-metastatic-breast-cancer"


def named(index: SearchIndex, name: str) -> Passage:
    """Return the passage of that id."""
    return next(passage for passage in index.passages if passage.id == name)


def scored(passage: Passage, answering: Span) -> ScoredPassage:
    """Return a passage as a retriever would, with these words as those that answer best."""
    return ScoredPassage(
        passage=passage,
        relevance=2.0,
        similarity=0.5,
        sentence_similarity=0.75,
        answering=answering,
    )


def score(passage: Passage, document: Document, words: str) -> ScoredPassage:
    """Return a passage with the sentence that begins with `words` as the one that answers best."""
    return scored(passage, next(s for s in passage.sentences if s.of(document.source).startswith(words)))


@pytest.fixture(scope="module")
def quoter(document: Document) -> Quoter:
    """A quoter of the shipped document."""
    return Quoter({document.id: document})


def highlights(document: Document, quote: Quote) -> list[str]:
    """Return the words that a quote emphasises."""
    return [span.of(document.source) for span in quote.highlights]


def test_quote_of_a_paragraph(document: Document, fake_index: SearchIndex, quoter: Quoter) -> None:
    """A quote has the passage's words, range, headings, place and similarity."""
    passage = named(fake_index, "treatment-breaks/2")
    words = (
        "You and your doctor can schedule treatment breaks for special events, like vacations or "
        "weddings, if it will be hard to get treatment while you’re away or the side effects may "
        "prevent you from enjoying the event."
    )
    start = document.source.index(words)
    span = Span(start, start + len(words))
    link = f"/read/{PAGE}?quote={span.start}-{span.end}#treatment-breaks"
    assert quoter.quote(score(passage, document, "You and")) == Quote(
        excerpt=Excerpt(words, span),
        highlights=(span,),
        context=None,
        document_id=PAGE,
        section_path=("Treatment breaks",),
        place=Place(span, "treatment-breaks", link),
        similarity=0.5,
        also_at=(),
        notices=(),
    )


def test_quotes_of_all_passages(document: Document, fake_index: SearchIndex, quoter: Quoter) -> None:
    """Every quote is its slice of the source, and all that it emphasises is inside it."""
    for passage in fake_index.passages:
        for sentence in passage.sentences:
            quote = quoter.quote(scored(passage, sentence))
            assert quote.excerpt == Excerpt(passage.span.of(document.source), passage.span)
            assert quote.highlights[-1] == sentence
            outside = [
                span
                for span in quote.highlights
                if not passage.span.start <= span.start < span.end <= passage.span.end
            ]
            assert outside == []
            assert quote.section_path == document.section(passage.section_id).path
            assert quote.place.section_id == passage.section_id


def test_item_is_emphasised_with_its_introduction(
    document: Document, fake_index: SearchIndex, quoter: Quoter
) -> None:
    """An item of a list says nothing without the words that introduce the list."""
    quote = quoter.quote(score(named(fake_index, "chemotherapy/5"), document, "Hair loss"))
    assert highlights(document, quote) == ["Some common side effects include:", "Hair loss"]


def test_introduction_is_emphasised_alone(
    document: Document, fake_index: SearchIndex, quoter: Quoter
) -> None:
    """Where the introducing words are the nearest, they alone are emphasised."""
    passage = named(fake_index, "chemotherapy/5")
    assert highlights(document, quoter.quote(score(passage, document, "Some common"))) == [
        "Some common side effects include:"
    ]
    assert highlights(document, quoter.quote(score(passage, document, "There are many"))) == [
        "There are many possible side effects of chemotherapy, and there’s no way to know who will "
        "experience each one."
    ]


def test_deeper_item_is_emphasised_with_its_own_introduction(
    document: Document, fake_index: SearchIndex, quoter: Quoter
) -> None:
    """An item of a nested list is introduced by the bullet above it, not by an item beside it."""
    passage = named(fake_index, "monoclonal-antibodies/2")
    assert highlights(document, quoter.quote(score(passage, document, "Kanjinti"))) == [
        "These drugs are called biosimilars, and they include:",
        "Kanjinti (trastuzumab-anns)",
    ]


def test_item_behind_a_deeper_list(document: Document, quoter: Quoter) -> None:
    """An item behind a nested list is introduced by the words before the whole list."""
    start = document.source.index("Surgery is rarely done")
    end = document.source.index("If there is cancer in your bones")
    span = Span(start, len(document.source[:end].rstrip()))
    craniotomy = document.source.index("If breast cancer has spread to the brain, a surgery")
    sentence = Span(craniotomy, document.source.index(" Craniotomy is performed"))
    passage = Passage("surgery/1", PAGE, "surgery", span, span.of(document.source), None, (sentence,))
    assert highlights(document, quoter.quote(scored(passage, sentence))) == [
        "Surgery is rarely done for metastatic breast cancer, but there are a few reasons your "
        "doctor may recommend it:",
        "If breast cancer has spread to the brain, a surgery called craniotomy is sometimes "
        "performed to remove a tumor.",
    ]


def test_deeper_item_of_a_whole_list(document: Document, quoter: Quoter) -> None:
    """In a list that is quoted whole, a deeper item is introduced by the bullet above it."""
    span = Span(
        document.source.index("Surgery is rarely done"),
        document.source.index("If breast cancer has spread to the brain, a surgery") - 6,
    )
    start = document.source.index("Kyphoplasty")
    kyphoplasty = Span(start, document.source.index("\n", start))
    passage = Passage("surgery/1", PAGE, "surgery", span, span.of(document.source), None, (kyphoplasty,))
    assert highlights(document, quoter.quote(scored(passage, kyphoplasty))) == [
        "Specific situations can include:",
        "Kyphoplasty, a surgery in which cement is inserted into a bone to ease pain",
    ]


def test_introduction_that_is_cut_is_not_emphasised(document: Document, quoter: Quoter) -> None:
    """Nothing outside the quoted words is emphasised, also where they begin inside an introduction."""
    span = Span(document.source.index("include:\n\n  • Nausea"), document.source.index("Hair loss") + 9)
    nausea = Span(document.source.index("Nausea\n"), document.source.index("Nausea\n") + 6)
    passage = Passage(
        "chemotherapy/1", PAGE, "chemotherapy", span, span.of(document.source), None, (nausea,)
    )
    assert quoter.quote(scored(passage, nausea)).highlights == (nausea,)


def test_paragraph_behind_a_list_is_emphasised_alone(
    document: Document, fake_index: SearchIndex, quoter: Quoter
) -> None:
    """A paragraph that was joined to a list is not introduced by the list's words."""
    passage = named(fake_index, "your-treatment-team/5")
    assert highlights(document, quoter.quote(score(passage, document, "Learn more"))) == [
        "Learn more about your treatment team."
    ]


def test_item_whose_introduction_is_elsewhere(
    document: Document, fake_index: SearchIndex, quoter: Quoter
) -> None:
    """An item of a list's second part is emphasised alone, and the introduction is its context."""
    quote = quoter.quote(score(named(fake_index, "your-treatment-team/3"), document, "A surgeon"))
    assert highlights(document, quote) == [
        "A surgeon, who can perform surgery to treat metastasis-related fractures, spinal cord "
        "compression, or to remove areas of brain metastasis"
    ]
    start = document.source.index("Your treatment team may include:")
    assert quote.context == Excerpt("Your treatment team may include:", Span(start, start + 32))


def test_several_items_are_emphasised_with_their_introduction(
    document: Document, fake_index: SearchIndex, quoter: Quoter
) -> None:
    """Words that answer may be more than one item, and are introduced as one item is."""
    passage = named(fake_index, "chemotherapy/5")
    items = Span(passage.sentences[3].start, passage.sentences[4].end)
    assert highlights(document, quoter.quote(scored(passage, items))) == [
        "Some common side effects include:",
        "Hair loss\n  • Weight gain or loss",
    ]


def test_whole_passage_as_the_best_words(fake_index: SearchIndex, quoter: Quoter) -> None:
    """Where the whole passage answers, the whole passage is emphasised."""
    passage = named(fake_index, "chemotherapy/5")
    quote = quoter.quote(scored(passage, passage.span))
    assert quote.highlights == (passage.span,)


@pytest.mark.parametrize(
    ("name", "context"),
    [
        (
            "hormonal-therapy/4",
            "For women who are premenopausal (have not started menopause) or perimenopausal (have "
            "started missing periods, but still sometimes have one):",
        ),
        ("for-postmenopausal-women-or-for-men/2", "For postmenopausal women or for men:"),
        ("cdk-4-6-inhibitors/4", "CDK 4/6 inhibitors."),
    ],
)
def test_context(
    document: Document, fake_index: SearchIndex, quoter: Quoter, name: str, context: str
) -> None:
    """A bullet on its own has for context whom or what its list is about, word for word."""
    passage = named(fake_index, name)
    quote = quoter.quote(scored(passage, passage.sentences[0]))
    assert quote.context is not None
    assert quote.context.text == context
    assert quote.context.span.of(document.source) == context


def test_same_words_elsewhere(document: Document, fake_index: SearchIndex, quoter: Quoter) -> None:
    """The sentence on tamoxifen for one group of women is said to stand with the other as well."""
    passage = named(fake_index, "for-postmenopausal-women-or-for-men/2")
    quote = quoter.quote(score(passage, document, "Tamoxifen"))
    start = document.source.index("Tamoxifen, given in pill form")
    span = Span(start, start + len(passage.text))
    assert span != passage.span
    assert quote.also_at == (
        Place(
            span,
            "hormonal-therapy",
            f"/read/{PAGE}?quote={span.start}-{span.end}#hormonal-therapy",
        ),
    )
    assert quote.place.link == (
        f"/read/{PAGE}?quote={passage.span.start}-{passage.span.end}#for-postmenopausal-women-or-for-men"
    )


def test_notices_of_all_passages(fake_index: SearchIndex, quoter: Quoter) -> None:
    """Two passages have a notice: the list of PARP inhibitors and the yoga video are missing."""
    notices = {}
    for passage in fake_index.passages:
        quote = quoter.quote(scored(passage, passage.sentences[0]))
        if quote.notices:
            notices[passage.id] = quote.notices
    brca = "for-metastatic-breast-cancer-in-people-who-test-positive-for-a-brca-mutation/1"
    assert notices == {
        brca: (
            Notice(
                NoticeKind.MISSING_LIST,
                "The list that should follow “The two approved PARP inhibitors, given in pill form, "
                "are:” is missing in this copy of the page.",
            ),
        ),
        "yoga/4": (
            Notice(
                NoticeKind.MISSING_MEDIA,
                "The video or picture that should follow “Try an all-levels yoga class, featuring "
                "instructor Kathy DiGiorgio:” is not in this copy of the page.",
            ),
        ),
    }


def test_notice_goes_with_the_sentence(document: Document, quoter: Quoter) -> None:
    """A passage of the same paragraph that leaves out the announcing sentence has no notice."""
    start = document.source.index("PARP inhibitors stop an enzyme")
    span = Span(start, document.source.index(" The two approved PARP"))
    section = document.blocks_within(span)[0].section_id
    passage = Passage(f"{section}/1", PAGE, section, span, span.of(document.source), None, (span,))
    assert quoter.quote(scored(passage, span)).notices == ()


def test_other_words_are_never_quoted(
    document: Document, fake_index: SearchIndex, quoter: Quoter
) -> None:
    """A passage whose words are not those of the source is refused by name."""
    passage = replace(named(fake_index, "treatment-breaks/2"), text="You can stop treatment.")
    message = f"^passage treatment-breaks/2 is not what stands in {PAGE}; rebuild the index$"
    with pytest.raises(QuoteError, match=message):
        quoter.quote(scored(passage, passage.sentences[0]))


def test_shifted_range_is_never_quoted(fake_index: SearchIndex, quoter: Quoter) -> None:
    """A passage whose range is off by one character is refused."""
    passage = named(fake_index, "yoga/1")
    shifted = replace(passage, span=Span(passage.span.start + 1, passage.span.end + 1))
    with pytest.raises(QuoteError, match="passage yoga/1 is not what stands in"):
        quoter.quote(scored(shifted, passage.sentences[0]))


def test_each_document_has_its_own_notices(document: Document, fake_index: SearchIndex) -> None:
    """A quoter of several documents quotes each from its own text."""
    other = replace(document, id="other")
    quoter = Quoter({document.id: document, other.id: other})
    passage = replace(named(fake_index, "yoga/4"), document_id="other")
    quote = quoter.quote(scored(passage, passage.sentences[0]))
    assert quote.document_id == "other"
    assert quote.place.link == (f"/read/other?quote={passage.span.start}-{passage.span.end}#yoga")
    assert [notice.kind for notice in quote.notices] == [NoticeKind.MISSING_MEDIA]
