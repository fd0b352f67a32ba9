"""The view of side effects: all that the page says of them, word for word, each with its link."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import wording
from assistant.links import parse_range
from assistant.views.side_effects import SIDE_EFFECTS_PATH, side_effects_page
from assistant.web.guard import Guard
from assistant.web.views import views_router
from corpus import Document
from corpus.side_effects.entries import side_effect_entries, symptom_index
from corpus.side_effects.symptoms import symptoms

Make = Callable[..., Document]

MOST_BYTES = 200_000


class QuoteReader(HTMLParser):
    """Reads the quotes of a page: their words without what introduces them, links and symptoms."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.quotes: list[dict] = []
        self.links: list[tuple[str, dict]] = []
        self.ids: list[str] = []
        self._inside = False
        self._context = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "article":
            self.quotes.append({**found, "words": "", "links": []})
        elif tag == "blockquote":
            self._inside = True
            self.quotes[-1]["cite"] = found["cite"]
        elif tag == "a":
            self.links.append((found.get("href", ""), found))
            if self.quotes:
                self.quotes[-1]["links"].append(found.get("href", ""))
        elif tag == "button" and "data-keep-quote" in found:
            self.quotes[-1]["kept"] = json.loads(found["data-keep-quote"])
        if "sp-context" in found.get("class", ""):
            self._context = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._inside = False
        elif tag == "p":
            self._context = False

    def handle_data(self, data: str) -> None:
        if self._inside and not self._context:
            self.quotes[-1]["words"] += f"{data} "


def words_of(text: str) -> list[str]:
    """Return the words of a text, signs of bullets off."""
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


@pytest.fixture(scope="module")
def page(document: Document) -> str:
    """The page of the shipped document."""
    return side_effects_page([document])


@pytest.fixture(scope="module")
def read(page: str) -> QuoteReader:
    """What stands in it."""
    return QuoteReader(page)


