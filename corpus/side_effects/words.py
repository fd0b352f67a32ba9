"""The words by which patient-education documents speak of side effects and of easing them."""

import re
from collections.abc import Sequence

from corpus.document import Span

EFFECT = re.compile(
    r"(?i)\b(?:side[\s-]effects?|(?:unwanted|late|long-term|adverse)\s+(?:effects?|events?|reactions?)"
    r"|toxic(?:ity|ities)?)\b"
)
"""Side effects by name."""

COMPLAINT = re.compile(r"(?i)\bsymptoms?\b")
"""Symptoms, without saying which."""

CAUSE = re.compile(
    r"(?i)\b(?:(?:caus(?:es?|ed|ing)|leads?\s+to|leading\s+to|results?\s+in|brings?\s+on|triggers?"
    r"|put(?:s|ting)?\s+(?:(?:a|the)\s+)?\w+\s+into|makes?\s+(?:you|your|people|the|it)"
    r"|keeps?\s+(?:you|people)|gives?\s+(?:you|people|some|patients|women|men)"
    r"|(?:increases?|raises?)\s+(?:the|your)\s+(?:risk|chance)s?"
    r"|(?:you|people|some|patients|women|men)\s+(?:may|might|can|could|often)\s+(?:also\s+|often\s+)?"
    r"(?:feel|have|get|gets|notice|lose|experience|develop|become))\b"
    r"|(?:can|may|might|could)\s+(?:\w+ly\s+)?(?=(?:damage|harm|irritate|weaken|thin|raise)\b))"
)
"""Words between a treatment, or the person treated, and what it does to her."""

BODY = re.compile(
    r"(?i)\byour\s+(?:\w+\s+and\s+)?(?:hair|eyebrows|skin|nails?|mouth|throat|tongue|gums|hands?|feet|fingers?"
    r"|toes|eyes?|vision|bowels?|bones?|joints?|muscles?|periods?|urine|sense\s+of\s+\w+|taste|memory|mood"
    r"|appetite|immune\s+system|blood\s+\w+|heart|voice|breasts?|arms?|legs?|ankles)\s+"
    r"(?:may|might|can|could|will|often|usually)\b"
)
"""What may happen to a part of the body: "your nails may turn dark"."""

REPORT = re.compile(
    r"(?i)\b(?:call|tell|contact|phone|see|let|ask|speak|talk|get)\b.{0,80}\bif\s+(?:you|I)\s+(?:have|feel|notice|get"
    r"|develop|start|become|are)\b"
)
"""Whom to tell of a symptom."""

CAUSED_BY = re.compile(r"(?i)\b(?:caused\s+by|due\s+to|because\s+of|from)\s+")

TREATMENT = re.compile(
    r"(?i)\b(?:\w*therap(?:y|ies)|treatments?|chemo|radiation|surger(?:y|ies)|medicines?|medications?"
    r"|drugs?|pills?|tablets?|injections?|infusions?|inhibitors?|antibod(?:y|ies)|\w*ectomy|steroids?)\b"
)

CANCER = re.compile(r"(?i)\b(?:cancers?|tumou?rs?|metast[ao]s[ei]s|lymphomas?|leuka?emias?|myelomas?)\b")

EASE = re.compile(
    r"(?i)\b(?:eas(?:e|es|ed|ing)|reliev(?:e|es|ed|ing)|relief\s+(?:of|from)|a\s+(?:rest|break)\s+from"
    r"|reduc(?:e|es|ing)|lessen(?:s|ing)?|manag(?:e|es|ing)|minimi[sz](?:e|es|ing)|sooth(?:e|es|ing)"
    r"|helps?\s+(?:you\s+)?with|helps?\s+against|cop(?:e|ing)\s+with|deal(?:ing)?\s+with|take\s+care\s+of"
    r"|protect(?:s|ing)?\s+(?:you\s+)?(?:from|against)"
    r"|(?P<direct>control(?:s|ling)?|prevent(?:s|ing)?|avoid(?:ing)?|lower(?:s|ing)?|limit(?:s|ing)?"
    r"|decreas(?:e|es|ing)|improv(?:e|es|ed|ing)|treat(?:ing)?))\b"
)
"""
Words for making something less bad; what is eased stands behind them. After the direct ones it stands
at once, because they are said of much else ("treat the cancer", "decrease red blood cell counts").
"""

