"""Messages that need help now are told from those that only speak of such things."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.examples import Near
from assistant.urgent import detection
from assistant.urgent.detection import (
    shipped_weights,
    urgent_features,
    urgent_probability,
    urgent_signs,
)
from assistant.urgent.likeness import LONG_WORDS, Likeness, LikenessModel
from assistant.urgent.reading import SIGNS_FILE, Vocabulary, signs_file
from assistant.urgent.rules import Doubt, Rule, read_signs, rules
from assistant.urgent.words import WordModel

SIGNS = {
    "breathing", "chest", "fever", "bleeding", "stroke", "spine", "allergy", "overdose", "self-harm",
}  # fmt: skip

EXAMPLES_FILE = SIGNS_FILE.with_name("examples.jsonl")

URGENT = [
    ("breathing", "Mum cannot breathe, please hurry"),
    ("breathing", "i cant get my breth since the drip this mornin"),
    ("breathing", "He's gasping and his lips have turned blue"),
    ("breathing", "Her oxygen is 82 and she is panting"),
    ("breathing", "I was told to watch for trouble breathing on Enhertu, and now I have it"),
    ("breathing", "so breathless lying down tonight that I have to sit in the chair"),
    ("chest", "There is a crushing weight on my chest and my left arm is tingling"),
    ("chest", "my husband has chest pain and he is sweating"),
    ("chest", "I'm on capecitabine and my chest has been tight for the last hour"),
    ("chest", "my heart is racing and I think I will pass out"),
    ("fever", "My temperature is 38.7 and my last chemo was a week ago"),
    ("fever", "Fever of 102 since this morning, on Trodelvy"),
    ("fever", "she is shivering and hot, her infusion was on Friday"),
    ("fever", "39,2 on the thermometer, do I go in?"),
    ("fever", "neutropenic and now a fever"),
    ("bleeding", "The wound is bleeding and it won't stop"),
    ("bleeding", "I have just thrown up a lot of blood"),
    ("bleeding", "dad is coughing up blood"),
    ("bleeding", "nosebleed for an hour now, on Eliquis"),
    ("bleeding", "she fell and hit her head and she takes warfarin"),
    ("stroke", "My mother's face is drooping and her speech is slurred"),
    ("stroke", "Dad is suddenly confused and doesn't know where he is"),
    ("stroke", "she is having a seizure"),
    ("stroke", "my wife passed out and won't wake up"),
    ("stroke", "the worst headache of my life, it came on like thunder"),
    ("stroke", "sudden weakness in my left arm, can't hold a cup"),
    ("spine", "My back is in agony and my legs have gone numb"),
    ("spine", "since yesterday I can't pee and my legs are weak"),
    ("spine", "numb between my legs since I woke up"),
    ("spine", "he can't walk since this morning, he has spine mets"),
    ("allergy", "My throat is closing up after the new tablet"),
    ("allergy", "her lips and tongue are swelling and she has hives"),
    ("allergy", "covered in hives and wheezing an hour after the antibiotic"),
    ("overdose", "I took too many of my oxycodone"),
    ("overdose", "Mum has swallowed all her sleeping tablets"),
    ("overdose", "my toddler swallowed one of my chemo pills"),
    ("overdose", "he took double his morphine by mistake and is very drowsy"),
    ("self-harm", "Last night I wanted to kill myself"),
    ("self-harm", "i dont wanna live anymore"),
    ("self-harm", "They would all be better off without me"),
    ("self-harm", "I have been saving up my morphine so that I can end it"),
    ("self-harm", "each night I hope I don't wake up"),
    ("self-harm", "My sister says she wants to die and she has hidden some pills"),
    ("self-harm", "Nobody would miss me much"),
    ("self-harm", "feeling suicidl again"),
    ("self-harm", "there is no reason to go on living"),
]

CALM = [
    "Can the radiation make a tumor bleed?",
    "What does fever of unknown origin mean?",
    "treatment of tumor pain",
    "Does Kisqali cause shortness of breath?",
    "Which signs of a stroke should people know?",
    "How do they treat spinal cord compression?",
    "Could tamoxifen cause suicidal thoughts in some people?",
    "what does an allergic reaction to Taxol look like",
    "What should I do if I get a fever?",
    "If she can't breathe one night, whom do we call?",
    "Should I stop Xeloda if I get chest pain?",
    "I'm afraid of bleeding after the biopsy",
    "We were warned about seizures",
    "Will I be paralysed one day?",
    "I had a fever of 39 two years ago",
    "Last spring she had a seizure and they operated",
    "I had chest pain in 2019 and it was nothing",
    "I couldn't breathe lying flat last year, then they drained it",
    "No fever, no chills and no bleeding",
    "I don't have chest pain",
    "she isn't confused, just tired",
    "My legs are not weak, they only ache",
    "I'm not suicidal, only worn out",
    "I don't want to die, I have grandchildren to spoil",
    "the price took my breath away",
    "This waiting is killing me",
    "I almost had a heart attack reading the bill",
    "I'm dying to know the result",
    "I am drowning in paperwork",
    "it was a stroke of pure luck",
    "My temperature is 36.8",
    "I am 39 and my sister is 41",
    "My CA 15-3 is 38.6",
    "my toes have been numb since Taxol",
    "I get a little short of breath on hills",
    "hot flushes every night",
    "I bruise easily",
    "I'm confused by all these names",
    "I'm so sad since the diagnosis",
    "How do I tell my children that I am dying?",
    "I want to stop chemo",
    "What happens when I stop all treatment?",
    "She is in hospice now",
    "I can't do this chemo any more, my hands are raw",
    "I can't sleep since the scan",
    "I take 14 tablets a day",
    "How do I store morphine safely?",
    "Is letrozole a pill?",
    "What does ER positive mean?",
    "thank you, that was clear",
    "",
    "???",
    "لا أستطيع",
]

LONG_CALM = (
    "My mother is 71 and was found to have it in her bones and liver in the spring. The doctor gave us "
    "a booklet as thick as a brick and my brother has read none of it. She takes letrozole and Ibrance "
    "and she still goes to the market on Saturdays. Her blood counts are checked every two weeks."
)


@pytest.mark.parametrize(("sign", "message"), URGENT)
def test_an_emergency_is_found_by_its_words_alone(sign: str, message: str) -> None:
    """The rules need no example to be near."""
    assert urgent_signs(message) == (sign,)


@pytest.mark.parametrize("message", CALM)
def test_speaking_of_it_is_no_emergency(message: str) -> None:
    """In general, supposed, past, denied, mild, in a figure of speech, or about something else."""
    assert urgent_signs(message) == ()


@pytest.mark.parametrize(
    ("sign", "sentence"),
    [
        ("breathing", "Since this morning she can't breathe properly."),
        ("fever", "Today her temperature is 38.9 and she is shivering."),
        ("spine", "Since last night her legs are too weak to stand and she has wet herself."),
        ("self-harm", "Last night she told me that she wants to die."),
    ],
)
def test_one_sentence_in_a_long_post_is_found(sign: str, sentence: str) -> None:
    """What is buried among the weather and the family is still read."""
    assert urgent_signs(LONG_CALM) == ()
    question = "What is the aim of the treatment?"
    assert urgent_signs(f"{LONG_CALM} {sentence} {question}") == (sign,)
    assert urgent_signs(f"{sentence} {LONG_CALM}") == (sign,)


@pytest.mark.parametrize(("sign", "message"), URGENT[::4])
@pytest.mark.parametrize("change", [str.upper, str.lower, lambda text: text.replace("'", "’")])
def test_capitals_and_quotes_change_nothing(sign: str, message: str, change) -> None:
    """A frightened person does not mind her capitals."""
    assert urgent_signs(change(message)) == (sign,)


def near(*kinds: tuple[str, float]) -> list[Near]:
    """Return nearest examples of kinds and cosines."""
    return [Near(kind, cosine) for kind, cosine in kinds]


def test_examples_that_agree_raise_an_alarm() -> None:
    """Words that no rule knows are compared with what others wrote."""
    message = "it is all going dark for her and we are frightened"
    agreeing = near(*[("urgent/stroke", 0.85 - step / 100) for step in range(10)])
    assert urgent_signs(message) == ()
    assert urgent_signs(message, agreeing) == ("stroke",)
    assert urgent_signs(message, near(*[("calm", 0.85 - step / 100) for step in range(10)])) == ()


def test_calm_examples_take_back_a_weak_sign() -> None:
    """A rule that is only just met gives way to examples, and a clear one does not."""
    calm = near(*[("calm", 0.9 - step / 100) for step in range(10)])
    weak, clear = "chest pain", "I can't breathe, help, it is getting worse every minute now"
    assert urgent_signs(weak, near(*[("urgent/chest", 0.8)] * 10)) == ("chest",)
    assert urgent_signs(weak, calm) == ()
    assert urgent_signs(clear, calm) == ("breathing",)


def test_plain_words_of_suicide_are_never_taken_back() -> None:
    """Whatever is near."""
    assert urgent_signs("I want to kill myself", near(*[("calm", 0.99)] * 10)) == ("self-harm",)


def test_examples_of_other_kinds_count_as_calm() -> None:
    """The nearest examples may be small talk."""
    talk = near(*[("talk/thanks", 0.9)] * 10)
    assert urgent_signs("thanks for all of that", talk) == ()


def test_a_long_message_is_not_judged_by_what_is_near_the_whole() -> None:
    """The emergency may be one sentence of twenty."""
    assert urgent_signs(LONG_CALM, near(*[("urgent/spine", 0.9)] * 10)) == ()
    assert "share" not in urgent_features(LONG_CALM, near(("calm", 0.9)))


def test_features_are_numbers_with_a_weight_each() -> None:
    """What the model weighs has a name that it knows."""
    known = set(shipped_weights().features)
    for _, message in URGENT:
        assert set(urgent_features(message, near(("calm", 0.5)))) <= known


@given(
    st.text(max_size=300),
    st.lists(
        st.builds(Near, st.sampled_from(["calm", "urgent/chest", "talk/thanks"]), st.floats(-1, 1)),
        max_size=10,
    ),
)
def test_any_text_is_read(text: str, examples: list[Near]) -> None:
    """No text raises, and what comes back is a sign or nothing."""
    assert SIGNS.issuperset(urgent_signs(text, examples))


WORDS = [
    "cant",
    "breathe",
    "no",
    "if",
    "blood",
    "38.5",
    "legs",
    "numb",
    ",",
    ".",
    "?",
    "kill",
    "myself",
    "1,5",
]


@given(st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join))
def test_any_order_of_our_own_words_is_read(text: str) -> None:
    """Nor do words that the rules look for, in any order."""
    assert SIGNS.issuperset(urgent_signs(text))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 4000,
        "a " * 2000,
        "cant breathe " * 307,
        "no no no " * 444,
        "((((" * 1000,
        "'" * 4000,
        "a'" * 2000,
        "9" * 4000,
        "1.5 " * 1000,
        "\n" * 4000,
        "if i cant breathe, " * 210,
        "breeeeeeathe " * 300,
        "፩ ② ³ " * 600,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_hostile_text_ends(text: str) -> None:
    """The longest message that is let in is read to its end, whatever it repeats."""
    assert SIGNS.issuperset(urgent_signs(text))


def test_the_same_message_gives_the_same_sign() -> None:
    """Nothing is remembered from one message to the next."""
    first = [urgent_signs(message) for _, message in URGENT]
    assert first == [urgent_signs(message) for _, message in URGENT]


class TestWithLikeness:
    """Where it is known how like the urgent examples a message is, that and the rules decide."""

    BREATHLESS = "I can't breathe"
    UNKNOWN = "it is all going dark for her and we are frightened"

    def model(self, **weights: float) -> LikenessModel:
        """Return a model by which nothing counts but what is given, and even odds raise the alarm."""
        nothing = dict.fromkeys(
            ("rules_weight", "score_weight", "words_weight", "joint_intercept", "intercept"), 0.0
        )
        return LikenessModel(
            embedder="0" * 64,
            gamma=1.0,
            coefficients=np.zeros(1, np.float32),
            words=WordModel({}, 0.0),
            **{**nothing, "least": 0.5, "least_of_long": 0.5, **weights},
        )

    @pytest.mark.parametrize("counted", ["score", "words"])
    @pytest.mark.parametrize(("message", "sign"), [(BREATHLESS, "breathing"), (UNKNOWN, "stroke")])
    def test_it_raises_the_alarm_or_does_not(self, counted: str, message: str, sign: str) -> None:
        """Whatever the rules find; the sign is theirs where they find one, and else the examples'."""
        model = self.model(**{f"{counted}_weight": 1.0})
        like = {"score": 0.0, "sign": "stroke", "words": 0.0}
        assert urgent_signs(message, (), Likeness(**{**like, counted: 0.1}), model) == (sign,)
        assert urgent_signs(message, (), Likeness(**{**like, counted: -0.1}), model) == ()

    def test_the_rules_count_with_it(self) -> None:
        """As much as the model says, against what the likeness says."""
        calm = Likeness(-2.0, "chest", 0.0)
        assert urgent_signs(self.BREATHLESS, (), calm, self.model(rules_weight=1.0)) == ("breathing",)
        assert urgent_signs(self.UNKNOWN, (), calm, self.model(rules_weight=1.0)) == ()
        torn = self.model(rules_weight=1.0, score_weight=10.0)
        assert urgent_signs(self.BREATHLESS, (), calm, torn) == ()

    def test_what_is_near_counts_with_the_rules(self) -> None:
        """Agreeing examples make them surer; the likeness says which sign it is."""
        agreeing, calm = near(*[("urgent/stroke", 0.85)] * 10), near(*[("calm", 0.85)] * 10)
        sure, unsure = (urgent_probability(self.UNKNOWN, examples) for examples in (agreeing, calm))
        model = self.model(rules_weight=1.0, least=(sure + unsure) / 2)
        like = Likeness(0.0, "chest", 0.0)
        assert urgent_signs(self.UNKNOWN, agreeing, like, model) == ("chest",)
        assert urgent_signs(self.UNKNOWN, calm, like, model) == ()

    def test_a_long_message_needs_more(self) -> None:
        """Its many pieces sound urgent by chance."""
        model, like = self.model(score_weight=1.0, least_of_long=0.6), Likeness(0.1, "chest", 0.0)
        assert urgent_signs("word " * LONG_WORDS, (), like, model) == ("chest",)
        assert urgent_signs("word " * (LONG_WORDS + 1), (), like, model) == ()
        assert urgent_signs("word " * (LONG_WORDS + 1), (), Likeness(1.0, "chest", 0.0), model) == (
            "chest",
        )

    def test_plain_words_of_suicide_are_never_taken_back(self) -> None:
        """However calm the message sounds otherwise."""
        model, calm = self.model(score_weight=1.0), Likeness(-9.0, "chest", -9.0)
        assert urgent_signs("I want to kill myself", (), calm, model) == ("self-harm",)

    @pytest.mark.parametrize(
        ("message", "signs"),
        [
            ("I can't do this any more, I can't breathe, my lips are blue", ("breathing", "self-harm")),
            (
                "I can't take any more of this pain in my chest, it goes down my arm",
                ("chest", "self-harm"),
            ),
            (
                "counts are rock bottom and tonight I have a fever of 39 and chills",
                ("fever", "self-harm"),
            ),
            ("cant do this any more, cant breathe", ("breathing", "self-harm")),
            ("i want to die, im bleeding and it wont stop", ("self-harm", "bleeding")),
            ("I wish I could go to sleep and not wake up", ("self-harm",)),
        ],
    )
    def test_a_sign_of_the_body_as_clear_comes_first(self, message: str, signs: tuple[str, ...]) -> None:
        """Who cannot breathe needs an ambulance before a line to talk to; and is told of both."""
        assert urgent_signs(message) == signs

    @pytest.mark.parametrize(
        ("place", "signs"),
        [
            ("in this waiting room for hours", ()),
            ("at the clinic all day", ()),
            ("in this world", ("self-harm",)),
            ("any more", ("self-harm",)),
        ],
    )
    def test_not_wanting_to_be_in_a_place_is_no_plan(self, place: str, signs: tuple[str, ...]) -> None:
        """A waiting room is left otherwise than life."""
        assert urgent_signs(f"I dont want to be here {place}") == signs

    @pytest.mark.parametrize(
        "message", ["it feels like a knife in my hip", "feels like there's a pillow over my face"]
    )
    def test_a_likeness_of_pain_is_no_plan(self, message: str) -> None:
        """How a pain or a breath feels says nothing of what somebody means to do."""
        assert "self-harm" not in urgent_signs(message)

    def test_one_without_the_other_leaves_it_to_the_rules(self) -> None:
        """A likeness says nothing without the model that it was worked out with."""
        assert urgent_signs(self.BREATHLESS, (), Likeness(-9.0, "chest", -9.0)) == ("breathing",)
        assert urgent_signs(self.UNKNOWN, (), Likeness(9.0, "chest", 9.0)) == ()
        assert urgent_signs(self.BREATHLESS, (), None, self.model(joint_intercept=-9.0)) == (
            "breathing",
        )


