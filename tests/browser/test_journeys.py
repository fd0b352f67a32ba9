"""Three readers from beginning to end: a patient on a phone, a caregiver at a laptop, an evaluator."""

import os
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

from assistant import Assistant, wording
from assistant.evaluation.evaluation import run_evaluation
from assistant.evaluation.fields import summary_fields
from assistant.evaluation.gold import read_gold
from assistant.evaluation.output import REPORT_FILE, write_evaluation
from assistant.links import READING_PATH
from corpus import Document

if TYPE_CHECKING:
    from conftest import Visit

QUESTION = "Is yoga safe for me?"
FOLLOW_UP = "is it safe at home?"
DECLINED = "How long is a parking ticket for the clinic?"
URGENT = "I can't breathe and my chest hurts"
LAPTOP, PHONE = (1280, 800), (390, 844)


def keep_picture(visit: "Visit", name: str) -> None:
    """Write a picture where SIGNPOST_SCREENSHOTS names a folder."""
    if folder := os.environ.get("SIGNPOST_SCREENSHOTS"):
        visit.page.screenshot(path=Path(folder) / f"{name}.png")


def kept_count(visit: "Visit") -> str:
    """Return what the head of the page counts as kept."""
    return visit.page.locator(".sp-header [data-kept-count]").text_content()


