"""A letter in parts: no word is lost by it, whatever the letter and whatever a facilitator marks
(rules 16 and 23)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.rules.errors import NotAcceptable
from letters.rules.letter.parts import (
    MOST_PARTS,
    Part,
    PartKind,
    as_read,
    divided,
    ends,
    holds,
    passages,
    questions,
    suggested,
    taken_up,
)

TEXTS = st.lists(st.sampled_from(["Dear Robin,", "Hello", "\n", "\n\n", " ", "I was there. ",
                                  "Why?", "- one", "Yours,",
                                  "Hanna", "\u2028", "\t", "x" * 70, "…", "(really?)"]),
                 max_size=14).map("".join)
LETTER = ("Dear Robin,\nI was there. Why did you?\n\nIt was dark.\n\n- one\n- Was it you?!\n\n"
          "With kind regards,\n\nHanna")


def kinds(text: str) -> list[tuple[str, str]]:
    return [(part.kind.value, part.of(text)) for part in suggested(text)]


@given(TEXTS)
def test_rule_16_the_parts_hold_every_word(text: str) -> None:
    spans, parts = passages(text), suggested(text)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
    assert holds(text, parts) is bool(text.strip())
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))


@given(TEXTS, st.integers(-1, 4), st.integers(-1, 4),
       st.lists(st.tuples(st.integers(-1, 9), st.just("T")), max_size=4))
def test_what_a_facilitator_marks_is_refused_or_holds_every_word(
        text: str, greeting: int, signature: int, begins: list[tuple[int, str]]) -> None:
    try:
        parts = divided(text, greeting, signature, begins)
    except NotAcceptable:
        return
    assert holds(text, parts) is bool(text.strip())
    assert sum(part.theme == "T" for part in parts) == len(begins)


def test_greeting_and_signature_are_parts_of_their_own() -> None:
    assert kinds(LETTER) == [
        ("greeting", "Dear Robin,"), ("part", "I was there. Why did you?"),
        ("part", "It was dark."),
        ("part", "- one\n- Was it you?!"), ("signature", "With kind regards,\n\nHanna")]


@pytest.mark.parametrize("text, expected", [
    ("Robin!\nI was there.", (1, 0)), ("Dear all who read this.\nI was.", (0, 0)),
    ("Dear Robin", (0, 0)),
    ("I was there.\nI saw you.", (0, 0)), ("I was there.\n\nHanna H.", (0, 0)),
    ("I was there.\n\nHanna", (0, 1)),
    ("I was there.\nHanna", (0, 0)), ("To you\n\nYours?\nNo. It was mine, all of it.", (1, 0)),
    ("I was.\nYours,\n" + "x" * 61, (0, 0)), ("x" * 61 + ",\nI was.", (0, 0)), ("", (0, 0)),
])
def test_what_greets_and_what_signs(text: str, expected: tuple[int, int]) -> None:
    assert ends(text) == expected


def test_a_facilitator_marks_parts_with_themes() -> None:
    parts = divided(LETTER, 0, 0, [(3, "That night")])
    assert [(part.theme, part.of(LETTER)[:6])
            for part in parts] == [("", "Dear R"), ("That night", "It was")]
    assert divided("a", 1, 0, []) == (Part(0, 1, PartKind.GREETING),)


@pytest.mark.parametrize("greeting, signature, begins, field", [
    (9, 0, [], "greeting"), (-1, 0, [], "greeting"), (3, 9, [], "signature"),
    (1, 1, [(3, ""), (1, "")], "from-2"),
    (0, 2, [(6, "")], "from-1"), (0, 0, [(2, "a"), (2, "b")], "from-1")])
def test_what_cannot_be_is_refused_where_it_was_written(
        greeting: int, signature: int, begins: list[tuple[int, str]], field: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        divided(LETTER, greeting, signature, begins)
    assert refused.value.field == field


def test_a_long_letter_has_few_parts() -> None:
    assert len(suggested("\n\n".join(f"{n}." for n in range(1000)))) == MOST_PARTS


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [Part(0, 3, PartKind.PART)],
        [Part(0, 2, PartKind.PART), Part(1, 7, PartKind.PART)],
        [Part(0, 8, PartKind.PART)],
        [Part(2, 7, PartKind.PART)],
        [Part(0, 3, PartKind.PART), Part(4, 4, PartKind.PART), Part(4, 7, PartKind.PART)],
        [Part(0, 2, PartKind.PART), Part(4, 7, PartKind.PART)],
    ],
)
def test_parts_that_leave_something_out_do_not_hold(parts: list[Part]) -> None:
    assert not holds("one two", parts)


@pytest.mark.parametrize(
    "sentence",
    [
        "I want to ask you why you did it.",
        "I would like to know if you think of me.",
        "I still wonder whether you knew.",
        "Tell me why.",
        "Please explain that night to me.",
        "My question is whether you were alone.",
        "I don't understand how you could.",
        "What I need to know is when it began.",
        "Why did you do it.",
        "I have been asking myself ever since if you saw it.",
        "Could you say what happened to the ring.",
        "I would be glad to learn what happened.",
        "I'd like you to tell me what happened.",
        "Let me know whether it rained.",
        "Can you explain to me how you got in.",
        "I hope you can tell me why.",
        "I wondered for years whether you knew.",
        "I am asking you to say who else was there.",
        "Do you know how long I did not sleep.",
        "I keep asking myself why.",
        "My questions are: who was there, and where is it.",
        "It would help me to know whether you were alone.",
        "I cannot understand why you took the ring.",
        "I can't stop thinking about why you took it.",
        "I want answers.",
        "Tell me the truth about that night.",
        "Did you see the photographs.",
    ],
)
def test_a_question_need_not_end_with_a_mark(sentence: str) -> None:
    text = f"Dear Robin,\n\nIt was cold. {sentence} It still is."
    assert [span.of(text) for span in questions(text)] == [sentence]


@pytest.mark.parametrize("sentence", [
    "I know what you did.", "I told you why I left.", "You want to know me.", "Ask me.", " \n  ",
    "What you did was wrong.", "You asked for it.", "I know the answer.",
    "How I got home I do not remember.",
    "We were asked to wait.", "I told them everything."])
def test_what_only_speaks_of_asking_is_no_question(sentence: str) -> None:
    assert not questions(sentence)


@pytest.mark.parametrize(("text", "at", "number"), [
    ("I did not know that you were at home. It was late.", 2, 1),
    ("It was late. I did not know you were at home.", 15, 1),
    ("I did not know you were at home. It was late.", 34, None),
    ("I was drunk, so I do not remember.", 2, None),
    ("I took the chain of your mother, and sold it.", 3, 2), ("", 0, None), ("I know.", 0, None)])
def test_a_sentence_in_the_words_of_a_question_takes_it_up(text: str,
                                                           at: int, number: int | None) -> None:
    asked = ["Did you know that we were at home?",
             "Did you sell my mother's chain, which you took?", "Why?"]
    assert taken_up(text, at, asked) == number


def test_questions_are_found_as_they_stand() -> None:
    assert [span.of(LETTER) for span in questions(LETTER)] == ["Why did you?", "Was it you?!"]
    assert [span.of("Oh. He said \"why?\" ?? Then")
            for span in questions("Oh. He said \"why?\" ?? Then")] == [
        'He said "why?"']


def test_a_greeting_is_read_with_the_first_part_and_a_signature_with_the_last() -> None:
    text = "Dear Hanna,\n\nOne.\n\nTwo.\n\nRobin"
    assert [part.of(text) for part in as_read(suggested(text))] == ["Dear Hanna,\n\nOne.",
                                                                    "Two.\n\nRobin"]
    for alone in ("Dear Hanna,", "Dear Hanna,\n\nRobin", "One."):
        assert [part.of(alone) for part in as_read(suggested(alone))] == [alone]
    assert as_read(()) == ()
