"""Journeys through the chat and the reading view in a real browser."""

import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import Answer, wording
from assistant.links import READING_PATH, quote_link
from corpus import Document
from index import SearchIndex

if TYPE_CHECKING:
    from conftest import SureAssistant, Visit
    from playwright.sync_api import Locator

QUESTION = "Is yoga safe for me?"
FOLLOW_UP = "is it safe at home?"
URGENT = "I can't breathe and my chest hurts"
URGENT_DECLINED = "my mom is confused and her speech is slurred"
SELF_HARM = "I want to kill myself"
WIDE, PHONE, NARROW = 1280, 390, 320


def text_of(turn: "Locator") -> str:
    """Return the question that a turn shows, without the hidden words before it."""
    return turn.locator("h2").text_content().removeprefix(f"{wording.YOU_ASKED}: ")


def is_clear_of_box(visit: "Visit", part: "Locator") -> bool:
    """Tell whether an element begins within the window and ends above the question row."""
    box, row = part.bounding_box(), visit.page.locator("#ask-row").bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= row["y"]


def sideways(visit: "Visit") -> int:
    """Return how many pixels the page can be scrolled sideways."""
    return visit.page.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )


def row_height(visit: "Visit") -> float:
    """Return the height of the row that holds the question box, in pixels."""
    return visit.page.locator("#ask-row").bounding_box()["height"]


def background(visit: "Visit") -> str:
    """Return the colour behind the page."""
    return visit.page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.fixture
def answered(sure_assistant: "SureAssistant") -> Answer:
    """What the assistant behind the page answers to the question of these journeys."""
    return sure_assistant.answer(QUESTION)


