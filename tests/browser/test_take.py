"""From “Keep” in the chat to the sheet for the visit: kept, written, moved, printed, saved, cleared."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import Answer, Assistant, Trail, wording
from assistant.views.own_questions import own_questions
from assistant.views.take import TAKE_PATH, source_line
from corpus import Document

if TYPE_CHECKING:
    from conftest import Visit
    from playwright.sync_api import Locator, Page

KEY = "signpost-kept"
HOLLOW = '{"quotes": [{"document": "a", "start": 1, "end": 2, "blocks": []}]}'
QUESTION = "Is yoga safe for me?"
UNANSWERED = "How long is a parking ticket for the clinic?"
OWN_QUESTION = "Can my sister come along?"
NOTES = "Tired in the mornings.\nAsk about June."
HOSTILE = (
    """<img src=x onerror="document.title='taken'"><script>document.title='taken'</script> & “it’s”"""
)
PHONE, NARROW = 390, 320
LEAST_TOUCH = 44

FILL_STORAGE = """
() => { for (let size = 2_000_000, at = 0; size > 0; at += 1) {
  try { localStorage.setItem("other" + at, "x".repeat(size)); } catch { size = Math.floor(size / 2); }
} }
"""
NO_STORAGE = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("no", "SecurityError"); }
});
"""
SMALL_TARGETS = """
(least) => [...document.querySelectorAll("main button, main textarea, header a, .take-verbatim")]
  .filter((part) => part.checkVisibility())
  .map((part) => ({ name: part.textContent.slice(0, 30), box: part.getBoundingClientRect() }))
  .filter(({ box }) => box.height < least - 0.5 || box.width < least - 0.5)
  .map(({ name, box }) => `${name}: ${box.width} x ${box.height}`)
"""


class DecidedAssistant:
    """An assistant that answers every question but one, so that there is always both to see."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.documents = assistant.documents

    def converse(self, question: str, trail: Trail, *, exact: bool = False) -> tuple[Answer, Trail]:
        """Return the assistant's answer, decided on."""
        answer, _ = self._assistant.converse(question, Trail(), exact=exact)
        return replace(answer, answered=question != UNANSWERED), trail


@pytest.fixture(scope="module")
def sure_assistant(fake_assistant: Assistant) -> DecidedAssistant:
    """The assistant behind the page; it needs no model."""
    return DecidedAssistant(fake_assistant)


def kept_by(page: "Page") -> dict:
    """Return what the browser holds for us."""
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')") or "{}")


def questions_on(page: "Page") -> list[str]:
    """Return her questions, from the top."""
    return page.locator("#take-questions .take-question").all_text_contents()


def quote_at(page: "Page", at: int = 0) -> "Locator":
    """Return a kept quote on the sheet."""
    return page.locator("#take-quotes > .take-item").nth(at)


def add(page: "Page", question: str) -> None:
    """Write a question of one's own."""
    page.get_by_label(wording.TAKE_OWN).fill(question)
    page.locator("#take-own").get_by_role("button", name=wording.TAKE_ADD, exact=True).click()


def store(page: "Page", kept: dict) -> None:
    """Put something into the browser's storage as an earlier visit would have, and show it."""
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [KEY, json.dumps(kept)])
    page.reload()


def saved(visit: "Visit", folder: Path) -> Path:
    """Press “Download” and return the file."""
    with visit.page.expect_download() as begun:
        visit.page.get_by_role("button", name=wording.TAKE_DOWNLOAD).click()
    file = folder / begun.value.suggested_filename
    begun.value.save_as(file)
    return file


@pytest.fixture
def filled(visit: Callable) -> Iterator["Visit"]:
    """A visit that kept a quote and a question in the chat, and wrote a question and notes."""
    visitor = visit()
    visitor.ask(QUESTION)
    visitor.newest.locator(".sp-keep").first.click()
    visitor.ask(UNANSWERED)
    visitor.newest.get_by_role("button", name=wording.TAKE_ALONG).click()
    visitor.page.goto(TAKE_PATH)
    add(visitor.page, OWN_QUESTION)
    visitor.page.get_by_label(wording.TAKE_NOTES_LABEL).fill(NOTES)
    visitor.page.get_by_label(wording.TAKE_NOTES_LABEL).blur()
    yield visitor
    assert visitor.errors == []


