"""Pages and fragments, read back with a parser: the source's words, and nobody's markup."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import (
    Answer,
    Assistant,
    Contact,
    Conversation,
    Notice,
    NoticeKind,
    Quote,
    Reply,
    Turn,
    wording,
)
from assistant.answer import SHOWN_AS_ANSWER, SHOWN_AS_NEAREST
from assistant.as_html import HtmlRenderer
from assistant.links import QUOTE_PARAMETER, READING_PATH, parse_range, quote_link, section_link
from corpus import Document, Span
from index import SearchIndex

QUESTION = "Is yoga safe for me?"
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6"}
VOID = {"meta", "path", "input"}
DRAWN = {
    *("article", "h2", "h3", "div", "p", "b", "span", "a"),
    *("blockquote", "ul", "li", "mark", "strong", "details", "summary", "button", "section"),
}
"""Every kind of element of a drawn conversation."""


@dataclass
class Node:
    """An element of a parsed page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """Yield this element and all below it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, tag: str, **attributes: str) -> list["Node"]:
        """Return the elements below of that tag that have those attributes (`class_` for class)."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [n for n in self.walk() if n.tag == tag and wanted.items() <= n.attributes.items()]

    def one(self, tag: str, **attributes: str) -> "Node":
        """Return the only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    def text(self, *, inside: str | None = None, without: str | None = None) -> str:
        """Return the words below: all, or those inside of one kind of element, or without it."""
        words = []
        for child in self.children:
            if isinstance(child, str):
                words.append(child if inside is None else "")
            elif child.tag != without:
                words.append(child.text(inside=None if child.tag == inside else inside, without=without))
        return "".join(words)


class Page(HTMLParser):
    """Builds the tree of a page and insists that every element is closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"an attribute twice in <{tag}>"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data}")


def parse(html: str) -> Node:
    """Return the tree of a page or fragment."""
    page = Page()
    page.feed(html)
    page.close()
    assert len(page.open) == 1, f"<{page.open[-1].tag}> is never closed"
    return page.open[0]


def block_texts(node: Node, *, marked: bool = False) -> list[str]:
    """Return the words of every paragraph, heading and list item, or the marked ones alone."""
    inside = "mark" if marked else None
    return [part.text(inside=inside, without="ul") for part in node.walk() if part.tag in BLOCKS]


def source_texts(document: Document, span: Span) -> list[str]:
    """Return the words of each block in a range, by the document's own offsets."""
    return [
        document.source[max(block.span.start, span.start) : min(block.span.end, span.end)]
        for block in document.blocks
        if block.span.overlaps(span)
    ]


def words(text: str) -> list[str]:
    """Return the words of a source text; the sign of a bullet is none."""
    return re.sub(r"(?m)^\s*•\s+", "", text).split()


def ids_of(node: Node) -> list[str]:
    """Return every id below, in the order of the page."""
    return [part.attributes["id"] for part in node.walk() if "id" in part.attributes]


def fragments_of(node: Node) -> set[str]:
    """Return the ids that links of a page lead to."""
    targets = {link.attributes["href"] for link in node.all("a")}
    return {target[1:] for target in targets if target.startswith("#")}


def has_blank_line(fragment: str) -> bool:
    """Tell whether Markdown would see a blank line, which ends a block of HTML."""
    return any(not line.strip() for line in re.split(r"\r\n|\r|\n", fragment))


@pytest.fixture(scope="module")
def renderer(document: Document) -> HtmlRenderer:
    """A renderer of the shipped document."""
    return HtmlRenderer([document])


@pytest.fixture(scope="module")
def answer(fake_assistant: Assistant) -> Answer:
    """An answer, whatever the decision on it was."""
    return replace(fake_assistant.answer(QUESTION), answered=True, gap_topic=None)


@pytest.fixture(scope="module")
def quotes(fake_assistant: Assistant, fake_index: SearchIndex) -> dict[Span, Quote]:
    """A quote of every passage: each is found by its own words."""
    found: dict[Span, Quote] = {}
    for passage in fake_index.passages:
        for quote in fake_assistant.answer(passage.text).quotes:
            found.setdefault(quote.excerpt.span, quote)
    assert found.keys() == {passage.span for passage in fake_index.passages}
    return found


@pytest.fixture(scope="module")
def view(renderer: HtmlRenderer, document: Document) -> Node:
    """The reading view of the shipped document, nothing marked."""
    return parse(renderer.reading_view(document, None))


def drawn(renderer: HtmlRenderer, *turns: Turn) -> Node:
    """Return the parsed fragment of a conversation; it has no blank line."""
    conversation = Conversation()
    for turn in turns:
        conversation = conversation.with_turn(turn)
    fragment = renderer.conversation(conversation)
    assert not has_blank_line(fragment)
    return parse(fragment)