class TestFirstScreen:
    def test_it_says_what_this_is_and_is_not(self, visit: Callable) -> None:
        """The two sentences of ours are on the first screen, and our name is its heading."""
        chat = visit()
        chat.expect(chat.page.get_by_role("heading", level=1)).to_have_text(wording.NAME)
        lead = chat.page.get_by_text(f"{wording.WHAT_IT_IS} {wording.WHAT_IT_IS_NOT}", exact=True)
        chat.expect(lead).to_be_in_viewport(ratio=1)
        assert chat.page.title() == wording.NAME

    @pytest.mark.parametrize("width", [WIDE, PHONE])
    def test_six_starters_are_ready(self, visit: Callable, document: Document, width: int) -> None:
        """Each starter of a patient is a button within the first screen."""
        chat = visit(width=width, height=800 if width == WIDE else 844)
        chat.expect(chat.starters).to_have_text(list(document.metadata.starters))
        assert len(document.metadata.starters) == 6
        for starter in chat.starters.all():
            assert is_clear_of_box(chat, starter)
            assert starter.bounding_box()["height"] >= 44

    def test_who_cares_for_someone_is_offered_other_questions(
        self, visit: Callable, document: Document
    ) -> None:
        """Two radios, named as a group, choose whose questions are offered; the arrow keys move."""
        chat = visit()
        who = chat.page.get_by_role("group", name=wording.TRY_ONE)
        chat.expect(who.get_by_role("radio", name=wording.I_AM_A_PATIENT)).to_be_checked()
        who.get_by_role("radio", name=wording.I_AM_A_PATIENT).focus()
        chat.page.keyboard.press("ArrowDown")
        chat.expect(who.get_by_role("radio", name=wording.I_CARE_FOR_SOMEONE)).to_be_checked()
        chat.expect(chat.starters).to_have_text(list(document.metadata.caregiver_starters))

    @pytest.mark.parametrize("width", [WIDE, PHONE])
    def test_the_question_box_has_a_name(self, visit: Callable, width: int) -> None:
        """There is one text box, called by its label, with one button, and no turn yet."""
        chat = visit(width=width)
        chat.expect(chat.box).to_have_count(1)
        chat.expect(chat.box).to_be_editable()
        chat.expect(chat.page.get_by_role("button", name=wording.ASK, exact=True)).to_have_count(1)
        chat.expect(chat.turns).to_have_count(0)

    @pytest.mark.parametrize(
        ("width", "height"),
        [
            (WIDE, 720),
            (PHONE, 844),
            pytest.param(PHONE, 664),
            pytest.param(NARROW, 568),
        ],
    )
    def test_the_question_box_is_in_view(self, visit: Callable, width: int, height: int) -> None:
        """On any screen the box and its button stand in the window, before and after an answer."""
        chat = visit(width=width, height=height)
        button = chat.page.get_by_role("button", name=wording.ASK, exact=True)
        chat.expect(chat.box).to_be_in_viewport(ratio=1)
        chat.expect(button).to_be_in_viewport(ratio=1)
        chat.ask(QUESTION)
        chat.expect(chat.box).to_be_in_viewport(ratio=1)
        chat.expect(button).to_be_in_viewport(ratio=1)

    @pytest.mark.parametrize("width", [PHONE, NARROW])
    def test_text_of_twice_the_size_leaves_room_to_write_and_to_read(
        self, visit: Callable, width: int
    ) -> None:
        """The box spans the screen, and the row with it takes less than a third of the height."""
        chat = visit(width=width, height=844)
        chat.page.evaluate("document.documentElement.style.fontSize = '200%'")
        chat.ask(QUESTION)
        assert chat.box.bounding_box()["width"] >= width - 2 * 32
        assert row_height(chat) < 844 / 3
        chat.expect(chat.box).to_be_in_viewport(ratio=1)
        chat.expect(chat.page.get_by_role("button", name=wording.ASK, exact=True)).to_be_in_viewport(
            ratio=1
        )
        assert sideways(chat) == 0

    @pytest.mark.parametrize("size", ["100%", "200%"])
    def test_a_long_question_leaves_room_to_read(self, visit: Callable, size: str) -> None:
        """The box grows with what is typed to a third of the screen at most, and scrolls from there."""
        chat = visit(width=PHONE, height=480)
        chat.page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
        chat.box.fill("How long is it? " * 60)
        assert chat.box.bounding_box()["height"] <= 480 * 0.3 + 1
        assert chat.box.evaluate("box => box.scrollHeight > box.clientHeight")
        assert chat.box.evaluate("box => getComputedStyle(box).overflowY") == "auto"

    def test_on_a_very_low_screen_the_row_makes_way(self, visit: Callable) -> None:
        """At 400 % nothing covers the quote; the question row is reached by scrolling down."""
        chat = visit(width=NARROW, height=256)
        chat.ask(QUESTION)
        chat.expect(chat.newest.locator("mark").first).to_be_in_viewport()
        row = chat.page.locator("#ask-row")
        chat.expect(row).not_to_be_in_viewport()
        row.scroll_into_view_if_needed()
        chat.expect(chat.box).to_be_in_viewport(ratio=1)

    @pytest.mark.parametrize("width", [WIDE, PHONE])
    def test_it_says_that_a_reload_ends_the_conversation(self, visit: Callable, width: int) -> None:
        """One quiet line, before the first question only."""
        chat = visit(width=width, height=844)
        line = chat.page.get_by_text(wording.NOT_OVER_A_RELOAD, exact=True)
        chat.expect(line).to_be_visible()
        chat.ask(QUESTION)
        chat.expect(line).to_be_hidden()

    def test_the_page_stands_beside_it_where_there_is_room(
        self, visit: Callable, document: Document
    ) -> None:
        """On a wide screen the document is open in the pane, under its title."""
        chat = visit(width=WIDE)
        chat.expect(chat.page.locator("#page-pane")).to_be_in_viewport(ratio=0.9)
        frame = chat.page.frame_locator("#page-pane")
        chat.expect(frame.get_by_role("heading", level=1)).to_have_text(document.title)
        chat.expect(frame.locator("header")).to_be_hidden()

    def test_a_phone_has_a_link_to_the_page_instead(self, visit: Callable) -> None:
        """On a phone the pane is away and the head leads to the document."""
        chat = visit(width=PHONE)
        chat.expect(chat.page.locator("#page-pane")).to_be_hidden()
        chat.expect(chat.page.get_by_role("link", name=wording.READ_THE_PAGE)).to_be_visible()

    def test_the_first_key_leads_to_the_box(self, visit: Callable) -> None:
        """The first stop of the keyboard is a link that skips to the question."""
        chat = visit()
        chat.page.keyboard.press("Tab")
        link = chat.page.get_by_role("link", name="Skip to the question box")
        chat.expect(link).to_be_focused()
        chat.expect(link).to_be_in_viewport(ratio=1)