class TestKeepingInTheChat:
    def test_a_quote_is_kept_as_it_stands(self, visit: Callable, document: Document) -> None:
        """The button says so, the head counts it, and what is stored is exactly the source's words."""
        chat = visit()
        chat.ask(QUESTION)
        button = chat.newest.locator(".sp-keep").first
        counter = chat.page.locator(".sp-header [data-kept-count]")
        chat.expect(button).to_have_attribute("aria-pressed", "false")
        chat.expect(counter).to_be_hidden()
        button.click()
        chat.expect(button).to_have_attribute("aria-pressed", "true")
        chat.expect(button).to_contain_text(wording.QUOTE_KEPT)
        chat.expect(counter).to_have_text("1")
        (quote,) = kept_by(chat.page)["quotes"]
        assert quote["text"] == document.source[quote["start"] : quote["end"]]
        assert quote["source"] == source_line(document)
        assert wording.TAKE_KEPT in chat.announced()
        assert chat.errors == []

    def test_pressed_again_it_lets_go(self, visit: Callable) -> None:
        """Nothing is left in the browser then."""
        chat = visit()
        chat.ask(QUESTION)
        button = chat.newest.locator(".sp-keep").first
        button.click()
        button.click()
        chat.expect(button).to_have_attribute("aria-pressed", "false")
        chat.expect(button).to_contain_text(wording.KEEP_QUOTE)
        chat.expect(chat.page.locator(".sp-header [data-kept-count]")).to_be_hidden()
        assert chat.page.evaluate("localStorage.length") == 0

    def test_a_question_that_is_not_answered_is_kept(self, visit: Callable) -> None:
        """It is hers: it stands there as she typed it."""
        chat = visit()
        chat.ask(UNANSWERED)
        button = chat.newest.get_by_role("button", name=wording.TAKE_ALONG)
        button.click()
        chat.expect(chat.newest.locator("[data-keep-question]")).to_have_attribute(
            "aria-pressed", "true"
        )
        assert [one["text"] for one in kept_by(chat.page)["questions"]] == [UNANSWERED]

    def test_a_redrawn_conversation_still_says_so(self, visit: Callable) -> None:
        """The transcript is drawn anew with each turn; the buttons in it know what is kept."""
        chat = visit()
        chat.ask(QUESTION)
        chat.newest.locator(".sp-keep").first.click()
        chat.ask(UNANSWERED)
        chat.newest.locator("[data-keep-question]").click()
        chat.ask(QUESTION)
        for button in (
            chat.turns.nth(0).locator(".sp-keep").first,
            chat.turns.nth(1).locator("[data-keep-question]"),
            chat.turns.nth(2).locator(".sp-keep").first,
        ):
            chat.expect(button).to_have_attribute("aria-pressed", "true")
            chat.expect(button).to_contain_text(wording.QUOTE_KEPT)
        chat.expect(chat.page.locator(".sp-header [data-kept-count]")).to_have_text("2")

    def test_it_is_kept_over_a_reload(self, visit: Callable) -> None:
        """The conversation is gone then, what was kept is not."""
        chat = visit()
        chat.ask(QUESTION)
        chat.newest.locator(".sp-keep").first.click()
        chat.page.reload()
        chat.expect(chat.page.locator(".sp-header [data-kept-count]")).to_have_text("1")
        chat.ask(QUESTION)
        chat.expect(chat.newest.locator(".sp-keep").first).to_have_attribute("aria-pressed", "true")

    @pytest.mark.parametrize("width", [1280, PHONE, NARROW])
    def test_the_button_can_be_hit(self, visit: Callable, width: int) -> None:
        """It is as high as a finger needs, is no circle, and does not change its size when pressed."""
        chat = visit(width=width)
        chat.ask(QUESTION)
        button = chat.newest.locator(".sp-keep").first
        before = button.bounding_box()
        assert before["height"] >= LEAST_TOUCH
        assert before["width"] > 2 * before["height"]
        button.click()
        after = button.bounding_box()
        assert (after["width"], after["height"]) == (before["width"], before["height"])

    def test_where_nothing_can_be_kept_it_says_so(self, visit: Callable) -> None:
        """Beside the button, and the button does not claim otherwise."""
        chat = visit()
        chat.page.evaluate(FILL_STORAGE)
        chat.ask(QUESTION)
        chat.newest.locator(".sp-keep").first.click()
        chat.expect(chat.newest.locator(".sp-keep-trouble")).to_have_text(wording.TAKE_FAILED)
        chat.expect(chat.newest.locator(".sp-keep").first).to_have_attribute("aria-pressed", "false")

    @pytest.mark.parametrize("width", [1280, PHONE])
    def test_the_sheet_opens_beside_the_conversation(self, visit: Callable, width: int) -> None:
        """The way there does not cost the conversation; what is kept later appears at once."""
        chat = visit(width=width)
        chat.ask(QUESTION)
        chat.newest.locator(".sp-keep").first.click()
        way = chat.page.locator(".sp-header").get_by_role("link", name=wording.TAKE_WITH_YOU)
        way.click()
        sheet = chat.page.frame_locator("#page-pane")
        chat.expect(sheet.locator("#take-quotes > .take-item")).to_have_count(1)
        chat.expect(sheet.get_by_role("heading", level=1)).to_be_focused()
        chat.expect(sheet.locator("header")).to_be_hidden()
        if width == PHONE:
            chat.page.go_back()
        chat.expect(chat.turns).to_have_count(1)
        chat.newest.locator("summary").first.click()
        chat.newest.locator(".sp-keep").nth(1).click()
        if width == PHONE:
            way.click()
        chat.expect(sheet.locator("#take-quotes > .take-item")).to_have_count(2)


