"""Backup and restore: the same site comes back, and what is not a whole backup changes nothing."""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from indicators import keeping
from indicators.models import Evidence
from monitoring.backup import archive, making, programs, state
from monitoring.backup.archive import DUMP, MANIFEST, Manifest, Writer
from monitoring.backup.programs import BackupError
from programs.models import User
from tests.builders import assign, make_user
from tests.indicators.stage import sql
from tests.monitoring.reading import Scene, make_scene

Damage = Callable[[bytes], bytes]
transaction = pytest.mark.django_db(transaction=True)  # pg_dump sees only what is committed
FORGERY = re.compile(r'(?<=csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+')


@pytest.fixture
def evidence(settings: Settings, tmp_path: Path) -> Path:
    """The folder of the evidence files, which is not there yet."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The name of a new database, gone afterwards."""
    name = f"{connection.settings_dict['NAME']}_restored"
    sql(f"DROP DATABASE IF EXISTS {name}")
    sql(f"CREATE DATABASE {name}")
    yield name
    sql(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Inside, the site is on another database."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def backup(path: Path) -> str:
    out = io.StringIO()
    call_command("backup", str(path), stdout=out)
    return out.getvalue()


def restore(path: Path) -> str:
    out = io.StringIO()
    call_command("restore", str(path), stdout=out)
    return out.getvalue()


def write(path: Path, parts: dict[str, bytes], **said: Any) -> Path:
    """A backup of these parts whose hashes are right."""
    manifest: dict[str, Any] = {
        "made_at": "2026-10-01T12:00:00+00:00", "server": 15, "migrations": [], "heads": [], "lost": [],
    }  # fmt: skip
    with path.open("wb") as file:
        writer = Writer(file)
        for number, (name, content) in enumerate(parts.items()):
            source = path.with_name(f"part-{number}")
            source.write_bytes(content)
            writer.add(name, source)
            source.unlink()
        writer.finish(Manifest(**manifest | said))
    return path


def sealed(content: bytes) -> bytes:
    """A changed tar with the end that would be right for it."""
    tar = content[: -archive.END_LENGTH]
    return tar + b"\nrendir-backup sha256 %s\n" % sha256(tar).hexdigest().encode()


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def pages(scene: Scene, viewer: str) -> list[str]:
    """What a person sees on the pages that show figures, apart from the marks against forged forms."""
    client = Client()
    client.force_login(User.objects.get(username=viewer))
    code = scene.program.code
    addresses = [
        reverse("portfolio"),
        reverse("program", args=[code]),
        reverse("indicator", args=[code, scene.indicator.code]),
        reverse("performance", args=[code]),
    ]
    answers = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200] * len(addresses)
    return [FORGERY.sub("", answer.content.decode()) for answer in answers]


def scene_to_keep() -> tuple[Scene, str]:
    """A program with figures approved, corrected and planned, and somebody who may see them."""
    scene = make_scene()
    scene.correct(scene.north, "14")
    viewer = make_user()
    assign(viewer, scene.program, "viewer")
    return scene, viewer.username


def file_as_evidence(scene: Scene, content: bytes) -> str:
    """Where a text file lies that a person handed in."""
    stored = keeping.put(content)
    Evidence.objects.create(
        program=scene.program,
        kind=Evidence.Kind.FILE,
        text="register.txt",
        sha256=sha256(content).hexdigest(),
        stored=stored,
        size=len(content),
        content_type="text/plain",
        created_by=scene.reporter,
    )
    return stored


# What comes back -----------------------------------------------------------------------------------------