def words_of_pdf(paper: bytes) -> int:
    """Return how many glyphs a PDF shows: of a page without words there are none."""
    shown = 0
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", paper, re.DOTALL):
        try:
            drawn = zlib.decompress(stream)
        except zlib.error:
            continue
        if b"BT" in drawn:
            shown += sum(len(glyphs) // 4 for glyphs in re.findall(rb"<([0-9A-Fa-f]+)>", drawn))
    return shown


def test_a_patient_on_a_phone(visit: Callable) -> None:
    """She asks, asks on, reads the place in the page, comes back, and keeps a question for her team."""
    width, height = PHONE
    phone = visit(width=width, height=height, has_touch=True, is_mobile=True)
    phone.starters.filter(has_text=QUESTION).tap()
    phone.expect_turns(1)
    phone.expect(phone.newest.locator("blockquote mark").first).to_be_in_viewport()
    phone.ask(FOLLOW_UP)
    phone.expect(phone.newest.locator(".sp-searched b")).to_have_text(f"yoga: {FOLLOW_UP}")
    place = phone.newest.locator(".sp-place a").first
    place.tap()
    marked = phone.page.frame_locator("#page-pane").locator("mark").first
    phone.expect(marked).to_be_in_viewport()
    phone.page.get_by_role("button", name=wording.BACK_TO_TALK).tap()
    phone.expect(place).to_be_in_viewport()
    phone.ask(DECLINED)
    phone.newest.get_by_role("button", name=wording.TAKE_ALONG).tap()
    assert kept_count(phone) == "1"
    phone.page.get_by_role("link", name=wording.TAKE_WITH_YOU).tap()
    sheet = phone.page.frame_locator("#page-pane")
    phone.expect(sheet.locator("#take-questions .take-question")).to_have_text([DECLINED])
    phone.page.go_back()
    phone.expect(phone.box).to_be_in_viewport(ratio=1)
    assert phone.turns.count() == 3
    assert phone.errors == []


def test_a_caregiver_at_a_laptop(visit: Callable, tmp_path: Path) -> None:
    """He looks side effects up, keeps words, adds what to ask, and prints the sheet for the visit."""
    width, height = LAPTOP
    laptop = visit("/side-effects", width=width, height=height)
    laptop.page.get_by_role("searchbox").fill("always tired")
    quotes = laptop.page.locator(".se-quote:visible")
    laptop.expect(quotes.first.locator("mark").first).to_be_visible()
    assert 0 < quotes.count() < 24
    kept = [quotes.nth(at).locator("blockquote").inner_text() for at in range(2)]
    for at in range(2):
        quotes.nth(at).locator(".sp-keep").click()
    assert kept_count(laptop) == "2"
    laptop.page.get_by_role("link", name=wording.TAKE_WITH_YOU).click()
    sheet = laptop.page.locator("#take-quotes blockquote")
    laptop.expect(sheet).to_have_count(2)
    for at, words in enumerate(kept):
        for line in filter(None, (line.strip() for line in words.splitlines())):
            laptop.expect(sheet.nth(at)).to_contain_text(line)
    laptop.page.locator(".take-suggested .sp-keep").first.click()
    question = laptop.page.locator("#take-questions .take-question").first.text_content()
    laptop.page.emulate_media(media="print")
    on_paper = laptop.page.locator("main").inner_text()
    assert question in on_paper
    for words in kept:
        assert all(line.strip() in on_paper for line in words.splitlines())
    paper = laptop.page.pdf(path=tmp_path / "sheet.pdf", format="Letter")
    assert paper.startswith(b"%PDF")
    assert words_of_pdf(paper) > sum(len(words) for words in kept) * 0.8
    assert laptop.errors == []


def test_an_evaluator_opens_a_report(
    visit: Callable, document: Document, fake_assistant: Assistant, tmp_path: Path
) -> None:
    """The report opens from a folder, asks nothing of any host, and complains of nothing."""
    lines = [
        (
            "q1",
            "patient",
            QUESTION,
            ["In general, yoga is safe for people with metastatic breast cancer."],
        ),
        ("q2", "caregiver", "Where do I park the car?", []),
        ("q3", "patient", "What is the weather tomorrow?", []),
    ]
    gold = [
        {
            "id": name,
            "question": question,
            "persona": persona,
            "kind": "plain",
            "answerable": bool(evidence),
            "evidence": evidence,
            "history": [],
        }
        for name, persona, question, evidence in lines
    ]
    questions = tmp_path / "questions.jsonl"
    questions.write_bytes(b"\n".join(orjson.dumps(line) for line in gold))
    evaluation = run_evaluation(read_gold([questions], [document]), fake_assistant, "full")
    write_evaluation(tmp_path, evaluation, summary_fields(evaluation, {}))
    reader = visit((tmp_path / REPORT_FILE).as_uri(), width=LAPTOP[0])
    reader.expect(reader.page.get_by_role("heading", level=1)).to_be_visible()
    reader.expect(reader.page.get_by_text("3 questions", exact=False).first).to_be_visible()
    keep_picture(reader, "report")
    assert [url for url in reader.requests if not url.startswith("file:")] == []
    assert reader.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE])
def test_pictures_of_every_view(
    visit: Callable, document: Document, size: tuple[int, int], scheme: str
) -> None:
    """Each view is drawn without a complaint; SIGNPOST_SCREENSHOTS=folder keeps pictures of them."""
    width, height = size
    chat = visit(width=width, height=height, color_scheme=scheme)
    end = f"{width}-{scheme}"
    keep_picture(chat, f"chat-{end}")
    for name, question in [("answered", QUESTION), ("urgent", URGENT), ("declined", DECLINED)]:
        chat.ask(question)
        chat.expect(chat.newest.locator(".sp-answer")).to_be_visible()
        keep_picture(chat, f"{name}-{end}")
        if name == "answered":
            chat.newest.locator(".sp-keep").first.click()
    chat.newest.get_by_role("button", name=wording.TAKE_ALONG).click()
    views = {
        "reading": f"{READING_PATH}/{document.id}?quote=27784-28046#yoga",
        "side-effects": "/side-effects",
        "medicines": "/medicines",
        "take": "/take-with-you",
    }
    for name, address in views.items():
        chat.page.goto(address)
        chat.expect(chat.page.get_by_role("heading", level=1).first).to_be_attached()
        keep_picture(chat, f"{name}-{end}")
    assert chat.errors == []