class TestTheSheet:
    def test_all_is_there_after_a_reload(self, filled: "Visit", document: Document) -> None:
        """Quote, both questions, notes, where they stand and how old they are."""
        filled.page.reload()
        assert questions_on(filled.page) == [UNANSWERED, OWN_QUESTION]
        filled.expect(filled.page.get_by_label(wording.TAKE_NOTES_LABEL)).to_have_value(NOTES)
        (quote,) = kept_by(filled.page)["quotes"]
        words = " ".join(document.source[quote["start"] : quote["end"]].replace("•", "").split())
        shown = quote_at(filled.page).locator("blockquote").inner_text()
        assert words in " ".join(shown.split())
        filled.expect(filled.page.locator("#take-sources")).to_have_text(source_line(document))
        filled.expect(filled.page.locator("#take-empty")).to_be_hidden()

    def test_nothing_else_is_stored(self, filled: "Visit") -> None:
        """One key; no cookie and nothing for the session; and no request tells what she wrote."""
        assert filled.page.evaluate("Object.keys(localStorage)") == [KEY]
        assert filled.page.evaluate("sessionStorage.length") == 0
        assert filled.context.cookies() == []
        written = re.compile("sister|mornings|June|parking", re.IGNORECASE)
        assert [address for address in filled.requests if written.search(address)] == []

    def test_questions_are_moved(self, filled: "Visit") -> None:
        """By a button that keeps the focus, said aloud, and kept over a reload."""
        up = filled.page.get_by_role("button", name=f"{wording.TAKE_UP}: {OWN_QUESTION}")
        up.click()
        filled.expect(up).to_be_focused()
        filled.expect(up).to_have_attribute("aria-disabled", "true")
        assert wording.TAKE_MOVED.format(place=1, count=2) in filled.announced()
        filled.page.reload()
        assert questions_on(filled.page) == [OWN_QUESTION, UNANSWERED]
        # At the top there is no way up; the button says so and does nothing.
        filled.page.get_by_role("button", name=f"{wording.TAKE_UP}: {OWN_QUESTION}").click(force=True)
        assert questions_on(filled.page) == [OWN_QUESTION, UNANSWERED]

    def test_what_is_removed_can_be_put_back(self, filled: "Visit") -> None:
        """At its own place; nothing is lost by a slip of the finger."""
        filled.page.get_by_role("button", name=f"{wording.TAKE_REMOVE}: {UNANSWERED}").click()
        assert questions_on(filled.page) == [OWN_QUESTION]
        back = filled.page.get_by_role("button", name=wording.TAKE_UNDO)
        filled.expect(back).to_be_focused()
        back.click()
        assert questions_on(filled.page) == [UNANSWERED, OWN_QUESTION]

    def test_questions_of_the_page_are_a_start(self, visit: Callable, document: Document) -> None:
        """Each can be added, is marked as the page's, and can be let go again."""
        sheet = visit(TAKE_PATH)
        (suggested,) = own_questions(document)
        texts = [span.of(document.source) for span in suggested.questions]
        assert sheet.page.locator(".take-verbatim").all_text_contents() == texts
        button = sheet.page.locator(".take-suggested .sp-keep").nth(1)
        button.click()
        assert questions_on(sheet.page) == [texts[1]]
        item = sheet.page.locator("#take-questions .take-item")
        sheet.expect(item).to_contain_text(f"{wording.TAKE_FROM_PAGE}: Your treatment team")
        sheet.expect(sheet.page.locator("#take-sources")).to_have_text(source_line(document))
        sheet.expect(button).to_have_text(f"{wording.TAKE_ADDED}: {texts[1]}")
        sheet.expect(button).to_have_attribute("aria-pressed", "true")
        button.click()
        assert questions_on(sheet.page) == []

    def test_a_question_stands_there_once(self, filled: "Visit") -> None:
        """A second time is refused in words, beside the box, and what was typed stays."""
        add(filled.page, OWN_QUESTION)
        filled.expect(filled.page.locator("#take-own-refused")).to_have_text(wording.TAKE_ALREADY)
        filled.expect(filled.page.get_by_label(wording.TAKE_OWN)).to_have_value(OWN_QUESTION)
        assert questions_on(filled.page) == [UNANSWERED, OWN_QUESTION]

    def test_another_tab_knows_at_once(self, filled: "Visit") -> None:
        """Two windows never show two truths."""
        other = filled.context.new_page()
        other.goto(TAKE_PATH)
        add(other, "From the other window?")
        filled.expect(filled.page.locator("#take-questions .take-item")).to_have_count(3)

    @pytest.mark.parametrize(
        "storage", [None, "[]", "7", '"x"', "{", '{"quotes": [null, 3, {}]}', HOLLOW]
    )
    def test_what_is_broken_is_passed_over(self, visit: Callable, storage: str | None) -> None:
        """Whatever stands under the key, the page opens and can be used."""
        sheet = visit(TAKE_PATH)
        if storage is not None:
            sheet.page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, storage])
            sheet.page.reload()
        sheet.expect(sheet.page.locator("#take-empty")).to_be_visible()
        add(sheet.page, OWN_QUESTION)
        assert questions_on(sheet.page) == [OWN_QUESTION]
        assert sheet.errors == []


