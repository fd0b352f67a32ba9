"""One evaluation from end to end: gold questions and an assistant in, everything to report out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.assistant import Assistant
from assistant.evaluation.baselines import Baseline, conversation_baselines
from assistant.evaluation.comparison import Comparison, OtherRun, compare_with
from assistant.evaluation.gold import GoldQuestion
from assistant.evaluation.judging import Judged, judge_all
from assistant.evaluation.runs import ask, run_line
from assistant.evaluation.summary import Summary, summarise
from assistant.evaluation.trec import Qrels, build_qrels, ndcg_at_10
from index import Progress


@dataclass(frozen=True, slots=True)
class Evaluation:
    """
    What came of asking gold questions.

    Attributes:
        retriever: The mixture that was asked, a name in `index.RETRIEVERS`.
        answers: The RUN lines, as JSON objects, in the order of the questions.
        rows: The verdicts, in the same order.
        qrels: Which of all passages are relevant.
        passages: How many passages there are.
        documents: Digest of each document's source, by id.
        summary: The figures.
        baselines: Plainer ways to ask the turns of conversations; often none.
        comparison: With another run; often None.

    """

    retriever: str
    answers: tuple[dict[str, Any], ...]
    rows: tuple[Judged, ...]
    qrels: Qrels
    passages: int
    documents: dict[str, str]
    summary: Summary
    baselines: tuple[Baseline, ...] = ()
    comparison: Comparison | None = None


def run_evaluation(
    questions: Sequence[GoldQuestion],
    assistant: Assistant,
    retriever: str,
    *,
    other: OtherRun | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """
    Ask gold questions and judge the answers.

    Args:
        questions: The questions.
        assistant: Who answers.
        retriever: What the assistant's mixture is called.
        other: A run of the same questions to compare with.
        progress: Told how many questions are answered.

    Raises:
        QuestionsFileError: The other run answers none of these questions.

    """
    qrels = build_qrels(questions, assistant.passages)
    answers = ask([q.asked for q in questions], assistant, stage=retriever, progress=progress)
    # Judged is what the RUN file says, rounding included: so score.py finds the same in the file.
    lines = [run_line(fields) for fields in answers]
    rows = judge_all(questions, lines, ndcg_at_10(qrels, lines))
    return Evaluation(
        retriever=retriever,
        answers=answers,
        rows=rows,
        qrels=qrels,
        passages=len(assistant.passages),
        documents={document.id: document.metadata.source_sha256 for document in assistant.documents},
        summary=summarise(rows),
        baselines=conversation_baselines(rows, assistant, progress=progress),
        comparison=compare_with(rows, other, qrels, assistant.passages) if other else None,
    )
