"""Curves over the number of passages, as one SVG of small drawings side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 450, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 34, 44, 44
"""Size and margins of one drawing, in units of the view box."""

COLOURS = ("#1f4e79", "#b3541e", "#3a7d44", "#7a4a8c")
"""Of the curves in turn; each at least 4.5 to 1 on white."""

DASHES = ("", "7 4", "2 3", "9 3 2 3")
"""Likewise, for who does not tell colours apart."""

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Drawing:
    """
    One drawing; the number of passages runs across, by powers of ten.

    Attributes:
        title: What it shows, with its unit.
        curves: For each name, how many passages and what was measured there.
        by_powers: Whether the figures run upwards by powers of ten, and not from `lowest` to 1.
        lowest: Where they begin then.

    """

    title: str
    curves: Mapping[str, Points]
    by_powers: bool = True
    lowest: float = 0.0


def svg(drawings: Sequence[Drawing], across: int = 2) -> str:
    """Return the drawings in rows of so many."""
    size = f"{across * WIDTH} {-(-len(drawings) // across) * HEIGHT}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" font-family="sans-serif" '
        f'font-size="12" fill="#333"><rect width="100%" height="100%" fill="#fff"/>'
    ]
    for number, drawing in enumerate(drawings):
        at = f"{number % across * WIDTH} {number // across * HEIGHT}"
        parts.append(f'<g transform="translate({at})">{_drawn(drawing)}</g>')
    return "\n".join([*parts, "</svg>\n"])


def _drawn(drawing: Drawing) -> str:
    points = [point for curve in drawing.curves.values() for point in curve]
    columns = _powers([x for x, _ in points])
    rows = _powers([y for _, y in points]) if drawing.by_powers else _steps(drawing.lowest)

    def x_of(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * _share(value, columns, by_powers=True)

    def y_of(value: float) -> float:
        share = _share(value, rows, by_powers=drawing.by_powers)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    parts = [_text(LEFT, 18, drawing.title, "start", "bold")]
    for value in columns:
        parts.append(f'<path d="M{x_of(value):.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(_text(x_of(value), HEIGHT - BOTTOM + 18, f"{value:,.0f}", "middle"))
    for value in rows:
        parts.append(f'<path d="M{LEFT} {y_of(value):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(_text(LEFT - 8, y_of(value) + 4, f"{value:,g}", "end"))
    for number, (name, curve) in enumerate(drawing.curves.items()):
        dots = [(x_of(x), y_of(y)) for x, y in curve]
        parts.append(_curve(name, dots, number))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "passages", "middle"))
    return "\n".join(parts)


def _curve(name: str, dots: Points, number: int) -> str:
    """Draw one curve, and its line of the key."""
    colour, start = COLOURS[number], LEFT + number * 125
    line = f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{DASHES[number]}"'
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    circles = (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in dots)
    key = f'<path d="M{start} 32h24" {line}/>{_text(start + 30, 36, name, "start")}'
    return f'<polyline points="{points}" {line}/>{"".join(circles)}{key}'


def _text(x: float, y: float, says: str, anchor: str, weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{escape(says)}</text>"
    )


def _powers(values: Sequence[float]) -> list[float]:
    """Return the powers of ten around some values."""
    low, high = floor(log10(min(values)) + 1e-9), ceil(log10(max(values)) - 1e-9)
    return [10.0**power for power in range(low, max(high, low + 1) + 1)]


def _steps(lowest: float) -> list[float]:
    """Return five even steps up to 1."""
    return [lowest + (1 - lowest) * step / 5 for step in range(6)]


def _share(value: float, marks: Sequence[float], *, by_powers: bool) -> float:
    """Return how far a value is from the first of the marks to the last."""
    value = min(max(value, marks[0]), marks[-1])
    if by_powers:
        return log10(value / marks[0]) / log10(marks[-1] / marks[0])
    return (value - marks[0]) / (marks[-1] - marks[0])