class TestConversation:
    def test_an_empty_conversation_is_the_empty_text(self, renderer: HtmlRenderer) -> None:
        """Before the first question nothing is drawn."""
        assert renderer.conversation(Conversation()) == ""

    def test_a_turn_shows_the_question_and_the_first_quotes(
        self, renderer: HtmlRenderer, answer: Answer, document: Document
    ) -> None:
        """The best quote stands open, the next two behind a fold that says how many they are."""
        page = drawn(renderer, Turn(QUESTION, answer))
        cites = [quote.place.link for quote in answer.quotes[:SHOWN_AS_ANSWER]]
        fold = page.one("details")
        assert page.one("h2").text() == f"{wording.YOU_ASKED}: {QUESTION}"
        assert page.one("h3").text() == wording.WORD_FOR_WORD
        assert [b.attributes["cite"] for b in page.all("blockquote")] == cites
        assert [b.attributes["cite"] for b in fold.all("blockquote")] == cites[1:]
        assert fold.one("summary").text() == f"{wording.MORE} (2)"
        assert page.one("p", class_="sp-foot").text() == (
            "Treatment for metastatic breast cancer. Reviewed and updated February 12, 2024 by "
            f"Douglas Yee, MD, {document.metadata.publisher}."
        )

    def test_a_single_quote_has_no_fold(self, renderer: HtmlRenderer, answer: Answer) -> None:
        """Where there is one quote, no empty fold stands below it."""
        page = drawn(renderer, Turn(QUESTION, replace(answer, quotes=answer.quotes[:1])))
        assert len(page.all("blockquote")) == 1
        assert page.all("details") == []

    def test_every_quote_is_the_source_word_for_word(
        self,
        renderer: HtmlRenderer,
        answer: Answer,
        quotes: dict[Span, Quote],
        document: Document,
    ) -> None:
        """Each passage, quoted, shows exactly the source's words, block by block, in their order."""
        for quote in quotes.values():
            page = drawn(renderer, Turn(QUESTION, replace(answer, quotes=(quote,))))
            block = page.one("blockquote")
            context = block.all("p", class_="sp-context")
            shown = block_texts(block)[len(context) :]
            assert block.attributes["cite"] == quote.place.link
            assert shown == source_texts(document, quote.excerpt.span)
            assert " ".join(shown).split() == words(quote.excerpt.text)
            assert [part.text() for part in context] == (
                [quote.context.span.of(document.source)] if quote.context else []
            )

    def test_the_best_sentence_is_marked(
        self,
        renderer: HtmlRenderer,
        answer: Answer,
        quotes: dict[Span, Quote],
        document: Document,
    ) -> None:
        """What is emphasised in each quote is its highlights, no more and no less."""
        for quote in quotes.values():
            page = drawn(renderer, Turn(QUESTION, replace(answer, quotes=(quote,))))
            marked = [text for text in block_texts(page.one("blockquote"), marked=True) if text]
            expected = [t for span in quote.highlights for t in source_texts(document, span)]
            assert marked == expected

    def test_every_quote_leads_to_its_place(
        self, renderer: HtmlRenderer, answer: Answer, quotes: dict[Span, Quote]
    ) -> None:
        """Below each quote stands its heading path, linked to the quote's own address."""
        for quote in quotes.values():
            page = drawn(renderer, Turn(QUESTION, replace(answer, quotes=(quote,))))
            link = page.one("p", class_="sp-place").one("a")
            path = " › ".join(quote.section_path)
            assert link.attributes == {"href": quote.place.link, "target": "page"}
            assert link.text() == f"{path} → {wording.READ_IN_PAGE}"

    def test_the_same_words_elsewhere_are_linked(
        self,
        renderer: HtmlRenderer,
        answer: Answer,
        quotes: dict[Span, Quote],
        document: Document,
    ) -> None:
        """A quote that stands in other places too links each of them, named by its headings."""
        twins = [quote for quote in quotes.values() if quote.also_at]
        assert twins
        for quote in twins:
            page = drawn(renderer, Turn(QUESTION, replace(answer, quotes=(quote,))))
            also = next(p for p in page.all("p") if wording.ALSO_AT in p.text())
            assert [(a.attributes["href"], a.text()) for a in also.all("a")] == [
                (place.link, " › ".join(document.section(place.section_id).path))
                for place in quote.also_at
            ]
            for place in quote.also_at:
                there = " ".join(words(place.span.of(document.source)))
                assert there in " ".join(words(quote.excerpt.text))

    def test_a_missing_list_is_said_to_be_missing(
        self,
        renderer: HtmlRenderer,
        answer: Answer,
        quotes: dict[Span, Quote],
        document: Document,
    ) -> None:
        """Right behind the words that announce the missing list, outside the quote, it is said."""
        sentence = "The two approved PARP inhibitors, given in pill form, are:"
        start = document.source.index(sentence)
        told = 0
        for quote in quotes.values():
            page = drawn(renderer, Turn(QUESTION, replace(answer, quotes=(quote,))))
            texts = [part.text() for part in page.all("p", class_="sp-notice")]
            if quote.excerpt.span.overlaps(Span(start, start + len(sentence))):
                told += 1
                assert wording.MISSING_LIST.format(sentence=sentence) in texts
                drawn_quote = page.one("div", class_="sp-quote")
                children = [n for n in drawn_quote.children if isinstance(n, Node)]
                after = children[[n.tag for n in children].index("blockquote") + 1]
                assert after.attributes["class"] == "sp-notice"
            else:
                assert not any(sentence in text for text in texts)
            assert page.one("blockquote").all("p", class_="sp-notice") == []
        assert told == 1

    def test_a_notice_of_the_answer_is_shown(self, renderer: HtmlRenderer, answer: Answer) -> None:
        """A fixed sentence that belongs to the whole answer is shown, once, and before the quotes."""
        notice = Notice(NoticeKind.URGENT, "Please call your care team now.")
        shown = replace(answer, notices=(notice,))
        page = drawn(renderer, Turn(QUESTION, shown))
        assert page.text().count(notice.text) == 1
        assert page.text().index(notice.text) < page.text().index(wording.PAGE_SAYS)

    def test_the_numbers_of_a_notice_are_links(self, renderer: HtmlRenderer, answer: Answer) -> None:
        """In their order, inside the notice; without any there is no empty row."""
        contacts = (Contact("Call 988", "tel:988"), Contact("Text 988", "sms:988"))
        notice = Notice(NoticeKind.URGENT, "Call or text 988.", "Get help now", contacts)
        page = drawn(renderer, Turn(QUESTION, replace(answer, notices=(notice,))))
        links = page.one("section").all("a")
        assert [link.attributes["href"] for link in links] == ["tel:988", "sms:988"]
        assert [link.text() for link in links] == ["Call 988", "Text 988"]
        without = drawn(
            renderer, Turn(QUESTION, replace(answer, notices=(replace(notice, contacts=()),)))
        )
        assert without.one("section").all("p", class_="sp-contacts") == []

    def test_behind_an_urgent_notice_the_quotes_are_folded(
        self, renderer: HtmlRenderer, answer: Answer
    ) -> None:
        """What the page says of yoga must not stand open below a call for help."""
        notice = Notice(NoticeKind.URGENT, "Please call your care team now.", heading="Get help now")
        page = drawn(renderer, Turn(QUESTION, replace(answer, notices=(notice,))))
        cites = [quote.place.link for quote in answer.shown]
        assert page.one("section").one("h3").text() == "Get help now"
        assert page.one("summary").text() == f"{wording.PAGE_SAYS} (3)"
        assert [b.attributes["cite"] for b in page.one("details").all("blockquote")] == cites
        assert len(page.all("blockquote")) == len(cites)

    @pytest.mark.parametrize(
        ("answered", "summary"), [(True, f"{wording.PAGE_SAYS} (3)"), (False, f"{wording.NEAREST} (2)")]
    )
    def test_nothing_but_an_urgent_notice_stands_open(
        self, renderer: HtmlRenderer, answer: Answer, summary: str, *, answered: bool
    ) -> None:
        """No word on the search, and none on an answer that is missing, keeps a reader from calling."""
        urgent = replace(
            answer,
            answered=answered,
            resolved_question=f"{QUESTION} at home?",
            gap_topic=None if answered else "yoga",
            notices=(Notice(NoticeKind.URGENT, "Please call 911 now.", heading="Get help now"),),
        )
        page = drawn(renderer, Turn(QUESTION, urgent))
        parts = [part for part in page.one("div", class_="sp-answer").children if isinstance(part, Node)]
        assert [part.tag for part in parts] == ["section", "details"]
        assert "open" not in parts[1].attributes
        assert parts[1].one("summary").text() == summary
        assert len(parts[1].all("p", class_="sp-foot")) == 1
        assert page.all("div", class_="sp-searched") == []
        for sentence in (wording.NOT_ANSWERED, wording.NOT_ANSWERED_MORE, "speak of yoga"):
            assert sentence not in page.text()
        assert page.one("article").attributes["data-announce"] == "Get help now. Please call 911 now."

    def test_an_urgent_notice_without_any_passage_stands_alone(
        self, renderer: HtmlRenderer, answer: Answer
    ) -> None:
        """There is no empty fold below it."""
        notice = Notice(NoticeKind.URGENT, "Please call 911 now.", heading="Get help now")
        urgent = replace(answer, answered=False, quotes=(), notices=(notice,))
        page = drawn(renderer, Turn(QUESTION, urgent))
        assert page.all("details") == page.all("p", class_="sp-foot") == []
        assert page.one("section").one("h3").text() == "Get help now"

    def test_what_is_not_answered_is_said_first(self, renderer: HtmlRenderer, answer: Answer) -> None:
        """Without an answer, two nearest passages stand behind a fold that calls them no answer."""
        page = drawn(renderer, Turn(QUESTION, replace(answer, answered=False)))
        fold = page.one("details")
        cites = [quote.place.link for quote in answer.quotes[:SHOWN_AS_NEAREST]]
        assert page.one("h3").text() == wording.NOT_ANSWERED
        assert wording.NOT_ANSWERED_MORE in page.text()
        assert wording.WORD_FOR_WORD not in page.text()
        assert fold.one("summary").text() == f"{wording.NEAREST} (2)"
        assert "open" not in fold.attributes
        assert [b.attributes["cite"] for b in fold.all("blockquote")] == cites
        assert [b.attributes["cite"] for b in page.all("blockquote")] == cites

    def test_a_known_gap_is_named(self, renderer: HtmlRenderer, answer: Answer) -> None:
        """Where it is known what the page leaves out, that is said by name, as text."""
        gap = replace(answer, answered=False, gap_topic="the cost of <treatment>")
        page = drawn(renderer, Turn(QUESTION, gap))
        assert page.one("h3").text() == "This page does not speak of the cost of <treatment>."
        assert wording.NOT_ANSWERED not in page.text()
        assert wording.NOT_ANSWERED_MORE in page.text()

    def test_nothing_near_is_no_empty_fold(self, renderer: HtmlRenderer, answer: Answer) -> None:
        """Without any passage there is neither a fold nor a review date."""
        page = drawn(renderer, Turn(QUESTION, replace(answer, answered=False, quotes=())))
        assert page.one("h3").text() == wording.NOT_ANSWERED
        assert page.all("details") == page.all("blockquote") == []
        assert page.all("p", class_="sp-foot") == []

    def test_a_question_that_was_not_searched_for_shows_why(self, renderer: HtmlRenderer) -> None:
        """Trouble is told in its one sentence, below the question, without any quote."""
        page = drawn(renderer, Turn("???", trouble="The question holds no word."))
        assert page.one("h2").text() == f"{wording.YOU_ASKED}: ???"
        assert page.one("div", class_="sp-answer").text().strip() == "The question holds no word."
        assert page.all("blockquote") == []

    def test_what_was_searched_for_is_shown_where_it_differs(
        self, renderer: HtmlRenderer, answer: Answer
    ) -> None:
        """A follow-up shows the whole question that was searched for; any other turn does not."""
        follow_up = replace(answer, question="at home?", resolved_question=f"{QUESTION} at home?")
        page = drawn(renderer, Turn("at home?", follow_up))
        searched = page.one("div", class_="sp-searched")
        assert searched.all("p")[0].text() == f"{wording.SEARCHED_FOR}: {QUESTION} at home?"
        assert drawn(renderer, Turn(QUESTION, answer)).all("div", class_="sp-searched") == []

    def test_what_was_carried_over_can_be_undone(self, renderer: HtmlRenderer, answer: Answer) -> None:
        """Below the newest turn stand two ways out: the words as typed, and a new topic."""
        carried = replace(answer, resolved_question="hair loss: at home?", carried=("hair loss",))
        corrected = replace(answer, resolved_question="Is yoga safe for me?!")
        presses = [
            [b.attributes["data-press"] for b in page.all("button") if "data-press" in b.attributes]
            for page in (
                drawn(renderer, Turn("at home?", carried)),
                drawn(renderer, Turn("Is yogga safe", corrected)),
                drawn(renderer, Turn("at home?", carried), Turn(QUESTION, answer)),
            )
        ]
        assert presses == [["exactly", "new-topic"], ["exactly"], []]

    def test_a_fixed_reply_shows_no_quote(self, renderer: HtmlRenderer, answer: Answer) -> None:
        """Small talk is answered in its language and direction, with questions to go on with."""
        reply = Reply(
            kind="language",
            text="<مرحبا>",
            suggestions=("Is yoga safe for me?",),
            language="ar",
            direction="rtl",
            link="/read/page",
            link_label="صفحة",
        )
        page = drawn(renderer, Turn("x", replace(answer, answered=False, quotes=(), reply=reply)))
        shown = page.one("div", class_="sp-reply")
        assert (shown.attributes["lang"], shown.attributes["dir"]) == ("ar", "rtl")
        assert shown.all("p")[0].text() == "<مرحبا>"
        assert shown.one("a").attributes["href"] == "/read/page"
        assert [b.attributes["data-ask"] for b in page.all("button")] == ["Is yoga safe for me?"]
        assert page.all("blockquote") == []
        assert wording.NOT_ANSWERED not in page.text()

    def test_what_is_being_looked_for_is_said(self, renderer: HtmlRenderer) -> None:
        """A pending turn shows the question and that it is looked for; nothing is announced yet."""
        page = drawn(renderer, Turn(QUESTION, pending=True))
        assert page.one("article").attributes["id"] == "pending"
        assert "data-announce" not in page.one("article").attributes
        assert page.one("div", class_="sp-answer sp-pending").text().strip() == wording.LOOKING

    def test_only_the_last_turn_is_the_newest(self, renderer: HtmlRenderer, answer: Answer) -> None:
        """The last turn alone is marked as new; each is named by its question, or by what went wrong."""
        turns = (Turn("one", answer), Turn("", trouble="Empty."), Turn("three", answer))
        page = drawn(renderer, *turns)
        articles = page.all("article")
        assert [a.attributes.get("id") for a in articles] == [None, None, "newest"]
        for article in (articles[0], articles[2]):
            heading = article.one("h2")
            assert article.attributes["aria-labelledby"] == heading.attributes["id"]
        assert articles[1].attributes["aria-label"] == "Empty."
        assert len(ids_of(page)) == len(set(ids_of(page)))

    @pytest.mark.parametrize(
        ("answered", "expected"),
        [
            (True, "Answer found. First quote from: {path}"),
            (False, "No answer found on this page. The nearest passages are folded below."),
        ],
    )
    def test_the_announcement_says_what_came(
        self, renderer: HtmlRenderer, answer: Answer, *, answered: bool, expected: str
    ) -> None:
        """A screen reader is told in one sentence whether there is an answer, and from where."""
        page = drawn(renderer, Turn(QUESTION, replace(answer, answered=answered)))
        path = ", ".join(answer.quotes[0].section_path)
        assert page.one("article").attributes["data-announce"] == expected.format(path=path)

    def test_trouble_is_announced(self, renderer: HtmlRenderer) -> None:
        """Where the question could not be searched for, the reason is what is announced."""
        page = drawn(renderer, Turn("", trouble='Say "more" & <less>.'))
        assert page.one("article").attributes["data-announce"] == 'Say "more" & <less>.'


