"""`signpost evaluate` from end to end, with the stand-in for a model."""

import errno
import os
import re
from html import unescape
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from assistant import Assistant
from assistant.command_line import app
from assistant.evaluation import evaluating
from assistant.evaluation.output import FILES
from assistant.evaluation.relevance import covers, normalised

GOLD = Path(__file__).parents[2] / "gold"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Every seventh single question, so that a run takes little time."""
    lines = (GOLD / "questions.jsonl").read_bytes().splitlines(keepends=True)
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b"".join(lines[::7]))
    return path


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch, fake_assistant: Assistant) -> list[str]:
    """Open the stand-in; returns which retrievers were asked for."""
    asked: list[str] = []

    def open_fake(setup: evaluating.Setup) -> Assistant:
        asked.append(setup.retriever)
        return fake_assistant

    monkeypatch.setattr(evaluating, "open_assistant", open_fake)
    return asked


def run(*arguments: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(app, ["evaluate", *(str(argument) for argument in arguments)])


def first_is_wrong(question: dict, answer: dict) -> bool:
    """Tell whether the first passage covers none of the evidence."""
    first = normalised(answer["passages"][0]["text"])
    return not any(covers(first, normalised(span)) for span in question["evidence"])


def listed_misses(html: str) -> dict[str, tuple[str, list[str]]]:
    """Return the question and the evidence of each miss that is listed, by its id."""
    listed = {}
    for miss in html.split('<details class="sp-miss">')[1:]:
        (asked,) = re.findall(r'<span class="sp-asked">(.*?)</span>', miss, re.DOTALL)
        (name,) = re.findall(r'<span class="sp-facts">([^ <]+)', miss.split("</summary>")[0])
        evidence = re.findall(r"<li><q>(.*?)</q>", miss, re.DOTALL)
        listed[name] = (unescape(asked), [unescape(span) for span in evidence])
    return listed


def test_without_a_folder_there_is_only_the_table(questions: Path) -> None:
    """Figures with intervals on stdout; nothing is written."""
    before = set(questions.parent.iterdir())
    result = run(questions)
    assert result.exit_code == 0, result.output
    assert re.search(r"hit@1 +0\.\d{3} +0\.\d{3} to [01]\.\d{3} +16", result.stdout)
    assert "By kind" in result.stdout
    assert set(questions.parent.iterdir()) == before


def test_json_is_all_that_is_printed(questions: Path) -> None:
    """The output of --json is the summary, and parses as it stands."""
    result = run(questions, "--json")
    summary = orjson.loads(result.stdout)
    assert summary["format"] == 1
    assert summary["overall"]["n"] == 22
    assert set(summary["overall"]["figures"]["hit@1"]) == {"value", "low", "high", "n"}
    assert set(summary["by"]) == {"kind", "persona"}


def test_the_folder_is_whole(questions: Path, tmp_path: Path) -> None:
    """All five files, with the same figures, and no request in the page."""
    folder = tmp_path / "out"
    result = run(questions, "--out", folder, "--json")
    assert {path.name for path in folder.iterdir()} == FILES
    assert (folder / "summary.json").read_text() == result.stdout
    answers = [orjson.loads(line) for line in (folder / "answers.jsonl").read_bytes().splitlines()]
    assert [a["id"] for a in answers] == [
        orjson.loads(line)["id"] for line in questions.read_bytes().splitlines()
    ]
    assert {"question", "passages", "answered", "confidence", "ms"} <= set(answers[0])
    page = (folder / "report.html").read_text()
    assert not re.findall(
        r"<script|<link[^>]+href=\"(?!data:)|src=|url\(|@import|https?://(?!www\.w3)", page
    )
    assert {path.name for path in tmp_path.iterdir()} == {"out", "questions.jsonl"}


def test_every_miss_can_be_read(questions: Path, tmp_path: Path) -> None:
    """The page holds each missed question with the evidence that should have come, and no hit."""
    run(questions, "--out", tmp_path / "out")
    answers = {
        answer["id"]: answer
        for answer in map(orjson.loads, (tmp_path / "out" / "answers.jsonl").read_bytes().splitlines())
    }
    asked = [orjson.loads(line) for line in questions.read_bytes().splitlines()]
    answerable = [question for question in asked if question["answerable"]]
    expected = [
        {
            question["id"]: (question["question"], question.get("evidence", []))
            for question in among
            if wrong(question, answers[question["id"]])
        }
        for among, wrong in (
            (answerable, first_is_wrong),
            (answerable, lambda _, answer: not answer["answered"]),
            ([question for question in asked if not question["answerable"]], lambda _, a: a["answered"]),
        )
    ]
    page = (tmp_path / "out" / "report.html").read_text()
    assert [listed_misses(fault) for fault in page.split('<details class="sp-fault"')[1:]] == expected
    assert all(0 < len(misses) < len(answerable) for misses in expected)
    assert f"{len(expected[0])} of {len(answerable)}" in page


def test_two_runs_give_the_same_figures(questions: Path) -> None:
    """Only the times differ."""
    first, second = (orjson.loads(run(questions, "--json").stdout) for _ in range(2))
    for summary in (first, second):
        for figures in (summary["overall"], *(g for by in summary["by"].values() for g in by.values())):
            del figures["figures"]["ms p50"], figures["figures"]["ms p99"]
    assert first == second


def test_a_wrong_line_stops_it_before_anything_runs(
    questions: Path, tmp_path: Path, opened: list[str]
) -> None:
    """One line on stderr, exit code 1, no folder, no question asked."""
    questions.write_bytes(questions.read_bytes() + b'{"id": "x", "question": "hm"}\n')
    result = run(questions, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "line 23" in result.stderr
    assert not (tmp_path / "out").exists()
    assert opened == []


def test_a_folder_with_other_files_is_refused(
    questions: Path, tmp_path: Path, opened: list[str]
) -> None:
    """Nobody's notes are lost to a report; and it is said before an hour's work, not after."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    result = run(questions, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "holds other files (notes.txt)" in result.stderr
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"
    assert opened == []


