"""``flask --app wsgi keys …``: rotate, reseal, check, keep an offline copy.
Each can be stopped and run again."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from rich.console import Console
from rich.progress import Progress, TextColumn
from sqlalchemy import select

from keys import backup, keyfile
from keys.errors import CannotOpen, KeysError
from keys.keyfile import KeyFile
from letters.commands import platform, settings
from letters.storage.tables.letters import SealedRelease
from letters.storage.tables.team import SpareCaseKey
from letters.workflow.access import spare_keys
from letters.workflow.platform import Platform
from letters.workflow.upkeep import rekey
from letters.workflow.upkeep.rekey import Count, SealedColumn

LEAST_PASSPHRASE = 16

keys = AppGroup("keys", help="The key file: rotate, reseal, check, backup.")


@keys.command("rotate")
@with_appcontext
def rotate() -> None:
    """Put new release, contact and directory keys into the key file; the former ones still open."""
    present, path = platform().keys, settings().key_file
    if not present.can_release:
        raise click.ClickException("This key file has no private release key. Rotate where the "
                                   "worker runs.")
    if present.former.contact or present.former.directory:
        raise click.ClickException("The last rotation is not finished. Run: flask --app wsgi "
                                   "keys reseal")
    former = _former_copy(path)
    try:
        keyfile.write(former, present)
    except FileExistsError:
        if keyfile.read(former) != present:  # an interrupted rotation left a copy of the same keys
            raise click.ClickException(f"{former} is there already, with other keys. Put it "
                                       "elsewhere first.") from None
    keyfile.put_in_place(path, present.rotated(os.urandom))
    click.echo(f"{path} has new keys; the former are kept in {former}.\n"
               "If the web process runs apart, give it a new copy now: flask --app wsgi "
               "web-key-file NEW_PATH\n"
               "Then run: flask --app wsgi keys reseal")


@keys.command("reseal")
@click.option("--forget-anyway", is_flag=True,
              help="Forget the former keys although rows do not verify under any key.")
@with_appcontext
def reseal(forget_anyway: bool) -> None:
    """Seal and attest again, under the newest keys, what former keys sealed
    and attested; then forget those."""
    opened, path = platform(), settings().key_file
    if not opened.keys.can_release:
        raise click.ClickException("This key file has no private release key. Reseal where the "
                                   "worker runs.")
    if not (opened.keys.former.contact or opened.keys.former.directory):
        click.echo("Nothing to do: there are no former keys.")
        return
    _walk(opened, rekey.reseal, "sealing again")
    spare_keys.seal_again(opened)
    extended = rekey.extend_trails(opened)
    found = _walk(opened, rekey.check, "checking")
    _tell(found)
    if any(count.former for count in found.values()):
        raise click.ClickException("Rows were written under a former key meanwhile. Restart web "
                                   "and worker, then run "
                                   "this again. Nothing was forgotten.")
    if (broken := sum(count.neither for count in found.values())) and not forget_anyway:
        raise click.ClickException(f"{broken} rows do not verify under any key. Find out why "
                                   "before the former keys "
                                   "are forgotten. They still open.")
    keyfile.put_in_place(path, opened.keys.forgetting(rekey.release_keys_used(opened)))
    _former_copy(path).unlink(missing_ok=True)
    click.echo(f"{extended} trails were extended under the new key. The former keys are forgotten.")


@keys.command("check")
@with_appcontext
def check() -> None:
    """Verify every row that the key file can verify. Exits 1 if one fails."""
    opened = platform()
    found = _walk(opened, rekey.check, "checking")
    _tell(found)
    unknown = _unknown_release_keys(opened)
    if unknown:
        click.echo(f"{unknown} sealed releases name a release key that this file does not have: "
                   "their letters go back to the desk, to be sealed again.")
    broken = sum(count.neither for count in found.values())
    click.echo(f"{broken} rows do not verify under any key." if broken else "Every row verifies.")
    sys.exit(1 if broken or unknown else 0)


@keys.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--check", "checked", type=click.Path(path_type=Path, exists=True),
              help="Prove that a copy opens.")
@click.option("--restore", "restored", type=click.Path(path_type=Path, exists=True),
              help="Write the key file that is in a copy to FILE.")
@with_appcontext
def backup_command(file: Path | None, checked: Path | None, restored: Path | None) -> None:
    """Write an encrypted offline copy of the key file, as groups that can be printed;
    without FILE, to the terminal."""
    if checked is not None:
        _check_copy(checked)
    elif restored is not None:
        _restore_copy(restored, file or settings().key_file)
    else:
        _write_copy(file)


def _write_copy(file: Path | None) -> None:
    present = _present()
    passphrase: str = click.prompt("Passphrase for the copy", hide_input=True,
                                   confirmation_prompt=True, err=True)
    if len(passphrase) < LEAST_PASSPHRASE:
        raise click.ClickException(f"Choose a passphrase of at least {LEAST_PASSPHRASE} "
                                   "characters. Several words are "
                                   "easiest.")
    text = backup.seal_copy(present, passphrase, os.urandom, settings().cost)
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        keyfile.write_new(file, text)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already; it is not written over.") from None
    click.echo("Written. Keep it apart from the database's backups, and the passphrase apart "
               "from it. "
               f"Try it: flask --app wsgi keys backup --check {file}")


def _check_copy(copy: Path) -> None:
    opened = _opened_copy(copy)
    present = _present()
    if opened != present:
        raise click.ClickException("The copy opens, but holds other keys than the key file: it "
                                   "is older, or of another "
                                   "installation. Make a new one; keep this one as long as "
                                   "backups of its time.")
    click.echo("The copy opens, and holds what the key file holds.")


def _restore_copy(copy: Path, path: Path) -> None:
    opened = _opened_copy(copy)
    try:
        keyfile.write(path, opened)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already; it is not written over.") from None
    click.echo(f"The key file is in {path}.")


def _opened_copy(copy: Path) -> KeyFile:
    passphrase: str = click.prompt("Passphrase of the copy", hide_input=True, err=True)
    try:
        return backup.open_copy(copy.read_text("utf-8", "replace"), passphrase)
    except (CannotOpen, KeysError):
        raise click.ClickException("The copy does not open: another passphrase, or the copy is "
                                   "damaged.") from None


def _present() -> KeyFile:
    try:
        return keyfile.read(settings().key_file)
    except KeysError as problem:
        raise click.ClickException(str(problem)) from None


def _walk(opened: Platform, how: Callable[[Platform, SealedColumn], Iterable[Count]],
          doing: str) -> dict[str, Count]:
    """Process every kind of row, with a progress bar on a terminal."""
    found: dict[str, Count] = {}
    columns = (*Progress.get_default_columns()[:2], TextColumn("{task.fields[rows]} rows"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(doing, total=len(rekey.KEPT), rows=0)
        for done, kept in enumerate(rekey.KEPT):
            total = found[kept.name] = Count()
            for count in how(opened, kept):
                total.newest += count.newest
                total.former += count.former
                total.neither += count.neither
                progress.update(task, completed=done,
                                rows=sum(sum(vars(each).values()) for each in found.values()))
    return found


def _tell(found: dict[str, Count]) -> None:
    for name, count in found.items():
        if any(vars(count).values()):
            click.echo(f"{name}: {count.newest} under the newest key, {count.former} under a "
                       "former one, "
                       f"{count.neither} that do not verify")


def _unknown_release_keys(opened: Platform) -> int:
    known = {key.recipient.kid for key in opened.keys.release}
    with opened.reading() as db:
        kids: Iterator[bytes] = iter([*db.scalars(select(SealedRelease.release_kid)),
                                      *db.scalars(select(SpareCaseKey.release_kid))])
        return sum(kid not in known for kid in kids)


def _former_copy(path: Path) -> Path:
    return path.with_name(f"{path.name}.former")
