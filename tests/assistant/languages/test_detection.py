"""A question in another language is known by its language, and English is never taken for another."""

import random
import re
import string
import subprocess
import sys
from collections.abc import Callable

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.languages.detection import (
    ENGLISH,
    LANGUAGE_OF_LETTERS,
    LATIN_LANGUAGES,
    OTHER,
    foreign_language,
)
from assistant.languages.replies import REPLIES_FILE, ForeignReply, foreign_reply
from assistant.languages.words import WORDS_FILE, other_letters, telling_words
from corpus import Document
from corpus.folding import fold
from corpus.medicines.stems import medicine_names

NAMES = (
    *("trastuzumab", "pertuzumab", "docetaxel", "ibrance", "kisqali", "letrozole", "xgeva"),
    *("tamoxifen", "herceptin", "enhertu", "verzenio", "faslodex", "fulvestrant"),
)
is_name = frozenset(NAMES).__contains__

QUESTIONS = {
    "es": [
        "¿Cuáles son los efectos secundarios del tamoxifeno?",
        "cuanto tiempo voy a estar en tratamiento",
        "que es trastuzumab y como funciona",
        "mi mamá tiene cáncer en los huesos, qué tratamiento hay",
        "tengo miedo",
        "trastuzumab pertuzumab efectos secundarios",
        "BUENAS TARDES QUISIERA SABER SI EL TAMOXIFENO PRODUCE SOFOCOS",
    ],
    "fr": [
        "Est-ce que je vais perdre mes cheveux ?",
        "quels sont les effets secondaires du letrozole",
        "c'est quoi le trastuzumab",
        "j’ai mal aux os depuis Femara",
        "merci beaucoup",
        "tamoxifen effets secondaires",
    ],
    "de": [
        "Welche Nebenwirkungen hat Tamoxifen?",
        "fallen mir bei der chemo die haare aus",
        "was ist der unterschied zwischen kisqali und ibrance",
        "Meine Mutter hat metastasierten Brustkrebs, welche Behandlungen gibt es?",
        "ich habe angst",
        "Nebenwirkungen",
    ],
    "pt": [
        "Vou perder o cabelo com a quimioterapia?",
        "quais sao os efeitos colaterais do letrozol",
        "Posso tomar Ibrance junto com a comida?",
        "meu marido quer saber como me ajudar",
        "muito obrigada",
    ],
    "zh": ["化疗会掉头发吗", "trastuzumab是什么药", "放療會痛嗎？", "HER2阳性怎么治疗", "谢谢"],
    "ar": ["هل سيتساقط شعري مع العلاج الكيميائي", "ما هو trastuzumab", "علاج HER2 الإيجابي", "شكرا"],
    "it": ["Perderò i capelli con la chemioterapia?", "che differenza c'è tra kisqali e ibrance"],
    "nl": ["Verlies ik mijn haar door de chemo?", "mag ik wijn drinken met letrozol"],
    "pl": ["czy stracę włosy po chemioterapii", "ile kosztuje leczenie"],
    "tl": ["Ano ang mga side effect ng tamoxifen?", "masakit ang buto ko"],
    "vi": ["Tôi có bị rụng tóc khi hóa trị không?", "điều trị kéo dài bao lâu"],
    "ru": ["выпадают ли волосы от Enhertu", "сколько длится лечение", "спасибо"],
    "hi": ["क्या कीमो से मेरे बाल झड़ जाएंगे", "trastuzumab क्या है"],
    "ko": ["항암치료 하면 머리카락이 빠지나요", "trastuzumab이 뭐예요"],
    "ja": ["抗がん剤で髪は抜けますか", "Ibranceは食事と一緒に飲めますか？"],
    OTHER: [
        "Annemde meme kanseri kemiklere yayıldı, tedavi ne kadar sürer?",
        "kommer jag att tappa håret av behandlingen",
        "Які побічні ефекти тамоксифену?",
        "آیا این دارو باعث ریزش مو می‌شود",
        "θα πέσουν τα μαλλιά μου",
        "האם השיער שלי ינשור",
        "ผมจะร่วงไหม",
    ],
}