@transaction
def test_the_same_site_comes_back(tmp_path: Path, evidence: Path, empty_database: str) -> None:
    scene, viewer = scene_to_keep()
    stored = file_as_evidence(scene, b"Register of officers")
    (evidence / "ab").mkdir(exist_ok=True)
    (evidence / "ab" / "orphan").write_bytes(b"no row names it")
    before, heads = pages(scene, viewer), state.heads()

    said = backup(tmp_path / "site.backup")

    assert heads[0] in said
    assert (tmp_path / "site.backup").stat().st_mode & 0o777 == 0o600
    assert sorted(it.name for it in tmp_path.iterdir()) == ["evidence", "site.backup"]
    evidence.rename(tmp_path / "old")
    with connected_to(empty_database):
        said = restore(tmp_path / "site.backup")
        assert heads[0] in said
        assert "The ledger fits: 1 programs, 4 entries" in said
        for now, then in zip(pages(scene, viewer), before, strict=True):
            assert now.splitlines() == then.splitlines()
        assert state.heads() == heads
    assert [str(it.relative_to(evidence)) for it in evidence.rglob("*") if it.is_file()] == [stored]
    assert (evidence / stored).read_bytes() == b"Register of officers"
    assert (evidence / stored).stat().st_mode & 0o777 == 0o600


@transaction
def test_the_restored_ledger_still_refuses_changes(
    tmp_path: Path, evidence: Path, empty_database: str
) -> None:
    make_scene()
    backup(tmp_path / "site.backup")

    with connected_to(empty_database):
        restore(tmp_path / "site.backup")
        with pytest.raises(Exception, match="only ever added to"):
            sql("UPDATE indicators_entry SET value = 1")


@transaction
def test_it_is_of_one_moment_while_people_go_on(
    tmp_path: Path, evidence: Path, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make_scene()
    heads = state.heads()

    def approve() -> None:
        scene.correct(scene.north, "14")
        connection.close()

    def dump(*arguments: Any) -> str:
        with ThreadPoolExecutor(1) as colleague:
            colleague.submit(approve).result()
        return programs.run(*arguments)

    monkeypatch.setattr(making, "run", dump)

    backup(tmp_path / "site.backup")

    assert state.heads() != heads
    with connected_to(empty_database):
        restore(tmp_path / "site.backup")
        assert state.heads() == heads


@transaction
def test_a_ledger_that_was_tampered_with_is_named(
    tmp_path: Path, evidence: Path, empty_database: str
) -> None:
    make_scene()
    sql("ALTER TABLE indicators_entry DISABLE TRIGGER entry_no_change")
    try:
        sql("UPDATE indicators_entry SET value = 77 WHERE number = 2")
    finally:
        sql("ALTER TABLE indicators_entry ENABLE TRIGGER entry_no_change")
    backup(tmp_path / "site.backup")

    with connected_to(empty_database), pytest.raises(CommandError, match="READ: entry 2 does not fit"):
        restore(tmp_path / "site.backup")


@transaction
def test_evidence_that_is_lost_is_said_and_the_rest_is_kept(
    tmp_path: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.mkdir()
    (evidence / "changed").write_bytes(b"not what it was")
    files = [(name, sha256(b"what it was").hexdigest()) for name in ("changed", "gone")]
    monkeypatch.setattr(state, "evidence_files", lambda: files)

    with pytest.raises(CommandError, match="not what its digest says: changed, gone"):
        backup(tmp_path / "site.backup")

    assert [part.name for part in archive.check(tmp_path / "site.backup").parts] == [DUMP]


@transaction
def test_a_backup_is_never_written_over(tmp_path: Path, evidence: Path) -> None:
    (tmp_path / "kept").write_text("older")

    with pytest.raises(CommandError, match="is there already"):
        backup(tmp_path / "kept")
    with pytest.raises(CommandError, match=r"The folder .* is not there"):
        backup(tmp_path / "no" / "folder")

    assert (tmp_path / "kept").read_text() == "older"


@transaction
def test_a_failed_dump_leaves_nothing(
    tmp_path: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "program_for", lambda *_: Path("/bin/false"))

    with pytest.raises(CommandError, match="false failed"):
        backup(tmp_path / "site.backup")

    assert not list(tmp_path.iterdir())


@transaction
def test_a_database_without_the_tables_is_not_backed_up(
    tmp_path: Path, evidence: Path, empty_database: str
) -> None:
    with connected_to(empty_database), pytest.raises(CommandError, match="no Rendir in this database"):
        backup(tmp_path / "site.backup")


# What is refused, before anything is touched ---------------------------------------------------------------


def test_one_flipped_bit_anywhere_is_found(tmp_path: Path) -> None:
    content = write(tmp_path / "small", {DUMP: b"PGDMP", "evidence/ab/cd": b"%PDF"}).read_bytes()
    assert len(archive.check_file(io.BytesIO(content)).parts) == 2

    for at in range(len(content)):
        with pytest.raises(BackupError):
            archive.check_file(io.BytesIO(flipped(content, at)))


def test_a_file_that_was_cut_anywhere_is_found(tmp_path: Path) -> None:
    content = write(tmp_path / "small", {DUMP: b"PGDMP"}).read_bytes()

    for length in range(len(content)):
        with pytest.raises(BackupError):
            archive.check_file(io.BytesIO(content[:length]))
    with pytest.raises(BackupError):
        archive.check_file(io.BytesIO(content + b"\n"))


def test_a_part_that_is_not_what_the_manifest_says_is_found(tmp_path: Path) -> None:
    content = write(tmp_path / "small", {DUMP: b"PGDMP", "evidence/ab": b"%PDF"}).read_bytes()

    for at in (content.index(b"PGDMP"), content.index(b"%PDF")):
        with pytest.raises(BackupError, match="not those that its manifest names"):
            archive.check_file(io.BytesIO(sealed(flipped(content, at))))


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "evidence/../../evil",
        "/evil",
        "evidence//evil",
        "evidence/.restore-x",
        "evidence/a/",
        "other",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path / "small", {DUMP: b"PGDMP", name: b"evil"})

    with pytest.raises(BackupError, match="has no place in it"):
        archive.check(tmp_path / "small")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    odd = tarfile.TarInfo("evidence/ab")
    odd.type, odd.linkname = kind, "/etc/passwd"
    with (tmp_path / "small").open("wb") as file:
        writer = Writer(file)
        writer._tar.addfile(odd)
        writer.finish(Manifest("", 15, [], [], []))

    with pytest.raises(BackupError, match="is no file"):
        archive.check(tmp_path / "small")


@pytest.mark.parametrize(
    "text", [b"[]", b"{", b'{"format": "rendir-backup 2"}', b'{"format": "rendir-backup 1"}']
)
def test_a_manifest_that_says_something_else_is_refused(tmp_path: Path, text: bytes) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w|") as tar:
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))

    with pytest.raises(BackupError):
        archive.check_file(io.BytesIO(sealed(out.getvalue() + bytes(archive.END_LENGTH))))


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "small", {DUMP: b"PGDMP"})
    manifest = archive.check(path)
    write(path, {DUMP: b"other"})
    (tmp_path / "out").mkdir()

    with pytest.raises(BackupError, match="was changed while it was read"):
        archive.extract(path, manifest, tmp_path / "out")


