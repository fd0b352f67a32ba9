"""Finding a model on this machine: its package, a folder, or what an earlier download left."""

import hashlib
import socket
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import huggingface_hub.constants
import pytest

from index import BASE_MODEL, DEFAULT_MODEL, EmbedderError, EncoderCache, check_weights, find_model
from index import weights as weights_module
from index.weights import ADAPTER_FILE, BASE_PACKAGE, BASE_SHA256


def sha256(raw: bytes) -> str:
    """Return the digest of some bytes."""
    return hashlib.sha256(raw).hexdigest()


def own(weights: bytes, settings: str = "") -> str:
    """Return the digest of somebody's own model: of one file of weights, and lines on its settings."""
    return sha256(f"{sha256(weights)}\n{sha256(settings.encode())}".encode())


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection: nothing here may ask for one."""

    def refuse(*_: object) -> None:
        pytest.fail("a connection was asked for")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Hugging Face cache of our own, empty."""
    cache = tmp_path / "hub"
    cache.mkdir()
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(cache))
    return cache


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model's folder in a package that takes the place of the real one."""
    folder = tmp_path / "package" / "model"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    spec = SimpleNamespace(origin=str(tmp_path / "package" / "__init__.py"))
    monkeypatch.setattr(weights_module, "find_spec", lambda name: spec if name == BASE_PACKAGE else None)
    return folder


def download(cache: Path, name: str, raw: bytes) -> Path:
    """Lay out a cache as an earlier download of a model leaves it."""
    home = cache / f"models--{name.replace('/', '--')}"
    snapshot = home / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (snapshot / "model.safetensors").write_bytes(raw)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text("abc")
    return snapshot


@pytest.mark.model
def test_the_packaged_model_is_found_without_running_its_package() -> None:
    """The shipped model comes from its package, whose code stays unread, with the public weights."""
    sys.modules.pop(BASE_PACKAGE, None)
    files = find_model(BASE_MODEL)
    assert files.name == "sentence-transformers/all-MiniLM-L6-v2"
    assert files.folder.parts[-2:] == (BASE_PACKAGE, "model")
    assert (files.sha256, files.adapter) == (BASE_SHA256, None)
    assert BASE_PACKAGE not in sys.modules


@pytest.mark.model
@pytest.mark.parametrize("verify", [True, False])
def test_the_shipped_model_is_the_public_one_with_its_adapter(verify: bool) -> None:
    """Its digest is that of both, whether or not the weights are read."""
    files = find_model(verify=verify)
    assert files.name == DEFAULT_MODEL == "signpost/all-MiniLM-L6-v2"
    assert files.folder == find_model(BASE_MODEL).folder
    assert files.adapter == ADAPTER_FILE
    both = f"{BASE_SHA256}\n{sha256(ADAPTER_FILE.read_bytes())}"
    assert files.sha256 == sha256(both.encode())
    check_weights(files)


@pytest.mark.model
def test_another_adapter_is_refused(tmp_path: Path) -> None:
    """What was found with one adapter is not loaded with another, nor without any."""
    other = tmp_path / "adapter.safetensors"
    other.write_bytes(b"other")
    with pytest.raises(EmbedderError, match=f"are not those of {DEFAULT_MODEL}: sha256"):
        check_weights(replace(find_model(), adapter=other))
    with pytest.raises(EmbedderError, match="cannot be read: No such file"):
        check_weights(replace(find_model(), adapter=tmp_path / "none"))


@pytest.mark.model
def test_the_packaged_model_must_have_the_public_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the public weights' digest were another, the packaged ones would be refused."""
    monkeypatch.setattr(weights_module, "BASE_SHA256", "0" * 64)
    with pytest.raises(EmbedderError, match=f"sha256 {BASE_SHA256}, not {'0' * 64}"):
        find_model()