class TestReading:
    @pytest.fixture
    def vocabulary(self) -> Vocabulary:
        """A few words, to be read by hand."""
        return Vocabulary(
            words={
                "BREATH": ["breathe", "short of breath"],
                "CANNOT": ["cant"],
                "SUFFOCATE": ["suffocat*"],
            },
            numbers={"FEVER": [(38.0, 42.0)], "FEVERDEC": [(38.0, 42.0)]},
            plain=["took my breath away", "breathe easy"],
            keep=["cant breathe easy"],
            mend=["breathe"],
            look_alikes=["breather"],
        )

    def test_words_and_phrases_are_tagged_where_they_stand(self, vocabulary: Vocabulary) -> None:
        """A phrase spans its words; a stem stands for any ending."""
        (sentence,) = vocabulary.sentences("I can’t breathe, I’m short of breath and SUFFOCATING")
        assert sentence.words == (
            "i", "cant", "breathe", "im", "short", "of", "breath", "and", "suffocating",
        )  # fmt: skip
        assert sentence.found["BREATH"] == ((2, 3), (4, 7))
        assert sentence.found["CANNOT"] == ((1, 2),)
        assert sentence.found["SUFFOCATE"] == ((8, 9),)
        assert sentence.pauses == {3}
        assert not sentence.asks

    def test_sentences_end_at_signs_and_lines(self, vocabulary: Vocabulary) -> None:
        """A question is one by its sign or by its first word."""
        sentences = vocabulary.sentences("It hurts. Is it bad\nreally?  ...  no!")
        assert [" ".join(sentence.words) for sentence in sentences] == [
            "it hurts", "is it bad", "really", "no",
        ]  # fmt: skip
        assert [sentence.asks for sentence in sentences] == [False, True, True, False]

    def test_phrases_that_mean_nothing_are_blanked(self, vocabulary: Vocabulary) -> None:
        """Unless a longer phrase keeps them."""
        (sentence,) = vocabulary.sentences("it took my breath away")
        assert sentence.words == ("it", "_", "_", "_", "_")
        (sentence,) = vocabulary.sentences("now i breathe easy")
        assert "BREATH" not in sentence.found
        (sentence,) = vocabulary.sentences("i cant breathe easy")
        assert sentence.found["BREATH"] == ((2, 3),)

    @pytest.mark.parametrize(
        ("typed", "read"),
        [("breathee", "breathe"), ("braethe", "breathe"), ("breather", "breather"), ("heeeelp", "help")],
    )
    def test_slips_are_put_right(self, vocabulary: Vocabulary, typed: str, read: str) -> None:
        """A letter too many or two swapped; a word of its own is left alone."""
        (sentence,) = vocabulary.sentences(typed)
        assert sentence.words == (read,)

    @pytest.mark.parametrize(
        ("typed", "tags"),
        [("39", {"FEVER"}), ("38,5", {"FEVER", "FEVERDEC"}), ("37.9", set()), ("43", set())],
    )
    def test_numbers_are_tagged_by_their_range(
        self, vocabulary: Vocabulary, typed: str, tags: set[str]
    ) -> None:
        """A tag that asks for a decimal leaves ages alone."""
        (sentence,) = vocabulary.sentences(typed)
        assert set(sentence.found) == tags

    def test_a_sentence_without_end_is_cut(self, vocabulary: Vocabulary) -> None:
        """Time must not grow with the square of the text."""
        assert [len(each.words) for each in vocabulary.sentences("word " * 130)] == [60, 60, 10]