@transaction
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda content: flipped(content, 700), "damaged"),
        (lambda content: content[: len(content) // 2], "not a whole backup"),
        (lambda content: b"", "not a whole backup"),
        (lambda content: b"-- PostgreSQL database dump\n" * 99, "not a whole backup"),
        (lambda content: content, "pg_restore failed"),  # whole, but its dump is none
    ],
)
def test_a_bad_file_changes_nothing(
    tmp_path: Path, evidence: Path, empty_database: str, damage: Damage, said: str
) -> None:
    path = write(tmp_path / "bad", {DUMP: b"no dump", "evidence/ab": b"%PDF"})
    path.write_bytes(damage(path.read_bytes()))

    with connected_to(empty_database):
        with pytest.raises(CommandError, match=said):
            restore(path)
        assert state.is_empty()
    assert not evidence.exists() or not list(evidence.iterdir())


@transaction
def test_a_dump_that_breaks_off_is_taken_back_whole(
    tmp_path: Path, evidence: Path, empty_database: str
) -> None:
    make_scene()
    backup(tmp_path / "whole")
    with tarfile.open(tmp_path / "whole") as tar:
        content = tar.extractfile(DUMP)
        assert content is not None
        dump = content.read()
    write(tmp_path / "cut", {DUMP: dump[:-200], "evidence/ab": b"%PDF"})

    with connected_to(empty_database):
        with pytest.raises(CommandError, match=r"pg_restore failed.*end of file"):
            restore(tmp_path / "cut")
        assert state.is_empty()
    assert not list(evidence.iterdir())