HOSTILE = [
    pytest.param("<b>bold</b> & <i>more", id="markup"),
    pytest.param("<script>alert(1)</script>", id="script"),
    pytest.param("<img src=x onerror=alert(1)>", id="event"),
    pytest.param("</h2></article><iframe src=https://example.org>", id="closing tags"),
    pytest.param("<!-- a comment", id="comment"),
    pytest.param("]]> <![CDATA[ x", id="cdata"),
    pytest.param('" onclick="alert(1)" x=\'y\'', id="quotes"),
    pytest.param("&lt;b&gt; &amp;amp; &#10; &#x3c;", id="references"),
    pytest.param("{{ 7 * 7 }} {% raw %} {{ wording }}", id="template"),
    pytest.param("# *a* **b** `c` ~~d~~ [e](javascript:alert(1)) $f$ \\(g\\)", id="markdown"),
    pytest.param("```\n<b>\n```", id="fence"),
    pytest.param("first\nsecond\n\n\n    fourth", id="newlines"),
    pytest.param("first\r\nsecond\rthird", id="carriage returns"),
    pytest.param("\N{RIGHT-TO-LEFT OVERRIDE}evoli\N{POP DIRECTIONAL FORMATTING} مرحبا", id="rtl"),
    pytest.param("👩🏽‍⚕️ 🧬🎗️ é e\N{COMBINING ACUTE ACCENT}", id="emoji"),
    pytest.param("x" * 1_000, id="long word"),
    pytest.param("a\tb  c", id="tab and blanks"),
    pytest.param("%s %(x)d {0} {path}", id="format"),
]


