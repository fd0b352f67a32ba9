"""
A gate: figures that an evaluation must reach, for a build that must not get worse.

The file is one JSON object with the least and the greatest values by a figure's name, for example
`{"min": {"hit@1": 0.87}, "max": {"ECE": 0.08, "longest passage (words)": 150}}`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from assistant.errors import GateFileError
from assistant.evaluation.catalogue import MEASURES
from assistant.evaluation.summary import Figures

_SIDES = ("min", "max")


@dataclass(frozen=True, slots=True)
class Gate:
    """
    Bounds by a figure's name.

    Attributes:
        least: A figure must not be below.
        greatest: A figure must not be above.

    """

    least: Mapping[str, float]
    greatest: Mapping[str, float]


def read_gate(path: Path) -> Gate:
    """
    Read a gate.

    Raises:
        GateFileError: The file cannot be read, is no such object, names a figure that there isn't, or
            bounds none.

    """
    try:
        fields = orjson.loads(path.read_bytes())
    except OSError as error:
        raise GateFileError(path, f"cannot be read ({error.strerror})") from error
    except orjson.JSONDecodeError as error:
        raise GateFileError(path, f"is not JSON ({error})") from error
    if not isinstance(fields, dict) or not fields or not set(fields) <= set(_SIDES):
        raise GateFileError(path, 'must be an object with "min", "max" or both, and nothing else')
    least, greatest = (_bounds(path, side, fields.get(side, {})) for side in _SIDES)
    if not least and not greatest:
        raise GateFileError(path, "bounds no figure")
    return Gate(least, greatest)


def beyond(gate: Gate, figures: Figures) -> tuple[str, ...]:
    """Return a sentence for each figure beyond the gate; one that has no value is beyond it too."""
    found = []
    for name, bound in gate.least.items():
        value = figures.figures[name].value
        if not value >= bound:
            found.append(f"{name} is {_shown(value)}; the gate asks for at least {bound:g}")
    for name, bound in gate.greatest.items():
        value = figures.figures[name].value
        if not value <= bound:
            found.append(f"{name} is {_shown(value)}; the gate allows at most {bound:g}")
    return tuple(found)


def _bounds(path: Path, side: str, bounds: Any) -> dict[str, float]:
    names = [measure.name for measure in MEASURES]
    if not isinstance(bounds, dict):
        raise GateFileError(path, f'"{side}" must be an object of numbers by name')
    for name, bound in bounds.items():
        if name not in names:
            raise GateFileError(path, f'there is no figure "{name}"; there are {", ".join(names)}')
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            raise GateFileError(path, f'"{name}" in "{side}" must be a number')
    return {name: float(bound) for name, bound in bounds.items()}


def _shown(value: float) -> str:
    return "not known" if math.isnan(value) else f"{value:.6g}"
