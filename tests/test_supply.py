"""What the project depends on: every version is pinned, and every licence is known and allowed."""

import importlib.util
import re
import sys
import tomllib
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"


@pytest.fixture(scope="module")
def supply() -> ModuleType:
    """The script that lists dependencies."""
    spec = importlib.util.spec_from_file_location("dependencies", ROOT / ".ci" / "dependencies.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def pinned() -> dict[str, str]:
    """Return the version of each pinned package."""
    lines = [line for line in CONSTRAINTS.read_text().splitlines() if not line.startswith("#")]
    return dict(line.split("==") for line in lines)


def test_every_licence_is_known_and_allowed(supply: ModuleType) -> None:
    """None is unknown, and none keeps anybody from using the program or passing it on."""
    found = supply.dependencies()
    assert len(found) > 50
    assert [one for one in found if not one.allowed] == []


def test_what_is_only_for_tests_is_not_installed_with_the_program(supply: ModuleType) -> None:
    """The two packages under stricter licences come with the tests' extra alone."""
    names = {one.name for one in supply.dependencies(extras=())}
    assert names & set(supply.ONLY_TESTED_WITH) == set()


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-3.0-only OR MIT", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("AGPL-3.0-only", False),
        ("MIT AND AGPL-3.0-only", False),
        ("CC-BY-NC-4.0", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_which_licences_are_allowed(supply: ModuleType, licence: str, allowed: bool) -> None:
    """All that apply must be on the list; of a choice one is enough."""
    assert supply.Dependency("a", "1", licence).allowed is allowed


def test_every_dependency_is_pinned(supply: ModuleType) -> None:
    """Nothing is installed in a version that nobody has tested with."""
    assert {one.name for one in supply.dependencies()} - set(pinned()) == set()


def test_the_pins_keep_what_the_project_asks_for() -> None:
    """Whoever raises a bound raises the pin."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = list(chain(project["dependencies"], *project["optional-dependencies"].values()))
    for need in map(Requirement, lines):
        assert need.specifier.contains(pinned()[re.sub(r"[-_.]+", "-", need.name).lower()])


def test_the_pins_name_no_place() -> None:
    """A pin is a name and a version: no path, no address, no local build."""
    for line in CONSTRAINTS.read_text().splitlines()[1:]:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)


def test_the_checks_install_what_is_pinned() -> None:
    """And nothing else."""
    assert "pip install -q -c .ci/constraints.txt -e '.[test,check]'" in (ROOT / ".ci/run").read_text()