ENGLISH_TEXTS = (
    *("mets?", "side efects", "zometa", "n/v after AC", "wat is dat pill", "hola", "hola?", "merci"),
    *("trastuzumab pertuzumab docetaxel?", "zoladex", "ibrance vs kisqali", "IBRANCE VS KISQALI"),
    *(
        "er pos her2 neg",
        "ER+ HER2-",
        "AI + CDK",
        "stage 4 de novo",
        "STAGE IV DE NOVO",
        "PARP BRCA pill",
    ),
    *("metastasis", "menopause", "bone mets pain", "liver mets options", "pleural effusion", "cachexia"),
    *("verzenio diarrea", "tomoxifin sid efects", "wut r side fx of ibrans", "lapatanib tycerb zeloda"),
    *(
        "help",
        "u ok",
        "thx",
        "lol ok thx",
        "no",
        "1",
        "123 456",
        "a",
        "asdfgh",
        "la la la",
        "???",
        "😭😭😭",
    ),
    *(
        "TGF-β",
        "5 µg/kg",
        "does β radiation hurt",
        "naïve question: is it curable",
        "日",
        "select * from x",
    ),
    "my fiancée has MBC",
    "my abuela has mets",
    "Hola! My sister has mbc and started ibrance. What should she expect?",
    "ok merci for that. And what about side effects of kisqali",
    'my doctor said "progresión", what does that mean',
    "What does 化疗 mean",
    "Dr. Müller at the Charité wants a biopsy",
    "My husband is from Mexico and asks about quimioterapia, is that chemo?",
    "my mother in law keeps asking '¿cuánto tiempo me queda?' and I don't know how to answer her",
)

CODES = {*LATIN_LANGUAGES, *LANGUAGE_OF_LETTERS.values()}


class TestForeign:
    @pytest.mark.parametrize(
        ("language", "question"),
        [(language, question) for language, questions in QUESTIONS.items() for question in questions],
    )
    def test_a_language_is_known(self, language: str, question: str) -> None:
        """With and without accents, with names of medicines inside, from two words on."""
        assert foreign_language(question, is_name) == language

    @pytest.mark.parametrize("language", ["es", "fr", "de", "pt", "zh", "ar"])
    def test_names_hide_no_language(self, language: str) -> None:
        """Five medicines before the question leave its language what it is."""
        for question in QUESTIONS[language]:
            text = f"trastuzumab pertuzumab Ibrance Kisqali letrozole {question}"
            assert foreign_language(text, is_name) == language

    def test_every_language_with_a_reply_is_tried(self) -> None:
        """The questions above leave no language out."""
        assert set(QUESTIONS) == CODES | {OTHER}