class TestAsking:
    @pytest.mark.parametrize("width", [WIDE, PHONE])
    def test_enter_asks_and_the_answer_begins_in_view(
        self, visit: Callable, answered: Answer, document: Document, width: int
    ) -> None:
        """Enter sends; the question and the first words of its quote are in view above the box."""
        chat = visit(width=width)
        chat.ask(QUESTION)
        quote = chat.newest.locator("blockquote").first
        assert text_of(chat.newest) == QUESTION
        assert quote.get_attribute("cite") == answered.quotes[0].place.link
        best = answered.quotes[0].highlights[0].of(document.source)
        chat.expect(quote.locator("mark").first).to_have_text(best)
        chat.expect(chat.newest.locator("h2")).to_be_in_viewport(ratio=1)
        chat.expect(quote.locator("p, li").first).to_be_in_viewport(ratio=1)
        assert is_clear_of_box(chat, chat.newest.locator("h2"))

    @pytest.mark.parametrize("width", [WIDE, PHONE])
    def test_a_later_answer_begins_in_view(self, visit: Callable, width: int) -> None:
        """However long the conversation is, the newest answer is shown from its beginning."""
        chat = visit(width=width)
        for question in (QUESTION, "Will I lose my hair?", "Can I take a break from treatment?"):
            chat.ask(question)
            chat.expect(chat.newest.locator("h2")).to_be_in_viewport(ratio=1)
            assert is_clear_of_box(chat, chat.newest.locator("h2"))

    def test_the_box_is_empty_and_keeps_the_focus(self, visit: Callable) -> None:
        """After an answer the next question can be typed at once."""
        chat = visit()
        chat.ask(QUESTION)
        chat.expect(chat.box).to_have_value("")
        chat.expect(chat.box).to_be_focused()
        chat.page.keyboard.type("and at home?")
        chat.expect(chat.box).to_have_value("and at home?")

    def test_the_button_asks_too(self, visit: Callable) -> None:
        """A click on the button does what Enter does."""
        chat = visit()
        chat.box.fill(QUESTION)
        chat.page.get_by_role("button", name=wording.ASK, exact=True).click()
        chat.expect_turns(1)
        chat.expect(chat.box).to_have_value("")
        assert text_of(chat.newest) == QUESTION

    def test_a_new_line_does_not_ask(self, visit: Callable) -> None:
        """Shift and Enter make a second line and send nothing."""
        chat = visit()
        chat.box.press_sequentially("first")
        chat.box.press("Shift+Enter")
        chat.box.press_sequentially("second")
        chat.expect(chat.box).to_have_value("first\nsecond")
        chat.expect(chat.turns).to_have_count(0)

    def test_an_answer_is_announced_once(self, visit: Callable, answered: Answer) -> None:
        """Each turn is said to a screen reader in one sentence, one time."""
        chat = visit()
        chat.ask(QUESTION)
        path = ", ".join(answered.quotes[0].section_path)
        said = wording.BEST_FOUND.format(path=path)
        chat.expect(chat.page.get_by_role("status").filter(has_text=said)).to_have_count(
            1, timeout=2_000
        )
        chat.ask("?")
        trouble = "The question holds no word. Please type a few words."
        chat.expect(chat.page.get_by_role("status").filter(has_text=trouble)).to_have_count(1)
        assert chat.announced() == [said, trouble]

    def test_a_starter_asks(self, visit: Callable, document: Document) -> None:
        """A click on a starter asks it, and the starters make room."""
        chat = visit()
        starter = document.metadata.starters[-1]
        chat.page.get_by_role("button", name=starter).click()
        chat.expect_turns(1)
        assert text_of(chat.newest) == starter
        chat.expect(chat.starters).to_have_count(0)
        chat.expect(chat.box).to_have_value("")

    def test_a_starter_does_not_lose_the_focus(self, visit: Callable, document: Document) -> None:
        """Who works from the keyboard is still on the page after pressing a starter."""
        chat = visit()
        starter = chat.page.get_by_role("button", name=document.metadata.starters[0])
        starter.focus()
        starter.press("Enter")
        chat.expect_turns(1)
        chat.expect(chat.starters).to_have_count(0)
        assert chat.focused() != "BODY"

    def test_what_is_looked_for_is_shown_at_once(
        self, visit: Callable, monkeypatch: pytest.MonkeyPatch, sure_assistant: "SureAssistant"
    ) -> None:
        """While the page is searched, the question stands there already and the box is free."""
        going_on = threading.Event()
        converse = sure_assistant.converse

        def wait(*args: object, **options: object) -> object:
            going_on.wait(10)
            return converse(*args, **options)

        monkeypatch.setattr(sure_assistant, "converse", wait)
        chat = visit()
        chat.box.fill(QUESTION)
        chat.box.press("Enter")
        pending = chat.page.locator("#pending")
        chat.expect(pending).to_contain_text(wording.LOOKING)
        assert text_of(pending) == QUESTION
        chat.expect(chat.box).to_have_value("")
        going_on.set()
        chat.expect_turns(1)
        assert len(chat.announced()) == 1

    def test_a_lost_connection_comes_back(self, visit: Callable) -> None:
        """Whoever is cut off while something is looked for can ask again once it is back."""
        chat = visit()
        # Not `set_offline`: that leaves a stream that is open already as it is, or not, by chance.
        cut_off = re.compile(r"/gradio_api/(queue/data|app_id)")
        chat.context.route(cut_off, lambda route: route.abort("internetdisconnected"))
        with chat.page.expect_event("requestfailed", lambda request: "app_id" in request.url):
            chat.box.fill(QUESTION)
            chat.box.press("Enter")
        # Gradio loads its page anew once the server is there again.
        with chat.page.expect_event("load"):
            chat.context.unroute(cut_off)
        chat.box.wait_for()
        chat.expect(chat.turns).to_have_count(0)
        chat.ask(QUESTION)
        chat.expect(chat.newest.locator("blockquote").first).to_be_visible()

    def test_a_follow_up_carries_what_was_spoken_of(self, visit: Callable) -> None:
        """What was searched for is shown where it differs, with a button for the typed words alone."""
        chat = visit()
        exactly = chat.page.get_by_role("button", name=wording.EXACT)
        chat.ask(QUESTION)
        chat.expect(exactly).to_have_count(0)
        chat.ask(FOLLOW_UP)
        searched = chat.newest.locator(".sp-searched p").first
        chat.expect(searched).to_have_text(f"{wording.SEARCHED_FOR}: yoga: {FOLLOW_UP}")
        exactly.click()
        chat.expect_turns(3)
        assert text_of(chat.newest) == FOLLOW_UP
        chat.expect(chat.newest.locator(".sp-searched")).to_have_count(0)
        chat.expect(exactly).to_have_count(0)

    def test_a_new_topic_carries_nothing(self, visit: Callable) -> None:
        """After the button the next question is searched for as it was typed."""
        chat = visit()
        chat.ask(QUESTION)
        chat.ask(FOLLOW_UP)
        chat.page.get_by_role("button", name=wording.NEW_TOPIC).click()
        chat.expect_turns(3)
        chat.expect(chat.newest.locator(".sp-none")).to_have_text(wording.NEW_TOPIC_BEGUN)
        assert chat.announced()[-1] == wording.NEW_TOPIC_BEGUN
        chat.ask(FOLLOW_UP)
        chat.expect(chat.newest.locator(".sp-searched")).to_have_count(0)

    @pytest.mark.parametrize("name", [wording.EXACT, wording.NEW_TOPIC])
    @pytest.mark.parametrize("width", [WIDE, PHONE])
    def test_a_button_that_goes_away_does_not_lose_the_focus(
        self, visit: Callable, name: str, width: int
    ) -> None:
        """Who works from the keyboard is still on the page after pressing a button of a turn."""
        chat = visit(width=width)
        chat.ask(QUESTION)
        chat.ask(FOLLOW_UP)
        button = chat.page.get_by_role("button", name=name)
        button.focus()
        button.press("Enter")
        chat.expect_turns(3)
        chat.expect(button).to_have_count(0)
        assert chat.focused() != "BODY"

    def test_the_keyboard_of_a_phone_goes_away_with_the_answer(self, visit: Callable) -> None:
        """The focus leaves the box after Enter, so that nothing covers what was found."""
        phone = visit(width=PHONE, height=844, has_touch=True, is_mobile=True)
        phone.box.tap()
        phone.ask(QUESTION)
        phone.expect(phone.page.get_by_role("button", name=wording.ASK, exact=True)).to_be_focused()
        phone.expect(phone.newest.locator("blockquote").first).to_be_in_viewport()
        phone.expect(phone.box).to_have_value("")

    @pytest.mark.parametrize("question", [QUESTION, "?!"])
    def test_a_keyboard_on_a_desk_stays_at_hand(self, visit: Callable, question: str) -> None:
        """Where no keyboard covers the screen, the box keeps the focus, in a narrow window too."""
        chat = visit(width=PHONE, height=844)
        chat.ask(question)
        chat.expect(chat.box).to_be_focused()

    def test_what_is_typed_meanwhile_is_not_broken_off(
        self, visit: Callable, monkeypatch: pytest.MonkeyPatch, sure_assistant: "SureAssistant"
    ) -> None:
        """Who begins the next question while the page is searched goes on in the box, on a phone too."""
        going_on = threading.Event()
        converse = sure_assistant.converse

        def wait(*args: object, **options: object) -> object:
            going_on.wait(10)
            return converse(*args, **options)

        monkeypatch.setattr(sure_assistant, "converse", wait)
        phone = visit(width=PHONE, height=844, has_touch=True, is_mobile=True)
        phone.box.fill(QUESTION)
        phone.box.press("Enter")
        phone.expect(phone.page.locator("#pending")).to_be_visible()
        phone.expect(phone.box).to_have_value("")
        phone.box.press_sequentially("is it")
        going_on.set()
        phone.expect_turns(1)
        phone.expect(phone.box).to_be_focused()
        phone.expect(phone.box).to_have_value("is it")

    def test_a_fixed_reply_is_announced_and_drawn(self, visit: Callable) -> None:
        """Thanks are answered in a sentence of ours; nothing is quoted or said to be missing."""
        chat = visit()
        chat.ask("thanks")
        reply = chat.newest.locator(".sp-reply p").first
        chat.expect(reply).to_be_in_viewport(ratio=1)
        assert chat.announced() == [reply.text_content()]
        chat.expect(chat.newest.locator("blockquote, .sp-none")).to_have_count(0)

    def test_an_urgent_message_is_met_first(self, visit: Callable) -> None:
        """Where to get help now stands before all else, in view, and is announced."""
        chat = visit(width=PHONE, height=664)
        chat.ask(URGENT)
        notice = chat.newest.locator(".sp-urgent")
        chat.expect(notice).to_be_in_viewport(ratio=1)
        assert chat.newest.locator(".sp-answer > *").first.get_attribute("class") == "sp-urgent"
        (said,) = chat.announced()
        heading, text = notice.locator("h3").text_content(), notice.locator("p").first.text_content()
        assert said == f"{heading}. {text}"

    @pytest.mark.parametrize(
        ("message", "fold"), [(URGENT, wording.PAGE_SAYS), (URGENT_DECLINED, wording.NEAREST)]
    )
    def test_nothing_but_the_urgent_notice_stands_open(
        self, visit: Callable, message: str, fold: str
    ) -> None:
        """Answered or not, after another topic too: the notice, and one closed fold."""
        chat = visit(width=PHONE, height=664)
        chat.ask(QUESTION)
        chat.ask(message)
        chat.expect(chat.newest.locator(".sp-urgent")).to_be_in_viewport(ratio=1)
        seen = chat.newest.locator(".sp-answer > *")
        chat.expect(seen).to_have_count(2)
        chat.expect(seen.last.locator("summary")).to_contain_text(fold)
        chat.expect(chat.newest.locator("blockquote").first).to_be_hidden()
        chat.expect(chat.newest.locator(".sp-none, .sp-searched")).to_have_count(0)
        assert wording.NONE_FOUND not in chat.announced()[-1]
        seen.last.locator("summary").click()
        chat.expect(chat.newest.locator("blockquote").first).to_be_visible()

    @pytest.mark.parametrize("width", [PHONE, NARROW])
    def test_a_number_to_call_can_be_tapped(self, visit: Callable, width: int) -> None:
        """The links stand in the notice, the crisis line first, as large as a fingertip or larger."""
        chat = visit(width=width, height=664)
        chat.ask(SELF_HARM)
        numbers = chat.newest.locator(".sp-urgent").get_by_role("link")
        chat.expect(numbers).to_have_text(["Call 988", "Text 988", "Call 911"])
        links = [number.get_attribute("href") for number in numbers.all()]
        assert links == ["tel:988", "sms:988", "tel:911"]
        for number in numbers.all():
            chat.expect(number).to_be_in_viewport(ratio=1)
            assert min(number.bounding_box()["height"], number.bounding_box()["width"]) >= 44
        assert sideways(chat) == 0
        assert chat.errors == []

    @pytest.mark.parametrize(
        ("typed", "trouble"),
        [
            ("   ", "The question is empty. Please type a few words."),
            ("?!", "The question holds no word. Please type a few words."),
            (
                "long " * 900,
                "The question has 4,499 characters; the limit is 4,000. Please shorten it.",
            ),
        ],
        ids=["blank", "without a word", "too long"],
    )
    def test_an_error_keeps_what_was_typed(self, visit: Callable, typed: str, trouble: str) -> None:
        """A question that cannot be searched for stays in the box, and the reason is told."""
        chat = visit()
        chat.ask(typed)
        chat.expect(chat.newest.locator(".sp-none")).to_have_text(trouble)
        chat.expect(chat.box).to_have_value(typed)
        chat.expect(chat.box).to_be_focused()

    @pytest.mark.parametrize(
        "typed",
        [
            "?!",
            pytest.param(
                "long " * 900,
            ),
        ],
        ids=["short", "long"],
    )
    def test_the_reason_is_in_view(self, visit: Callable, typed: str) -> None:
        """Why a question could not be searched for is seen without scrolling."""
        chat = visit()
        chat.ask(typed)
        chat.expect(chat.newest.locator(".sp-none")).to_be_in_viewport(ratio=1, timeout=2_000)

    def test_the_turn_after_the_last_that_is_kept_is_shown_too(
        self, visit: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where an old turn goes as a new one comes, the new one is brought into view as ever."""
        monkeypatch.setattr("assistant.conversation.KEPT_TURNS", 2)
        chat = visit(height=500)
        chat.ask(QUESTION)
        chat.ask("Will I lose my hair?")
        chat.page.locator("#talk").evaluate("talk => talk.scrollTo(0, 0)")
        chat.box.fill("Can I take a break?")
        chat.box.press("Enter")
        chat.expect(chat.newest.locator("h2")).to_contain_text("Can I take a break?")
        chat.expect(chat.newest.locator("h2")).to_be_in_viewport(ratio=1, timeout=2_000)

    def test_more_passages_unfold(self, visit: Callable) -> None:
        """The fold opens by keyboard and shows the passages behind it."""
        chat = visit()
        chat.ask(QUESTION)
        fold = chat.newest.locator("details")
        chat.expect(fold.locator("blockquote").first).to_be_hidden()
        fold.locator("summary").focus()
        chat.page.keyboard.press("Enter")
        chat.expect(fold.locator("blockquote").first).to_be_visible()


class TestLinks:
    def test_a_link_opens_in_the_pane(self, visit: Callable, answered: Answer) -> None:
        """On a wide screen the quoted words come into view, marked, beside the conversation."""
        chat = visit(width=WIDE)
        chat.ask(QUESTION)
        link = answered.quotes[0].place.link
        chat.newest.locator(".sp-place a").first.click()
        frame = chat.page.frame_locator("#page-pane")
        marks = frame.locator("mark")
        chat.expect(marks.first).to_be_in_viewport(ratio=1)
        quoted = answered.quotes[0].excerpt.text.replace("•", "").split()
        assert " ".join(marks.all_text_contents()).split() == quoted
        assert chat.pane.url.endswith(link)
        assert len(chat.context.pages) == 1
        chat.expect(chat.newest.locator("h2")).to_be_in_viewport(ratio=1)

    def test_another_link_moves_the_pane(self, visit: Callable, answered: Answer) -> None:
        """A second link marks other words in the same pane."""
        chat = visit(width=WIDE)
        chat.ask(QUESTION)
        chat.newest.locator("summary").first.click()
        frame = chat.page.frame_locator("#page-pane")
        for number, quote in enumerate(answered.shown):
            chat.newest.locator(".sp-place a").nth(number).click()
            first = quote.excerpt.text.replace("•", "").split()[:3]
            chat.expect(frame.locator("mark").first).to_contain_text(" ".join(first))
            chat.expect(frame.locator("mark").first).to_be_in_viewport()

    @pytest.mark.parametrize("way", ["button", "Escape", "Back"])
    def test_on_a_phone_a_link_opens_over_the_conversation(
        self, visit: Callable, answered: Answer, way: str
    ) -> None:
        """On a phone the page covers the conversation; every way back leads to the link."""
        chat = visit(width=PHONE)
        chat.ask(QUESTION)
        link = chat.newest.locator(".sp-place a").first
        link.scroll_into_view_if_needed()
        place = chat.page.evaluate("window.scrollY")
        link.click()
        chat.expect(chat.page.frame_locator("#page-pane").locator("mark").first).to_be_in_viewport()
        assert len(chat.context.pages) == 1
        assert chat.pane.url.endswith(answered.quotes[0].place.link)
        back = chat.page.get_by_role("button", name=wording.BACK_TO_TALK)
        chat.expect(back).to_be_in_viewport(ratio=1)
        if way == "button":
            back.click()
        elif way == "Escape":
            chat.page.keyboard.press("Escape")
        else:
            chat.page.go_back()
        chat.expect(back).to_be_hidden()
        chat.expect(link).to_be_focused()
        assert chat.page.evaluate("window.scrollY") == place
        assert text_of(chat.newest) == QUESTION
        assert chat.errors == []

    def test_while_the_page_covers_it_the_conversation_is_out_of_reach(self, visit: Callable) -> None:
        """On a phone, Tab goes from the page to the way back, never to what is hidden below."""
        chat = visit(width=PHONE)
        chat.ask(QUESTION)
        chat.newest.locator(".sp-place a").first.click()
        back = chat.page.get_by_role("button", name=wording.BACK_TO_TALK)
        chat.expect(back).to_be_visible()
        assert chat.box.is_hidden() or chat.page.locator("#talk").evaluate(
            "talk => talk.closest('[inert]') !== null"
        )

    @pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
    def test_the_reading_view_needs_no_script(
        self,
        visit: Callable,
        fake_index: SearchIndex,
        document: Document,
        *,
        scripted: bool,
    ) -> None:
        """A quote's address opens at its section with exactly its words marked, script or not."""
        passage = next(p for p in fake_index.passages if p.section_id == "yoga")
        address = quote_link(document.id, passage.section_id, passage.span)
        reader = visit(address, java_script_enabled=scripted)
        reader.expect(reader.page.locator("#yoga")).to_be_in_viewport()
        reader.expect(reader.page.locator("mark").first).to_be_in_viewport()
        marked = " ".join(reader.page.locator("mark").all_text_contents()).split()
        assert marked == passage.text.replace("•", "").split()
        reader.expect(reader.page.get_by_role("heading", level=1)).to_have_text(document.title)

    def test_the_contents_lead_to_their_sections(self, visit: Callable, document: Document) -> None:
        """Each entry of the table of contents brings its section into view."""
        reader = visit(f"{READING_PATH}/{document.id}", java_script_enabled=False)
        for section in document.sections[1::5]:
            reader.page.locator(f'.sp-contents a[href="#{section.id}"]').click()
            reader.expect(reader.page.locator(f'[id="{section.id}"]')).to_be_in_viewport()

    def test_an_unknown_page_leads_back(self, visit: Callable, document: Document) -> None:
        """A wrong address says so, and its links lead to the chat and to the document."""
        lost = visit(f"{READING_PATH}/nowhere")
        lost.expect(lost.page.get_by_role("heading", level=1)).to_have_text(wording.NO_SUCH_PAGE)
        lost.page.get_by_role("link", name=document.title).click()
        lost.expect(lost.page.get_by_role("heading", level=1)).to_have_text(document.title)
        lost.page.go_back()
        lost.page.get_by_role("link", name=wording.BACK_TO_QUESTIONS).click()
        lost.expect(lost.box).to_be_visible()


class TestPrivacy:
    def journey(self, visit: Callable, document: Document) -> "Visit":
        """Do everything that a visitor does."""
        chat = visit(width=WIDE)
        chat.starters.first.click()
        chat.expect_turns(1)
        chat.ask(QUESTION)
        chat.ask("?")
        chat.page.locator(".sp-place a:visible").first.click()
        chat.expect(chat.page.frame_locator("#page-pane").locator("mark").first).to_be_visible()
        return chat

    def test_nothing_is_asked_of_another_host(
        self, visit: Callable, document: Document, origin: str
    ) -> None:
        """Every request of a whole visit goes to the origin of the page."""
        chat = self.journey(visit, document)
        assert len(chat.requests) > 10
        assert [url for url in chat.requests if not url.startswith((f"{origin}/", "data:"))] == []

    def test_no_address_holds_a_question(self, visit: Callable, document: Document) -> None:
        """What was asked is in no address, so that it is in no log and no history."""
        chat = self.journey(visit, document)
        assert [url for url in chat.requests if "yoga%20safe" in url or "yoga+safe" in url] == []

    def test_nothing_is_stored_in_the_browser(self, visit: Callable, document: Document) -> None:
        """After a visit there is no cookie and nothing in either storage."""
        chat = self.journey(visit, document)
        stored = chat.page.evaluate("[{ ...localStorage }, { ...sessionStorage }, document.cookie]")
        assert stored == [{}, {}, ""]
        assert chat.context.cookies() == []
        assert chat.page.evaluate("indexedDB.databases()") == []

    def test_the_browser_has_nothing_to_complain_of(self, visit: Callable, document: Document) -> None:
        """A visit leaves no error and no warning in the console."""
        assert self.journey(visit, document).errors == []

    def test_a_new_visit_begins_anew(self, visit: Callable) -> None:
        """Loading the page again shows nothing of the conversation before."""
        chat = visit()
        chat.ask(QUESTION)
        chat.page.reload()
        chat.box.wait_for()
        chat.expect(chat.turns).to_have_count(0)
        chat.expect(chat.starters).to_have_count(6)


class TestHostileQuestions:
    @pytest.mark.parametrize(
        "question",
        [
            "<script>document.title = 'taken'</script> really?",
            "<img src=/favicon.ico onload=\"document.title='taken'\"> </h2><b>bold</b>",
            "**bold** `code` # head [link](javascript:alert(1)) $x^2$ ~~gone~~ | a | b |",
            "&lt;b&gt; &amp; &#10; \"quoted\" 'single'",
            "\N{RIGHT-TO-LEFT OVERRIDE}txet \N{POP DIRECTIONAL FORMATTING} \N{DNA DOUBLE HELIX} مرحبا",
            pytest.param(
                "first line\nsecond line\n\n    fourth",
            ),
        ],
        ids=["script", "event", "markdown", "references", "directions", "lines"],
    )
    def test_a_hostile_question_is_text(self, visit: Callable, question: str) -> None:
        """What was typed stands in the conversation as typed, and does nothing."""
        chat = visit()
        chat.ask(question)
        assert text_of(chat.newest) == question
        assert chat.newest.locator("h2 > :not(.sp-hidden)").count() == 0
        assert chat.page.locator(".sp-turn :is(script, img, iframe, form, input, code)").count() == 0
        assert chat.page.title() == wording.NAME
        assert chat.errors == []

    def test_quotes_are_drawn_as_they_are(
        self, visit: Callable, answered: Answer, document: Document
    ) -> None:
        """Between server and screen nothing changes the words of a quote."""
        chat = visit()
        chat.ask(QUESTION)
        for number, quote in enumerate(answered.shown):
            shown = chat.newest.locator("blockquote").nth(number)
            context = quote.context.text.split() if quote.context else []
            assert shown.text_content().split() == context + quote.excerpt.text.replace("•", "").split()


class TestForms:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_nothing_scrolls_sideways_on_a_narrow_screen(self, visit: Callable, scheme: str) -> None:
        """At 320 px neither first screen nor answer, nor a word without end, needs a sideways move."""
        chat = visit(width=NARROW, height=640, color_scheme=scheme)
        assert sideways(chat) == 0
        chat.ask(QUESTION)
        chat.newest.locator("summary").click()
        assert sideways(chat) == 0
        chat.ask("endless" * 150)
        assert sideways(chat) == 0
        chat.expect(chat.newest.locator("h2")).to_be_in_viewport()

    def test_the_reading_view_fits_a_narrow_screen(self, visit: Callable, document: Document) -> None:
        """At 320 px the document is read without a sideways move."""
        reader = visit(f"{READING_PATH}/{document.id}?quote=0-{len(document.source)}", width=NARROW)
        assert sideways(reader) == 0

    def test_a_dark_scheme_darkens_the_page(self, visit: Callable, document: Document) -> None:
        """Chat and reading view follow the reader's colour scheme, both in the same colours."""
        path = f"{READING_PATH}/{document.id}"
        colours = {
            scheme: {background(visit(place, color_scheme=scheme)) for place in ("/", path)}
            for scheme in ("light", "dark")
        }
        assert colours == {"light": {"rgb(251, 249, 246)"}, "dark": {"rgb(20, 25, 26)"}}

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [WIDE, PHONE])
    def test_pictures_of_the_screens(self, visit: Callable, width: int, scheme: str) -> None:
        """First screen and answer are whole in each form; SIGNPOST_SCREENSHOTS=folder keeps pictures."""
        folder = os.environ.get("SIGNPOST_SCREENSHOTS")
        chat = visit(width=width, height=800 if width == WIDE else 844, color_scheme=scheme)
        for name in ("first", "answer", "page"):
            if name == "answer":
                chat.ask(QUESTION)
                chat.expect(chat.newest.locator("h2")).to_be_in_viewport(ratio=1)
            if name == "page" and width == WIDE:
                chat.newest.locator(".sp-place a").first.click()
                marked = chat.page.frame_locator("#page-pane").locator("mark").first
                chat.expect(marked).to_be_in_viewport(ratio=1)
            chat.expect(chat.box).to_be_in_viewport(ratio=1)
            if folder:
                path = Path(folder) / f"{name}-{width}-{scheme}.png"
                chat.page.screenshot(path=path)
                assert path.read_bytes().startswith(b"\x89PNG")