class TestHostileQuestions:
    """A question is whatever somebody types: it is shown, and it does nothing."""

    @pytest.mark.parametrize("question", HOSTILE)
    def test_a_question_is_shown_as_it_was_typed(
        self, renderer: HtmlRenderer, answer: Answer, question: str
    ) -> None:
        """The question's characters, all of them, are text of the heading and of what was searched."""
        asked = replace(answer, question=question, resolved_question=f"before {question}")
        page = drawn(renderer, Turn(question, asked))
        assert page.one("h2").text() == f"{wording.YOU_ASKED}: {question}"
        assert page.one("div", class_="sp-searched").one("b").text() == f"before {question}"

    @pytest.mark.parametrize("question", [p.values[0] for p in HOSTILE])
    def test_a_question_adds_no_element_and_no_attribute(
        self, renderer: HtmlRenderer, answer: Answer, question: str
    ) -> None:
        """Around a hostile question stands exactly the markup that stands around a plain one."""

        def skeleton(asked: str) -> list[tuple[str, list[str]]]:
            turns = (
                Turn(asked, replace(answer, question=asked, resolved_question=f"before {asked}")),
                Turn(asked, trouble="Why not."),
            )
            return [(n.tag, sorted(n.attributes)) for n in drawn(renderer, *turns).walk()]

        assert skeleton(question) == skeleton("plain")

    @given(question=st.text())
    def test_no_text_adds_markup(self, renderer: HtmlRenderer, question: str) -> None:
        """Whatever is typed, the fragment has no blank line and only elements of ours."""
        page = drawn(renderer, Turn(question, trouble=question))
        assert {node.tag for node in page.walk()} - {""} <= DRAWN
        assert len(page.all("article")) == 1
        assert len(page.all("h2")) == (1 if question else 0)

    @given(question=st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
    def test_any_text_is_shown_as_it_was_typed(self, renderer: HtmlRenderer, question: str) -> None:
        """Whatever is typed on one line comes back as the text of the heading, unchanged."""
        page = drawn(renderer, Turn(question, trouble="Why not."))
        assert page.one("h2").text() == f"{wording.YOU_ASKED}: {question}"

    @given(
        question=st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), min_size=1
        )
    )
    def test_no_words_are_lost_at_odd_line_ends(self, renderer: HtmlRenderer, question: str) -> None:
        """Separators that Python takes for line ends may change, the words between them never."""
        page = drawn(renderer, Turn(question, trouble="Why not."))
        assert page.one("h2").text().split() == f"{wording.YOU_ASKED}: {question}".split()


