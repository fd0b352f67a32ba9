"""The command: results on stdout, one line for each mistake, and the real model from end to end."""

import copy
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
from typer.testing import CliRunner, Result

from assistant import Assistant, command_line, opening
from assistant.as_json import answer_fields
from assistant.command_line import app
from assistant.opening import Setup, example_texts
from assistant.web.settings import ServerSettings
from assistant.web.warming import WarmingAssistant
from corpus import Document
from index import Embedder, ModelFiles

ROOT = Path(__file__).parents[2]
DOCUMENT = "treatment-for-metastatic-breast-cancer"
QUESTION = "Is yoga safe for me?"
SIDE_EFFECTS = (
    "There are many possible side effects of chemotherapy, and there’s no way to know who will "
    "experience each one. Some common side effects include:\n\n"
    "  • Nausea\n  • Hair loss\n  • Weight gain or loss\n  • Low blood cell counts\n  • Fatigue"
)


def run(*arguments: object) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def signpost(
    *arguments: object, program: tuple[str, ...] = ("-m", "assistant")
) -> subprocess.CompletedProcess:
    """Run the command in a process of its own."""
    given = [part if isinstance(part, bytes) else str(part) for part in arguments]
    return subprocess.run(
        [sys.executable, *program, *given], cwd=ROOT, capture_output=True, check=False, timeout=590
    )


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, fake_assistant: Assistant) -> list[Setup]:
    """Open the stand-in; returns what it was to be opened with."""
    setups: list[Setup] = []

    def open_fake(setup: Setup) -> Assistant:
        setups.append(setup)
        return fake_assistant

    monkeypatch.setattr(command_line, "open_assistant", open_fake)
    return setups


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Three questions, one of them a follow-up."""
    path = tmp_path / "questions.jsonl"
    lines = [
        {"id": "b", "question": QUESTION},
        {"id": "a", "question": "is it a pill?", "history": ["What is tamoxifin?"]},
        {"id": "c", "question": "will I lose my hair?"},
    ]
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return path


class TestAsk:
    def test_an_answer_is_printed(self, opened: list[Setup]) -> None:
        """The first quote, its section and its link, on stdout."""
        result = run("ask", QUESTION)
        assert result.exit_code == 0
        assert "In general, yoga is safe for people" in result.stdout
        assert f"/read/{DOCUMENT}?quote=" in result.stdout
        assert result.stderr.strip() == ""

    def test_json_is_all_that_is_printed(self, opened: list[Setup], fake_assistant: Assistant) -> None:
        """The output parses as it stands, and is the answer."""
        result = run("ask", QUESTION, "--json")
        expected = answer_fields(fake_assistant.answer(QUESTION))
        assert {**orjson.loads(result.stdout), "ms": 0} == {**expected, "ms": 0}
        assert result.stderr.strip() == ""

    def test_where_all_is_well_stderr_is_empty(self, opened: list[Setup]) -> None:
        """Whoever keeps a log of errors gets no blank lines in it."""
        assert run("ask", QUESTION).stderr == ""

    def test_earlier_questions_are_carried_over(self, opened: list[Setup]) -> None:
        """They come in the order in which they are given; `--exact` leaves them out."""
        asked = ["ask", "is it a pill?", "--json", "--earlier", "a port?", "--earlier", "tamoxifin"]
        assert orjson.loads(run(*asked).stdout)["resolved_question"] == "tamoxifen: is it a pill?"
        assert orjson.loads(run(*asked, "--exact").stdout)["resolved_question"] == "is it a pill?"

    def test_an_earlier_question_that_is_no_text_is_one_line(self, opened: list[Setup]) -> None:
        """Wrong bytes in `--earlier` are refused as in the question."""
        result = run("ask", "is it a pill?", "--earlier", "\udcff")
        assert result.exit_code == 1
        assert result.stderr == "signpost: The question is not valid UTF-8 text.\n"
        assert result.stdout == ""

    def test_options_reach_the_setup(self, opened: list[Setup], tmp_path: Path) -> None:
        """Corpus, model and index folder are those that are named, and the shipped ones otherwise."""
        run("ask", QUESTION, "--corpus", tmp_path, "--model", "mine", "--index-dir", tmp_path / "i")
        run("ask", QUESTION)
        named, default = opened
        assert (named.corpus, named.model, named.index_dir) == (tmp_path, "mine", tmp_path / "i")
        shipped = Setup()
        assert (default.corpus, default.model, default.index_dir) == (
            shipped.corpus,
            shipped.model,
            shipped.index_dir,
        )

    def test_the_country_reaches_the_setup(self, opened: list[Setup]) -> None:
        """Its emergency numbers are those that are given; the page's own readers' otherwise."""
        assert run("ask", QUESTION, "--country", "gb").exit_code == 0
        assert run("ask", QUESTION).exit_code == 0
        assert [setup.country for setup in opened] == ["gb", "us"]

    @pytest.mark.parametrize(
        ("question", "problem"),
        [
            ("", "The question is empty. Please type a few words."),
            ("?!", "The question holds no word. Please type a few words."),
            ("x" * 4_001, "The question has 4,001 characters; the limit is 4,000. Please shorten it."),
        ],
    )
    def test_what_is_no_question_is_known_at_once(
        self, opened: list[Setup], question: str, problem: str
    ) -> None:
        """One line on stderr and exit code 1, before a model is loaded."""
        result = run("ask", question)
        assert result.exit_code == 1
        assert result.stderr == f"signpost: {problem}\n"
        assert result.stdout == ""
        assert opened == []

    def test_without_a_question_there_is_help(self) -> None:
        """Wrong use is exit code 2, and names what is missing."""
        result = run("ask")
        assert result.exit_code == 2
        assert "Missing argument" in result.stderr


class TestBatch:
    def test_a_run_is_written(
        self, opened: list[Setup], questions: Path, tmp_path: Path, fake_assistant: Assistant
    ) -> None:
        """A line for a line, the same as asked alone; a word about it on stderr, nothing on stdout."""
        path = tmp_path / "run.jsonl"
        result = run("batch", questions, path)
        assert result.exit_code == 0
        assert result.stdout == ""
        assert f"3 answers written to {path}" in result.stderr.replace("\n", "")
        lines = [orjson.loads(line) for line in path.read_bytes().splitlines()]
        assert [line["id"] for line in lines] == ["b", "a", "c"]
        single = answer_fields(fake_assistant.answer("is it a pill?", ["What is tamoxifin?"]))
        assert {**lines[1], "ms": 0} == {"id": "a", **single, "ms": 0}

    def test_the_country_reaches_the_setup(
        self, opened: list[Setup], questions: Path, tmp_path: Path
    ) -> None:
        """Its emergency numbers are those that are given."""
        assert run("batch", questions, tmp_path / "run.jsonl", "--country", "gb").exit_code == 0
        assert [setup.country for setup in opened] == ["gb"]

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            (b'{"id": "d"', "line 4: is not JSON"),
            (b'{"id": "b", "question": "hm"}', 'line 4: id "b" stands on line 1 already'),
            (b'{"id": "d", "question": "h\xffm"}', "line 4: is not valid UTF-8"),
        ],
    )
    def test_a_wrong_line_stops_it_before_anything_is_written(
        self, opened: list[Setup], questions: Path, tmp_path: Path, line: bytes, problem: str
    ) -> None:
        """The line is named, no question is asked, and the RUN of yesterday stays."""
        questions.write_bytes(questions.read_bytes() + line + b"\n")
        path = tmp_path / "run.jsonl"
        path.write_text("yesterday")
        result = run("batch", questions, path)
        assert result.exit_code == 1
        assert result.stderr.startswith(f"signpost: {questions}, {problem}")
        assert len(result.stderr.splitlines()) == 1
        assert path.read_text() == "yesterday"
        assert {found.name for found in tmp_path.iterdir()} == {"questions.jsonl", "run.jsonl"}
        assert opened == []

    def test_a_missing_folder_is_known_before_the_model_is_loaded(
        self, opened: list[Setup], questions: Path, tmp_path: Path
    ) -> None:
        """Nobody waits for an answer that cannot be written."""
        result = run("batch", questions, tmp_path / "missing" / "run.jsonl")
        assert result.exit_code == 1
        assert "missing/run.jsonl cannot be written (No such file or directory)" in result.stderr
        assert opened == []


class TestIndex:
    MEASURED = "nearly a question that figures are taken on"

    @pytest.fixture
    def where(
        self,
        bag_of_words: Embedder,
        document_folder: Callable[..., Path],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> list[object]:
        """Options that name a page with a question, a folder that passes for a model, and its index."""
        model = tmp_path / "model"
        model.mkdir()
        (model / "model.safetensors").write_bytes(b"weights")

        def load(files: ModelFiles) -> Embedder:
            embedder = copy.copy(bag_of_words)
            embedder.name, embedder.digest = files.name, files.sha256
            return embedder

        monkeypatch.setattr(opening, "load_embedder", load)
        page = document_folder("Yoga can help with sleep, and many people like it.\n")
        question = {"question": "does yoga help me to sleep", "start": 0, "end": 4, "voice": "patient"}
        (page / "questions.jsonl").write_bytes(orjson.dumps(question))
        options = ["--corpus", page, "--model", model, "--index-dir", tmp_path / "indexes"]
        assert run("index", *options).exit_code == 0
        return options

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            (["--against", "questions.jsonl"], "goes with --check alone"),
            (["--check", "--rebuild"], "does not go with --check"),
        ],
    )
    def test_an_option_that_would_do_nothing_is_refused(self, options: list[str], problem: str) -> None:
        """Nobody takes silence for a check that has passed."""
        result = run("index", *options)
        assert result.exit_code == 2
        assert problem in " ".join(result.stderr.split())

    def test_a_measured_question_may_be_neither_authored_nor_an_example(
        self, where: list[object], tmp_path: Path
    ) -> None:
        """With `--against`, each that nearly is one is listed; the others are no finding."""
        example = next(text for text in example_texts() if 6 < len(text.split()) < 12)
        paths = [tmp_path / "one.jsonl", tmp_path / "other.jsonl"]
        asked = ["Does yoga help me to sleep?", "who may have a port put in", example]
        lines = [orjson.dumps({"id": str(n), "question": text}) for n, text in enumerate(asked)]
        paths[0].write_bytes(b"\n".join(lines[:2]))
        paths[1].write_bytes(lines[2])

        result = run("index", "--check", *where, "--against", paths[0], "--against", paths[1])
        assert result.exit_code == 0
        found = result.stdout.splitlines()
        assert f"a-page:1: measured: {self.MEASURED}: does yoga help me to sleep" in found
        assert f"examples: measured: {self.MEASURED}: {example}" in found
        assert not [line for line in found if "port" in line and "measured" in line]
        assert "The index is whole: 1 passages" in result.stderr

        alone = run("index", "--check", *where)
        assert alone.exit_code == 0
        assert "measured" not in alone.stdout

    def test_a_wrong_file_of_measured_questions_is_one_line(
        self, where: list[object], tmp_path: Path
    ) -> None:
        """It is named with the line, and nothing is listed."""
        path = tmp_path / "measured.jsonl"
        path.write_text('{"id": "a"')
        result = run("index", "--check", *where, "--against", path)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.startswith(f"signpost: {path}, line 1: is not JSON")
        assert len(result.stderr.splitlines()) == 1


class TestServe:
    @pytest.fixture
    def served(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
        """Stand in for the chat; returns what it was served with."""
        calls: list[tuple] = []

        def serve(assistant: WarmingAssistant, settings: ServerSettings) -> None:
            calls.append((assistant, settings))

        registered = [SimpleNamespace(load=lambda: serve)]
        monkeypatch.setattr(command_line, "entry_points", lambda group: registered)
        return calls

    def test_the_chat_is_served_to_this_machine_only(
        self, opened: list[Setup], served: list[tuple], document: Document
    ) -> None:
        """Unless another address is asked for; nothing is logged, and nobody else let in."""
        assert run("serve").exit_code == 0
        assert run("serve", "--host", "::1", "--port", "0").exit_code == 0
        (first, default), (_, named) = served
        assert first.documents == (document,)
        assert default == ServerSettings(host="127.0.0.1", port=7860)
        assert named == replace(default, host="::1", port=0)
        assert (default.log, default.allow_origins, default.frame_ancestors) == (None, (), ())
        # The page is served before the index is opened.
        assert opened == []

    def test_a_country_without_numbers_is_known_before_the_page_opens(
        self, opened: list[Setup], served: list[tuple]
    ) -> None:
        """Nobody is served whom the notices could not help."""
        result = run("serve", "--country", "zz")
        assert result.exit_code == 1
        assert "no emergency numbers for the country 'zz'" in result.stderr.replace("\n", " ")
        assert (served, opened) == ([], [])

    def test_what_the_operator_sets_is_what_is_served(
        self, opened: list[Setup], served: list[tuple], tmp_path: Path
    ) -> None:
        """Each option reaches the server, and the country the notices."""
        log, friend = tmp_path / "log.jsonl", "https://www.example.org"
        options = ["--root-path", "/signpost", "--embedded-by", friend, "--allow-origin", friend]
        options += ["--log", str(log), "--log-questions", "--rate", "7", "--mcp", "--country", "gb"]
        assert run("serve", *options).exit_code == 0
        ((assistant, settings),) = served
        assert settings == ServerSettings(
            root_path="/signpost",
            frame_ancestors=(friend,),
            allow_origins=(friend,),
            log=log,
            log_questions=True,
            rate=7,
            mcp=True,
        )
        assistant.start(on_failure=lambda: None)
        assistant.wait()
        assert [setup.country for setup in opened] == ["gb"]

    @pytest.mark.parametrize("port", ["-1", "65536", "http"])
    def test_a_port_that_is_none_is_wrong_use(
        self, opened: list[Setup], served: list[tuple], port: str
    ) -> None:
        """Exit code 2, and nothing is opened."""
        assert run("serve", "--port", port).exit_code == 2
        assert opened == served == []

    def test_without_the_chat_the_way_to_it_is_told(
        self, opened: list[Setup], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the entry point is missing, the message says how to get it."""
        monkeypatch.setattr(command_line, "entry_points", lambda group: [])
        result = run("serve")
        assert result.exit_code == 1
        assert result.stderr.startswith("signpost: the chat is not installed; run `pip install -e .`")
        assert opened == []