class TestCheckingTheQuotes:
    @pytest.fixture
    def kept(self, document: Document) -> dict:
        """A quote as the chat keeps it."""
        text = "Metastatic breast cancer treatment has three main goals:"
        start = document.source.index(text)
        return {
            "document": document.id,
            "start": start,
            "end": start + len(text),
            "text": text,
            "blocks": [{"text": text, "depth": 0}],
            "context": "",
            "notices": [],
            "path": "A heading",
            "link": "/read/elsewhere",
            "source": "The page as it was. Reviewed long ago.",
        }

    def test_what_is_still_there_is_not_spoken_of(self, visit: Callable, kept: dict) -> None:
        """The quote is shown as the page has it now, under its headings of today."""
        sheet = visit(TAKE_PATH)
        with sheet.page.expect_response("**/quotes/**"):
            store(sheet.page, {"quotes": [{**kept, "blocks": [{"text": "Made up", "depth": 0}]}]})
        sheet.expect(quote_at(sheet.page).locator("blockquote")).to_have_text(kept["text"])
        sheet.expect(quote_at(sheet.page).locator(".take-note")).to_have_count(0)
        link = quote_at(sheet.page).locator("h3 a")
        assert f"quote={kept['start']}-{kept['end']}" in link.get_attribute("href")

    @pytest.mark.parametrize(
        "changed",
        [{"text": "Metastatic breast cancer treatment has four main goals:"}, {"end": 10**8}],
    )
    def test_what_has_changed_is_said(self, visit: Callable, kept: dict, changed: dict) -> None:
        """The words stay as they were kept, with what the page was then."""
        sheet = visit(TAKE_PATH)
        store(sheet.page, {"quotes": [{**kept, **changed}]})
        sheet.expect(quote_at(sheet.page).locator(".take-note")).to_have_text(wording.TAKE_CHANGED)
        sheet.expect(quote_at(sheet.page).locator("blockquote")).to_have_text(kept["text"])
        sheet.expect(quote_at(sheet.page).locator(".take-source")).to_have_text(kept["source"])

    def test_a_question_of_the_page_is_checked_too(self, visit: Callable, kept: dict) -> None:
        """It claims to be the page's words."""
        sheet = visit(TAKE_PATH)
        store(sheet.page, {"questions": [{**kept, "text": "Is it free?"}]})
        note = sheet.page.locator("#take-questions .take-note")
        sheet.expect(note).to_have_text(wording.TAKE_CHANGED)

    def test_what_cannot_be_checked_is_said(self, visit: Callable, kept: dict) -> None:
        """Without a network the quote is there, and said to be unchecked."""
        sheet = visit(TAKE_PATH)
        sheet.page.route("**/quotes/**", lambda route: route.abort())
        store(sheet.page, {"quotes": [kept]})
        sheet.expect(quote_at(sheet.page).locator(".take-note")).to_have_text(wording.TAKE_NOT_CHECKED)

    @pytest.mark.parametrize("link", ["https://example.org/", "javascript:alert(1)", "//example.org"])
    def test_a_stored_link_leads_nowhere_else(self, visit: Callable, kept: dict, link: str) -> None:
        """Whatever is stored, only an address of this server is ever a link."""
        sheet = visit(TAKE_PATH)
        sheet.page.route("**/quotes/**", lambda route: route.abort())
        store(sheet.page, {"quotes": [{**kept, "link": link}]})
        sheet.expect(quote_at(sheet.page).locator("h3")).to_have_text(kept["path"])
        sheet.expect(quote_at(sheet.page).locator("a")).to_have_count(0)


