"""Every view under axe-core, and what axe cannot see: focus, announcements, keyboard, sizes, reflow."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import Answer, wording
from assistant.links import READING_PATH
from corpus import Document

if TYPE_CHECKING:
    from conftest import SureAssistant, Visit

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""Of axe's rules: WCAG 2.2 at levels A and AA, and what axe holds to be good practice."""

QUESTION = "Is yoga safe for me?"
DECLINED = "How long is a parking ticket for the clinic?"
URGENT = "I can't breathe and my chest hurts"
WIDE, PHONE, NARROW = 1280, 390, 320
LEAST_TOUCH = 44
"""Pixels; WCAG 2.2, success criterion 2.5.5, the enhanced size of a target."""

RUN_AXE = """
async ({ tags }) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}; ${target.join(" ")}; ${failureSummary}`));
}
"""
SMALL_TARGETS = """
(least) => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .map((part) => (part.matches("[type=radio], [type=checkbox]") ? part.closest("label") : part))
  .filter((part) => part.checkVisibility({ visibilityProperty: true }) && !part.matches(".sp-skip"))
  .map((part) => [part.textContent.trim().slice(0, 40) || part.id, part.getBoundingClientRect()])
  .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)
"""
"""What can be tapped and is smaller than it should be; a label counts with its box."""


def violations(visit: "Visit") -> list[str]:
    """Return what axe-core finds on the page and in the document beside it."""
    for frame in visit.page.frames:
        frame.evaluate(AXE.read_text(encoding="utf-8"))
    return visit.page.evaluate(RUN_AXE, {"tags": TAGS})


def sideways(visit: "Visit") -> int:
    """Return how many pixels the page can be scrolled sideways."""
    return visit.page.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )


def first_screen(chat: "Visit") -> None:
    """Leave the chat as it opens."""


def answered(chat: "Visit") -> None:
    """Ask three questions, of which one is carried over and one is declined, and unfold everything."""
    for question in (QUESTION, "is it safe at home?", DECLINED):
        chat.ask(question)
    for fold in chat.page.locator(".sp-turn summary").all():
        fold.click()


def carried(chat: "Visit") -> None:
    """Ask a question and one that carries it on, with the buttons of the newest turn."""
    chat.ask(QUESTION)
    chat.ask("is it safe at home?")


def replied(chat: "Visit") -> None:
    """Say thanks."""
    chat.ask("thanks")


def urgent(chat: "Visit") -> None:
    """Write what needs help at once."""
    chat.ask(URGENT)


def read_beside(chat: "Visit") -> None:
    """Open the place of a quote: beside the conversation, or over it."""
    chat.ask(QUESTION)
    chat.newest.locator(".sp-place a").first.click()
    chat.page.frame_locator("#page-pane").locator("mark").first.wait_for()


CHATS = [first_screen, answered, carried, replied, urgent, read_beside]
PAGES = ["reading", "/side-effects", "/medicines", "/take-with-you", "filled", f"{READING_PATH}/nowhere"]


@pytest.fixture
def answer(sure_assistant: "SureAssistant") -> Answer:
    """What the assistant behind the page answers to the question of these journeys."""
    return sure_assistant.answer(QUESTION)


@pytest.fixture
def shown(visit: Callable, document: Document, answer: Answer) -> Callable[..., "Visit"]:
    """Open a view: `shown("/medicines", width=320)`, a chat by what is done in it."""

    def show(view: str | Callable, **options: object) -> "Visit":
        if callable(view):
            chat = visit(**options)
            view(chat)
            return chat
        if view == "reading":
            return visit(answer.quotes[0].place.link, **options)
        if view != "filled":
            return visit(view, **options)
        chat = visit(**options)
        chat.ask(QUESTION)
        chat.newest.locator(".sp-keep").first.click()
        chat.ask(DECLINED)
        chat.newest.get_by_role("button", name=wording.TAKE_ALONG).click()
        chat.page.goto("/take-with-you")
        chat.expect(chat.page.locator("#take-quotes blockquote")).to_be_visible()
        return chat

    return show


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("view", [*CHATS, *PAGES])
def test_axe_finds_nothing(shown: Callable, view: str | Callable, width: int, scheme: str) -> None:
    """No rule of WCAG 2.2, A and AA, or of good practice that a program can check is broken."""
    # The policy of the page would refuse the program that checks it.
    visit = shown(view, width=width, color_scheme=scheme, bypass_csp=True)
    assert violations(visit) == []