def test_without_arguments_there_is_help() -> None:
    """Every command is listed."""
    result = run()
    for name in ("ask", "batch", "evaluate", "index", "serve"):
        assert re.search(rf"^\W+{name} ", result.output, re.MULTILINE)


def test_the_command_and_the_chat_are_registered() -> None:
    """`signpost` is this command, and the chat is where it looks for it."""
    (script,) = entry_points(group="console_scripts", name="signpost")
    assert script.value == "assistant.command_line:main"
    (chat,) = entry_points(group=command_line.SERVER_GROUP)
    assert chat.value == "app:serve"


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the index of the shipped document, built with the real model by the command."""
    folder = tmp_path_factory.mktemp("indexes")
    done = signpost("index", "--index-dir", folder)
    assert done.returncode == 0, done.stderr.decode()
    assert re.search(rb"^\d+ passages in ", done.stderr, re.MULTILINE)
    assert done.stdout == b""
    return folder


@pytest.mark.model
class TestRealModel:
    def ask(self, *arguments: object) -> dict:
        """Ask with --json; nothing else may be printed."""
        done = signpost("ask", *arguments, "--json")
        assert done.returncode == 0
        assert done.stderr.strip() == b""
        return orjson.loads(done.stdout)

    def test_hair(self, index_dir: Path, document: Document) -> None:
        """README's example: the whole list with its introduction, and where it stands."""
        answer = self.ask("will I lose my hair?", "--index-dir", index_dir)
        first = answer["passages"][0]
        assert answer["answered"] is True
        assert first["text"] == SIDE_EFFECTS
        assert first["start"] == document.source.index(SIDE_EFFECTS)
        assert first["end"] == first["start"] + len(SIDE_EFFECTS)
        assert first["section_path"] == ["Chemotherapy"]
        assert first["link"] == f"/read/{DOCUMENT}?quote={first['start']}-{first['end']}#chemotherapy"
        hair = document.source.index("Hair loss")
        assert [hair, hair + len("Hair loss")] in first["highlights"]
        # The list says what may happen, and that nobody can know whom it will happen to.
        assert [notice["kind"] for notice in answer["notices"]] == ["not-yes-or-no"]

    def test_parp(self, index_dir: Path) -> None:
        """A list that the copy lacks: the sentence is quoted, and its list is said to be missing."""
        question = "what did the two approved PARP inhibitors turn out to be?"
        answer = self.ask(question, "--index-dir", index_dir)
        sentence = "The two approved PARP inhibitors, given in pill form, are:"
        assert answer["passages"][0]["text"].endswith(sentence)
        (notice,) = answer["notices"]
        assert notice["kind"] == "missing-list"
        assert sentence in notice["text"]

    def test_text_is_readable_where_there_is_no_terminal(self, index_dir: Path) -> None:
        """Piped output has no colour codes, and the same quote."""
        done = signpost("ask", "will I lose my hair?", "--index-dir", index_dir)
        text = done.stdout.decode()
        assert done.returncode == 0
        assert "\x1b" not in text
        assert "  • Hair loss" in text
        assert "Chemotherapy" in text

    def test_the_console_script_is_the_same(self, index_dir: Path) -> None:
        """`signpost` and `python -m assistant` print the same, but for the time."""
        script = str(Path(sys.executable).with_name("signpost"))
        arguments = ("ask", QUESTION, "--json", "--index-dir", index_dir)
        first, second = (
            orjson.loads(signpost(*arguments, program=program).stdout)
            for program in ((script,), ("-m", "assistant"))
        )
        assert {**first, "ms": 0} == {**second, "ms": 0}

    def test_a_whole_index_is_said_to_be_whole(self, index_dir: Path) -> None:
        """What is odd in the document is listed on stdout; that is no failure."""
        done = signpost("index", "--check", "--index-dir", index_dir)
        assert done.returncode == 0
        assert b"The index is whole: " in done.stderr
        assert f"{DOCUMENT}:192: empty-list: announced list is empty: The two approved PARP" in (
            done.stdout.decode()
        )

    def test_a_batch_does_not_write_over_its_questions(self, tmp_path: Path) -> None:
        """By whatever name they go."""
        questions, link = tmp_path / "questions.jsonl", tmp_path / "link.jsonl"
        questions.write_bytes(orjson.dumps({"id": "1", "question": "is yoga safe"}))
        link.symlink_to(questions)
        before = questions.read_bytes()
        for path in (questions, link):
            done = run("batch", questions, path)
            assert done.exit_code == 2
            assert "holds the questions" in " ".join(done.stderr.split())
        assert questions.read_bytes() == before

    def test_a_batch_answers_as_one_at_a_time(
        self, index_dir: Path, questions: Path, tmp_path: Path
    ) -> None:
        """With the real model, too, only the time differs."""
        path = tmp_path / "run.jsonl"
        done = signpost("batch", questions, path, "--index-dir", index_dir)
        assert done.returncode == 0
        assert done.stdout == b""
        last = orjson.loads(path.read_bytes().splitlines()[-1])
        single = self.ask("will I lose my hair?", "--index-dir", index_dir)
        assert {**last, "ms": 0} == {"id": "c", **single, "ms": 0}

    def test_an_earlier_turn_that_is_no_text_is_one_line(self, index_dir: Path) -> None:
        """Wrong bytes in `--earlier` are refused as in the question."""
        done = signpost("ask", "is it a pill?", "--earlier", b"\xff", "--index-dir", index_dir)
        assert done.returncode == 1
        assert done.stdout == b""
        (line,) = done.stderr.decode().strip().splitlines()
        assert line == "signpost: The question is not valid UTF-8 text."

    def test_a_taken_port_is_one_line(self, index_dir: Path) -> None:
        """Host and port are named, and what to do."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = signpost("serve", "--port", port, "--index-dir", index_dir)
        assert done.returncode == 1
        assert done.stdout == b""
        (line,) = done.stderr.decode().strip().splitlines()
        assert line.startswith(
            f"signpost: cannot listen on 127.0.0.1, port {port} (Address already in use)"
        )
        assert line.endswith("choose another with --host or --port")


@pytest.mark.model
class TestSmallIndex:
    def test_from_none_to_damaged_and_back(
        self, document_folder: Callable[..., Path], tmp_path: Path
    ) -> None:
        """Each state of an index is told in one line; only a whole one is exit code 0."""
        page = document_folder("Yoga can help with sleep, and many people like it.\n")
        folder = tmp_path / "indexes"
        where = ("--corpus", page, "--index-dir", folder)

        none = signpost("index", "--check", *where)
        assert none.returncode == 1
        assert none.stderr.decode().lstrip() == (
            f"signpost: there is no index of these documents in {folder}; `signpost index` builds it\n"
        )
        assert not folder.exists()

        assert signpost("index", *where).returncode == 0
        assert signpost("index", "--check", *where).returncode == 0

        (passages,) = folder.glob("*/passages.json")
        passages.write_bytes(passages.read_bytes().replace(b"many", b"most"))
        damaged = signpost("index", "--check", *where)
        assert damaged.returncode == 1
        (line,) = damaged.stderr.decode().strip().splitlines()
        assert line.startswith(f"signpost: the index in {folder} is damaged: passages.json is not as")

        asked = signpost("ask", "can yoga help with sleep?", "--json", *where)
        assert "is damaged: passages.json is not as it was written. It is built again." in (
            " ".join(asked.stderr.decode().split())
        )
        assert orjson.loads(asked.stdout)["passages"][0]["text"].endswith("many people like it.")
        assert signpost("index", "--check", *where).returncode == 0
        shutil.rmtree(folder)


class TestMistakes:
    """Each in a process of its own: one line on stderr, exit code 1, and no traceback."""

    def hold(self, done: subprocess.CompletedProcess, problem: str) -> None:
        """Check how a mistake is told."""
        assert done.returncode == 1
        assert done.stdout == b""
        (line,) = done.stderr.decode().strip().splitlines()
        assert line.startswith("signpost: ")
        assert problem in line

    @pytest.mark.parametrize(
        ("question", "problem"),
        [
            ("", "The question is empty."),
            ("...", "The question holds no word."),
            ("x" * 4_001, "The question has 4,001 characters; the limit is 4,000."),
            (b"will I lose \xff my hair", "The question is not valid UTF-8 text."),
        ],
    )
    def test_no_question(self, question: str | bytes, problem: str) -> None:
        """A question that cannot be searched for, wrong bytes among them."""
        self.hold(signpost("ask", question), problem)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        """A QUESTIONS file that is not there."""
        done = signpost("batch", tmp_path / "none.jsonl", tmp_path / "run.jsonl")
        self.hold(done, f"{tmp_path}/none.jsonl: cannot be read (No such file or directory)")

    def test_a_wrong_line(self, questions: Path, tmp_path: Path) -> None:
        """A QUESTIONS line that is no JSON."""
        questions.write_bytes(questions.read_bytes() + b"{\n")
        self.hold(
            signpost("batch", questions, tmp_path / "run.jsonl"), f"{questions}, line 4: is not JSON"
        )
        assert not (tmp_path / "run.jsonl").exists()

    def test_an_output_that_cannot_be_written(self, questions: Path, tmp_path: Path) -> None:
        """A RUN file in a folder that is not there."""
        done = signpost("batch", questions, tmp_path / "missing" / "run.jsonl")
        self.hold(done, f"{tmp_path}/missing/run.jsonl cannot be written (No such file or directory)")

    def test_a_missing_corpus(self, tmp_path: Path) -> None:
        """A folder of documents that is not there."""
        self.hold(signpost("ask", QUESTION, "--corpus", tmp_path / "none"), f"{tmp_path}/none")

    def test_an_unknown_model(self, tmp_path: Path) -> None:
        """A model that is not on this machine; nothing is downloaded."""
        done = signpost("ask", QUESTION, "--model", "nobody/nothing", "--index-dir", tmp_path)
        self.hold(done, "there is no model nobody/nothing on this machine")

    @pytest.mark.model
    def test_an_index_folder_that_is_a_file(
        self, document_folder: Callable[..., Path], tmp_path: Path
    ) -> None:
        """A file where the folder for indexes should be stays as it is."""
        page = document_folder("Yoga can help with sleep.\n")
        path = tmp_path / "indexes"
        path.write_text("mine")
        done = signpost("ask", QUESTION, "--corpus", page, "--index-dir", path)
        self.hold(done, str(path))
        assert path.read_text() == "mine"

    def test_debug_shows_where_it_happened(self) -> None:
        """With `--debug`, the traceback is there, and the exit code is the same."""
        done = signpost("ask", "?", "--debug")
        assert done.returncode == 1
        assert done.stderr.startswith(b"Traceback (most recent call last)")
        assert b"QuestionError: The question holds no word." in done.stderr