class TestRule:
    @pytest.fixture
    def sentence(self):
        """Words whose tags are told by hand."""
        vocabulary = Vocabulary(
            words={"LEGS": ["legs"], "WEAK": ["weak"], "GAPNOT": ["not"], "IF": ["if"], "OLD": ["old"]},
            numbers={}, plain=[], keep=[], mend=[], look_alikes=[],
        )  # fmt: skip
        return lambda text: vocabulary.sentences(text)[0]

    def test_steps_stand_in_order_and_near(self, sentence) -> None:
        """At most so many words between one step and the next."""
        rule = Rule("legs", 2.5, (("LEGS", 0), ("WEAK", 2)))
        assert list(rule.matches(sentence("my legs are so weak"))) == [(1, 5)]
        assert list(rule.matches(sentence("my legs are so very weak"))) == []
        assert list(rule.matches(sentence("weak legs"))) == []

    def test_it_may_be_any_order(self, sentence) -> None:
        """Where the rule says so."""
        rule = Rule("legs", 2.5, (("LEGS", 0), ("WEAK", 0)), anywhere=True)
        assert list(rule.matches(sentence("weak in all of my legs"))) == [(0, 6)]

    def test_a_tag_can_forbid_it(self, sentence) -> None:
        """Where another word explains the first."""
        rule = Rule("legs", 2.5, (("LEGS", 0),), unless=("OLD",))
        assert list(rule.matches(sentence("my legs"))) == [(1, 2)]
        assert list(rule.matches(sentence("my old legs"))) == []

    def test_it_may_be_denied_between_its_words(self, sentence) -> None:
        """A "not" between legs and weak."""
        rule = Rule("legs", 2.5, (("LEGS", 0), ("WEAK", 2)))
        assert rule.denied_between(sentence("legs are not weak"), (0, 4))
        assert not rule.denied_between(sentence("legs are so weak"), (0, 4))

    def test_a_doubt_reaches_up_to_a_match(self, sentence) -> None:
        """So many words, and no farther than what stops it."""
        doubt = Doubt("supposed", "IF", 3, stops=("OLD",), pause=True)
        assert doubt.reaches(sentence("if my legs"), 2)
        assert not doubt.reaches(sentence("if one of all my legs"), 5)
        assert not doubt.reaches(sentence("if old my legs"), 3)
        assert not doubt.reaches(sentence("if so, my legs"), 3)
        assert not doubt.reaches(sentence("my legs if"), 1)

    def test_a_doubt_concerns_some_signs(self) -> None:
        """It may spare a sign, or count for one alone."""
        assert Doubt("supposed", "IF", 3).concerns("fever")
        assert not Doubt("supposed", "IF", 3, spares=("fever",)).concerns("fever")
        assert not Doubt("caused", "IF", 3, only=("fever",)).concerns("chest")


