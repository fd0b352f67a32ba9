"""A QUESTIONS file is held to its form before anything is asked."""

from pathlib import Path

import pytest

from assistant.errors import QuestionsFileError
from assistant.questions_file import AskedQuestion, json_objects, read_questions

GOOD = b'{"id": "a", "question": "Is yoga safe?"}\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file of a test stands."""
    return tmp_path / "questions.jsonl"


def test_good_lines_are_read_in_order(path: Path) -> None:
    """History may be left out, blank lines and other fields are passed over, blanks around are cut."""
    path.write_bytes(
        b'{"id": "b", "question": "is it a pill?", "history": ["What is tamoxifen?", ""]}\r\n'
        b"\n  \n" + GOOD + '{"id": "ü", "question": " ¿Qué es? ", "kind": "plain"}'.encode()
    )
    assert read_questions(path) == (
        AskedQuestion("b", "is it a pill?", ("What is tamoxifen?", "")),
        AskedQuestion("a", "Is yoga safe?"),
        AskedQuestion("ü", "¿Qué es?"),
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", r"is not JSON \(.+\)"),
        (b"[1]", "is not a JSON object"),
        (b'"words"', "is not a JSON object"),
        (b'{"question": "hm"}', 'needs "id", a text'),
        (b'{"id": 7, "question": "hm"}', 'needs "id", a text'),
        (b'{"id": "", "question": "hm"}', 'needs "id", a text'),
        (b'{"id": "x"}', 'needs "question", a text'),
        (b'{"id": "x", "question": null}', 'needs "question", a text'),
        (b'{"id": "x", "question": " "}', r"The question is empty\. .+"),
        (b'{"id": "x", "question": "?!"}', r"The question holds no word\. .+"),
        (b'{"id": "x", "question": "hm", "history": "hm"}', '"history" must be a list of texts'),
        (b'{"id": "x", "question": "hm", "history": [1]}', '"history" must be a list of texts'),
        (b'{"id": "x", "question": "hm", "history": null}', '"history" must be a list of texts'),
        (b'{"id": "a", "question": "hm"}', 'id "a" stands on line 1 already'),
        (b'{"id": "x", "question": "h\xffm"}', "is not valid UTF-8"),
        (b'{"id": "x", "question": "h\\ud800m"}', r"is not JSON \(.+\)"),
        (b'{"id": "x", "question": "' + b"x" * 4_001 + b'"}', r"The question has 4,001 characters; .+"),
    ],
)
def test_a_wrong_line_is_named(path: Path, line: bytes, problem: str) -> None:
    """The message names file and line, counted with the blank ones, and says what is wrong."""
    path.write_bytes(GOOD + b"\n" + line + b"\n")
    with pytest.raises(QuestionsFileError, match=rf"^{path}, line 3: {problem}$") as raised:
        read_questions(path)
    assert raised.value.line == 3


@pytest.mark.parametrize("content", [b"", b"\n \n\t\n"])
def test_a_file_without_a_question_is_refused(path: Path, content: bytes) -> None:
    """An empty RUN would look like work done."""
    path.write_bytes(content)
    with pytest.raises(QuestionsFileError, match=rf"^{path}: holds no question$") as raised:
        read_questions(path)
    assert raised.value.line is None


def test_a_missing_file_is_named(path: Path) -> None:
    """So is one that cannot be read."""
    with pytest.raises(
        QuestionsFileError, match=rf"^{path}: cannot be read \(No such file or directory\)$"
    ):
        read_questions(path)
    with pytest.raises(QuestionsFileError, match=r"cannot be read \(Is a directory\)"):
        read_questions(path.parent)


def test_a_separator_inside_a_text_ends_no_line(path: Path) -> None:
    """Only a line feed does; U+2028 and its like are characters of a question."""
    path.write_bytes('{"id": "a", "question": "one\u2028two\u0085three"}\n'.encode())
    assert [(number, fields["id"]) for number, fields in json_objects(path)] == [(1, "a")]
    assert read_questions(path)[0].question == "one\u2028two\u0085three"
