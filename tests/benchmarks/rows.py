"""A row of the table: what is measured, what it is held to, their ratio and its limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEAD = "| what | ours | held to | ratio | at most | |\n|---|---:|---:|---:|---:|---|\n"


@dataclass(frozen=True, slots=True)
class Row:
    """
    One line of the table.

    Attributes:
        name: What is measured, and what it is held to.
        ours: A figure for each turn.
        theirs: The same of what it is held to; empty where the figure itself is limited.
        unit: Of the figures.
        most: Largest ratio, or largest figure where there is nothing to hold it to.
        note: What kept it from being measured; empty where it was.

    """

    name: str
    ours: Sequence[float]
    theirs: Sequence[float]
    unit: str
    most: float
    note: str = ""

    @property
    def value(self) -> float:
        """The ratio of the medians, or the median itself."""
        return median(self.ours) / median(self.theirs) if self.theirs else median(self.ours)

    def markdown(self) -> str:
        """Return the line."""
        if self.note:
            return f"| {self.name} | | | | {self.most:g} | {self.note} |\n"
        theirs = f"{median(self.theirs):.3g} {self.unit}" if self.theirs else ""
        verdict = "held" if self.value <= self.most else "**not held**"
        return (
            f"| {self.name} | {median(self.ours):.3g} {self.unit} | {theirs} "
            f"| {self.value:.2f} | {self.most:g} | {verdict} |\n"
        )
