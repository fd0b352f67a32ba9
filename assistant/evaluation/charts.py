"""The curves as drawings: values in, points of an SVG out, each with the table of its values."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.curves import Bin, Coverage, Reached
from assistant.evaluation.summary import Figure

WIDTH, HEIGHT = 360, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 12, 46
"""Size and margins of a drawing, in units of its view box."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where it stands, and what it says."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A measured point, with what it says when pointed at."""

    x: float
    y: float
    size: float
    says: str


@dataclass(frozen=True, slots=True)
class Chart:
    """
    A drawing of one curve.

    Attributes:
        id: Unique in the page.
        title: What it shows.
        reading: How to read it, in one or two sentences.
        x_label: What the horizontal axis says.
        y_label: What the vertical axis says.
        x_ticks: Marks from left to right.
        y_ticks: Marks from bottom to top.
        line: Points of the curve, as SVG writes them.
        diagonal: Points of a line to compare it with; empty for none.
        dots: Measured points.
        header: The columns of its table.
        rows: The rows of its table.

    """

    id: str
    title: str
    reading: str
    x_label: str
    y_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    line: str
    diagonal: str
    dots: tuple[Dot, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def reliability_chart(bins: Sequence[Bin]) -> Chart:
    """Draw confidence against the share of right first passages."""
    most = max(found.questions for found in bins)
    dots = tuple(
        Dot(
            _x(found.confidence),
            _y(found.right),
            3 + 7 * (found.questions / most) ** 0.5,
            f"confidence {found.confidence:.2f}: {found.right:.2f} right, n = {found.questions}",
        )
        for found in bins
    )
    return Chart(
        id="reliability",
        title="Is confidence to be trusted?",
        reading="On the dashed line, confidence is what it says: of answers given 0.9, nine in ten are "
        "right. Larger dots hold more questions.",
        x_label="confidence",
        y_label="share of right first passages",
        x_ticks=_across(1.0, "{:.1f}"),
        y_ticks=_UP,
        line=" ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in dots),
        diagonal=_points([(0.0, 0.0), (1.0, 1.0)]),
        dots=dots,
        header=("confidence", "n", "mean confidence", "first passage right", "answerable"),
        rows=tuple(
            (
                f"{found.low:.1f} to {found.high:.1f}",
                str(found.questions),
                f"{found.confidence:.3f}",
                f"{found.right:.3f}",
                f"{found.answerable:.3f}",
            )
            for found in bins
        ),
    )


def risk_chart(points: Sequence[Coverage]) -> Chart:
    """Draw the share of wrong first passages against the share of questions that are answered."""
    rows = [next(p for p in points if p.coverage >= tenth / 10 - 1e-9) for tenth in range(1, 11)]
    return Chart(
        id="risk",
        title="What does caution buy?",
        reading="From left to right, more questions are answered, the most confident first. Lower is "
        "better; where the line ends, every question is answered.",
        x_label="share of questions answered",
        y_label="share of these that are wrong",
        x_ticks=_across(1.0, "{:.1f}"),
        y_ticks=_UP,
        line=_points([(point.coverage, point.risk) for point in points]),
        diagonal="",
        dots=(),
        header=("answered", "wrong", "confidence of at least"),
        rows=tuple((f"{p.coverage:.3f}", f"{p.risk:.3f}", f"{p.threshold:.3f}") for p in rows),
    )


def words_chart(points: Sequence[Reached], figures: Sequence[Figure]) -> Chart:
    """Draw the share of answerable questions whose evidence is reached against the words read."""
    last = points[-1].words
    marks = {int(figure.measure.name[2:-1]): figure.value for figure in figures}
    return Chart(
        id="words",
        title="How much must be read?",
        reading="Share of answerable questions whose evidence has been reached, passages read in rank "
        f"order. The dots are S@{'w, S@'.join(str(words) for words in marks)}w.",
        x_label="words read",
        y_label="evidence reached",
        x_ticks=_across(last, "{:.0f}", steps=4),
        y_ticks=_UP,
        line=_points([(point.words / last, point.share) for point in points]),
        diagonal="",
        dots=tuple(
            Dot(_x(words / last), _y(share), 4.5, f"within {words} words: {share:.3f}")
            for words, share in marks.items()
        ),
        header=("words read", "evidence reached"),
        rows=tuple((str(p.words), f"{p.share:.3f}") for p in points if p.words % 40 == 0 and p.words),
    )


def _x(share: float) -> float:
    return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _points(values: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_x(x)},{_y(y)}" for x, y in values)


def _across(last: float, form: str, steps: int = 5) -> tuple[Tick, ...]:
    return tuple(Tick(_x(n / steps), form.format(last * n / steps)) for n in range(steps + 1))


_UP = tuple(Tick(_y(n / 5), f"{n / 5:.1f}") for n in range(6))
