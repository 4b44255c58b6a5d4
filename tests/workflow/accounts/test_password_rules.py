"""Passwords: words drawn fairly are offered, what many choose is refused, and nothing else is
asked."""

import os
from collections import Counter
from itertools import count
from math import log2

import pytest

from keys.identity import WORD_LIST, gentle_words
from letters.rules.errors import NotAcceptable
from letters.rules.roles import Role
from letters.workflow.accounts import password_rules
from letters.workflow.accounts.invite import acceptable_password
from letters.workflow.accounts.password_rules import (
    WORDS,
    _word,
    is_passphrase,
    passphrase,
    refuse_common,
)
from letters.workflow.notices.contact import TELLING

REFUSED = ["123456789012", "passwordpassword", "Password1234!", "PASSWORD 2024", "aaaaaaaaaaaaaaaa",
           "abababababab",
           "abcdefghijklmnop", "qwertyuiop123", "pass word pass word", "letmein!!!!!!!",
           "zyxwvutsrqponmlk",
           "iloveyou2027", "abcabcabcabcabc", "qwertyuiopqwertyuiop", "trustno1trustno1"]
FINE = ["seven quiet words in a row", "jdkw29dk38fj", "4815162342108",
        "correct horse battery staple", "ÄÖÜ äöü ßßß éé",
        "          x            y", "dragons ate my homework", "\u202e" * 12 + "abcdefg"]


