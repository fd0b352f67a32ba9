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
    ordered = list(quotes)
    if len(names) < 2:
        return tuple(ordered)
    for name in names:
        holding = [at for at, quote in enumerate(ordered) if name in _words(quote)]
        if holding and holding[0] >= SHOWN_AS_ANSWER:
            ordered.insert(SHOWN_AS_ANSWER - 1, ordered.pop(holding[0]))
    return tuple(ordered)


def _words(quote: Quote) -> str:
    context = quote.context.text if quote.context else ""
    return fold(f"{' '.join(quote.section_path)} {context} {quote.excerpt.text}")
