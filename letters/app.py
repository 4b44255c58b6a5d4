"""The composition root: the only place that wires things together."""

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Lock

from alembic.util import CommandError
from flask import Flask, Request
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from keys import keyfile
from keys.box import Random
from keys.errors import CannotOpen, KeysError
from keys.keyfile import KeyFile
from keys.passphrase import Stretcher
from keys.vouching import attest
from letters import service_files, web
from letters.config import ROOT, Config
from letters.mail_server import SmtpPost
from letters.rules.errors import CannotStart
from letters.rules.support import Support
from letters.storage.bell import Bell
from letters.storage.migrate import is_current, is_empty, migrate
from letters.storage.state_file import StateFile
from letters.storage.store import Store
from letters.storage.tables.letters import Installation
from letters.workflow.platform import Platform
from letters.workflow.upkeep import restore

log = logging.getLogger("letters")

MAX_REQUEST = 8 * 1024 * 1024
"""The largest request, in bytes: a letter of 200,000 characters fits in
every script, percent-encoded."""


class MemoryRequest(Request):
    """A request whose parts stay in memory: no page takes files, and
    nothing that is sent touches a disk."""

    def _get_file_stream(self, *_: object, **__: object) -> BytesIO:
        return BytesIO()


class LazyPlatform:
    """The platform of an application, opened on first use. A replaced key file is read again, so
    that a rotation reaches the running processes."""

    def __init__(self, opener: Callable[[], Platform], key_file: Path) -> None:
        self._opener, self._key_file, self._lock = opener, key_file, Lock()
        self._serves_pages = False
        self._platform: Platform | None = None
        self._read: tuple[int, int] | None = None

    def __call__(self) -> Platform:
        """The platform. Raises ``CannotStart`` if it cannot be opened."""
        with self._lock:
            if self._platform is None:
                self._platform, self._read = self._opened(), self._written()
            elif (written := self._written()) not in (None, self._read):
                self._platform, self._read = (replace(self._platform,
                                                     keys=self._new_keys(self._platform.keys)),
                                              written)
            return self._platform

    def serve_pages(self) -> None:
        """Keep no private half of a release key from now on: only the worker opens sealed
        releases, so a process that serves pages cannot take a letter's outer seal off."""
        with self._lock:
            self._serves_pages = True
            if self._platform is not None:
                self._platform = replace(self._platform, keys=self._platform.keys.for_web())

    def _opened(self) -> Platform:
        opened = self._opener()
        return replace(opened, keys=opened.keys.for_web()) if self._serves_pages else opened

    def _written(self) -> tuple[int, int] | None:
        try:
            found = self._key_file.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _new_keys(self, present: KeyFile) -> KeyFile:
        """The present contents of the key file; the former keys if the new ones cannot be used."""
        try:
            keys = keyfile.read(self._key_file)
        except KeysError as problem:
            log.error("the key file was changed and is not used: %s", type(problem).__name__)
            return present
        if (keys.installation, keys.pepper) != (present.installation, present.pepper):
            return present
        return keys.for_web() if self._serves_pages else keys


def create_app(config: Config, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
               random: Random = os.urandom) -> Flask:
    """The application with its pages; time and randomness are passed in."""
    app = Flask("letters", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.request_class = MemoryRequest
    doors = LazyPlatform(lambda: open_platform(config, clock, random), config.key_file)
    app.config.update(MAX_CONTENT_LENGTH=MAX_REQUEST, MAX_FORM_MEMORY_SIZE=MAX_REQUEST)
    app.extensions.update(platform=doors, settings=config,
                          prompts=service_files.prompts(config.prompts_file),
                          support=_support(config.support_file))
    if config.eager:
        doors()
    web.register(app, doors, config)
    return app


def _support(path: Path) -> Support:
    """The service's helplines. The log says so if some who take part would find none."""
    support = service_files.support(path)
    if support.without_number:
        log.warning("SUPPORT names no helpline for the person harmed or for the person who harmed: "
                    "pages name none to them. The guide for operators says how to set some.")
    return support


def open_platform(config: Config, clock: Callable[[], datetime], random: Random) -> Platform:
    """Open the database and the key file; create both on the very first start.
    Raises ``CannotStart`` with the reason."""
    try:
        store = _store(config)
        empty = is_empty(store)
        if empty and not config.key_file.exists():
            with suppress(FileExistsError):  # another process was first
                keyfile.write(config.key_file, keyfile.make_keys(random))
        keys = keyfile.read(config.key_file)
    except KeysError as problem:
        raise CannotStart(str(problem)) from None
    except (DBAPIError, OSError) as problem:
        raise CannotStart(f"The database cannot be reached ({type(problem).__name__}).") from None
    if empty:
        migrate(store)
    if not is_current(store):
        raise CannotStart("The database is of another version of this program. Run: flask --app "
                          "wsgi migrate")
    platform = Platform(store, keys, Stretcher(keys.pepper, config.cost), clock, random,
                        Bell(store, config.bell).ring,
                        StateFile(config.state, keys.state),
                        service_files.framework(config.framework_file),
                        config.zone, config.country, timedelta(hours=config.emergency_delay_hours),
                        config.emergency_tells_person_harmed, config.service_name,
                        notice_delay=timedelta(hours=config.notice_delay_hours),
                        post=SmtpPost(config.post) if config.post else None,
                        other_countries=config.other_countries)
    _match(platform)
    return platform


def upgrade(config: Config) -> None:
    """Bring an existing database to this program's version. A new one is created
    when the platform is first opened."""
    try:
        store = _store(config)
        if not is_empty(store):
            migrate(store)
    except CommandError:
        raise CannotStart("The database is of a newer version of this program.") from None
    except (DBAPIError, OSError) as problem:
        raise CannotStart(f"The database cannot be reached ({type(problem).__name__}).") from None


def _store(config: Config) -> Store:
    # everything this process makes, databases, queues and their logs, is for its owner alone
    os.umask(0o077)
    if config.database_folder is not None:
        _make_private(config.database_folder)
    return Store(config.database_url)


def _match(platform: Platform) -> None:
    """Check that database and key file belong together, and begin the
    state file if there never was one."""
    keys = platform.keys
    with platform.writing() as db:
        row = db.scalars(select(Installation).with_for_update()).first()
        if row is None:
            row = Installation(id=keys.installation, audit_number=0, audit_head=b"", audit_key=b"",
                               generation=0,
                               mac=attest(keys.directory, "installation",
                                          installation=keys.installation))
            db.add(row)
        try:
            keys.require(row.mac, "installation", installation=row.id)
        except CannotOpen:
            raise CannotStart(
                "The key file belongs to another installation than the database."
            ) from None
        if row.generation == 0:
            try:
                platform.state_file.begin(row.id, 1)
            except OSError:
                raise CannotStart("The state file cannot be made.") from None
            restore.attest_generation(platform, row, 1)


def _make_private(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
