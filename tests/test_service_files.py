"""A service's framework from its file: the default is whole, and a wrong one says where."""

from pathlib import Path

import pytest

from letters import service_files
from letters.app import create_app
from letters.config import Config
from letters.rules.errors import CannotStart
from letters.rules.roles import Role

DEFAULT = service_files.FRAMEWORK.read_text(encoding="utf-8")


def written(tmp_path: Path, words: str | bytes) -> Path:
    path = tmp_path / "framework.yaml"
    path.write_bytes(words if isinstance(words, bytes) else words.encode())
    return path


def test_rule_10_the_default_looks_at_every_dimension() -> None:
    made = service_files.framework()
    assert {one.id for one in made.assessment.dimensions} == {
        "motivation", "mental-health", "substance-use", "learning-needs", "power",
        "coercive-control", "stigma",
        "relationship", "expectations"}
    assert made.conviction_needed and made.retention.months == 12


@pytest.mark.parametrize("role", [Role.HARMED, Role.RESPONSIBLE])
def test_rule_02_the_default_asks_for_each_purpose_by_itself(role: Role) -> None:
    asked = {
        purpose.id: purpose.required for purpose in service_files.framework().purposes(role)
        if purpose.id != "no-gain"
    }
    assert asked == {"part": True, "read": True, "kept": True, "notices": False,
                     "statistics": False}


@pytest.mark.parametrize(("change", "says"), [
    (("renew_months: 12", "renew_months: 0"), "`$.consents[0]`"),
    (("lasts_days: 90", "lasts_days: long"),
     "`$.assessment.lasts_days`"),
    (("required: false", "requird: false"), "`$.consents[5].requird`"),
    (("\n  months: 12", "\n  monts: 12"), "`$.retention.monts`"),
    (("roles: [harmed, responsible]", "roles: [offender]"), "`$.consents[0].roles[0]`"),
    (("  - id: read\n", "  - id: reading\n"), "'read'"),
    (("conviction_needed: true", "conviction_needed: maybe"),
     "`$.conviction_needed`"),
    (("name: Restorative letters", "name: [Restorative"), "line"),
    (("hours: 72", "hours: 73"), "rule 26"),
    (("name: Restorative letters", "name: {1: 2}"), "`$.name`")])
def test_a_wrong_framework_says_where(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    wrong = DEFAULT.replace(*change, 1)
    assert wrong != DEFAULT
    with pytest.raises(CannotStart) as reason:
        service_files.framework(written(tmp_path, wrong))
    assert str(reason.value).startswith("FRAMEWORK ") and says in str(reason.value)
    assert "\n" not in str(reason.value)


@pytest.mark.parametrize("words", ["", "- a", "a: &a [*a]", "[" * 3000,
                                   "!!python/object:os.system {}", b"\xff", "\0"])
def test_what_is_no_framework_is_refused(tmp_path: Path, words: str | bytes) -> None:
    with pytest.raises(CannotStart, match="FRAMEWORK"):
        service_files.framework(written(tmp_path, words))


@pytest.mark.parametrize("place", ["missing.yaml", "."])
def test_a_framework_that_cannot_be_read_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(CannotStart, match="cannot be read"):
        service_files.framework(tmp_path / place)


def test_a_service_brings_its_own(tmp_path: Path) -> None:
    own = written(tmp_path,
                  DEFAULT.replace("name: Restorative letters", "name: Words after harm", 1))
    app = create_app(Config.from_env({"LETTERS_HOME": str(tmp_path / "home"), "FRAMEWORK": str(own),
                                      "TIME_ZONE": "Pacific/Auckland"}))
    platform = app.extensions["platform"]()
    assert (platform.framework.name, platform.zone.key) == ("Words after harm", "Pacific/Auckland")
    platform.store.engine.dispose()


def test_it_does_not_start_with_a_wrong_one(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="FRAMEWORK"):
        create_app(Config.from_env({"LETTERS_HOME": str(tmp_path / "home"),
                                    "FRAMEWORK": str(written(tmp_path, "name: Ours"))}))


@pytest.mark.parametrize("zone",
                         ["Europe", "Nowhere/Town", "../London", "/etc/localtime", "x" * 5000])
def test_a_time_zone_that_is_none_is_refused(tmp_path: Path, zone: str) -> None:
    with pytest.raises(CannotStart, match="TIME_ZONE"):
        Config.from_env({"LETTERS_HOME": str(tmp_path), "TIME_ZONE": zone})


def test_the_time_zone_is_londons_if_none_is_named(tmp_path: Path) -> None:
    for env in ({}, {"TIME_ZONE": ""}):
        assert Config.from_env({"LETTERS_HOME": str(tmp_path), **env}).zone.key == "Europe/London"


LINE = "helplines: [{name: Finch, number: '0800 000 003', whom: all, hours: at night}]"


def test_the_default_names_no_helpline() -> None:
    assert service_files.support().helplines == ()


@pytest.mark.parametrize(("change", "says"), [
    (("'0800 000 003'", "8000003"), "`$.helplines[0].number`"),
    (("'0800 000 003'", "ask us"), "a number is digits"),
    (("whom: all", "whom: victims"), "`$.helplines[0].whom`"),
    (("hours: at night", "hours: ''"), "has hours"),
    (("hours: at night", "hours: at night, tongue: Welsh"), "`$.helplines[0].tongue`"),
    (("helplines", "lines"), "helplines")])
def test_a_wrong_list_of_helplines_says_where(tmp_path: Path, change: tuple[str, str],
                                              says: str) -> None:
    with pytest.raises(CannotStart) as reason:
        service_files.support(written(tmp_path, LINE.replace(*change, 1)))
    assert str(reason.value).startswith("SUPPORT ") and says in str(reason.value)


def test_a_service_brings_its_own_helplines(tmp_path: Path) -> None:
    config = Config.from_env({"LETTERS_HOME": str(tmp_path),
                              "SUPPORT": str(written(tmp_path, LINE))})
    assert [one.name for one in service_files.support(config.support_file).helplines] == ["Finch"]