class TestTakingItAlong:
    def test_the_file_stands_on_its_own(
        self, filled: "Visit", tmp_path: Path, document: Document
    ) -> None:
        """It opens from a disk, asks for nothing, has no script and no link, and holds every word."""
        shown = quote_at(filled.page).locator("blockquote").inner_text()
        file = saved(filled, tmp_path)
        assert file.name == f"{wording.TAKE_WITH_YOU}.html"
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?:|<script|<link|<a\b|\bsrc=|url\(|@import", text)
        page = filled.context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        assert asked == [file.as_uri()]
        words = page.locator("main").inner_text()
        for part in (UNANSWERED, OWN_QUESTION, NOTES, source_line(document)):
            assert part in words
        assert " ".join(shown.split()) in " ".join(words.split())
        assert re.search(r"Made with Signpost on [A-Z][a-z]+ \d+, \d{4}", words)
        assert page.locator("button, input, textarea").count() == 0

    def test_paper_has_the_words_and_no_buttons(self, filled: "Visit", document: Document) -> None:
        """Nor boxes, nor the head of the page, nor questions that she did not choose."""
        filled.page.emulate_media(media="print")
        words = filled.page.locator("body").inner_text()
        for part in (UNANSWERED, OWN_QUESTION, NOTES, source_line(document), "Made with Signpost on"):
            assert part in words
        for part in (wording.TAKE_PRINT, wording.TAKE_REMOVE, wording.TAKE_SHARED, wording.MEDICINES):
            assert part not in words
        visible = filled.page.locator("button, textarea, nav, label, .take-suggested").filter(
            visible=True
        )
        filled.expect(visible).to_have_count(0)
        paper = filled.page.pdf(format="Letter")
        assert paper.startswith(b"%PDF")

    def test_dark_screens_print_black_on_white(self, visit: Callable) -> None:
        """Nobody prints a dark page."""
        sheet = visit(TAKE_PATH, color_scheme="dark")
        sheet.page.emulate_media(media="print", color_scheme="dark")
        colours = sheet.page.evaluate(
            "(({ backgroundColor, color }) => [backgroundColor, color])(getComputedStyle(document.body))"
        )
        assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]

    def test_an_empty_sheet_prints_the_questions_of_the_page(self, visit: Callable) -> None:
        """A start is better than an empty paper."""
        sheet = visit(TAKE_PATH)
        sheet.page.emulate_media(media="print")
        words = sheet.page.locator("main").inner_text()
        assert "What are the benefits of the treatment?" in words
        assert wording.TAKE_EMPTY not in words
        assert wording.TAKE_NOTES not in words

    def test_the_button_prints(self, filled: "Visit") -> None:
        """“Print” opens the browser's own print."""
        filled.page.evaluate("window.print = () => { window.printed = true; }")
        filled.page.get_by_role("button", name=wording.TAKE_PRINT, exact=True).click()
        assert filled.page.evaluate("window.printed")


