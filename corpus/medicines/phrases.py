"""
Finds in one sentence how a medicine is given, with which others, and against which cancer.

Text in, ranges of the text out; whose facts they are is for the reader of the whole document.
"""

import re
from dataclasses import dataclass

from corpus.document import Span
from corpus.medicines.words import CLASS_HEAD, THERAPY, is_generic_name, just_before

FORM = (
    r"(?:pills?|tablets?|capsules?|injections?|shots?|infusions?|liquid|syrup|patch(?:es)?|implants?|creams?"
    r"|drip|lozenges?)"
)
_PLACE = r"(?:veins?|muscles?|skin|arm|thigh|belly|bloodstream|port|spine)"
_VERB = (
    r"(?:given|taken|received|administered|delivered|prescribed|swallowed|comes?|available|injected"
    r"|infused)"
)
_ARTICLE = r"(?:an?\s+|the\s+|your\s+|one\s+)?"

_GIVEN = re.compile(
    rf"(?i)\b{_VERB}(?:\s+(?:once|twice|daily|weekly|usually|also|often|only|directly|a\s+day))*\s+"
    rf"(?:(?:as|in|by|through|into|under|via)\s+{_ARTICLE}(?:[\w-]+\s+){{0,2}}?"
    rf"(?:{FORM}(?:\s+form)?|IV\b|mouth|{_PLACE})"
    rf"(?:\s+(?:into|under|through|in)\s+{_ARTICLE}{_PLACE})?"
    r"|intravenously|orally|subcutaneously|intramuscularly)\b"
)
_KIND = re.compile(
    r"\b(?:IV|[Ii]ntravenous(?:\s+\(IV\))?|[Oo]ral|[Ii]nject(?:ed|able)|[Ii]nfused|[Ss]ubcutaneous)\s+"
    r"(?:[\w-]+\s+)?(?:medic(?:ine|ation)s?|treatments?|drugs?|\w*therap(?:y|ies)|infusions?|injections?)\b"
)
_IS_FORM = re.compile(
    rf"(?i)\b(?:is|are)\s+(?:an?\s+)?(?:[\w-]+\s+){{0,1}}?{FORM}\b"
    rf"(?:\s+(?:into|under|through)\s+{_ARTICLE}{_PLACE}\b)?"
)
_ONE_WAY = (
    rf"(?:by\s+mouth|(?:through|by|via|as|with)\s+{_ARTICLE}(?:IV|drip|injections?|infusions?|shots?)"
    r"|(?:as|in)\s+(?:an?\s+)?(?:[\w-]+\s+)?(?:pill|tablet|capsule|liquid)s?(?:\s+form)?"
    rf"|(?:into|under|through)\s+{_ARTICLE}{_PLACE})"
)
_WAY = re.compile(rf"(?i)\b{_ONE_WAY}\b(?:\s+{_ONE_WAY}\b)*|(?<=:\s)(?:[\w-]+\s+)?{FORM}\b")
"""A way of giving that stands without its verb; looked for last."""

FORM_BEFORE_NAME = re.compile(
    rf"(?i)(?:(?!(?:the|an?|this|that|each|one|or|and|with)\s)[\w-]+\s+)?\b{FORM}\s+$"
)
"""A form right before a name: "the chemotherapy pill capecitabine"."""

_TOGETHER = re.compile(
    r"(?i)\b(?:(?:given|taken|used|combined|paired|works?|administered|prescribed|along|together|combination)"
    r"(?:\s+(?:in|as|by)\s+(?:an?\s+)?[\w-]+(?:\s+form)?)?(?:\s+(?:daily|once\s+\w+))?"
    r"(?:\s+to\s+(?:[\w-]+\s+){0,3}(?:women|men|people|patients|adults))?"
    r"(?:\s+(?:along|together|in\s+combination))?\s+with"
    r"|at\s+the\s+same\s+time\s+as|also\s+(?:be\s+)?(?:advised\s+to\s+|told\s+to\s+)?"
    r"(?:take|takes|taking|get|gets|getting|receive)|plus)\s+"
)
_TOGETHER_ENDS = re.compile(
    r"(?i)\s+(?:to|in|for|that|which|who|when|after|if|by|before|until|while|(?<!such\s)(?<!known\s)as|at|with|is"
    r"|are|can|may|has|have|will|must)\b|\s+(?:along|together)\s+with\b|\s+(?:and|or|but)\s+(?:who|can|is|are|may"
    r"|has|in|it|they|you|then|to|for)\b|,?\s+(?:and|but)\s+(?:can|is|it|may|has|in)\b|,\s+(?:which|who)\b"
    r"|\s*[.;:]\s|\s*[.;:]?$"
)
_MEDICINE = re.compile(
    r"(?i)\b(?:medicines?|medications?|drugs?|suppress\w*|chemo|hormones?|steroids?)\b"
)

