#!/usr/bin/env bash
# What developers and operators do, one command each: ./run.sh demo | serve | rehearse | test | quick [WORD] | night | check |
# bench | evaluate [--check | --tune] [--sets FOLDER] | screenshots | docs | new-migration MESSAGE. Each makes the virtual environment and installs what it needs.
set -euo pipefail
cd "$(dirname "$0")"

unset PYTHONDONTWRITEBYTECODE  # what starts often, as tests do, need not be compiled each time
VENV=${VENV:-.venv}
PY=$VENV/bin/python
FLASK="$VENV/bin/flask --app wsgi"
LINE=100
RULES=E,F,I,UP,B,SIM,S,PTH,RUF
# S101 assert narrows types; S603/S607 run fixed commands; S105 no secret is meant by these words;
# S704 html.py makes its Markup of escaped runs; RUF001-003 letters of other scripts are our subject; RUF009/RUF012 the defaults are frozen values; SIM905 word lists read best as text.
EXCEPT=S101,S105,S603,S607,S704,RUF001,RUF002,RUF003,RUF009,RUF012,SIM905

demo() { install; exec $FLASK demo "$@"; }

serve() { install; $FLASK migrate; exec $FLASK serve "$@"; }

rehearse() { install; exec $FLASK rehearse "$@"; }

# All checks, all tests, and the coverage of the core by its own tests. With words, only these tests: ./run.sh test -k desk
test() {
    install test
    chromium_is_there
    [ $# -gt 0 ] || { check; core; set -- --ignore=tests/keys --ignore=tests/rules; }
    pytest "$@"
    cost
}

# In less than a minute: the checks and the core; with a WORD, the tests of that subject, without those in a browser.
quick() {
    install test
    check
    if [ $# = 0 ]; then core; else pytest -m "not browser and not slow" -k "$1"; fi
    cost
}

# All that the suite plays a little of: both databases, every attack, a thousand killed players. For hours.
night() {
    export LETTERS_TEST_DATABASES=all LETTERS_TEST_NIGHT=1
    test "$@"
}

pytest() { "$PY" -m pytest -n "${WORKERS:-2}" --dist loadgroup "$@"; }

# Small enough for one process: to start more would take longer.
core() { "$PY" -m pytest tests/keys tests/rules --cov --cov-config=setup.cfg --cov-report=term:skip-covered; }

# The seconds of processor time of this shell and all that it started; a PostgreSQL server is no child of it.
cost() {
    times > "$VENV/times"  # in a pipe it would be another shell's
    awk 'NR == 2 { print "Processor time of all: " $1 ", and " $2 " in the system." }' "$VENV/times"
}

check() {
    install test
    $VENV/bin/ruff check --line-length $LINE --select $RULES --ignore $EXCEPT keys letters wsgi.py
    $VENV/bin/ruff check --line-length $LINE --select E,F,I,UP,B,SIM tests benchmarks
    $VENV/bin/mypy
    $VENV/bin/lint-imports --config setup.cfg
    $VENV/bin/djlint templates --lint --profile=jinja --ignore=H006,H030,H031,H021,J004,J018 --quiet
}

bench() { install test; exec $PY -m benchmarks "$@"; }

# How well the screening finds what it looks for; packages to compare with are skipped where they do not install.
evaluate() {
    install
    case " $* " in
        *" --check "* | *" --tune "*) exec $PY -m benchmarks.evaluate "$@" ;;  # compares with nothing
    esac
    ./run.sh install evaluate || echo "Without the packages to compare with, which did not install." >&2
    exec $PY -m benchmarks.evaluate "$@"
}

docs() { install; exec $PY -m docs.made; }

screenshots() { install test; chromium_is_there; exec $PY -m docs.screenshots "$@"; }

new-migration() {
    install
    $PY -c 'import sys; from letters.storage.migrate import draft; draft(sys.argv[1])' "$1"
}

# Install what setup.cfg lists, if it has changed since the last time.
install() {
    [ -x "$PY" ] || python3 -m venv "$VENV"
    local stamp
    stamp=$VENV/.installed-${1:-run}-$(cksum < setup.cfg | tr ' ' -)
    [ -e "$stamp" ] && return
    echo "Installing what the program needs ..." >&2
    requirements "$@" | $PY -m pip install --quiet --disable-pip-version-check --requirement /dev/stdin
    touch "$stamp"
}

requirements() {
    "$PY" - "$@" <<'PYTHON'
import configparser, sys
listed = configparser.ConfigParser()
listed.read("setup.cfg", encoding="utf-8")
print(listed["options"]["install_requires"], *(listed["options.extras_require"][extra] for extra in sys.argv[1:]))
PYTHON
}

chromium_is_there() {
    command -v chromium > /dev/null && command -v chromium-headless-shell > /dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-headless-shell fonts-dejavu-core > /dev/null
    else
        echo "The browser tests need Chromium: install \"chromium\" and \"chromium-headless-shell\", and run this again." >&2
        exit 1
    fi
}

if [ $# = 0 ] || ! declare -F -- "$1" > /dev/null; then
    sed -n '2,3s/^# //p' "$0"
    exit 2
fi
"$@"