def test_other_weights_in_the_package_are_refused(package: Path) -> None:
    """The shipped model's name is kept for its public weights."""
    with pytest.raises(EmbedderError, match=f"are not those of {BASE_MODEL}: sha256"):
        find_model()
    # The same folder by path is somebody's own model, and is theirs to use.
    assert find_model(str(package)).sha256 == own(b"weights")


def test_the_package_comes_before_the_cache(
    package: Path, hub_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where both have the shipped model, the package's is taken."""
    download(hub_cache, BASE_MODEL, b"weights")
    monkeypatch.setattr(weights_module, "BASE_SHA256", sha256(b"weights"))
    assert find_model().folder == package


@pytest.mark.parametrize("spec", [None, SimpleNamespace(origin=None), SimpleNamespace(origin="/no/x")])
def test_without_the_package_the_cache_is_asked(
    hub_cache: Path, monkeypatch: pytest.MonkeyPatch, spec: object
) -> None:
    """A package that is missing, or is empty, leaves the shipped model to an earlier download."""
    monkeypatch.setattr(weights_module, "find_spec", lambda _: spec)
    with pytest.raises(EmbedderError, match=f"there is no model {BASE_MODEL} on this machine"):
        find_model()
    snapshot = download(hub_cache, BASE_MODEL, b"weights")
    monkeypatch.setattr(weights_module, "BASE_SHA256", sha256(b"weights"))
    assert find_model().folder == snapshot


def test_another_model_is_found_by_its_id(hub_cache: Path) -> None:
    """An id that was downloaded before is found, under the name given."""
    snapshot = download(hub_cache, "somebody/a-model", b"other")
    files = find_model("somebody/a-model")
    assert (files.name, files.folder, files.sha256) == ("somebody/a-model", snapshot, own(b"other"))


ODD_NAMES = [
    "somebody/unknown",
    "unknown",
    "a/b/c",
    "../up",
    "/no/such/folder",
    " ",
    "a\0b",
    "http://example.com/a",
    "x" * 120,
    "--",
]


@pytest.mark.parametrize(
    "name",
    [
        *ODD_NAMES,
        "~nobody-of-that-name/model",
        pytest.param("x" * 5000, id="too long for a path"),
    ],
)
@pytest.mark.usefixtures("hub_cache")
def test_an_unknown_name_is_told(name: str) -> None:
    """A name that is no folder and no downloaded id ends in one error that says what to give."""
    with pytest.raises(EmbedderError, match=r"there is no model .* give a folder, or the id"):
        find_model(name)


def test_a_folder_is_a_model(tmp_path: Path) -> None:
    """Weights may lie in a module's folder; they and the settings beside them give the digest."""
    modules = b'[{"path": "0_Transformer"}, {"path": "1_Pooling"}, {"path": "2_Normalize"}]'
    (tmp_path / "modules.json").write_bytes(modules)
    for name, raw in (("0_Transformer/model.safetensors", b"deep"), ("1_Pooling/config.json", b"{}")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(raw)
    settings = f"1_Pooling/config.json {sha256(b'{}')}\nmodules.json {sha256(modules)}"
    files = find_model(str(tmp_path))
    assert (files.name, files.folder, files.sha256) == (str(tmp_path), tmp_path, own(b"deep", settings))
    check_weights(files)


@pytest.fixture
def own_model(tmp_path: Path) -> Path:
    """A model's folder with a pooling, a vocabulary, and what is no part of the model."""
    folder = tmp_path / "own"
    for name, raw in (
        ("modules.json", b'[{"path": ""}, {"path": "1_Pooling"}]'),
        ("model.safetensors", b"weights"),
        ("config.json", b"{}"),
        ("vocab.txt", b"hair"),
        ("1_Pooling/config.json", b'{"pooling_mode": "mean"}'),
        ("README.md", b"a model"),
        ("onnx/config.json", b"{}"),
        ("checkpoint/model.safetensors", b"earlier"),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder


@pytest.mark.parametrize("name", ["1_Pooling/config.json", "config.json", "vocab.txt", "prompts.json"])
def test_other_settings_make_another_model(own_model: Path, name: str) -> None:
    """What the same weights make of a text is another thing; the earlier one is no longer there."""
    before = find_model(str(own_model))
    (own_model / name).write_bytes(b'{"pooling_mode": "cls"}')
    found = find_model(str(own_model))
    assert found.sha256 != before.sha256
    cache = EncoderCache(own_model, report=pytest.fail)
    assert cache.folder_of(found) != cache.folder_of(before)
    check_weights(found)
    with pytest.raises(EmbedderError, match=f"^the files in {own_model} are not those of {own_model}: "):
        check_weights(before)


@pytest.mark.parametrize("name", ["README.md", "onnx/config.json", "checkpoint/model.safetensors"])
def test_what_is_no_part_of_a_model_changes_nothing(own_model: Path, name: str) -> None:
    """Only the folder itself and those of its modules are looked into."""
    before = find_model(str(own_model))
    (own_model / name).write_bytes(b"changed")
    assert find_model(str(own_model)) == before


def test_settings_are_known_by_their_names(own_model: Path) -> None:
    """The same content under another name is another setting."""
    before = find_model(str(own_model))
    (own_model / "vocab.txt").rename(own_model / "merges.txt")
    assert find_model(str(own_model)).sha256 != before.sha256


@pytest.mark.parametrize(
    "modules", [b"{]", b"[]", b"7", b'[{"name": "0"}]', b'[{"path": 1}]', b'["0"]', b"\xff"]
)
def test_modules_that_cannot_be_read_are_left_to_the_library(own_model: Path, modules: bytes) -> None:
    """The folder itself still counts; loading says what is wrong with them."""
    (own_model / "modules.json").write_bytes(modules)
    settings = "\n".join(
        f"{name} {sha256((own_model / name).read_bytes())}"
        for name in ("config.json", "modules.json", "vocab.txt")
    )
    assert find_model(str(own_model)).sha256 == own(b"weights", settings)


def test_settings_of_the_public_model_have_no_part_in_its_digest(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decisions and indexes are bound to the digest of its weights, from wherever they come."""
    monkeypatch.setattr(weights_module, "BASE_SHA256", sha256(b"weights"))
    before = find_model(), find_model(BASE_MODEL)
    (package / "config.json").write_bytes(b"{}")
    assert (find_model(), find_model(BASE_MODEL)) == before
    assert before[1].sha256 == sha256(b"weights")


@pytest.mark.parametrize("deep", [True, False])
def test_a_folder_that_is_no_model_is_told(tmp_path: Path, deep: bool) -> None:
    """A stranger's weights somewhere below make no model of a folder."""
    if deep:
        (tmp_path / "index").mkdir()
        (tmp_path / "index" / "adapter.safetensors").write_bytes(b"weights")
    with pytest.raises(EmbedderError, match=f"^{tmp_path} holds no model: .* in the safetensors form$"):
        find_model(str(tmp_path))


def test_a_folder_under_home_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tilde stands for the reader's home, and the name stays as given."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model.safetensors").write_bytes(b"mine")
    files = find_model("~/mine")
    assert (files.name, files.folder) == ("~/mine", tmp_path / "mine")


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    """Weights in a pickled form are none."""
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickled")
    with pytest.raises(EmbedderError, match="holds no model: "):
        find_model(str(tmp_path))


def test_weights_in_several_files_have_one_digest(tmp_path: Path) -> None:
    """Several files give the digest of their digests, in the order of their names."""
    (tmp_path / "model-2.safetensors").write_bytes(b"two")
    (tmp_path / "model-1.safetensors").write_bytes(b"one")
    joint = sha256("\n".join(map(sha256, (b"one", b"two", b""))).encode())
    assert find_model(str(tmp_path)).sha256 == joint
    (tmp_path / "model-2.safetensors").write_bytes(b"other")
    assert find_model(str(tmp_path)).sha256 != joint
