"""The words by which a text names medicines: endings, brands in brackets, heads of class names."""

import re

from corpus.medicines.stems import stemmed_names

_CANCER_STEM = re.compile(
    r"(?i)[a-z]{2,}(?:sertib|degib|rasib|zomib|lutamide|vedotin|tansine|dotin|gamicin|poetin|fosfamide"
    r"|phosphamide|mustine|lidomide|zolomide|poside|uracil|trexed|epilone|bectedin|leucel|gestrol|dotatate)"
    r"|vin(?:cristine|blastine|orelbine)|interferon|abiraterone|hydroxyurea|anagrelide|mitotane"
)
"""Endings of names in cancer care that `stemmed_names` has not (same source: the WHO's stems)."""

PAYLOAD = re.compile(
    r"(?i)\s(?:[a-z]+(?:tansine|vedotin|dotin|tecan|gamicin|tesirine)"
    r"|acetate|acid|citrate|hydrochloride|phosphate|succinate|sulfate|tosylate|mesylate|maleate|valerate)\b"
)
"""A second word that belongs to a generic name: what an antibody carries, or a salt."""

_TAIL = re.compile(
    r"(?i)[-‑](?:based|containing|resistant|treated|related|like|induced|refractory|free|na[iï]ve|only)$"
)

GENERIC_WORD = re.compile(r"(?<![\w‑-])(?:\d[-‑])?[A-Za-z]{3,}(?:[-‑][A-Za-z]{2,})*")

MADE_AS = re.compile(
    r"(?i)\b(?:(?:pegylated|liposomal|albumin[-‑ ]bound|protein[-‑ ]bound|nanoparticle|micellar)\s+)+$"
)
"""Words before a generic name that make another medicine of it."""


_BRAND_WORD = r"[A-Z][A-Za-z]*[a-z]{2}[A-Za-z]*"
BRAND = re.compile(rf"(?P<name>{_BRAND_WORD}(?:[ -](?:[A-Z]\w*|XR|ER|SC))?)[®™]?")
"""A brand begins with a capital and holds small letters: an abbreviation is none."""

BRAND_LABEL = re.compile(
    r"(?i)(?:(?:the\s+)?brand[\s-]+names?(?:\s+(?:is|are))?|trade\s+names?|sold\s+as|also\s+(?:called|known\s+as)"
    r"|marketed\s+as|(?:generic|chemical|drug)(?:\s+names?)?|known\s+as|formerly)\s*:?\s+"
)
"""What may stand before a name in brackets."""

CLASS_HEAD = re.compile(
    r"(?i)\b(?:inhibitors?|agonists?|antagonists?|degraders?|modulators?|conjugates?|antibod(?:y|ies)"
    r"|blockers?|stimulators?|bisphosphonates?|taxanes?|anthracyclines?|alkaloids?|antimetabolites?"
    r"|(?:cortico)?steroids?|antiemetics?|opioids?|radioligands?|suppressants?)\b"
)
"""The last word of the name of a class of medicines."""

ALONE = re.compile(
    r"(?i)(?:bisphosphonates?|taxanes?|anthracyclines?|antimetabolites?|(?:cortico)?steroids?|antiemetics?"
    r"|opioids?|radioligands?)"
)
"""Heads that name a class without a word before them."""

THERAPY = re.compile(
    r"(?i)\b(?:(?:[\w-]+-)?(?:hormon(?:e|al)|endocrine|targeted|biological?)\s+(?:therap(?:y|ies)|treatments?)"
    r"|(?:chemo|immuno)(?:therap(?:y|ies))?)\b"
)
"""A kind of treatment: a class in the wide sense."""

COMBINATION = re.compile(r"(?i)\bcombin\w*|\bfixed-dose\b|\bin\s+one\s+(?:pill|tablet|injection|shot)\b")

NO_BRAND = re.compile(
    r"(?i).*(?:apy|apies|tions?|ments?|ors|ists|ies|ents|ugs|ills|lets|ines|ics|ides)"
    r"|drug|pill|tablet|medicine|medication|treatment|chemo|hormone|biosimilar|generic|including|called|these"
)
"""A capitalised word before a generic name in brackets that is no brand: "Chemotherapy (docetaxel)"."""

EVERYDAY = re.compile(
    r"(?i).*(?:tion|sion|ment|ness|ity|ist|logy|apy|ing|ed|er|or|al|s|ive|ic|ance|ence|ture|sis|ous|ary|ly"
    r"|oma|scopy|gram|graphy|ectomy|plasty)"
    r"|breast|disease|people|woman|women|protein|biopsy|surgery|cancer|medicine|vaccine|routine|machine"
    r"|exercise|estrogen|oestrogen|progesterone|testosterone|hormone|enzyme|insulin|glucose|calcium|vitamin"
    r"|hospital|program|website|nurse|helpline|patient|oncology|energy|target|pathway|receptor|chapter"
    r"|figure|section|clinic|study|trial|response|syndrome|tissue|weight|stomach|appetite|diarrh?o?ea"
    r"|nausea|fatigue|injection|capsule|tablet|mutation|growth|support|charity|people|include|option"
)
"""Words that no generic name looks like, for names that are known by their brackets alone."""

LOOK_BACK = 160
"""What stands right before a name is looked for in so many characters before it."""

LEAST_LETTERS = 6
"""A generic name that is known by its brackets alone has so many letters at least."""


def is_generic_name(word: str) -> bool:
    """Tell whether a word ends like a medicine's generic name."""
    bare = _TAIL.sub("", word)
    return bool(stemmed_names(bare)) or any(map(_CANCER_STEM.fullmatch, re.split("[-‑]", bare)))


def without_tail(word: str) -> str:
    """Return a word without what makes it an adjective: "taxotere-based" is "taxotere"."""
    return _TAIL.sub("", word)


def may_be_generic(word: str) -> bool:
    """Tell whether a word could be a generic name, where a brand in brackets says that it is one."""
    plain = without_tail(word)
    return len(plain) >= LEAST_LETTERS and plain[1:].islower() and not EVERYDAY.fullmatch(plain)


def just_before(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """Return where a pattern that ends with `$` ends at a place of a text, looking back a little."""
    return pattern.search(text, max(0, at - LOOK_BACK), at)