def test_a_folder_that_cannot_be_made_is_an_error(questions: Path, tmp_path: Path) -> None:
    """Where the folder above is missing, the command says so."""
    result = run(questions, "--out", tmp_path / "missing" / "out")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_a_disk_that_fills_up_is_told_as_the_folders(
    questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file cannot be written after all, the folder is named, and nothing of it is left."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(evaluating, "write_evaluation", full)
    result = run(questions, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "out cannot be written (No space left on device)" in result.stderr.replace("\n", "")
    assert not (tmp_path / "out").exists()


def test_an_earlier_evaluation_is_replaced(questions: Path, tmp_path: Path) -> None:
    """The same folder may be written again, and compared with what stood in it."""
    assert run(questions, "--out", tmp_path / "out").exit_code == 0
    result = run(questions, "--out", tmp_path / "out", "--compare", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    summary = orjson.loads((tmp_path / "out" / "summary.json").read_bytes())
    differences = summary["comparison"]["differences"]
    assert summary["comparison"]["questions"] == 22
    assert {found["difference"] for found in differences.values()} == {0.0}
    assert {found["p"] for found in differences.values()} == {1.0}
    assert differences["hit@1"]["ties"] == 16
    assert "nDCG@10" in differences
    assert "Against" in result.stdout


def test_compared_with_a_run_that_finds_nothing(questions: Path, tmp_path: Path) -> None:
    """Each hit is a win; a RUN file is enough, even without places or confidence."""
    ids = [orjson.loads(line)["id"] for line in questions.read_bytes().splitlines()]
    other = tmp_path / "other.jsonl"
    other.write_bytes(b"".join(orjson.dumps({"id": name, "passages": ["none"]}) + b"\n" for name in ids))
    summary = orjson.loads(run(questions, "--compare", other, "--json").stdout)
    found = summary["comparison"]["differences"]
    first = summary["overall"]["figures"]["hit@1"]
    assert found["hit@1"]["difference"] == first["value"]
    assert found["hit@1"]["wins"] == round(first["value"] * first["n"])
    assert found["hit@1"]["losses"] == 0
    assert found["hit@3"]["p"] < 0.05
    # The other run says neither how sure it is nor what it chose from.
    assert not {"abstain AUROC", "useful", "nDCG@10"} & set(found)


def test_a_run_of_other_questions_cannot_be_compared(questions: Path, tmp_path: Path) -> None:
    """Nothing in common is a mistake, not a difference of nothing."""
    other = tmp_path / "other.jsonl"
    other.write_bytes(b'{"id": "zz", "passages": []}\n')
    result = run(questions, "--compare", other, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "answers none of these questions" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"passages": []}', r'line 1: needs "id"'),
        ('{"id": "a"}', r'line 1: needs "passages"'),
        ('{"id": "a", "passages": [3]}', r"line 1: a passage must be a text"),
        ('{"id": "a", "passages": [], "confidence": "high"}', r'line 1: "confidence" must be a number'),
        ('{"id": "a", "passages": [], "confidence": -7}', r'line 1: "confidence" must be in \[0, 1\]'),
        (
            '{"id": "a", "passages": [], "confidence": 1}\n'
            '{"id": "b", "passages": [], "confidence": 1.01}',
            r'line 2: "confidence" must be in \[0, 1\]',
        ),
    ],
)
def test_a_wrong_run_is_named_by_its_line(
    questions: Path, tmp_path: Path, line: str, problem: str
) -> None:
    """An evaluator hears which line of the other run is wrong."""
    other = tmp_path / "other.jsonl"
    other.write_text(line + "\n")
    result = run(questions, "--compare", other)
    assert result.exit_code == 1
    assert re.search(problem, result.stderr.replace("\n", " "))


def test_a_gate_that_is_reached_opens(questions: Path, tmp_path: Path) -> None:
    """Exit code 0, and no word about it."""
    gate = tmp_path / "gate.json"
    gate.write_text('{"min": {"hit@1": 0}, "max": {"longest passage (words)": 150}}')
    result = run(questions, "--gate", gate)
    assert result.exit_code == 0, result.output
    assert "the gate" not in result.output


def test_each_figure_beyond_the_gate_is_named(questions: Path, tmp_path: Path) -> None:
    """Exit code 1, a line for each on stderr; the figures are still printed."""
    gate = tmp_path / "gate.json"
    gate.write_text('{"min": {"hit@1": 1.1, "hit@3": 0}, "max": {"longest passage (words)": 3}}')
    result = run(questions, "--gate", gate, "--json")
    assert result.exit_code == 1
    lines = [line for line in result.stderr.splitlines() if "the gate" in line]
    assert len(lines) == 2
    assert re.fullmatch(r"hit@1 is 0\.\d+; the gate asks for at least 1\.1", lines[0])
    assert re.fullmatch(r"longest passage \(words\) is \d+; the gate allows at most 3", lines[1])
    assert orjson.loads(result.stdout)["format"] == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"hit@1": 0.9}', 'must be an object with "min", "max" or both'),
        ('{"min": {"hit@2": 0.9}}', 'there is no figure "hit@2"'),
        ('{"min": {"hit@1": "high"}}', '"hit@1" in "min" must be a number'),
        ('{"min": 3}', '"min" must be an object'),
        ("{", "is not JSON"),
    ],
)
def test_a_wrong_gate_is_refused_before_anything_runs(
    questions: Path, tmp_path: Path, opened: list[str], text: str, problem: str
) -> None:
    """A misspelt figure must not pass for one that is reached."""
    gate = tmp_path / "gate.json"
    gate.write_text(text)
    result = run(questions, "--gate", gate)
    assert result.exit_code == 1
    assert problem in result.stderr.replace("\n", " ")
    assert opened == []


