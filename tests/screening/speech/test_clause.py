"""What a place means in its clause. Each mood has its own sentences around the same words, so that
a mood is tested once and not rule by rule."""

import pytest

from letters.screening.speech.find import spoken

WORDS = "it was your own fault"
LET_GO = {
    "denied": ["I never thought that {}.", "I do not say {}.", "Nobody believes that {}."],
    "said by others": [
        "I told you that {}.", "My solicitor claimed that {}.", "You once said {}.",
        "Everybody used to say that {}.", "He made you believe that {}.",
        "I wrote then that {}, and I believed it.",
    ],
    "taken back": ["I was wrong to say that {}.", "\"{}\" was a lie.", "That {} is an excuse."],
    "not to be said": ["I cannot say that {}.", "I will not pretend that {}."],
    "asked": ["Did I ever make you feel that {}?", "How could I think that {}?"],
    "quoted": ["I read the words \"{}\" in my old statement.", "\"{}\" is what he said to us."],
}
SAID_NOW = [
    "{}.", "\"{}.\"", "I did not mean it, but {}.", "I was told the truth. {}.",
    "Nobody was there; {}.", "He said little.\n\n{}.", "You know that {}!",
    "Did you get my letter? {}.", "I am sorry, however {}.",
]


def found(frame: str) -> bool:
    for text in (frame.format(WORDS), frame.format(WORDS).upper()):
        places = [text[hit.start:hit.end].lower() for hit in spoken(text)]
        if any(WORDS.startswith(place) or place in WORDS for place in places):
            return True
    return False


@pytest.mark.parametrize("mood", LET_GO)
def test_what_is_not_said_here_and_now_is_let_go(mood: str) -> None:
    assert not [frame for frame in LET_GO[mood] if found(frame)]


def test_what_is_said_here_and_now_is_found() -> None:
    assert not [frame for frame in SAID_NOW if not found(frame)]


@pytest.mark.parametrize("far", [5, 40])
def test_a_denial_reaches_a_few_words_and_no_further(far: int) -> None:
    between = "and I tell you plainly what all of them think here " * (far // 5)
    assert found(f"I do not lie to you {between} that {{}}.")