class TestTheShippedDocument:
    def test_every_passage_is_there_once(self, document: Document, read: QuoteReader) -> None:
        """Each sentence and bullet that speaks of side effects or of easing them stands in one quote."""
        spans = [
            parse_range(f"{q['kept']['start']}-{q['kept']['end']}", length=10**6) for q in read.quotes
        ]
        assert spans == sorted(spans)
        for entry in side_effect_entries(document):
            around = [s for s in spans if s.start <= entry.span.start and entry.span.end <= s.end]
            assert len(around) == 1, entry.span.of(document.source)

    def test_every_quote_is_verbatim_and_leads_to_its_place(
        self, document: Document, read: QuoteReader
    ) -> None:
        """The words of a quote are those that its link marks in the page, and those that are kept."""
        assert len(read.quotes) == 24
        for quote in read.quotes:
            assert quote["links"] == [quote["cite"]]
            assert words_of(quote["words"]) == words_of(shown_by(quote["cite"], document))
            kept = quote["kept"]
            assert kept["document"] == document.id
            assert kept["text"] == document.source[kept["start"] : kept["end"]]

    def test_quotes_stand_under_their_treatment(self, document: Document, read: QuoteReader) -> None:
        """The heading of a group is the main heading above its quotes."""
        for quote in read.quotes:
            (block, *_) = document.blocks_within(
                parse_range(f"{quote['kept']['start']}-{quote['kept']['end']}", length=10**6)
            )
            assert quote["data-treatment"] == document.section(block.section_id).path[0]
        assert [q["data-treatment"] for q in read.quotes].count("Radiation therapy") == 2

    def test_the_index_leads_to_every_passage_of_a_symptom(
        self, document: Document, read: QuoteReader
    ) -> None:
        """Each symptom of the page is in the index, with a link to each quote that names it."""
        labels = {symptom.id: symptom.label for symptom in symptoms()}
        named = symptom_index(side_effect_entries(document))
        indexed = [found["data-symptom"] for _, found in read.links if "data-symptom" in found]
        assert set(indexed) == set(named)
        assert [labels[symptom] for symptom in indexed] == sorted(labels[each] for each in named)
        by_id = {quote["id"]: json.loads(quote["data-symptoms"]) for quote in read.quotes}
        current, reached = "", {symptom: [] for symptom in indexed}
        for href, found in read.links:
            current = found.get("data-symptom", current)
            if href.startswith("#quote-"):
                reached[current].append(href[1:])
        for symptom, places in reached.items():
            assert places == [name for name, of in by_id.items() if symptom in of]
            assert places

    def test_the_words_of_a_symptom_stand_in_its_quote(self, read: QuoteReader) -> None:
        """What the script marks for a symptom are words of the quote."""
        for quote in read.quotes:
            shown = " ".join(words_of(quote["words"]))
            for words in json.loads(quote["data-symptoms"]).values():
                assert words
                assert all(" ".join(each.split()) in shown for each in words)

    def test_a_sentence_that_leans_on_the_one_before_has_it(self, read: QuoteReader) -> None:
        """“But it’s important ...” alone would not say of which women it speaks."""
        (quote,) = [q for q in read.quotes if "oophorectomy causes sudden menopause" in q["words"]]
        assert quote["words"].strip().startswith("Having the ovaries removed")

    def test_it_says_how_old_the_words_are(self, page: str, document: Document) -> None:
        """The review stands above the first quote."""
        known = document.metadata
        line = wording.REVIEWED.format(reviewed=known.reviewed, reviewer=known.reviewer)
        assert 0 < page.index(line) < page.index("<blockquote")

    def test_every_anchor_is_one(self, read: QuoteReader) -> None:
        """Ids are told apart, and each link within the page leads to one."""
        assert len(set(read.ids)) == len(read.ids)
        assert {href[1:] for href, _ in read.links if href.startswith("#")} <= set(read.ids)

    def test_it_is_small_enough_for_a_phone(self, page: str) -> None:
        """The whole page, style and script with it, is under 200 KB."""
        assert len(page.encode()) < MOST_BYTES

    def test_nothing_typed_is_sent(self, page: str) -> None:
        """No field has a name, so that not even a submitted form could carry a word away."""
        assert not re.search(r"<(?:input|select|form)[^>]*\s(?:name|action)=", page)

    def test_behind_a_proxy_links_lead_through_it(self, document: Document) -> None:
        """Every address begins with the path that the proxy shows."""
        reader = QuoteReader(side_effects_page([document], root_path="/signpost"))
        assert all(href.startswith(("/signpost/", "#")) for href, _ in reader.links)


def test_hostile_words_are_shown_as_words(small_document: Make) -> None:
    """What looks like markup is text, in headings, quotes and what the script is given."""
    hostile = (
        "A <b>page</b>\n\nPills </script><script>alert(1)</script>\n\n"
        'Pills can cause nausea "></blockquote> <img src=x onerror=alert(1)> and hair loss.\n'
    )
    page = side_effects_page([small_document(hostile, title="A <b>page</b>")])
    assert "<b>" not in page
    assert "<img" not in page
    assert "alert(1)</script>" not in page
    assert page.count("<script") == page.count("</script>")
    (quote,) = QuoteReader(page).quotes
    assert words_of(quote["words"])[-6:] == [
        "<img",
        "src=x",
        "onerror=alert(1)>",
        "and",
        "hair",
        "loss.",
    ]


def test_a_page_that_is_silent_says_so(small_document: Make) -> None:
    """Nothing is made up where nothing is said."""
    page = side_effects_page([small_document("A page\n\nHours\n\nThe clinic opens at nine.\n")])
    assert wording.SIDE_EFFECTS_NONE in page
    assert "<blockquote" not in page


def test_it_is_served_and_let_through(document: Document) -> None:
    """The guard knows the two addresses and no other like them."""
    app = FastAPI()
    app.include_router(views_router([document]))
    app.add_middleware(Guard)
    client = TestClient(app)
    for path in (SIDE_EFFECTS_PATH, "/medicines"):
        reply = client.get(path)
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/html")
        assert reply.headers["cache-control"] == "no-store"
        assert client.post(path).status_code == 405
    assert client.get("/side-effects/x").status_code == 404