class TestEnglish:
    @pytest.mark.parametrize("text", ENGLISH_TEXTS)
    def test_it_stays_english(self, text: str) -> None:
        """Short, misspelt, abbreviated and mixed messages, names, and signs without a word."""
        assert foreign_language(text, is_name) is None

    @pytest.mark.parametrize("text", ["", " ", "...", "¿?", "\x00", "\ud800"])
    def test_a_text_without_a_word_is_not_foreign(self, text: str) -> None:
        """There is no language in it."""
        assert foreign_language(text, is_name) is None

    @given(st.lists(st.sampled_from(NAMES), max_size=6))
    def test_names_alone_are_no_language(self, names: list[str]) -> None:
        """A list of medicines may be anybody's."""
        assert foreign_language(" ".join(names), is_name) is None

    def test_no_authored_text_is_foreign(self, document: Document) -> None:
        """Not one of nearly 11,000 questions and gaps, nor one in 1,000 with slips in its words."""
        names = medicine_names([document])
        texts = [authored.text for authored in (*document.questions, *document.gaps)]
        assert len(texts) > 10_000
        assert [text for text in texts if foreign_language(text, names.__contains__)] == []
        slipped = [with_slips(text, random.Random(text)) for text in texts]  # noqa: S311
        found = [text for text in slipped if foreign_language(text, names.__contains__)]
        assert len(found) <= len(texts) / 1_000

    def test_plain_english_does_not_load_the_library(self) -> None:
        """A question in plain English is settled before half a second is spent on a model."""
        script = (
            "import sys\n"
            "from assistant.languages.detection import foreign_language\n"
            "for text in ('What are the side effects of tamoxifen?', 'HER2', 'zometa'):\n"
            "    assert foreign_language(text, {'zometa'}.__contains__) is None\n"
            "assert 'py3langid' not in sys.modules\n"
            "assert foreign_language('tengo mucho miedo', lambda _: False) == 'es'\n"
            "assert 'py3langid' in sys.modules\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def with_slips(text: str, chance: random.Random) -> str:
    """Drop, add, change or swap a letter inside every third word or so."""

    def slip(match: re.Match[str]) -> str:
        word = match.group()
        if chance.random() > 0.3:
            return word
        place = chance.randrange(1, len(word) - 1)
        letter = chance.choice(string.ascii_lowercase)
        before, here, after = word[:place], word[place], word[place + 1 :]
        kinds = (before + after, before + letter + here + after, before + letter + after)
        return chance.choice((*kinds, before + after[0] + here + after[1:]))

    return re.sub(r"[A-Za-z]{4,}", slip, text)


class TestAnyText:
    @given(st.text(st.characters(exclude_categories=())), st.booleans())
    def test_it_never_fails(self, text: str, known: bool) -> None:
        """Any text, even one that is no valid Unicode, has a language with a reply, another, or none."""
        found = foreign_language(text, lambda _: known)
        assert found in {*CODES, OTHER, None}
        assert foreign_language(text, lambda _: known) == found

    @given(st.text(st.characters(categories=["L", "M", "Zs"]), min_size=20))
    def test_it_never_fails_on_letters(self, text: str) -> None:
        """Letters of every script in a row are some language or none."""
        assert foreign_language(text, is_name) in {*CODES, OTHER, None}


class TestWords:
    def test_names_and_abbreviations_tell_nothing(self) -> None:
        """Known names, medicines by their endings, capitals, and words with figures are left out."""
        text = "Is XGEVA, Ibrance or atezolizumab for ER PR HER2 and CDK4/6 d'abord"
        words = telling_words(text, {"ibrance"}.__contains__)
        assert words == ["is", "or", "for", "and", "d", "abord"]

    def test_where_all_is_in_capitals_longer_words_count(self) -> None:
        """Who shouts does not abbreviate; three letters may still be an abbreviation."""
        assert telling_words("TENGO MUCHO MIEDO DEL PET", is_name) == ["tengo", "mucho", "miedo"]

    def test_letters_are_counted_by_script(self) -> None:
        """Vowel signs join letters; a lone letter is a sign."""
        assert other_letters("trastuzumab क्या है β 日本") == {"DEVANAGARI": 2, "CJK": 2}
        assert other_letters("plain") == {}

    def test_the_words_are_folded_sorted_and_disjoint(self) -> None:
        """No word speaks for English and against it."""
        lists = {code: words.split() for code, words in orjson.loads(WORDS_FILE.read_bytes()).items()}
        assert set(lists) == {ENGLISH, *LATIN_LANGUAGES}
        for code, words in lists.items():
            assert words == sorted(set(words))
            assert [word for word in words if fold(word) != word or len(word) < 2] == []
            assert code == ENGLISH or not set(words) & set(lists[ENGLISH])


class TestReplies:
    def test_there_is_one_for_each_language(self) -> None:
        """Each language that is told apart has a reply; English has one for all others."""
        assert set(orjson.loads(REPLIES_FILE.read_bytes())) == {*CODES, ENGLISH}
        assert foreign_reply(OTHER) == foreign_reply("xx") == foreign_reply(ENGLISH)

    def test_its_values(self) -> None:
        """The reply as it stands."""
        assert foreign_reply("es") == ForeignReply(
            code="es",
            direction="ltr",
            text=(
                "Lo sentimos: Signpost solo lee inglés. Puede preguntar en inglés, quizá con la ayuda "
                "de alguien. La página «{title}», de {publisher}, también está en inglés; la "
                "encontrará aquí."
            ),
            read_label="Leer la página",
        )

    @pytest.mark.parametrize("code", sorted(CODES))
    def test_it_is_in_its_language(self, code: str) -> None:
        """The detector agrees with the file, once our names are left out."""
        text = re.sub(r"\{\w+\}|Signpost|[\u2068\u2069]", " ", foreign_reply(code).text)
        assert foreign_language(text, is_name) == code

    @pytest.mark.parametrize("code", sorted({*CODES, ENGLISH}))
    def test_it_is_short_calm_and_complete(self, code: str) -> None:
        """Three sentences at most, our name, title and publisher once each, and no shouting."""
        reply = foreign_reply(code)
        assert reply.code == code
        assert reply.direction == ("rtl" if code == "ar" else "ltr")
        assert sorted(re.findall(r"\{(\w*)\}", reply.text)) == ["publisher", "title"]
        assert reply.text.count("Signpost") == 1
        assert 2 <= len(re.findall(r"[.。।]", reply.text)) <= 3
        assert not set("!！'\"") & set(reply.text)
        assert reply.read_label.strip() == reply.read_label != ""

    @pytest.mark.parametrize("code", sorted({*CODES, ENGLISH}))
    def test_it_can_be_filled(self, code: str) -> None:
        """Title and publisher are put in as they are, curly brackets and all."""
        filled: Callable[..., str] = foreign_reply(code).text.format
        text = filled(title="A {page}", publisher="A publisher")
        assert "A {page}" in text
        assert "A publisher" in text
