"""Finding a model on this machine: its package, a folder, or what an earlier download left."""

import hashlib
import socket
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import huggingface_hub.constants
import pytest

from index import BASE_MODEL, DEFAULT_MODEL, EmbedderError, check_weights, find_model
from index import weights as weights_module
from index.weights import ADAPTER_FILE, BASE_PACKAGE, BASE_SHA256


def sha256(raw: bytes) -> str:
    """Return the digest of some bytes."""
    return hashlib.sha256(raw).hexdigest()


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
    assert find_model(str(package)).sha256 == sha256(b"weights")


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
    assert (files.name, files.folder, files.sha256) == ("somebody/a-model", snapshot, sha256(b"other"))


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
    """A folder's one safetensors file, at any depth, gives the digest."""
    (tmp_path / "0_Transformer").mkdir()
    (tmp_path / "0_Transformer" / "model.safetensors").write_bytes(b"deep")
    files = find_model(str(tmp_path))
    assert (files.name, files.folder, files.sha256) == (str(tmp_path), tmp_path, sha256(b"deep"))


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
    with pytest.raises(EmbedderError, match="has no weights in the safetensors form"):
        find_model(str(tmp_path))


def test_weights_in_several_files_have_one_digest(tmp_path: Path) -> None:
    """Several files give the digest of their digests, in the order of their names."""
    (tmp_path / "model-2.safetensors").write_bytes(b"two")
    (tmp_path / "model-1.safetensors").write_bytes(b"one")
    joint = sha256(f"{sha256(b'one')}\n{sha256(b'two')}".encode())
    assert find_model(str(tmp_path)).sha256 == joint
    (tmp_path / "model-2.safetensors").write_bytes(b"other")
    assert find_model(str(tmp_path)).sha256 != joint
