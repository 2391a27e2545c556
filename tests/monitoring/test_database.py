"""The embedded PostgreSQL: where it lives, and that it comes back after whatever was done to it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.db import connection as django_connection

from monitoring.database import __main__ as by_hand
from monitoring.database import cluster, place, server
from monitoring.database.base import DatabaseWrapper
from monitoring.database.place import NoPlaceError
from monitoring.database.server import Server, ServerError

LONG = "a-folder-name-of-thirty-letters/" * 5
MakeServer = Callable[[str], Server]


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder that the server's user may enter, which pytest's own, closed to others, is not for root."""
    folder = Path(tempfile.mkdtemp(prefix="rendir-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make_server(root: Path) -> Iterator[MakeServer]:
    """Makes servers below the folder, which are stopped afterwards."""
    made: list[Server] = []

    def make(below: str) -> Server:
        made.append(server.here(root / below))
        return made[-1]

    yield make
    for one in made:
        one.stop()
        folder = place.socket_folder(one.data)
        if folder != one.data:
            shutil.rmtree(folder, ignore_errors=True)


def value_of(host: str, *statements: str) -> object:
    """The one value that the last statement gives."""
    with psycopg.connect(host=host, user="rendir", dbname="rendir") as connection:
        (row,) = [connection.execute(one.encode()) for one in statements][-1].fetchall()
    return row[0]


def postmaster(one: Server) -> int:
    return int((one.data / "postmaster.pid").read_text().split()[0])


# Where it lives ------------------------------------------------------------------------------------------


def test_a_short_path_holds_its_own_socket() -> None:
    assert place.socket_folder(Path("/srv/data")) == Path("/srv/data")


def test_a_long_path_has_its_socket_in_a_short_folder_of_its_own() -> None:
    folders = {place.socket_folder(Path("/srv") / LONG / name) for name in ("a", "b")}

    assert len(folders) == 2
    assert all(len(str(folder / ".s.PGSQL.5432")) <= place.LONGEST_SOCKET for folder in folders)


def test_a_long_temporary_folder_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "is_root", lambda: False)
    monkeypatch.setattr(tempfile, "tempdir", f"/srv/{LONG}")

    assert place.socket_folder(Path("/srv") / LONG).parent == Path("/tmp")  # noqa: S108 - compared


def test_root_leaves_a_private_home_closed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "is_root", lambda: True)
    monkeypatch.setattr(place, "SYSTEM_DATA", root / "system")
    home = root / "home"
    home.mkdir(mode=0o700)

    found = place.data_home(home / "rendir" / ".data")

    assert found.parent == root / "system"
    assert place.open_to_others(found)
    assert home.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("is_root", [True, False])
def test_data_stays_where_it_was_wanted(root: Path, monkeypatch: pytest.MonkeyPatch, is_root: bool) -> None:
    monkeypatch.setattr(place, "is_root", lambda: is_root)

    assert place.data_home(root / "rendir" / ".data") == root / "rendir" / ".data"


def test_moved_data_is_named_aloud(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(server, "data_home", lambda _: root)

    server.here(root / "private")

    assert f"its data is in {root}" in capsys.readouterr().err


def test_programs_are_copied_out_of_a_private_home(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = root / "private"
    bundled = place.bundled_programs()
    for folder in (bundled, *place._libraries(bundled)):
        shutil.copytree(folder, private / folder.relative_to(bundled.parent.parent), symlinks=True)
    private.chmod(0o700)
    monkeypatch.setattr(place, "bundled_programs", lambda: private / bundled.parent.name / bundled.name)

    copy = place.reachable_programs(root)

    assert copy == place.reachable_programs(root)
    assert private not in copy.parents
    assert place.open_to_others(copy / "bin" / "postgres")
    ran = subprocess.run([copy / "bin" / "initdb", "--version"], capture_output=True, text=True, check=False)
    assert "PostgreSQL" in ran.stdout, ran.stderr


def test_a_missing_wheel_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "WHEEL", "no-such-wheel")

    with pytest.raises(NoPlaceError, match="no-such-wheel is not installed"):
        place.bundled_programs()


def test_the_server_runs_as_the_owner_of_its_data(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = psutil.Process().username()
    monkeypatch.setattr(place, "SYSTEM_USER", owner)

    assert place.server_user(root / "not-there") == owner
    assert place.server_user(root) == owner


def test_a_system_user_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(place, "SYSTEM_USER", "rendir-nobody")
    monkeypatch.setattr(shutil, "which", lambda name, **_: f"/usr/sbin/{name}")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command))

    assert place.server_user(Path("/not-there")) == "rendir-nobody"
    assert ran[0][0] == "/usr/sbin/useradd"
    assert ran[0][-1] == "rendir-nobody"


def test_a_system_without_useradd_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "SYSTEM_USER", "rendir-nobody")
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)

    with pytest.raises(NoPlaceError, match="run this as another user"):
        place.server_user(Path("/not-there"))


# Starting, killing, stopping -----------------------------------------------------------------------------


