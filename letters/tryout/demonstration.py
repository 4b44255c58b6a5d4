"""The demonstration as it is served: the product, and a way in that no other process has.

In front of the pages stands an application of its own, at ``/demonstration``: it shows the cast,
lets a newcomer be anybody in one click, moves time on, and leads through the tour. The product's
own application knows none of these addresses.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

from flask import Flask, abort, redirect, render_template, request
from flask_babel import Babel
from sqlalchemy import select
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from letters.app import create_app
from letters.config import ROOT, Config
from letters.rules.letter.lifecycle import State
from letters.storage.bell import Bell
from letters.storage.tables.letters import Letter
from letters.tryout import large, tour
from letters.tryout.demo import PASSWORD, DemoPerson, seed
from letters.tryout.large import Made, Size
from letters.tryout.large_year import SetClock
from letters.web import headers
from letters.web.access import anybody, start_session
from letters.worker import Worker
from letters.workflow.accounts import sign_in
from letters.workflow.platform import Platform

AT = "/demonstration"
SUPPORT = Path(__file__).with_name("support.yaml")
MOVES = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_FILE = "demonstration.json"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class MovableClock:
    """The present moment, and as much later as somebody has moved it on."""

    def __init__(self) -> None:
        self._later = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._later

    def move(self, by: timedelta) -> None:
        """Move time on. It never goes back."""
        self._later += by


def prepare(config: Config, size: Size | None = None) -> Made | None:
    """Make the fictional case in an empty installation, and keep whom one can be next to it.
    ``size``: make a service of a year around it. Returns how much of it was made."""
    if size is None:
        platform = create_app(config).extensions["platform"]()
        cast, made = seed(platform), None
    else:
        clock = SetClock(datetime.now(UTC) - large.YEAR)
        platform = create_app(replace(config, cost=large.COST), clock).extensions["platform"]()
        cast, made = large.seed(platform, clock, datetime.now(UTC), size)
    kept = {"cast": [person._asdict() for person in cast], "letter": str(_draft(platform, cast)),
            "large": size is not None}
    (config.home / _FILE).write_text(json.dumps(kept), encoding="utf-8")
    platform.store.engine.dispose()
    return made


def _draft(platform: Platform, cast: list[DemoPerson]) -> UUID:
    """The letter that the tour follows."""
    robin = next(person.id for person in cast if person.name == "robin")
    with platform.reading() as db:
        return db.scalars(select(Letter.id).where(Letter.author_id == UUID(robin),
                                                  Letter.state == State.DRAFT.value)).one()


def served(env: dict[str, str] | None = None) -> Wsgi:
    """The application that gunicorn serves. The worker runs in the same process, on one clock."""
    config, clock = Config.from_env(os.environ if env is None else env), MovableClock()
    if json.loads((config.home / _FILE).read_text(encoding="utf-8"))["large"]:
        config = replace(config, cost=large.COST)
    product = create_app(config, clock)
    opened = product.extensions["platform"]
    bell = Bell(opened().store, config.bell)
    Thread(target=Worker(opened, bell).run, daemon=True).start()
    return mounted(product, config.home, clock)


def mounted(product: Flask, home: Path, clock: MovableClock) -> Wsgi:
    """The product with the demonstration in front of it."""
    kept = json.loads((home / _FILE).read_text(encoding="utf-8"))
    cast = [DemoPerson(**person) for person in kept["cast"]]
    front = _front(product, cast, UUID(kept["letter"]), clock)
    product.context_processor(lambda: {"demonstration": _banner(cast)})
    return DispatcherMiddleware(product, {AT: front})


def _front(product: Flask, cast: list[DemoPerson], letter: UUID, clock: MovableClock) -> Flask:
    opened: Callable[[], Platform] = product.extensions["platform"]
    at = tour.places(opened(), letter)
    app = Flask("demonstration", root_path=str(ROOT), template_folder="templates",
                static_folder="static")
    Babel(app, default_locale=product.extensions["settings"].language)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    headers.register(app)
    names = {person.name for person in cast}

    @app.before_request
    def _from_here() -> None:
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") != (
                "same-origin"):
            abort(403)

    @app.get("/")
    def people() -> str:
        """The cast, the tour, the clock."""
        finished = tour.done(opened(), at)
        step = finished.index(False) if False in finished else len(finished)
        return render_template("tryout/demonstration.html", cast=cast, steps=tour.STEPS, now=step,
                               password=PASSWORD, finished=finished,
                               moment=opened().now().astimezone(opened().zone))

    @app.post("/be/<name>")
    def be(name: str) -> Response:
        """Be this person, on their first page or on the page of a step."""
        return _come_in(opened(), name if name in names else abort(404), "/")

    @app.post("/step/<int:number>")
    def step(number: int) -> Response:
        """Be the person of this step, on its page."""
        taken = tour.STEPS[number] if number < len(tour.STEPS) else abort(404)
        return _come_in(opened(), taken.person, tour.address(taken, at))

    @app.post("/later/<by>")
    def later(by: str) -> Response:
        """Let an hour or a day go by; whoever was signed in comes in again."""
        clock.move(MOVES.get(by) or abort(404))
        opened().nudge()
        name = request.form.get("name", "")
        return _come_in(opened(), name, "/") if name in names else redirect(f"{AT}/", 303)

    return app


def _come_in(platform: Platform, name: str, leads_to: str) -> Response:
    """Sign somebody in, past the second step: here its codes are on the page for everybody."""
    token = sign_in.sign_in(platform, name, PASSWORD)
    half = sign_in.halfway(platform, token)
    if half is not None:
        with platform.writing() as db:
            token = sign_in.go_on(platform, db, half.me)
    return start_session(redirect(leads_to, 303), token)


def _banner(cast: list[DemoPerson]) -> dict[str, object]:
    """What every page of the product says on top while it is a demonstration."""
    me = anybody()
    return {"at": AT, "password": PASSWORD,
            "who": next((one for one in cast if me and one.id == str(me.person)), None)}