class TestFirstScreen:
    def test_the_fragments_have_no_blank_line(self, renderer: HtmlRenderer) -> None:
        """Markdown leaves head and welcome alone."""
        assert not has_blank_line(renderer.header())
        assert not has_blank_line(renderer.welcome())

    def test_the_head_leads_to_the_page(self, renderer: HtmlRenderer, document: Document) -> None:
        """The head names the product and links each view; a skip link leads to the question."""
        page = parse(renderer.header())
        assert page.one("h1").text() == wording.NAME
        assert [a.attributes["href"] for a in page.one("nav").all("a")] == [
            *("/side-effects", "/medicines", "/take-with-you"),
            f"{READING_PATH}/{document.id}",
        ]
        assert page.one("a", class_="sp-skip").attributes["href"] == "#question"

    def test_the_welcome_says_what_this_is_and_is_not(
        self, renderer: HtmlRenderer, document: Document
    ) -> None:
        """The lead is the two sentences of ours; below it stands how old the page is."""
        page = parse(renderer.welcome())
        assert [b.attributes["data-ask"] for b in page.all("button")] == [
            *document.metadata.starters,
            *document.metadata.caregiver_starters,
        ]
        assert [a.attributes["href"] for a in page.one("nav").all("a")] == [
            section_link(document.id, section.id) for section in document.sections if section.level == 1
        ]
        assert page.one("p", class_="sp-lead").text() == f"{wording.WHAT_IT_IS} {wording.WHAT_IT_IS_NOT}"
        assert [line.text() for line in page.all("p", class_="sp-quiet")] == [
            "“Treatment for metastatic breast cancer”, Living Beyond Breast Cancer. "
            "Reviewed and updated February 12, 2024 by Douglas Yee, MD.",
            wording.NOT_OVER_A_RELOAD,
        ]