_RECEPTOR = r"(?:hormone|o?estrogen|progesterone|androgen)[\s-]receptor[\s‑-](?:positive|negative)"
_MARK = (
    r"(?:[\w/]+[-‑](?:positive|negative|low|high|mutated|mutant|rearranged|amplified|sensitive)"
    r"|[A-Z][A-Z0-9]{1,5}[+−](?:/[A-Z0-9]{2,6}[+−-])?)"
)
_STAGE = (
    r"(?:metastatic|advanced|early[-‑]stage|early|late[-‑]stage|recurrent|invasive|inflammatory|locally"
    r"|unresectable|(?:non[-‑\s])?small[\s-]cell|stage\s+[IV0-4]+[A-C]?|high-risk|relapsed|refractory)"
)
_SITE = (
    r"(?:breast|lung|colorectal|colon|rectal|prostate|ovarian|pancreatic|bladder|kidney|liver|stomach|gastric"
    r"|skin|thyroid|brain|head\s+and\s+neck|cervical|endometrial|uterine|bowel|blood|esophageal)"
)
_HEAD = (
    r"(?:cancers?|tumou?rs?|carcinomas?|lymphomas?|leuka?emias?|myelomas?|melanomas?|sarcomas?|gliomas?)"
)
_SPECIFIC = re.compile(rf"(?i){_RECEPTOR}|{_MARK}")
_CANCER = re.compile(
    rf"(?i)(?<![\w-])(?:(?:{_RECEPTOR}|{_MARK}|{_STAGE}),?\s+(?:(?:and|or)\s+)?)*(?:{_SITE}\s+)?{_HEAD}\b(?:\s\([A-Z]\w*\))?"
)
_GENE = re.compile(
    r"(?<![\w-])(?!(?:FDA|DNA|RNA)\b)(?=[A-Z0-9-]*[A-Z][A-Z0-9-]*[A-Z])[A-Z][A-Z0-9-]{2,}(?![\w-])"
)
"""The name of a gene or protein that a tumour is tested for: "PIK3CA", "PD-L1"."""

_KIND_OF_CANCER = re.compile(rf"(?i)\b{_SITE}\s+{_HEAD}\b")
_NEGATED = re.compile(r"(?i)(?:\b(?:not|never|cannot|avoid(?:ed)?)\b|n['’]t\b)[^.;,]{0,40}$")
"""What follows is denied: "will not work on ..."."""

