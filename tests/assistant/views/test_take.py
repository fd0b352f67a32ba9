"""The page of what a reader takes along, as it leaves the server: the same for everybody."""

import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant import wording
from assistant.script_words import script_words
from assistant.templates import page_file
from assistant.views.take import SCRIPTS, TAKE_PATH, TakePage, source_line
from assistant.web.guard import READ
from assistant.web.take import QUOTES_PATH, take_router
from corpus import Document

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> & “it’s”"


class Page(HTMLParser):
    """What a page consists of: its elements with attributes, and the text of its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)

    def having(self, attribute: str) -> list[dict[str, str | None]]:
        """Return the attributes of the elements that have this one."""
        return [attributes for _, attributes in self.elements if attribute in attributes]


@pytest.fixture(scope="module")
def html(document: Document) -> str:
    """The page for the shipped document."""
    return TakePage([document]).render()


@pytest.fixture(scope="module")
def client(document: Document) -> Iterator[TestClient]:
    """A browser's side of the two routes."""
    app = FastAPI()
    app.include_router(take_router([document]))
    with TestClient(app) as client:
        yield client


class TestThePage:
    def test_it_stands_alone(self, html: str) -> None:
        """Style and script stand in it; nothing is loaded from anywhere."""
        page = Page(html)
        assert not page.having("src")
        assert not [tag for tag, _ in page.elements if tag in {"link", "img", "iframe", "object"}]
        addresses = [str(attributes["href"]) for attributes in page.having("href")]
        assert addresses
        assert [address for address in addresses if not address.startswith(("/", "#"))] == []
        assert "@import" not in html
        assert "url(" not in html

    def test_each_id_stands_once(self, html: str) -> None:
        """What labels and describes something is there, once."""
        page = Page(html)
        ids = [attributes["id"] for attributes in page.having("id")]
        assert len(ids) == len(set(ids))
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            named = {attributes[name] for attributes in page.having(name)}
            assert named <= set(ids)

    def test_every_part_that_the_script_looks_up_is_there(self, html: str) -> None:
        """A part that is missing would stop the script for everybody."""
        looked_up = set(re.findall(r'part\("([a-z-]+)"\)', html))
        assert "take-questions" in looked_up
        assert looked_up <= {attributes["id"] for attributes in Page(html).having("id")}

    def test_every_sentence_of_the_script_is_there(self, html: str) -> None:
        """A sentence that is missing would be shown as “undefined”."""
        used = set(re.findall(r"words\.(TAKE_[A-Z_]+)", html))
        assert used
        assert used <= set(vars(wording))

    def test_it_suggests_the_questions_of_the_page(self, html: str, document: Document) -> None:
        """Each with a button that says exactly what it adds, and where it stands."""
        buttons = Page(html).having("data-keep-question")
        assert len(buttons) == 9
        for button in buttons:
            place = json.loads(str(button["data-keep-place"]))
            assert place["document"] == document.id
            words = document.source[place["start"] : place["end"]]
            assert words == button["data-keep-question"]
            assert f"{place['start']}-{place['end']}" in place["link"]
            assert button["aria-pressed"] == "false"

    def test_it_says_what_stays_on_a_shared_computer(self, html: str) -> None:
        """Where it is kept, who else can read it, and what ends that."""
        for sentence in (wording.TAKE_KEPT_HERE, wording.TAKE_LOOKED_UP, wording.TAKE_SHARED):
            assert sentence in html

    def test_it_names_its_source_and_its_review(self, html: str, document: Document) -> None:
        """Title, day of the review, reviewer and publisher."""
        assert source_line(document) == (
            "Treatment for metastatic breast cancer. Reviewed and updated February 12, 2024 by "
            "Douglas Yee, MD, Living Beyond Breast Cancer."
        )
        assert source_line(document) in html

    def test_without_a_script_the_questions_can_be_read(self, html: str) -> None:
        """What needs a script is marked, and who has none is told so."""
        assert f'<p class="take-note take-no-script">{wording.TAKE_NO_SCRIPT}' in html
        assert 'class="take-actions take-script"' in html

    def test_a_page_without_questions_suggests_none(
        self, small_document: Callable[..., Document]
    ) -> None:
        """There is no empty box."""
        page = Page(TakePage([small_document("It helps.\n")]).render())
        assert not page.having("data-keep-question")
        assert not [c for c in page.having("class") if "take-suggested" in str(c["class"])]

    def test_hostile_words_of_a_document_stay_words(
        self, small_document: Callable[..., Document]
    ) -> None:
        """Neither its title nor its questions can end an element."""
        document = small_document(f"Ask:\n\n  • {HOSTILE}?\n", title=HOSTILE)
        drawn = TakePage([document]).render()
        page = Page(drawn)
        assert len(page.scripts) == len(Page(TakePage([]).render()).scripts)
        assert not page.having("onerror")
        (button,) = page.having("data-keep-question")
        assert button["data-keep-question"] == f"{HOSTILE}?"
        (known,) = [json.loads(s) for s in page.scripts if s.startswith('{"sources"')]
        assert HOSTILE in known["sources"][document.id]

    def test_below_a_path_every_address_is_below_it(self, document: Document) -> None:
        """The proxy shows the server at /signpost."""
        page = Page(TakePage([document], root_path="/signpost").render())
        addresses = [str(attributes["href"]) for attributes in page.having("href")]
        assert [a for a in addresses if not a.startswith(("/signpost/", "#"))] == []
        for button in page.having("data-keep-place"):
            place = json.loads(str(button["data-keep-place"]))
            assert place["link"].startswith("/signpost/read/")