@pytest.mark.parametrize("password", REFUSED)
def test_what_many_choose_is_refused(password: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        refuse_common(password)
    assert password not in refused.value.words


@pytest.mark.parametrize("password", FINE)
def test_nothing_else_is_asked_of_a_password(password: str) -> None:
    refuse_common(password)


def test_composed_and_decomposed_are_one() -> None:
    for form in ("Mu\u0308ller-Mu\u0308ller1", "M\u00fcller-M\u00fcller99"):
        with pytest.raises(NotAcceptable):
            refuse_common(form, "m\u00fcller-m\u00fcller")


@pytest.mark.parametrize("password",
                         ["hanna.harmed", "Hanna.Harmed2027", "x hanna.harmed!", "Messages2027!",
                          "messages messages"])
def test_ones_own_names_are_refused(password: str) -> None:
    with pytest.raises(NotAcceptable):
        refuse_common(password, "Hanna.Harmed", "Messages")
    refuse_common("hanna.harmed walks in rain", "Hanna.Harmed", "Messages")


@pytest.mark.parametrize(("role", "least"),
                         [(Role.HARMED, 12), (Role.RESPONSIBLE, 12), (Role.FACILITATOR, 16),
                          (Role.ADMINISTRATOR, 16)])
def test_how_long_a_password_must_be(role: Role, least: int) -> None:
    password = "kx yz pw vb nm qr st"
    acceptable_password(password[:least], role)
    with pytest.raises(NotAcceptable):
        acceptable_password(password[:least - 1], role)


def test_what_is_offered_is_acceptable_for_everybody_and_is_known_again() -> None:
    seen = {passphrase(os.urandom) for _ in range(200)}
    assert len(seen) == 200
    for words in seen:
        acceptable_password(words, Role.FACILITATOR, "hanna", "Messages")
        assert is_passphrase(words)
    for other in ("", "abacus", "<b>x</b> " * 7, "abacus " * 7, "abacus " * 6 + "nonsenseword",
                  " ".join(["abacus"] * 6)):
        assert not is_passphrase(other)


def test_each_word_is_as_likely_as_any_other() -> None:
    thrown = (number.to_bytes(2) for number in count())
    size = len(gentle_words())
    words = Counter(_word(lambda _: next(thrown)) for _ in range(16 * size))
    assert set(words.values()) == {16} and len(words) == size
    thrown = (number.to_bytes(2) for number in (0xFFF, size, size - 1))
    assert password_rules._word(lambda _: next(thrown)) == "zoom"


# the words themselves: none may touch what could wound somebody who was harmed

LEAST_BITS = 77.5
STEMS = {
    "violence": "abus aggress ambush assault attack batter beat bite blow brawl bruis brut bully "
                "chok clash clobber crush cruel destroy fight forc grab harm harass hit hunt hurt "
                "kick maul molest pain prey pummel punch push ravag savag scratch shov slam slap "
                "slaughter smack smash smother snatch spank squeez stab stalk strangl stranglehold "
                "strik struggl suffocat threat thrash throttl throw torment tortur trap violat "
                "violen whip wreck",
    "weapons": "ammo ammunition armed arrow arson artillery axe baton bayonet bazooka blade bomb "
               "bullet cannon dagger dart explod explos firearm grenad gun handgun hatchet "
               "knife machete missile musket pistol rifle rocket shotgun spear sword weapon",
    "crime and courts": "alibi arrest bandit blackmail brib burglar captiv cell chain convict "
                        "court crim cuff culprit custod deceiv deceit defraud defend deten "
                        "evidenc felon fraud fugitiv gang guilt handcuff hostag inmat jail judg "
                        "juror jury kidnap law larceny lawyer legal looter lynch murder offend "
                        "outlaw parol patrol penal police prison prosecut punish ransom rob "
                        "sentenc sheriff shackl steal stole suspect testif theft thief "
                        "trial verdict victim villain warden witness wrong",
    "injury, illness and death": "afflict aids ailment amputat anemi ash bleed blind blood bone "
                                 "burial bury cancer casket cemetery clinic coffin coma corps "
                                 "crippl dead death demis deceas die diseas doctor drown dying "
                                 "fatal fever funeral ghost grave hospital ill infect injur kill "
                                 "lesion lethal maim morgue mortu mourn numb nurs plagu poison "
                                 "rabi rash scab scald scar sick skull skelet suicid surg symptom "
                                 "syndrom tomb undead vomit widow wound",
    "fear and distress": "afraid agon alarm angst anguish anxi asham cower creep cringe "
                         "danger dark despair desper dread eerie evil fear frantic fright ghast "
                         "grief griev gloom hate haunt helpless horr lonel menac mis nightmar "
                         "panic phobi rage regret sad scare scream secre shak shame shock shriek "
                         "sob sorrow stress suffer terror trauma trembl ugly unhapp unsafe upset "
                         "weep worr",
    "sex, bodies and nakedness": "arous belly blouse body boob bra breast bust butt chest "
                                 "crotch erot fetal flirt fondl genit grope groin gonad hips intim "
                                 "kiss lick limb lingerie lip lover lust mammar moan "
                                 "mouth naked nude orgas ovary panti panty pelvi penis porn "
                                 "pregnan prostitut puber rape rapist rectal rub seduc sex "
                                 "skin skirt stri sultr testic thigh throat tongue torso touch "
                                 "unclad undress urin uter vagin virgin womb",
    "insults and drugs": "addict alcohol bastard beer booz cocain crack crazy creepy dope drug "
                         "drunk dumb dweeb fat fool gin heroin hooker idiot imbecil insan junkie "
                         "liar liquor loony lunatic maniac meth moron narcot nerd opium oaf "
                         "prude psych scum slob slut snitch stupid twerp vodka whisk whore wimp "
                         "wine",
    "war and religion's punishments": "army batt brigad casualt combat conquer crusad damn demon "
                                      "devil doom enem exorc hell heret militar militia sacrific "
                                      "satan sinner soldier troop warlord "
                                      "warrior",
    "family": "aunt baby boyfriend bride brother child cousin dad daughter father fianc girlfriend "
              "grandma grandpa groom husband kid mama marri mom mother nephew niece parent "
              "sibling sister spous stepdad uncle wedding wife",
}
HARMLESS = frozenset(("crimson", "fondly", "gravel", "luster", "number", "robin", "robust", "ruby",
                      "scarf", "spearmint", "stable", "stride", "strive"))
"""These begin like a stem and mean something else."""


@pytest.mark.parametrize("subject", STEMS)
def test_no_word_touches_what_could_wound(subject: str) -> None:
    stems = tuple(STEMS[subject].split())
    assert not {word for word in gentle_words() if word.startswith(stems)} - HARMLESS


def test_no_word_tells_an_onlooker_what_this_is_about() -> None:
    assert not {word for word in gentle_words() if word.startswith(tuple(TELLING))} - HARMLESS


@pytest.mark.parametrize("word", ["battered", "strangle", "violate", "prison", "threaten",
                                  "handgun", "evil", "pantyhose", "undress", "widow", "husband"])
def test_words_that_were_once_offered_are_gone(word: str) -> None:
    assert word not in gentle_words()


def test_what_is_called_harmless_is_on_the_list() -> None:
    assert set(gentle_words()) >= HARMLESS


def test_the_words_are_as_strong_as_six_of_the_public_list() -> None:
    assert len(set(gentle_words())) == len(gentle_words())
    assert WORDS * log2(len(gentle_words())) >= LEAST_BITS


def test_the_words_are_easy_to_write_and_in_order() -> None:
    assert all(3 <= len(word) <= 10 and word.isascii() and word.isalpha() and word.islower()
               for word in gentle_words())
    assert list(gentle_words()) == sorted(gentle_words())


def test_the_list_names_its_source_in_its_head() -> None:
    assert "EFF" in WORD_LIST.read_text("ascii").splitlines()[0]