def test_parts_can_be_taken_away(questions: Path, opened: list[str]) -> None:
    """The retriever that is named is the one that is asked, and it is said in the summary."""
    summary = orjson.loads(run(questions, "--retriever", "lexical", "--json").stdout)
    assert opened == ["lexical"]
    assert summary["made with"]["retriever"] == "lexical"
    assert run(questions, "--retriever", "magic").exit_code == 2


def test_ablation_prints_one_markdown_table(questions: Path, opened: list[str]) -> None:
    """A header, a rule and a line for each retriever, fit for a README."""
    result = run(questions, "--ablation")
    assert opened == ["dense", "lexical", "hybrid", "full"]
    lines = result.stdout.splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("| retriever | hit@1 (95% interval) | hit@3 |")
    assert [line.split("|")[1].strip() for line in lines[2:]] == opened
    assert len({line.count("|") for line in lines}) == 1


def test_ablation_goes_alone(questions: Path, tmp_path: Path) -> None:
    """A folder cannot hold four evaluations."""
    assert run(questions, "--ablation", "--out", tmp_path / "out").exit_code == 2


def test_conversations_are_told_apart_by_turn_and_by_how_they_are_asked(tmp_path: Path) -> None:
    """With a history come figures by turn, clusters, and two plainer ways to ask."""
    lines = (GOLD / "dialogues.jsonl").read_bytes().splitlines(keepends=True)
    path = tmp_path / "dialogues.jsonl"
    path.write_bytes(b"".join(lines[:20]))
    result = run(path, "--json")
    summary = orjson.loads(result.stdout)
    assert list(summary["by"]["turn"]) == ["1", "2", "3", "4", "5"]
    names = {orjson.loads(line)["id"].rpartition("-")[0] for line in lines[:20]}
    assert summary["intervals"]["clusters"] == len(names)
    asked = [row["asked"] for row in summary["conversation baselines"]]
    assert asked == ["as shipped", "question alone", "history glued on"]
    openers = [row["by kind"]["opener"]["value"] for row in summary["conversation baselines"]]
    assert len(set(openers)) == 1


def test_two_files_are_one_evaluation(questions: Path) -> None:
    """Their questions are pooled, and told apart by file."""
    lines = (GOLD / "questions.jsonl").read_bytes().splitlines(keepends=True)
    second = questions.with_name("second.jsonl")
    second.write_bytes(b"".join(lines[1::20]))
    overlap = {orjson.loads(line)["id"] for line in lines[::7]}
    second.write_bytes(b"".join(x for x in lines[1::20] if orjson.loads(x)["id"] not in overlap))
    summary = orjson.loads(run(questions, second, "--json").stdout)
    assert set(summary["by"]["file"]) == {"questions.jsonl", "second.jsonl"}
    assert summary["overall"]["n"] == sum(group["n"] for group in summary["by"]["file"].values())
