"""Chooses and orders what is shown of a ranking: repetitions folded, comparisons complete."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answer import SHOWN_AS_ANSWER, Quote
from corpus.folding import fold

_WORD = re.compile(r"[a-z][a-z0-9-]{3,}")


def folded(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """
    Fold a quote into a better one that holds all its words, and keep its place there.

    Args:
        quotes: Best first.

    """
    kept: list[Quote] = []
    for quote in quotes:
        spans = [place.span for place in quote.also_at]
        holder = next(
            (
                at
                for at, better in enumerate(kept)
                if better.document_id == quote.document_id
                and any(
                    better.place.span.start <= s.start and s.end <= better.place.span.end for s in spans
                )
            ),
            None,
        )
        if holder is None:
            kept.append(quote)
        elif quote.place not in kept[holder].also_at:
            places = (*kept[holder].also_at, quote.place)
            kept[holder] = replace(kept[holder], also_at=places)
    return tuple(kept)


def completed(
    quotes: Sequence[Quote], question: str, is_name: Callable[[str], bool]
) -> tuple[Quote, ...]:
    """
    Bring a quote for each name in the question among those that are shown.

    "tamoxifen or letrozole, what is the difference" needs a passage on each: the best one on a name
    that the first quotes do not mention moves up to the last place shown.

    Args:
        quotes: Best first.
        question: What was searched for.
        is_name: Tells whether a folded word is a rare word of the documents, such as a medicine.

    """
    names = [word for word in dict.fromkeys(_WORD.findall(fold(question))) if is_name(word)]
    if len(names) < 2:
        return tuple(quotes)
    firsts = {
        name: next((at for at, quote in enumerate(quotes) if name in _words(quote)), None)
        for name in names
    }
    # The best quote stays first; what no name needs fills the places that are left.
    needed = sorted({0, *(at for at in firsts.values() if at is not None)})[:SHOWN_AS_ANSWER]
    others = [at for at in range(len(quotes)) if at not in needed]
    shown = sorted([*needed, *others[: SHOWN_AS_ANSWER - len(needed)]])
    rest = [at for at in range(len(quotes)) if at not in shown]
    return tuple(quotes[at] for at in (*shown, *rest))


def _words(quote: Quote) -> str:
    context = quote.context.text if quote.context else ""
    return fold(f"{' '.join(quote.section_path)} {context} {quote.excerpt.text}")