@pytest.mark.parametrize("view", [*CHATS, *PAGES])
def test_everything_that_can_be_tapped_is_large_enough(shown: Callable, view: str | Callable) -> None:
    """On a phone no link, button or box is smaller than a fingertip."""
    visit = shown(view, width=PHONE, height=844)
    small = visit.page.evaluate(SMALL_TARGETS, LEAST_TOUCH)
    assert small == []


@pytest.mark.parametrize("view", [*CHATS, *PAGES])
def test_a_page_enlarged_four_times_needs_no_sideways_move(
    shown: Callable, view: str | Callable
) -> None:
    """1280 px at 400 % are 320 by 200 px: everything is still reached by scrolling down alone."""
    visit = shown(view, width=NARROW, height=256)
    assert sideways(visit) == 0
    for frame in visit.page.frames[1:]:
        if visit.page.locator("#page-pane").is_visible():
            assert frame.evaluate("document.body.scrollWidth - document.body.clientWidth") <= 0


class TestTextAlone:
    @pytest.mark.parametrize("view", [*CHATS, *PAGES])
    def test_text_twice_as_large_fits(self, shown: Callable, view: str | Callable) -> None:
        """A reader's larger letters make lines longer, never the page wider."""
        visit = shown(view, width=PHONE, height=844)
        visit.page.add_style_tag(content="html { font-size: 200% !important; }")
        assert sideways(visit) == 0


class TestChat:
    @pytest.mark.parametrize("width", [WIDE, PHONE])
    @pytest.mark.parametrize("question", [QUESTION, DECLINED, "thanks", URGENT, "?"])
    def test_the_focus_stays_and_the_answer_begins_in_view(
        self, visit: Callable, question: str, width: int
    ) -> None:
        """What comes of a question is said once and seen from its beginning; the focus stays."""
        chat = visit(width=width, height=664)
        chat.ask(QUESTION)
        before = len(chat.announced())
        chat.ask(question)
        chat.expect(chat.box).to_be_focused()
        chat.expect(chat.newest.locator(".sp-you")).to_be_in_viewport(ratio=1)
        first = chat.newest.locator(".sp-answer").locator("p, h3, li").first
        chat.expect(first).to_be_in_viewport(ratio=1)
        box, row = first.bounding_box(), chat.page.locator("#ask-row").bounding_box()
        assert box["y"] + box["height"] <= row["y"]
        chat.page.wait_for_timeout(300)
        assert len(chat.announced()) == before + 1

    @pytest.mark.parametrize("width", [WIDE, PHONE])
    def test_a_keyboard_alone_leads_to_the_passage_and_back(self, visit: Callable, width: int) -> None:
        """Skip link, question, quote, its place in the page, Escape: the focus is where one is."""
        chat = visit(width=width, height=844)
        keyboard = chat.page.keyboard
        keyboard.press("Tab")
        keyboard.press("Enter")
        chat.expect(chat.box).to_be_focused()
        keyboard.type(QUESTION)
        keyboard.press("Enter")
        chat.expect_turns(1)
        link = chat.newest.locator(".sp-place a").first
        for _ in range(40):
            keyboard.press("Shift+Tab")
            if link.evaluate("link => link === document.activeElement"):
                break
        chat.expect(link).to_be_focused()
        keyboard.press("Enter")
        mark = chat.page.frame_locator("#page-pane").locator("mark").first
        chat.expect(mark).to_be_in_viewport()
        chat.expect(mark).to_be_focused()
        keyboard.press("Escape")
        chat.expect(link).to_be_focused()
        chat.expect(link).to_be_in_viewport(ratio=1)

    def test_every_stop_of_the_keyboard_is_seen(self, visit: Callable) -> None:
        """Each stop has a mark around it and is not below the question row."""
        chat = visit(width=PHONE, height=664)
        chat.ask(QUESTION)
        chat.page.locator(".sp-skip").focus()
        stops = set()
        for _ in range(12):
            chat.page.keyboard.press("Tab")
            stop = chat.page.evaluate(
                "(({ outlineWidth, outlineStyle, boxShadow }, part) => ({"
                " marked: (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2)"
                " || boxShadow !== 'none', "
                " name: part.tagName + (part.textContent || part.id).slice(0, 30),"
                " inRow: !!part.closest('#ask-row'), top: part.getBoundingClientRect().top,"
                " bottom: part.getBoundingClientRect().bottom,"
                " row: document.getElementById('ask-row').getBoundingClientRect().top"
                "}))(getComputedStyle(document.activeElement), document.activeElement)"
            )
            if stop["name"].startswith("BODY"):
                break
            stops.add(stop["name"])
            assert stop["marked"], stop
            assert stop["inRow"] or stop["top"] < stop["row"] - 20, stop
        assert len(stops) > 6