class TestTheWords:
    def test_they_are_all_there(self) -> None:
        """Every sentence of ours on what is taken along, the scripts' own among them, and no other."""
        (line,) = script_words().splitlines()
        words = json.loads(line.removeprefix("window.signpostWords = ").removesuffix(";"))
        assert words == {name: text for name, text in vars(wording).items() if name.startswith("TAKE_")}
        used = {name for script in SCRIPTS for name in re.findall(r"\bTAKE_\w+", page_file(script))}
        assert {"TAKE_WITH_YOU", "TAKE_KEPT"} <= used <= set(words)

    def test_none_can_end_a_script(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not even one that somebody wrote carelessly."""
        monkeypatch.setattr(wording, "TAKE_PRINT", HOSTILE)
        assert "<" not in script_words()
        assert HOSTILE in json.loads(script_words().split(" = ")[1].rstrip(";\n")).values()


class TestTheRoutes:
    def test_the_page_is_served(self, client: TestClient, html: str) -> None:
        """To everybody the same."""
        reply = client.get(TAKE_PATH)
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "text/html; charset=utf-8"
        assert reply.text == html

    def test_the_words_at_a_place_are_served(self, client: TestClient, document: Document) -> None:
        """Exactly source[start:end]."""
        start = document.source.index("Metastatic breast cancer treatment has three main goals")
        reply = client.get(f"{QUOTES_PATH}/{document.id}/{start}-{start + 24}")
        assert reply.status_code == 200
        assert reply.json()["text"] == document.source[start : start + 24]
        assert set(reply.json()) == {"text", "blocks", "context", "path", "link"}

    @pytest.mark.parametrize("address", ["another/10-20", "{id}/20-10", "{id}/0-99999999"])
    def test_what_is_not_there_is_not_found(
        self, client: TestClient, document: Document, address: str
    ) -> None:
        """A place that the page no longer has is told from one that could not be asked for."""
        reply = client.get(f"{QUOTES_PATH}/{address.format(id=document.id)}")
        assert (reply.status_code, reply.json()) == (404, {"text": None})

    def test_below_a_path_the_link_is_below_it(self, document: Document) -> None:
        """As the links of the page are."""
        app = FastAPI()
        app.include_router(take_router([document], root_path="/signpost"))
        start = document.source.index("Metastatic breast cancer treatment has three main goals")
        reply = TestClient(app).get(f"{QUOTES_PATH}/{document.id}/{start}-{start + 24}")
        assert reply.json()["link"].startswith("/signpost/read/")

    @pytest.mark.parametrize("path", [TAKE_PATH, "/quotes/a-page/10-20", "/quotes/a page/0-9"])
    def test_the_guard_lets_them_be_read(self, path: str) -> None:
        """And only read."""
        assert READ.fullmatch(path)

    @pytest.mark.parametrize(
        "path", ["/take-with-you/", "/quotes", "/quotes/a/b", "/quotes/a/1-2/3", "/quotes/a/b/1-2"]
    )
    def test_the_guard_lets_nothing_else_by(self, path: str) -> None:
        """Addresses that look like them are none."""
        assert not READ.fullmatch(path)