@transaction
def test_a_database_with_anything_in_it_is_left_alone(
    tmp_path: Path, evidence: Path, empty_database: str
) -> None:
    path = write(tmp_path / "small", {DUMP: b"PGDMP"})
    with pytest.raises(CommandError, match="is not empty"):
        restore(path)

    for thing in ("TABLE thing (n int)", "FUNCTION thing() RETURNS int LANGUAGE sql AS 'SELECT 1'"):
        with connected_to(empty_database):
            assert state.is_empty()
            sql(f"CREATE {thing}")
            with pytest.raises(CommandError, match="is not empty"):
                restore(path)
            sql(f"DROP {thing.partition('(')[0]}")


@transaction
def test_a_backup_of_something_newer_is_refused(tmp_path: Path, evidence: Path, empty_database: str) -> None:
    newer = write(
        tmp_path / "newer", {DUMP: b"PGDMP"}, migrations=["indicators.9999_newer", "gone.0001_initial"]
    )
    newest = write(tmp_path / "newest", {DUMP: b"PGDMP"}, server=99)

    with connected_to(empty_database):
        with pytest.raises(CommandError, match=r"newer version of Rendir \(indicators.9999_newer\)"):
            restore(newer)
        with pytest.raises(CommandError, match="of PostgreSQL 99; the server here is older"):
            restore(newest)


@transaction
def test_a_backup_of_something_older_is_to_be_migrated(
    tmp_path: Path, evidence: Path, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_scene()
    older = state.migrations()[:-1]
    monkeypatch.setattr(state, "migrations", lambda: older)
    backup(tmp_path / "site.backup")

    with connected_to(empty_database):
        assert "then `manage.py verify_ledger`" in restore(tmp_path / "site.backup")


@transaction
def test_a_ledger_that_ends_elsewhere_is_named(
    tmp_path: Path, evidence: Path, empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_scene()
    with monkeypatch.context() as patch:
        patch.setattr(state, "heads", lambda: [f"READ/99/{'ab' * 32}"])
        backup(tmp_path / "site.backup")

    with connected_to(empty_database), pytest.raises(CommandError, match="does not end as the backup says"):
        restore(tmp_path / "site.backup")


@transaction
def test_another_file_in_the_place_of_evidence_stops_it(
    tmp_path: Path, evidence: Path, empty_database: str
) -> None:
    path = write(tmp_path / "small", {DUMP: b"PGDMP", "evidence/ab": b"%PDF"})
    evidence.mkdir()
    (evidence / "ab").write_bytes(b"another")

    with connected_to(empty_database), pytest.raises(CommandError, match="is another file"):
        restore(path)
    assert (evidence / "ab").read_bytes() == b"another"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="No such file"):
        archive.check(tmp_path / "none")


# PostgreSQL's programs -------------------------------------------------------------------------------------


def stub(folder: Path, version: str) -> Path:
    """A program that says its version."""
    folder.mkdir()
    program = folder / "pg_dump"
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(("server", "chosen"), [(15, "15.9"), (16, "17.2"), (17, "17.2")])
def test_the_program_fits_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: int, chosen: str
) -> None:
    found = [stub(tmp_path / version, version) for version in ("14.1", "17.2", "15.9")]
    monkeypatch.setattr(programs, "_candidates", lambda _: iter(found))

    assert programs.program_for("pg_dump", server).parent.name == chosen


def test_programs_that_are_missing_or_older_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Path] = []
    monkeypatch.setattr(programs, "_candidates", lambda _: iter(found))
    with pytest.raises(BackupError, match="No pg_dump of version 16 or newer is here, and"):
        programs.program_for("pg_dump", 16)

    found += [stub(tmp_path / "15.9", "15.9"), tmp_path / "none" / "pg_dump"]
    with pytest.raises(BackupError, match=r"is here \(found: 15\), .* postgresql-client-16"):
        programs.program_for("pg_dump", 16)


@pytest.mark.django_db
def test_a_password_is_never_on_a_command_line() -> None:
    told = programs.target()

    assert told.environment["PGDATABASE"] == connection.settings_dict["NAME"] == told.name
    assert told.environment.get("PGPASSWORD", "") == (connection.settings_dict.get("PASSWORD") or "")
