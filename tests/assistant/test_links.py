"""Addresses of quotes: what is made is read back, and nothing else is."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.links import QUOTE_PARAMETER, READING_PATH, parse_range, quote_link
from corpus import Span
from corpus.collection import MAX_SOURCE_BYTES

LENGTH = 100

spans = st.tuples(
    st.integers(min_value=0, max_value=MAX_SOURCE_BYTES - 1), st.integers(min_value=1)
).map(lambda pair: Span(pair[0], min(pair[0] + pair[1], MAX_SOURCE_BYTES)))
names = st.text(min_size=1).filter(lambda name: "/" not in name)


def test_a_link_names_document_range_and_section() -> None:
    """A link is short, readable, and the same for the same place every time."""
    assert quote_link("page", "surgery", Span(10, 20)) == "/read/page?quote=10-20#surgery"


@given(document_id=names, section_id=names, span=spans)
def test_a_link_reads_back_as_what_it_was_made_of(document_id: str, section_id: str, span: Span) -> None:
    """Whatever the document and section are called, the three parts of a link come back unchanged."""
    link = urlsplit(quote_link(document_id, section_id, span))
    (written,) = parse_qs(link.query)[QUOTE_PARAMETER]
    assert link.path.startswith(f"{READING_PATH}/")
    assert unquote(link.path.removeprefix(f"{READING_PATH}/")) == document_id
    assert unquote(link.fragment) == section_id
    assert parse_range(written, length=MAX_SOURCE_BYTES) == span
    assert parse_range(written, length=span.end) == span


@given(document_id=names, section_id=names, span=spans)
def test_a_link_is_safe_in_an_attribute_and_in_a_message(
    document_id: str, section_id: str, span: Span
) -> None:
    """A link is ASCII without quotes, angle brackets or white space."""
    link = quote_link(document_id, section_id, span)
    assert link.isascii()
    assert not set("\"'<> \t\r\n") & set(link)


@given(st.text(), st.integers(min_value=0, max_value=LENGTH))
def test_no_text_gives_a_range_outside_the_source(value: str, length: int) -> None:
    """Any text at all is read as no range, or as one that has words and lies in the source."""
    span = parse_range(value, length=length)
    assert span is None or 0 <= span.start < span.end <= length


@given(st.integers(min_value=0, max_value=LENGTH), st.integers(min_value=0, max_value=LENGTH))
def test_exactly_the_ranges_with_words_are_read(start: int, end: int) -> None:
    """Two positions are a range when the first comes before the second."""
    expected = Span(start, end) if start < end else None
    assert parse_range(f"{start}-{end}", length=LENGTH) == expected


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="absent"),
        pytest.param("", id="empty"),
        pytest.param("yoga", id="word"),
        pytest.param("10", id="one number"),
        pytest.param("10-", id="no end"),
        pytest.param("-20", id="no start"),
        pytest.param("-10-20", id="negative start"),
        pytest.param("10--20", id="negative end"),
        pytest.param("-20--10", id="both negative"),
        pytest.param("10-20-30", id="three numbers"),
        pytest.param("10,20", id="comma"),
        pytest.param("10–20", id="dash of another kind"),
        pytest.param(" 10-20", id="blank before"),
        pytest.param("10-20 ", id="blank behind"),
        pytest.param("10-20\n", id="line break behind"),
        pytest.param("1.0-2.0", id="fractions"),
        pytest.param("1e1-2e1", id="powers"),
        pytest.param("0x1-0x2", id="hexadecimal"),
        pytest.param("1_0-2_0", id="underscores"),
        pytest.param("+10-+20", id="signs"),
        pytest.param("10-20<script>", id="markup behind"),
        pytest.param("20-10", id="reversed"),
        pytest.param("10-10", id="without words"),
        pytest.param(f"0-{LENGTH + 1}", id="one beyond the end"),
        pytest.param("500-600", id="far beyond the end"),
        pytest.param("0-1000000000", id="ten digits"),
        pytest.param("0-" + "9" * 5_000, id="five thousand digits"),
        pytest.param(
            "١٠-٢٠",
            id="digits of another script",
        ),
    ],
)
def test_what_is_no_range_of_the_source_is_none(value: str | None) -> None:
    """A damaged or made-up address marks nothing, and is no error."""
    assert parse_range(value, length=LENGTH) is None


def test_the_whole_source_is_a_range() -> None:
    """The first and the last character can be linked."""
    assert parse_range(f"0-{LENGTH}", length=LENGTH) == Span(0, LENGTH)
    assert parse_range(f"{LENGTH - 1}-{LENGTH}", length=LENGTH) == Span(LENGTH - 1, LENGTH)