class TestHostileWords:
    def test_they_stay_words_on_the_page(self, visit: Callable) -> None:
        """In notes, questions, and whatever somebody put into the storage."""
        sheet = visit(TAKE_PATH)
        bad = {"text": HOSTILE, "path": HOSTILE, "link": HOSTILE, "source": HOSTILE, "context": HOSTILE}
        quote = {**bad, "document": HOSTILE, "start": 1, "end": 2, "notices": [HOSTILE]}
        quote["blocks"] = [{"text": HOSTILE, "depth": depth} for depth in (0, 1, 3, 2)]
        store(sheet.page, {"notes": HOSTILE, "questions": [bad], "quotes": [quote]})
        add(sheet.page, f"{HOSTILE} again")
        assert questions_on(sheet.page) == [HOSTILE, f"{HOSTILE} again"]
        sheet.expect(quote_at(sheet.page).locator(".take-note").last).to_have_text(wording.TAKE_CHANGED)
        assert sheet.page.locator("main img, main script").count() == 0
        assert sheet.page.title() == f"{wording.TAKE_WITH_YOU} – {wording.NAME}"

    def test_they_stay_words_in_the_file(self, visit: Callable, tmp_path: Path) -> None:
        """Also where nothing of ours watches over them."""
        sheet = visit(TAKE_PATH)
        store(sheet.page, {"notes": HOSTILE, "questions": [{"text": HOSTILE}]})
        page = sheet.context.new_page()
        page.goto(saved(sheet, tmp_path).as_uri())
        assert page.locator("main").inner_text().count(HOSTILE) == 2
        assert page.locator("img, script").count() == 0
        assert page.title() == wording.TAKE_WITH_YOU


class TestClearing:
    def test_it_asks_first(self, filled: "Visit") -> None:
        """The focus is on “No”; Escape is a no as well."""
        clear = filled.page.get_by_role("button", name=wording.TAKE_CLEAR, exact=True)
        clear.click()
        filled.expect(filled.page.get_by_role("button", name=wording.TAKE_CLEAR_NO)).to_be_focused()
        filled.page.keyboard.press("Escape")
        filled.expect(clear).to_be_focused()
        filled.expect(filled.page.locator("#take-sure")).to_be_hidden()
        assert len(kept_by(filled.page)["questions"]) == 2

    def test_then_nothing_is_left(self, filled: "Visit") -> None:
        """In the storage, on the page, in its boxes, and after a reload."""
        filled.page.get_by_role("button", name=wording.TAKE_CLEAR, exact=True).click()
        filled.page.get_by_role("button", name=wording.TAKE_CLEAR_YES).click()
        filled.expect(filled.page.locator("#sp-said")).to_have_text(wording.TAKE_CLEARED)
        for _ in range(2):
            assert filled.page.evaluate("localStorage.length") == 0
            filled.expect(filled.page.locator("#take-empty")).to_be_visible()
            filled.expect(filled.page.get_by_label(wording.TAKE_NOTES_LABEL)).to_have_value("")
            held = filled.page.content()
            assert "sister" not in held
            assert "mornings" not in held
            filled.page.reload()

    def test_other_tabs_are_cleared_too(self, filled: "Visit") -> None:
        """Notes that were typed there do not come back."""
        other = filled.context.new_page()
        other.goto(TAKE_PATH)
        filled.page.get_by_role("button", name=wording.TAKE_CLEAR, exact=True).click()
        filled.page.get_by_role("button", name=wording.TAKE_CLEAR_YES).click()
        filled.expect(other.get_by_label(wording.TAKE_NOTES_LABEL)).to_have_value("")
        other.close()
        assert filled.page.evaluate("localStorage.length") == 0