class TestFiles:
    def test_every_rule_speaks_of_tags_that_there_are(self) -> None:
        """A misspelt tag would switch a rule off unseen."""
        tags = set(signs_file()["words"]) | set(signs_file()["numbers"])
        used = {
            tag
            for each in rules().values()
            for rule in each
            for tag in (*(tag for tag, _ in rule.steps), *rule.unless)
            if tag.isupper()
        }
        used |= {
            tag for doubt in signs_file()["doubts"] for tag in (doubt["tag"], *doubt.get("stops", []))
        }
        assert used - tags == set()
        assert {doubt["name"] for doubt in signs_file()["doubts"]} <= set(signs_file()["framings"])

    def test_there_are_rules_for_each_sign(self) -> None:
        """And for no other."""
        assert set(rules()) == SIGNS
        assert {sign for sign, _ in URGENT} == SIGNS

    def test_words_are_written_as_they_are_read(self) -> None:
        """In lower case and without apostrophes or hyphens, or they would never be found."""
        content = signs_file()
        lists = [*content["words"].values(), content["plain"], content["keep"], content["mend"]]
        words = [word for words in lists for word in words]
        assert all(word == " ".join(word.lower().split()) for word in words)
        assert not [word for word in words if set(word) & set("'’-&")]

    def test_no_message_is_read_from_a_tag_that_is_unknown(self) -> None:
        """The file is JSON without repeated keys."""
        pairs: list[str] = []
        json.loads(
            SIGNS_FILE.read_text(encoding="utf-8"),
            object_pairs_hook=lambda items: pairs.extend(_repeated(items)) or dict(items),
        )
        assert pairs == []

    def test_examples_are_many_and_of_known_kinds(self) -> None:
        """At least 350 urgent ones and 500 calm ones, none twice."""
        lines = EXAMPLES_FILE.read_text(encoding="utf-8").splitlines()
        examples = [json.loads(line) for line in lines]
        assert {tuple(example) for example in examples} == {
            ("text", "kind"),
            ("text", "kind", "held_out"),
        }
        counts = Counter(example["kind"] for example in examples)
        assert set(counts) == {f"urgent/{sign}" for sign in SIGNS} | {"calm"}
        assert counts["calm"] >= 500
        assert counts.total() - counts["calm"] >= 350
        assert len({example["text"] for example in examples}) == len(examples)

    def test_no_message_of_these_tests_is_an_example(self) -> None:
        """They would measure nothing."""
        lines = EXAMPLES_FILE.read_text(encoding="utf-8").splitlines()
        texts = {json.loads(line)["text"].casefold().rstrip("?. ") for line in lines}
        ours = {message.casefold().rstrip("?. ") for message in [*CALM, *(text for _, text in URGENT)]}
        assert ours & texts == set()


def _repeated(items: list[tuple[str, object]]) -> list[str]:
    return [key for key, count in Counter(key for key, _ in items).items() if count > 1]


def test_reading_says_which_framing_held_a_sign_back() -> None:
    """What is denied is told from what is over."""
    vocabulary = detection._vocabulary()
    assert "denied" in read_signs(vocabulary.sentences("I have no chest pain")).against
    assert "past_time" in read_signs(vocabulary.sentences("I had chest pain two years ago")).against
    reading = read_signs(vocabulary.sentences("She has a headache. Today she can't breathe. Help."))
    assert reading.place == 1
    assert reading.most == reading.points["breathing"] > 3