def test_it_lives_through_kill_stranger_and_stop(make_server: MakeServer) -> None:
    one = make_server("data")
    assert value_of(one.host(), "SELECT rolsuper FROM pg_roles WHERE rolname = 'rendir'") is False
    assert value_of(one.host(), "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7) RETURNING n") == 7

    os.kill(postmaster(one), signal.SIGKILL)  # and at once again, while the old number may still look alive
    one.forget()
    assert value_of(one.host(), "SELECT n FROM kept") == 7

    os.kill(postmaster(one), signal.SIGKILL)
    _wait_until_gone(postmaster(one))
    pid_file = one.data / "postmaster.pid"
    pid_file.write_text("\n".join([str(os.getpid()), *pid_file.read_text().splitlines()[1:]]))
    one.forget()  # the number was given to a living stranger: this test
    assert value_of(one.host(), "SELECT n FROM kept") == 7

    assert one.stop()
    assert not one.stop()
    assert value_of(one.host(), "SELECT n FROM kept") == 7


def test_what_it_answers_is_on_the_disk(make_server: MakeServer) -> None:
    host = make_server("data").host()

    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert value_of(host, f"SHOW {name}") == "on"


def _wait_until_gone(pid: int) -> None:
    give_up_at = time.monotonic() + 10
    while psutil.pid_exists(pid) and time.monotonic() < give_up_at:
        time.sleep(0.05)


@pytest.mark.parametrize("below", [f"{LONG}data", "a path with spaces, commas and 'quotes'/data"])
def test_any_path_will_do(make_server: MakeServer, below: str) -> None:
    one = make_server(below)

    assert value_of(one.host(), "SELECT current_database()") == "rendir"
    assert server.here(one.data.parent).host() == one.host()


def test_a_strict_umask_does_not_keep_the_server_out(make_server: MakeServer) -> None:
    before = os.umask(0o077)
    try:
        assert value_of(make_server("new/data").host(), "SELECT current_database()") == "rendir"
    finally:
        os.umask(before)


def test_it_is_left_alone_while_somebody_is_connected(make_server: MakeServer) -> None:
    one = make_server("data")
    with psycopg.connect(host=one.host(), user="rendir", dbname="rendir"):
        assert not one.stop_if_idle()

    _wait_for_quiet(one)
    assert one.stop_if_idle()
    assert not one.stop_if_idle()


def _wait_for_quiet(one: Server) -> None:
    give_up_at = time.monotonic() + 5
    while cluster.connections(one.host()) and time.monotonic() < give_up_at:
        time.sleep(0.05)


def test_what_postgresql_says_is_passed_on(make_server: MakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "RETRY", 0.0)
    one = make_server("data")
    one.host()
    one.stop()
    (one.data / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(ServerError, match="no_such_setting"):
        one.host()


def test_a_socket_folder_of_somebody_else_is_refused(make_server: MakeServer, tmp_path: Path) -> None:
    one = make_server(f"{LONG}data")
    place.socket_folder(one.data).symlink_to(tmp_path)

    with pytest.raises(NoPlaceError, match="is not ours"):
        one.host()
    place.socket_folder(one.data).unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can stand for two users")
def test_data_of_another_user_is_named(make_server: MakeServer, root: Path) -> None:
    make_server("data").host()
    make_server("data").stop()
    asked = (
        "import os, sys; from pathlib import Path; from monitoring.database.server import Server;"
        "os.setuid(65534); Server(Path(sys.argv[1]), Path('/')).host()"
    )

    command = [sys.executable, "-c", asked, str(root / "data" / "postgres")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert "belongs to another user" in done.stderr


def test_the_log_is_not_needed_to_say_that_it_failed(tmp_path: Path) -> None:
    assert server._tail(tmp_path / "no-log") == ""


# By hand, and through Django -----------------------------------------------------------------------------


def test_start_and_stop_by_hand(
    make_server: MakeServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = make_server("data")
    monkeypatch.setattr(by_hand, "here", lambda _: one)

    codes = [
        by_hand.main([word]) for word in ("start", "stop-if-idle", "stop-if-idle", "start", "stop", "stop")
    ]
    said = capsys.readouterr().err.splitlines()

    assert codes == [0] * 6
    assert [line for line in said if "stopped" in line] == ["PostgreSQL is stopped."] * 2
    assert said[-1] == "PostgreSQL was not running."
    assert by_hand.main(["dance"]) == 2


def test_a_failure_by_hand_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere(data_dir: Path) -> Server:
        raise NoPlaceError("no place")

    monkeypatch.setattr(by_hand, "here", nowhere)

    assert by_hand.main(["start"]) == 1
    assert capsys.readouterr().err == "no place\n"


def test_django_connects_again_after_a_stop(make_server: MakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    one = make_server("data")
    monkeypatch.setattr("monitoring.database.base.here", lambda _: one)
    wrapper = DatabaseWrapper(
        {**django_connection.settings_dict, "NAME": "rendir", "USER": "rendir"}, "other"
    )
    assert _version(wrapper) >= 150000
    wrapper.close()
    host = one.host()
    one.stop()
    one._host = host  # as another process would still believe

    assert _version(wrapper) >= 150000
    wrapper.close()


def _version(wrapper: DatabaseWrapper) -> int:
    connection = wrapper.get_new_connection(wrapper.get_connection_params())
    try:
        return int(connection.info.server_version)
    finally:
        connection.close()


def test_django_says_which_database_is_missing(
    make_server: MakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make_server("data")
    monkeypatch.setattr("monitoring.database.base.here", lambda _: one)
    wrapper = DatabaseWrapper(
        {**django_connection.settings_dict, "NAME": "nothing", "USER": "rendir"}, "other"
    )

    with pytest.raises(psycopg.OperationalError, match="nothing"):
        wrapper.connect()