class TestWhereNothingCanBeStored:
    def test_a_full_browser_is_named(self, visit: Callable, tmp_path: Path) -> None:
        """What is written stays on the page, can be saved as a file, and is said to be lost else."""
        sheet = visit(TAKE_PATH)
        sheet.page.evaluate(FILL_STORAGE)
        add(sheet.page, OWN_QUESTION)
        sheet.expect(sheet.page.locator("#take-trouble")).to_have_text(wording.TAKE_HELD)
        assert questions_on(sheet.page) == [OWN_QUESTION]
        assert OWN_QUESTION in saved(sheet, tmp_path).read_text(encoding="utf-8")

    def test_a_browser_that_allows_none_is_named(self, visit: Callable) -> None:
        """The same where the storage cannot even be looked at."""
        sheet = visit(TAKE_PATH)
        sheet.context.add_init_script(NO_STORAGE)
        sheet.page.reload()
        sheet.page.get_by_label(wording.TAKE_NOTES_LABEL).fill(NOTES)
        sheet.expect(sheet.page.get_by_role("alert")).to_have_text(wording.TAKE_HELD)
        sheet.expect(sheet.page.get_by_role("alert")).to_be_in_viewport()
        add(sheet.page, OWN_QUESTION)
        assert questions_on(sheet.page) == [OWN_QUESTION]
        sheet.expect(sheet.page.get_by_label(wording.TAKE_NOTES_LABEL)).to_have_value(NOTES)
        assert sheet.errors == []


class TestEveryReader:
    @pytest.mark.parametrize("width", [NARROW, PHONE])
    def test_a_phone_needs_no_scrolling_sideways(self, filled: "Visit", width: int) -> None:
        """Not even with one endless word in a question and the notes."""
        filled.page.set_viewport_size({"width": width, "height": 700})
        add(filled.page, "x" * 300)
        filled.page.get_by_label(wording.TAKE_NOTES_LABEL).fill("y" * 300)
        filled.page.get_by_role("button", name=wording.TAKE_CLEAR, exact=True).click()
        overflow = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        assert filled.page.evaluate(overflow) == 0

    @pytest.mark.parametrize("width", [NARROW, PHONE, 1280])
    def test_everything_can_be_hit(self, filled: "Visit", width: int) -> None:
        """Buttons, boxes and links of a line of their own are 44 px high and wide."""
        filled.page.set_viewport_size({"width": width, "height": 700})
        filled.page.get_by_role("button", name=wording.TAKE_CLEAR, exact=True).click()
        assert filled.page.evaluate(SMALL_TARGETS, LEAST_TOUCH) == []

    def test_a_keyboard_is_enough(self, visit: Callable) -> None:
        """Write, add, move, remove, put back and clear without a pointer."""
        sheet = visit(TAKE_PATH)
        keys = sheet.page.keyboard
        sheet.page.get_by_label(wording.TAKE_OWN).focus()
        for question in ("One?", "Two?"):
            keys.type(question)
            keys.press("Enter")
        assert questions_on(sheet.page) == ["One?", "Two?"]
        sheet.page.get_by_role("button", name=f"{wording.TAKE_DOWN}: One?").focus()
        keys.press("Enter")
        assert questions_on(sheet.page) == ["Two?", "One?"]
        sheet.page.get_by_role("button", name=f"{wording.TAKE_REMOVE}: One?").focus()
        keys.press("Space")
        keys.press("Enter")
        assert questions_on(sheet.page) == ["Two?", "One?"]
        sheet.page.get_by_role("button", name=wording.TAKE_CLEAR, exact=True).focus()
        keys.press("Enter")
        keys.press("Tab")
        keys.press("Enter")
        sheet.expect(sheet.page.locator("#take-empty")).to_be_visible()
        assert sheet.page.evaluate("document.activeElement.id") == "take"

    def test_tab_reaches_every_button_in_order(self, filled: "Visit") -> None:
        """No trap, nothing left out, and each place in order of the page."""
        filled.page.reload()
        count = filled.page.locator("a[href]:visible, button:visible, textarea:visible").count()
        filled.page.keyboard.press("Tab")
        tops = []
        for _ in range(count):
            tops.append(
                filled.page.evaluate(
                    "document.activeElement === document.body ? -1"
                    " : [...document.querySelectorAll('*')].indexOf(document.activeElement)"
                )
            )
            filled.page.keyboard.press("Tab")
        assert -1 not in tops
        assert tops == sorted(set(tops))

    def test_without_a_script_it_can_be_read(self, visit: Callable) -> None:
        """The questions of the page are there, what needs a script is not, and that is said."""
        sheet = visit(TAKE_PATH, java_script_enabled=False)
        sheet.expect(sheet.page.get_by_text(wording.TAKE_NO_SCRIPT)).to_be_visible()
        sheet.expect(sheet.page.get_by_role("link", name="How is the treatment given?")).to_be_visible()
        sheet.expect(sheet.page.locator("button, textarea").filter(visible=True)).to_have_count(0)