_AGAINST = re.compile(
    r"(?i)\b(?:treat(?:s|ed|ing)?|for|against|directly\s+to|kills?)\s+"
    r"(?:(?:the|your|some|certain|people\s+with|women\s+with|adults\s+with|someone\s+with)\s+)*$"
)
_TRAIT = re.compile(
    r"(?i)\s+(?:that|which|whose|with)\s+(?:\w+\s+)?(?:carr(?:y|ies)|ha(?:s|ve)|tests?|overexpress(?:es)?"
    r"|express(?:es)?|contains?|are|is|a\s+\w+\s+mutation|mutations?)\b"
)
_LIMIT = re.compile(
    r"(?i)\s+(?:that|which|whose)\b|,?\s+(?:after|during|if|when|within|once|in\s+(?:people|patients|women|men"
    r"|those|adults|someone))\b"
)
_LIMIT_ENDS = re.compile(r"\s*(?:;|\.\s|,\s+and\s+(?:can|is|it|may)\b|[.:]?$)")
_MUST = re.compile(
    rf"(?i)\b(?:the|your)\s+{_HEAD}\s+(?:must|has\s+to|have\s+to|needs?\s+to)\s+[^.;]+"
    rf"|\b(?:people|women|men|patients|adults|those|anyone)\s+whose\s+{_HEAD}\s+[^.;]+"
)
_CONDITION = re.compile(
    r"(?P<word>If|When|Because|In|For|Once|Unless)\b(?P<clause>.*),\s"
    r"(?!(?:and|or|[\w/]+[-‑](?:positive|negative))\b)[^,]*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Against:
    """
    Words that say for which cancer something is.

    Attributes:
        span: The words, with the conditions that follow them.
        treated: Whether the text says that this is what is treated, and not only names it.
        whole: Whether it is a whole sentence that begins with a condition.

    """

    span: Span
    treated: bool
    whole: bool = False


def given_phrases(text: str) -> tuple[Span, ...]:
    """Return the words of a sentence that say how something is given, in order."""
    found: list[Span] = []
    for pattern in (_GIVEN, _KIND, _IS_FORM, _WAY):
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if not any(map(span.overlaps, found)) and not just_before(_NEGATED, text, span.start):
                found.append(span)
    return tuple(sorted(found))


def together_phrases(text: str) -> tuple[Span, ...]:
    """Return the words of a sentence that say with which medicines something is given, in order."""
    found: list[Span] = []
    for match in _TOGETHER.finditer(text):
        end = _TOGETHER_ENDS.search(text, match.end())
        span = Span(match.end(), max(match.end(), end.start() if end else len(text)))
        denied = just_before(_NEGATED, text, match.start()) is not None
        if not denied and _names_medicine(span.of(text)) and not any(map(span.overlaps, found)):
            found.append(span)
    return tuple(found)


def cancer_phrases(text: str, *, conditions: bool = True) -> tuple[Against, ...]:
    """
    Return the words of a sentence that say for which cancer something is, in order.

    Args:
        text: The sentence.
        conditions: Whether a sentence that begins with a condition is taken whole ("If the cancer has
            grown despite ..., this medicine can be given by itself.").

    """
    if conditions and _begins_with_condition(text):
        return (Against(Span(0, len(text)), treated=False, whole=True),)
    found = [Against(Span(*match.span()), treated=True) for match in _MUST.finditer(text)]
    for match in _CANCER.finditer(text):
        span = Span(*match.span())
        treated = just_before(_AGAINST, text, match.start()) is not None
        trait = _TRAIT.match(text, match.end()) is not None
        told = match.group().split()
        if any(span.overlaps(other.span) for other in found) or just_before(_NEGATED, text, span.start):
            continue
        if _SPECIFIC.search(match.group()) or trait or (treated and len(told) > 1):
            end = match.end()
            if trait or (treated and _LIMIT.match(text, end)):
                limit = _LIMIT_ENDS.search(text, end)
                end = limit.start() if limit else end
            found.append(Against(Span(match.start(), end), treated=treated))
    return tuple(sorted(found, key=lambda against: against.span))


def is_specific(words: str) -> bool:
    """Tell whether words say more of a cancer than where it is and how far it has come."""
    return _SPECIFIC.search(words) is not None or _TRAIT.search(words) is not None


def cancer_marks(words: str) -> tuple[str, ...]:
    """
    Return by what words for a cancer tell it from others, as they stand: each once, in order.

    >>> cancer_marks("hormone receptor-positive, HER2-negative breast cancer with a PIK3CA mutation")
    ('hormone receptor-positive', 'HER2-negative', 'breast cancer', 'PIK3CA')
    """
    found = [
        (match.start(), match.group())
        for pattern in (_SPECIFIC, _GENE, _KIND_OF_CANCER)
        for match in pattern.finditer(words)
    ]
    return tuple(dict.fromkeys(mark for _, mark in sorted(found)))


def _begins_with_condition(text: str) -> bool:
    match = _CONDITION.fullmatch(text)
    if match is None:
        return False
    cancers = [cancer.group() for cancer in _CANCER.finditer(match["clause"])]
    if match["word"] in {"In", "For"}:
        return any(map(_SPECIFIC.search, cancers))
    return bool(cancers)


def _names_medicine(words: str) -> bool:
    if _CANCER.search(words):
        return False
    return bool(
        _MEDICINE.search(words)
        or THERAPY.search(words)
        or CLASS_HEAD.search(words)
        or any(is_generic_name(word) for word in re.findall(r"[A-Za-z][A-Za-z-]+", words))
    )
