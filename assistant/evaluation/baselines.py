"""
What a conversation's history is worth: the same turns asked in two plainer ways.

The three rows of conversational search without a language model, as TopiOCQA reports them (Adlakha and
others, TACL 2022, arXiv 2110.00768): rewritten (what is shipped), question alone, all history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.assistant import Assistant
from assistant.evaluation.catalogue import HIT_AT_1
from assistant.evaluation.gold import conversations
from assistant.evaluation.judging import Judged, judge_all
from assistant.evaluation.runs import ask, run_line
from assistant.evaluation.summary import Figure, summarise
from assistant.questions import MAX_CHARACTERS
from assistant.questions_file import AskedQuestion
from index import Progress

SHIPPED = "as shipped"
ALONE = "question alone"
GLUED = "history glued on"


@dataclass(frozen=True, slots=True)
class Baseline:
    """
    One way of asking the turns of conversations.

    Attributes:
        name: How they are asked.
        overall: hit@1 over all turns.
        by_kind: hit@1 by kind of turn; kinds without an answerable turn are left out.

    """

    name: str
    overall: Figure
    by_kind: Mapping[str, Figure]


def conversation_baselines(
    rows: Sequence[Judged], assistant: Assistant, *, progress: Progress | None = None
) -> tuple[Baseline, ...]:
    """
    Ask the turns of conversations in two plainer ways, beside the verdicts that there are.

    Args:
        rows: Verdicts on the questions as shipped.
        assistant: Who answers.
        progress: Told how many questions are answered.

    Returns:
        Three rows, over all turns of conversations; none where no question has a history.

    """
    questions = [row.question for row in rows]
    if not any(question.asked.history for question in questions):
        return ()
    talked = [
        row
        for row, conversation in zip(rows, conversations(questions), strict=True)
        if row.question.asked.history or conversation != row.question.id
    ]
    found = [_baseline(SHIPPED, talked)]
    for name, ways in ((ALONE, alone), (GLUED, glued)):
        turns = [row.question for row in talked]
        lines = ask(
            [ways(turn.asked) for turn in turns], assistant, stage=f"asking: {name}", progress=progress
        )
        found.append(_baseline(name, judge_all(turns, [run_line(line) for line in lines], {})))
    return tuple(found)


def alone(asked: AskedQuestion) -> AskedQuestion:
    """Return a turn without its history."""
    return replace(asked, history=())


def glued(asked: AskedQuestion) -> AskedQuestion:
    """Return a turn and all before it as one question; the oldest go where it would be too long."""
    turns = [*asked.history, asked.question]
    while len(turns) > 1 and len(" ".join(turns)) > MAX_CHARACTERS:
        turns = turns[1:]
    return replace(asked, question=" ".join(turns), history=())


def _baseline(name: str, rows: Sequence[Judged]) -> Baseline:
    summary = summarise(rows, [HIT_AT_1])
    return Baseline(
        name,
        summary.overall.figures[HIT_AT_1.name],
        {
            kind: figures.figures[HIT_AT_1.name]
            for kind, figures in summary.groups["kind"].items()
            if figures.answerable
        },
    )