LESS = re.compile(r"(?i)\b(?:fewer|less|milder)\b")
"""Easing where a symptom follows; "may have fewer side effects" compares treatments."""

AROUND = re.compile(
    r"(?i)\bkeep(?:s|ing)?\b.{0,60}\b(?:to\s+a\s+minimum|under\s+control|low)\b|\bas\s+few\b"
)
"""Easing whose words stand around what is eased."""

BEYOND = re.compile(r"(?i)\btoo\s+\w+\s+to\s+$")
"""Before a word of easing: "too much to manage" is none."""

BACK_REFERENCE = re.compile(r"(?i)\s+(?:them|it|these|this|those)\b")

REACH = 60
"""Between a word of easing and what is eased stand at most so many characters (about ten words)."""

DIRECT_REACH = 20
"""The same for the direct words (characters): "treat some side effects", "prevent injury to nerves"."""


def eases(text: str, *, named: Sequence[Span], spoken_of_before: bool) -> bool:
    """
    Tell whether a sentence speaks of easing what it names.

    Args:
        text: The sentence.
        named: Where it names symptoms, as ranges of `text`.
        spoken_of_before: Whether side effects or symptoms were spoken of just before, so that "them"
            can be these.

    """
    effects = [Span(*match.span()) for match in EFFECT.finditer(text)]
    vague = [Span(*match.span()) for match in COMPLAINT.finditer(text)]
    objects = [*named, *effects, *vague]
    if objects and AROUND.search(text):
        return True
    for match in EASE.finditer(text):
        if BEYOND.search(text[: match.start()]):
            continue
        # What is treated is the cancer or a wound, save where side effects follow by that word.
        treated = match.group().casefold().startswith("treat")
        eased = [*effects, *vague] if treated else objects
        if _near(text, match, eased, reach=DIRECT_REACH if match["direct"] else REACH):
            return True
        if treated:
            continue
        earlier = spoken_of_before or any(place.end <= match.start() for place in objects)
        if earlier and BACK_REFERENCE.match(text, match.end()):
            return True
    return any(_near(text, match, named) for match in LESS.finditer(text))


def _near(text: str, match: re.Match[str], places: Sequence[Span], *, reach: int = REACH) -> bool:
    """Tell whether one of `places` follows a word of easing within its reach and its clause."""
    return any(
        0 <= place.start - match.end() <= reach
        and not re.search(r"[;:]|,\s+(?:but|which|who)\b", text[match.end() : place.start])
        for place in places
    )


def reports(text: str, *, named: Sequence[Span]) -> bool:
    """Tell whether a sentence says whom to tell of a symptom that it names."""
    return any(place.start >= match.end() for match in REPORT.finditer(text) for place in named)


def caused_by_treatment(text: str, *, named: Sequence[Span]) -> bool:
    """
    Tell whether a sentence says that something other than the cancer causes a symptom.

    "Your nails may turn dark" says so too, whether or not the vocabulary has a word for it.

    Args:
        text: The sentence.
        named: Where it names symptoms, as ranges of `text`.

    """
    if BODY.search(text):
        return True
    passive = [_causes(text, match.end()) for match in CAUSED_BY.finditer(text)]
    if any(CANCER.search(cause) and not TREATMENT.search(cause) for cause in passive):
        return False
    for match in CAUSED_BY.finditer(text):
        before = any(place.end <= match.start() for place in named)
        if before and TREATMENT.search(_causes(text, match.end())):
            return True
    for match in CAUSE.finditer(text):
        clause = text[: match.start()].rsplit(",", 1)[-1]
        behind = any(place.end > match.end() for place in named)
        if behind and (not CANCER.search(clause) or TREATMENT.search(clause)):
            return True
    # "IV medicines irritating the blood vessels", "radiation burns"
    ends = [len(text[: place.start].rstrip()) for place in named]
    return any(match.end() in ends for match in TREATMENT.finditer(text))


def _causes(text: str, at: int) -> str:
    """Return what stands behind "caused by", up to the next comma."""
    return re.split(r"[,;]", text[at:], maxsplit=1)[0]
