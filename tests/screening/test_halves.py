"""The corpus in halves: a text stays in its half, and nobody is shown one of the half `check`."""

import json
import re
from collections import Counter

import pytest

from benchmarks import evaluate, halves
from benchmarks.corpus import CORPUS, Half, Read, half, rows
from letters.screening import Category, Finding, Severity

LEAST = 25
WORDS = {
    "and", "any", "at", "by", "category", "caution", "check", "found", "finding", "findings",
    "harmed", "harmful", "harmless", "marked", "note", "on", "or", "own", "pieces", "plain",
    "precision", "prose", "recall", "responsible", "self", "pity", "serious", "set", "share",
    "texts", "total", "urgent", "weight", "with", "a", "above", "gutenberg", "letters",
} | {kind.value for kind in Category}
"""All that the command says of the half `check`."""
INVENTED = "zolquist"


@pytest.mark.parametrize(("text", "which"), [
    ("", "check"), ("Thank you.", "check"), ("You made me do it.", "check"), ("é", "tune"),
    ("I am sorry.", "check"),
])
def test_a_text_stays_in_its_half(text, which):
    assert half(text) == which


def test_each_half_has_enough_of_each_category():
    counts = Counter((row["category"], half(row["text"]), row["label"]) for row in rows(CORPUS))
    assert {kind for kind, _, _ in counts} == {*Category}
    assert len(counts) == len(Category) * 4 and min(counts.values()) >= LEAST, counts


def test_no_text_stands_in_both_halves_or_among_the_challenges():
    """Nor with other capitals or marks; the number alone is told, for it may be of `check`."""
    def plain(row):
        return " ".join(re.findall(r"\w+", row["text"].casefold()))
    texts = Counter(map(plain, rows(CORPUS)))
    challenges = {plain(row) for row in rows(CORPUS.with_name("challenges"))}
    assert (sum(count - 1 for count in texts.values()), len(challenges & {*texts})) == (0, 0)


def test_of_the_half_check_the_command_says_figures_alone(capsys):
    evaluate.main(["--check"])
    said = capsys.readouterr()
    assert {*re.findall(r"[^\W\d_]+", said.out.casefold())} <= WORDS and not said.err
    assert "total" in said.out


def placed(text, which):
    """The text with invented words after it, as many as bring it into this half."""
    while half(text) is not which:
        text += f" {INVENTED}"
    return text


@pytest.fixture
def miniature(tmp_path):
    """A corpus and a set of prose with a missed, a found and a falsely marked text in each half."""
    corpus, prose = tmp_path / "corpus", tmp_path / "sets" / "plain_prose"
    for folder in (corpus, prose):
        folder.mkdir(parents=True)
    told = [({"text": placed(f"{text} {INVENTED}{which}.", which), "label": label,
              "category": "threat", "writer": "responsible"})
            for which in Half for text, label in (("I am going to kill you.", True),
                                                  ("Mind the stairs.", True),
                                                  ("I will kill you.", False))]
    (corpus / "threat.jsonl").write_text("\n".join(map(json.dumps, told)))
    piece = {"label": "benign", "category": "novel"}
    (prose / "dev.jsonl").write_text("\n".join(
        json.dumps(piece | {"text": row["text"]}) for row in told))
    return ["--corpus", str(corpus), "--sets", str(tmp_path / "sets")]


def test_neither_prose_nor_a_file_of_figures_has_a_text_of_the_half_check(
        capsys, miniature, tmp_path):
    kept = tmp_path / "figures.json"
    evaluate.main(["--check", *miniature, "--json", str(kept)])
    said = capsys.readouterr()
    assert not [place for place in (said.out, said.err, kept.read_text())
                if re.search(f"{INVENTED}|stairs|kill", place)]
    by_name = list(json.loads(kept.read_text())["tables"].values())
    assert [by_name[0][0][head] for head in ("harmful", "found", "harmless", "marked")] == [
        2, 1, 1, 1]
    assert by_name[2] == [{"set": "plain_prose", "pieces": 3, "serious": 2, "share": 2 / 3,
                           "caution": 2, "caution share": 2 / 3}]


def test_texts_are_those_of_the_half_tune(capsys, miniature):
    evaluate.main(["--tune", "--texts", *miniature])
    said = capsys.readouterr().out
    assert f"{INVENTED}check" not in said
    assert re.search(rf"^missed: threat, .*Mind the stairs. {INVENTED}tune", said, re.MULTILINE)
    assert re.search(rf"^marked: threat, .*I will kill you. {INVENTED}tune", said, re.MULTILINE)
    assert re.search(r"^plain_prose: threat\..*kill you", said, re.MULTILINE)


@pytest.mark.parametrize("asked", [["--check", "--texts"], ["--texts"], ["--check", "--tune"]])
def test_texts_of_the_other_half_are_refused(capsys, asked):
    with pytest.raises(SystemExit) as refused:
        evaluate.main(asked)
    assert refused.value.code == 2 and not capsys.readouterr().out


def test_a_text_of_the_half_check_is_not_shown_by_whoever_calls():
    row = {"text": placed("Hello.", Half.CHECK), "label": True, "category": "threat",
           "writer": "responsible"}
    with pytest.raises(ValueError, match="tune alone"):
        list(halves.texts([Read(row, (), 0)], {}))


def said_of(label, *found):
    row = {"text": "Hello.", "label": label, "category": "threat", "writer": "responsible"}
    return Read(row, [Finding(Category(rule.partition(".")[0]), weight, 0, 1, "H", "", rule)
                      for rule, weight in found], 0)


def test_what_is_counted():
    read = [said_of(True, ("threat.a", Severity.URGENT)), said_of(True, ("blame.b", Severity.NOTE)),
            said_of(True, ("threat.c", Severity.NOTE)), said_of(True),
            said_of(False, ("blame.b", Severity.SERIOUS)),
            said_of(False, ("threat.c", Severity.CAUTION)), said_of(False)]
    line = halves.by_category(Half.TUNE, read).lines[0]
    assert line == ["threat", 4, 1, 3, 3, 1, 1, 1 / 2, 1 / 4]
    assert halves.by_weight(Half.TUNE, read).lines == [
        ["note", 2, 0, 1.0, 1, 0, 1.0], ["caution", 0, 1, 0.0, 0, 1, 0.0],
        ["serious", 0, 1, 0.0, 0, 0, None], ["urgent", 1, 0, 1.0, 1, 0, 1.0]]
    piece = Read({"text": "Hello."}, read[0].findings, 0)
    assert halves.by_rule(read, {"letters": [piece]}).lines == [
        ["blame.b", "serious", 0, 1, 1, 1, 1 / 2, 0, 0],
        ["threat.a", "urgent", 1, 0, 0, 0, 1.0, 1, 1],
        ["threat.c", "caution", 1, 0, 1, 1, 1 / 2, 0, 0]]
