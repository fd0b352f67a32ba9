"""The views of side effects and medicines in a real browser: searched, sorted, filtered."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from assistant import wording
from corpus import Document
from corpus.medicines.search import find_medicine
from corpus.medicines.table import medicine_table
from corpus.side_effects.quotes import side_effect_quotes
from corpus.side_effects.symptom_search import find_symptoms

if TYPE_CHECKING:
    from conftest import Visit
    from playwright.sync_api import Locator

SIDE_EFFECTS, MEDICINES = "/side-effects", "/medicines"
WIDE, PANE, PHONE, NARROW = 1280, 600, 390, 320
LEAST_TOUCH = 44


def search(view: "Visit") -> "Locator":
    """Return the search box of a view."""
    return view.page.get_by_role("searchbox")


def quotes(view: "Visit") -> "Locator":
    """Return the quotes that are shown."""
    return view.page.locator(".se-quote:visible")


def names(view: "Visit") -> list[str]:
    """Return the names of the medicines that are shown, in order."""
    return view.page.locator(".md-medicine:visible .md-name p:first-child").all_inner_texts()


def rows(view: "Visit") -> set[int]:
    """Return the numbers of the rows that are shown, from 0."""
    shown = view.page.locator(".md-medicine:visible")
    return {
        int(each.removeprefix("medicine-")) - 1
        for each in shown.evaluate_all("all => all.map((x) => x.id)")
    }


def sideways(view: "Visit") -> int:
    """Return how many pixels the page can be scrolled sideways."""
    return view.page.evaluate(
        "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    )


class TestSideEffects:
    def test_everyday_words_find_what_is_meant(self, visit: Callable) -> None:
        """“Always tired” shows what the page says of fatigue, with that word marked."""
        view = visit(SIDE_EFFECTS)
        search(view).fill("always tired")
        view.expect(quotes(view)).to_have_count(4)
        for quote in quotes(view).all():
            view.expect(quote.locator("mark")).to_have_text(["fatigue"], ignore_case=True)
        line = wording.SIDE_EFFECTS_SHOWN.format(shown=4, count=24)
        view.expect(view.page.get_by_role("status").first).to_have_text(line)
        assert view.errors == []

    @pytest.mark.parametrize(
        "typed",
        [
            "I'm always tired",
            "throwing up",
            "hot flushes",
            "my hair is falling out",
            "nausia",
            "can't sleep",
            "brain fog",
            "joint pain",
            "pain",
            "period stopped",
            "worried",
            "constipation",
            "low blood",
            "vagina",
        ],
    )
    def test_it_finds_what_the_search_of_the_corpus_finds(
        self, visit: Callable, document: Document, typed: str
    ) -> None:
        """The search in the browser understands what the one on the server does."""
        view = visit(SIDE_EFFECTS)
        meant = find_symptoms(typed)
        assert meant
        expected = [
            f"quote-{number}"
            for number, quote in enumerate(side_effect_quotes(document), start=1)
            if set(meant) & set(quote.symptoms)
        ]
        search(view).fill(typed)
        found = quotes(view).evaluate_all("all => all.map((quote) => quote.id)")
        assert set(expected) <= set(found)
        words = typed.split()
        beyond = view.page.locator(
            ", ".join(f"#{each}" for each in set(found) - set(expected)) or "none"
        )
        # What it finds beyond that has the very words that were typed.
        assert all(
            all(word.lower() in text.lower() for word in words) for text in beyond.all_inner_texts()
        )

    def test_a_symptom_that_the_page_leaves_out_is_said_to_be_left_out(self, visit: Callable) -> None:
        """Nothing stands in for what the page does not speak of."""
        view = visit(SIDE_EFFECTS)
        search(view).fill("constipated")
        view.expect(quotes(view)).to_have_count(0)
        line = wording.GAP.format(topic="constipation")
        view.expect(view.page.get_by_role("status").first).to_have_text(line)
        view.page.get_by_role("button", name=wording.VIEW_CLEAR).click()
        view.expect(quotes(view)).to_have_count(24)
        view.expect(search(view)).to_be_focused()

    def test_filters_narrow_it_down(self, visit: Callable) -> None:
        """By treatment, by symptom, by what speaks of easing; groups without a quote go."""
        view = visit(SIDE_EFFECTS)
        view.page.get_by_label(wording.VIEW_TREATMENT, exact=True).select_option("Chemotherapy")
        view.expect(quotes(view)).to_have_count(3)
        view.expect(view.page.locator("h2:visible")).to_have_text(["Chemotherapy"])
        view.page.get_by_label(wording.VIEW_SYMPTOM, exact=True).select_option("Hair loss")
        view.expect(quotes(view)).to_have_count(1)
        view.expect(quotes(view).locator("mark")).to_have_text(["Hair loss"])
        view.page.get_by_label(wording.SIDE_EFFECTS_EASING).check()
        view.expect(quotes(view)).to_have_count(0)

    def test_the_index_chooses_a_symptom(self, visit: Callable) -> None:
        """A name in the index shows its passages; a number leads to one of them."""
        view = visit(SIDE_EFFECTS)
        index = view.page.get_by_role("navigation", name=wording.SIDE_EFFECTS_INDEX)
        index.get_by_role("link", name="Hot flashes", exact=True).click()
        view.expect(quotes(view)).to_have_count(3)
        index.get_by_role("link", name="Nausea, passage 2").click()
        view.expect(quotes(view)).to_have_count(24)
        view.expect(view.page.locator(".se-quote:target")).to_be_in_viewport()

    def test_the_way_back_leads_to_the_same_choice(self, visit: Callable) -> None:
        """After reading in the page, what was searched for still stands there."""
        view = visit(SIDE_EFFECTS)
        search(view).fill("always tired")
        view.expect(quotes(view)).to_have_count(4)
        quotes(view).first.locator(".sp-place a").click()
        view.expect(view.page.locator("mark").first).to_be_visible()
        view.page.go_back()
        view.expect(search(view)).to_have_value("always tired")
        view.expect(quotes(view)).to_have_count(4)

    def test_a_quote_is_kept_for_the_visit(self, visit: Callable, document: Document) -> None:
        """A button keeps exactly the words of its quote, marked or not."""
        view = visit(SIDE_EFFECTS)
        search(view).fill("hair")
        quotes(view).get_by_role("button", name=wording.KEEP_QUOTE).click()
        (kept,) = view.page.evaluate("window.signpostKept.read().quotes")
        assert kept["document"] == document.id
        assert [block["text"] for block in kept["blocks"]][-4] == "Hair loss"
        assert document.metadata.reviewed in kept["source"]

    def test_without_script_it_is_all_there(self, visit: Callable) -> None:
        """The whole list stands there, with the index as links to its passages, and no dead control."""
        view = visit(SIDE_EFFECTS, java_script_enabled=False)
        view.expect(quotes(view)).to_have_count(24)
        view.expect(search(view)).to_have_count(0)
        view.expect(view.page.get_by_role("button")).to_have_count(0)
        view.page.get_by_role("link", name="Hair loss", exact=True).click()
        view.expect(view.page.locator(".se-quote:target")).to_contain_text("Hair loss")


class TestMedicines:
    @pytest.mark.parametrize(
        "typed",
        [
            "tamoxifin",
            "tamoxifen",
            "HERCEPTIN",
            "herseptin",
            "traztuzumab",
            "ibrans",
            "Verzinio",
            "kisquali",
            "enhurtu",
            "Kadsyla",
            "ogivri",
            "trastuzumab-dkst",
            "Phesgo shot",
            "letro",
            "parp inhibitors",
            "aromatase inhibitors",
            "CDK 4/6",
            "pertuzumab",
            "what is Femarra for",
            "aspirin",
            "olaparib",
            "?",
            "hair",
        ],
    )
    def test_it_finds_what_the_search_of_the_corpus_finds(
        self, visit: Callable, document: Document, typed: str
    ) -> None:
        """The search in the browser finds the rows that the one on the server does, however misspelt."""
        view = visit(MEDICINES)
        table = medicine_table(document)
        expected = {table.index(row) for row in find_medicine(table, typed)}
        search(view).fill(typed)
        shown = rows(view)
        # Signs alone are no name: the table stays as it is.
        assert shown == (expected or (set(range(len(table))) if typed == "?" else set()))

    def test_a_misspelt_name_is_found(self, visit: Callable) -> None:
        """“tamoxifin” shows tamoxifen alone, and the count is said once somebody pauses."""
        view = visit(MEDICINES)
        search(view).press_sequentially("tamoxifin")
        line = wording.MEDICINES_SHOWN.format(shown=1, count=28)
        view.expect(view.page.get_by_role("status").first).to_have_text(line)
        assert names(view) == ["Tamoxifen"]
        assert view.announced()[-1:] == [line]
        assert view.errors == []

    def test_filters_narrow_it_down(self, visit: Callable) -> None:
        """By kind, by how it is given, by cancer; all are met."""
        view = visit(MEDICINES)
        choose = view.page.get_by_label
        choose(wording.MEDICINE_KIND, exact=True).select_option("Aromatase inhibitors")
        assert names(view) == ["anastrozole", "exemestane", "letrozole"]
        choose(wording.MEDICINE_KIND, exact=True).select_option("Chemotherapy")
        assert names(view) == ["docetaxel", "capecitabine"]
        choose(wording.MEDICINE_GIVEN, exact=True).select_option(wording.GIVEN_PILL)
        assert names(view) == ["capecitabine"]
        choose(wording.MEDICINE_TREATS, exact=True).select_option("triple-negative")
        view.expect(view.page.get_by_role("status").first).to_have_text(wording.VIEW_NONE)
        view.page.get_by_role("button", name=wording.VIEW_CLEAR).click()
        assert len(names(view)) == 28

    def test_columns_sort_it_by_keyboard(self, visit: Callable) -> None:
        """A button in each head sorts up, then down, says so, and keeps the focus."""
        view = visit(MEDICINES)
        head = view.page.get_by_role("columnheader", name=wording.MEDICINE, exact=True)
        button = head.get_by_role("button")
        button.focus()
        view.page.keyboard.press("Enter")
        view.expect(head).to_have_attribute("aria-sort", "ascending")
        assert names(view)[:2] == ["Abemaciclib", "Ado-trastuzumab emtansine"]
        view.page.keyboard.press("Space")
        view.expect(head).to_have_attribute("aria-sort", "descending")
        assert names(view)[0] == "Tucatinib"
        view.expect(button).to_be_focused()
        brand = view.page.get_by_role("columnheader", name=wording.MEDICINE_BRAND)
        brand.get_by_role("button").press("Enter")
        assert names(view)[0] == "Everolimus"
        # Those whose brand is not said stand last.
        assert set(names(view)[-2:]) <= {"Tamoxifen", "docetaxel", "PARP inhibitors"} | {names(view)[-1]}
        view.expect(view.page.locator("[aria-sort]")).to_have_count(1)

    def test_the_keyboard_alone_leads_to_a_medicine(self, visit: Callable) -> None:
        """From the top to the search box, to its row, and into what the page says of it."""
        view = visit(MEDICINES)
        view.page.keyboard.press("Tab")
        view.expect(view.page.get_by_role("link", name=wording.MEDICINES).first).to_be_focused()
        for _ in range(12):
            view.page.keyboard.press("Tab")
            if view.page.evaluate("document.activeElement.id") == "view-search":
                break
        view.page.keyboard.type("ibrance")
        summary = view.page.locator(".md-medicine:visible .md-quotes summary")
        view.expect(summary).to_have_count(1)
        for _ in range(30):
            view.page.keyboard.press("Tab")
            if summary.evaluate("(summary) => summary === document.activeElement"):
                break
        view.page.keyboard.press("Enter")
        view.expect(view.page.locator("blockquote:visible")).to_have_count(1)
        outline = summary.evaluate("(summary) => getComputedStyle(summary).outlineStyle")
        assert outline == "solid"

    def test_without_script_the_table_is_all_there(self, visit: Callable, document: Document) -> None:
        """Every row with every cell, and no dead control."""
        view = visit(MEDICINES, java_script_enabled=False)
        assert len(names(view)) == len(medicine_table(document))
        view.expect(search(view)).to_have_count(0)
        view.expect(view.page.get_by_role("button")).to_have_count(0)
        view.expect(view.page.get_by_role("columnheader")).to_have_count(6)

    def test_on_a_phone_each_row_is_a_card(self, visit: Callable) -> None:
        """Cells stand below one another with their labels; it is still a table to a screen reader."""
        view = visit(MEDICINES, width=PHONE)
        card = view.page.locator("#medicine-3")
        boxes = [cell.bounding_box() for cell in card.locator("td[data-label]").all()]
        assert len({box["x"] for box in boxes}) == 1
        assert boxes == sorted(boxes, key=lambda box: box["y"])
        view.expect(view.page.get_by_role("table")).to_have_count(1)
        view.expect(card.get_by_role("rowheader")).to_have_text("anastrozole")
        sort = view.page.get_by_label(wording.MEDICINE_SORT)
        sort.select_option(wording.MEDICINE)
        assert names(view)[0] == "Abemaciclib"


@pytest.mark.parametrize("path", [SIDE_EFFECTS, MEDICINES])
class TestBoth:
    @pytest.mark.parametrize("width", [WIDE, PANE, PHONE, NARROW])
    def test_nothing_scrolls_sideways(self, visit: Callable, path: str, width: int) -> None:
        """Everything is unfolded, and still reflows at any width."""
        view = visit(path, width=width)
        view.page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
        )
        assert sideways(view) <= 0
        assert view.errors == []

    @pytest.mark.parametrize("width", [WIDE, PHONE, NARROW])
    def test_nothing_scrolls_sideways_with_text_twice_as_large(
        self, visit: Callable, path: str, width: int
    ) -> None:
        """Where letters grow and the screen does not, words move below one another."""
        view = visit(path, width=width)
        view.page.evaluate(
            """() => {
              document.documentElement.style.fontSize = "32px";
              document.querySelectorAll("details").forEach((each) => { each.open = true; });
            }"""
        )
        assert sideways(view) <= 0

    @pytest.mark.parametrize("width", [PHONE, NARROW])
    def test_what_is_touched_is_large_enough(self, visit: Callable, path: str, width: int) -> None:
        """Controls and links are at least 44 px high on a phone, save links within a sentence."""
        view = visit(path, width=width)
        view.page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
        )
        touched = "main :is(button, select, input:not([type=checkbox]), summary, .view-check, a):visible"
        for control in view.page.locator(touched).filter(visible=True).all():
            if control.evaluate("(it) => Boolean(it.closest('.view-source'))"):
                continue
            assert control.bounding_box()["height"] >= LEAST_TOUCH - 0.5, control.inner_text()

    def test_what_is_typed_stays_here(self, visit: Callable, path: str) -> None:
        """No request goes out, and the address stays as it is, also when Enter is pressed."""
        view = visit(path)
        before = len(view.requests)
        search(view).fill("always tired")
        search(view).press("Enter")
        view.page.wait_for_timeout(500)
        assert view.requests[before:] == []
        assert view.page.url.endswith(path)

    def test_dark_is_dark(self, visit: Callable, path: str) -> None:
        """The page follows the colours of the system."""
        colours = {
            scheme: visit(path, color_scheme=scheme).page.evaluate(
                "getComputedStyle(document.body).backgroundColor"
            )
            for scheme in ("light", "dark")
        }
        assert colours["light"] != colours["dark"]

    def test_the_way_back_to_the_questions_is_on_top(self, visit: Callable, path: str) -> None:
        """The head leads to the chat, and says on which of the views one is."""
        view = visit(path)
        back = view.page.get_by_role("link", name=wording.BACK_TO_QUESTIONS)
        view.expect(back).to_have_attribute("href", "/")
        view.expect(view.page.locator("header [aria-current=page]")).to_have_attribute("href", path)