class TestReadingView:
    def test_it_shows_every_word_in_order(self, view: Node, document: Document) -> None:
        """The article is the document's blocks, in order, and a title where the page has none."""
        unheaded = {s.id: s.title for s in document.sections if s.heading is None}
        expected = []
        for block in document.blocks:
            if block.section_id in unheaded:
                expected.append(unheaded.pop(block.section_id))
            expected.append(block.span.of(document.source))
        assert block_texts(view.one("article")) == expected
        assert not unheaded

    def test_it_shows_nothing_that_belongs_to_the_template(self, view: Node, document: Document) -> None:
        """No label and no furniture of the captured page is among the words."""
        texts = set(block_texts(view.one("article")))
        assert not texts & {hidden.span.of(document.source) for hidden in document.hidden}

    def test_each_section_can_be_linked(self, view: Node, document: Document) -> None:
        """Every section's id stands exactly once, on a block that begins with its title."""
        assert ids_of(view.one("article")) == [section.id for section in document.sections]
        for section in document.sections:
            (place,) = [n for n in view.walk() if n.attributes.get("id") == section.id]
            assert place.text(without="ul").startswith(section.title)
            assert place.attributes["tabindex"] == "-1"

    def test_no_id_stands_twice(self, view: Node) -> None:
        """An id of the frame around the document is not an id of the document."""
        assert len(ids_of(view)) == len(set(ids_of(view)))

    def test_the_table_of_contents_has_each_section_once(self, view: Node, document: Document) -> None:
        """Every heading below the title is linked once, by its words, in the order of the page."""
        links = view.one("nav", class_="sp-contents").all("a")
        assert [(a.attributes["href"], a.text()) for a in links] == [
            (f"#{section.id}", section.title) for section in document.sections if section.level > 0
        ]

    def test_every_link_inside_leads_somewhere(self, view: Node) -> None:
        """Each fragment that the page links to is an id of the page, the skip link's too."""
        assert fragments_of(view)
        assert fragments_of(view) <= set(ids_of(view))

    def test_every_passage_link_marks_exactly_its_words(
        self, renderer: HtmlRenderer, document: Document, fake_index: SearchIndex
    ) -> None:
        """Each passage's link, and each of its twins', marks its words, where they stand, once."""
        unmarked = block_texts(parse(renderer.reading_view(document, None)).one("article"))
        for passage in fake_index.passages:
            for span in (passage.span, *passage.also_at):
                section_id = document.blocks_within(span)[0].section_id
                link = urlsplit(quote_link(document.id, section_id, span))
                marked = parse_range(
                    link.query.removeprefix(f"{QUOTE_PARAMETER}="), length=len(document.source)
                )
                article = parse(renderer.reading_view(document, marked)).one("article")
                found = [(n, t) for n, t in enumerate(block_texts(article, marked=True)) if t]
                assert block_texts(article) == unmarked
                assert [text for _, text in found] == source_texts(document, span)
                assert " ".join(text for _, text in found).split() == words(passage.text)
                assert unquote(link.fragment) in self.opened_before_mark(article)
                assert [n for n, _ in found] == list(range(found[0][0], found[-1][0] + 1))
                assert self.words_before_mark(article) == self.words_before(document, span)

    def test_every_quote_of_an_answer_leads_to_its_own_words(
        self, renderer: HtmlRenderer, document: Document, quotes: dict[Span, Quote]
    ) -> None:
        """Following a link of an answer shows the words that were quoted, and no others marked."""
        for quote in list(quotes.values())[::10]:
            query = urlsplit(quote.place.link).query.removeprefix(f"{QUOTE_PARAMETER}=")
            marked = parse_range(query, length=len(document.source))
            article = parse(renderer.reading_view(document, marked)).one("article")
            assert "".join(mark.text() for mark in article.all("mark")).replace(" ", "") == "".join(
                words(quote.excerpt.text)
            )

    @staticmethod
    def opened_before_mark(article: Node) -> list[str]:
        """Return the ids of the sections that begin before the first mark, or with it."""
        opened: list[str] = []
        for node in article.walk():
            opened += [node.attributes["id"]] if "id" in node.attributes else []
            if node.tag == "mark":
                return opened
        pytest.fail("nothing is marked")

    @staticmethod
    def words_before_mark(article: Node) -> int:
        """Return how many words of the page stand before the first mark."""
        count = 0
        for part in article.walk():
            if part.tag in BLOCKS:
                if part.text(inside="mark", without="ul"):
                    before, _, _ = part.text(without="ul").partition(
                        part.text(inside="mark", without="ul")
                    )
                    return count + len(before.split())
                count += len(part.text(without="ul").split())
        pytest.fail("nothing is marked")

    @staticmethod
    def words_before(document: Document, span: Span) -> int:
        """Return how many words of the document are shown before a range."""
        shown = source_texts(document, Span(0, span.start)) if span.start else []
        titles = [
            section.title
            for section in document.sections
            if section.heading is None
            and any(b.section_id == section.id and b.span.start <= span.start for b in document.blocks)
        ]
        return sum(len(text.split()) for text in (*shown, *titles))

    def test_nothing_is_marked_without_a_range(self, view: Node) -> None:
        """A page that is opened without a quote has no mark."""
        assert view.all("mark") == []

    @pytest.mark.parametrize("value", ["", "junk", "20-10", "0-999999999"])
    def test_an_unknown_range_marks_nothing(
        self, renderer: HtmlRenderer, document: Document, value: str
    ) -> None:
        """A link whose range is not one of the document shows the whole page, unmarked."""
        marked = parse_range(value, length=len(document.source))
        assert renderer.reading_view(document, marked) == renderer.reading_view(document, None)

    def test_a_range_of_the_template_marks_nothing(
        self, renderer: HtmlRenderer, document: Document
    ) -> None:
        """A range of words that are never shown marks no others in their place."""
        for hidden in document.hidden:
            page = parse(renderer.reading_view(document, hidden.span))
            assert page.all("mark") == []

    def test_a_range_across_blocks_is_marked_in_each(
        self, renderer: HtmlRenderer, document: Document
    ) -> None:
        """From the middle of one block to the middle of the next, both halves are marked."""
        first, second = document.blocks[1].span, document.blocks[2].span
        span = Span(first.end - 10, second.start + 10)
        article = parse(renderer.reading_view(document, span)).one("article")
        assert [mark.text() for mark in article.all("mark")] == [
            document.source[first.end - 10 : first.end],
            document.source[second.start : second.start + 10],
        ]

    def test_it_says_whose_words_these_are(self, view: Node) -> None:
        """The foot names publisher, review and reviewer, and that the words are theirs."""
        foot = view.one("footer").text()
        assert "Living Beyond Breast Cancer" in foot
        assert "Reviewed and updated February 12, 2024 by Douglas Yee, MD" in foot
        assert wording.QUOTED_FROM.format(publisher="Living Beyond Breast Cancer") in foot

    def test_it_asks_no_other_host(self, view: Node) -> None:
        """No address of the page names a host."""
        for node in view.walk():
            for name in ("src", "href", "action", "srcset"):
                assert not urlsplit(node.attributes.get(name, "")).netloc
        assert [node for node in view.walk() if node.tag in {"link", "img", "iframe"}] == []

    def test_a_document_of_markup_is_shown_as_text(
        self, small_document: Callable[..., Document]
    ) -> None:
        """Markup in a document, or in what is known of it, is words like any other."""
        source = '<b>Heading</b>\n\nWords with <script>alert(1)</script> & a "quote", over here.\n'
        document = small_document(source, title="<i>A</i> & B")
        renderer = HtmlRenderer([document])
        page = parse(renderer.reading_view(document, Span(0, len(source))))
        texts = block_texts(page.one("article"), marked=True)
        assert "<b>Heading</b>" in texts
        assert 'Words with <script>alert(1)</script> & a "quote", over here.' in texts
        assert page.all("b") == page.all("i") == []
        assert page.one("title").text() == f"<i>A</i> & B – {wording.NAME}"
        assert "<i>" not in renderer.welcome() + renderer.header() + renderer.not_found()

    @pytest.mark.parametrize(
        "source",
        [
            pytest.param("A page\n\nFirst heading\n\nWords that stand here, in a row.\n", id="titled"),
            pytest.param("Words that stand here, in a row, before any heading.\n", id="one paragraph"),
            pytest.param(
                "First heading\n\nWords that stand here, in a row.\n",
                id="untitled",
            ),
        ],
    )
    def test_any_page_has_its_title_and_all_its_anchors(
        self, small_document: Callable[..., Document], source: str
    ) -> None:
        """Whatever the page begins with, its title is the first heading, and the links inside hold."""
        document = small_document(source)
        page = parse(HtmlRenderer([document]).reading_view(document, None))
        assert page.one("h1").text() == "A page"
        assert ids_of(page.one("article")) == [section.id for section in document.sections]
        assert fragments_of(page) <= set(ids_of(page))

    @pytest.mark.parametrize(
        "heading",
        [
            "Yoga",
            pytest.param(
                "Contents",
            ),
        ],
    )
    def test_no_heading_meets_an_id_of_the_frame(
        self, small_document: Callable[..., Document], heading: str
    ) -> None:
        """A document may call a section by any name."""
        document = small_document(f"A page\n\n{heading}\n\nWords that stand here, in a row.\n")
        page = parse(HtmlRenderer([document]).reading_view(document, None))
        assert len(ids_of(page)) == len(set(ids_of(page)))


class TestNotFound:
    def test_it_leads_back(self, renderer: HtmlRenderer, document: Document) -> None:
        """The page for a wrong address says so and links the chat and every document."""
        page = parse(renderer.not_found())
        assert page.one("h1").text() == wording.NO_SUCH_PAGE
        assert [(a.attributes["href"], a.text()) for a in page.all("a")] == [
            ("/", wording.BACK_TO_QUESTIONS),
            (f"{READING_PATH}/{document.id}", document.title),
        ]
