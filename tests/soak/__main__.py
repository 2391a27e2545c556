"""`make soak`: people write while the web server and PostgreSQL are killed; fails if anything is lost.

SOAK_SECONDS says how long, SOAK_SEED repeats the same choices.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.soak.site import Site
    from tests.soak.writer import Write, Writer

WRITERS = 8
LEAST_WRITES = 1  # answered as kept, for each second: less would prove nothing
VICTIMS = ("web server", "PostgreSQL")
LEAST_KILLS = 2  # of each
LONGEST = 5  # times as long it may take until enough has happened, on a machine that is busy
KINDS = ("saved", "submitted", "returned", "approved", "reopened")
LAST_ANSWERS = 90.0  # seconds in which every writer has to be done


def main() -> int:
    """0 when nothing was lost, and enough was tried to say so."""
    seconds = float(os.environ.get("SOAK_SECONDS", "60"))
    seed = os.environ.get("SOAK_SEED") or str(time.time_ns() % 1_000_000)
    _say(f"Soak of {seconds:.0f} s, SOAK_SEED={seed}")
    with _site() as site:
        writers, kills = _soak(site, seconds, seed)
        complaints = list(_judge([write for one in writers for write in one.writes], kills, seconds))
        complaints += ["A writer did not end." for one in writers if one.is_alive()]
        for complaint in complaints:
            _say(complaint)
        if complaints:
            _say(f"FAILED. The web server said last:\n{site.said()}")
    if not complaints:
        _say("Nothing was lost.")
    return 1 if complaints else 0


@contextmanager
def _site() -> Iterator[Site]:
    """A site with empty tables, in a folder that PostgreSQL's user may enter; all of it gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="rendir-soak-")).resolve()
    folder.chmod(0o755)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "monitoring.settings", "DATABASE_URL": "", "RENDIR_LOCAL": "1"}
    os.environ["RENDIR_SECOND_FACTOR"] = "0"  # signing in is not what is tried here
    os.environ |= {"RENDIR_DATA": str(folder), "RENDIR_EVIDENCE": str(folder / "evidence")}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what follows is stopped then too
    import django

    django.setup()
    from django.core.management import call_command

    from tests.soak.site import Site

    site = Site(folder)
    try:
        call_command("migrate", verbosity=0)
        yield site
    finally:
        site.stop()
        shutil.rmtree(folder)


def _soak(site: Site, seconds: float, seed: str) -> tuple[list[Writer], Counter[str]]:
    """The writers, at rest again, and what was killed how often."""
    from tests.soak.preparing import prepare
    from tests.soak.writer import Writer

    over = Event()
    writers = [
        Writer(site.origin, desk, seed=f"{seed}/{number}", over=over)
        for number, desk in enumerate(prepare(WRITERS))
    ]
    site.start_web()
    for one in writers:
        one.start()
    try:
        kills = _kill(site, writers, seconds, random.Random(seed))  # noqa: S311 - to be repeated
    finally:
        over.set()
    give_up_at = time.monotonic() + LAST_ANSWERS
    for one in writers:
        one.join(max(0.0, give_up_at - time.monotonic()))
    return writers, kills


def _kill(site: Site, writers: list[Writer], seconds: float, chance: random.Random) -> Counter[str]:
    """Kills the one and the other, in any order, at moments that nobody knows, and starts them again."""
    kills: Counter[str] = Counter()
    begun = time.monotonic()
    turns: list[str] = []
    while (gone := time.monotonic() - begun) < seconds or (
        gone < LONGEST * seconds and not _is_enough(writers, kills, seconds)
    ):
        time.sleep(chance.uniform(seconds / 40, seconds / 8))
        turns = turns or chance.sample(VICTIMS, len(VICTIMS))
        victim = turns.pop()
        if victim == "web server":
            site.kill_web()
            site.start_web()
        else:
            site.kill_database()
            site.start_database()
        kills[victim] += 1
    return kills


def _is_enough(writers: list[Writer], kills: Counter[str], seconds: float) -> bool:
    """Whether all that has to happen has happened."""
    from tests.soak.writer import Outcome

    kept = [write for one in writers for write in list(one.writes) if write.outcome is Outcome.KEPT]
    return not list(_too_little(kept, kills, seconds))


def _judge(writes: list[Write], kills: Counter[str], seconds: float) -> Iterator[str]:
    """Says what was done; gives each thing that is wrong."""
    from django.db import connection

    from tests.soak import findings
    from tests.soak.writer import Outcome

    connection.close()  # killed long ago
    kept = [write for write in writes if write.outcome is Outcome.KEPT]
    lost_saves, lost_steps = list(findings.lost_saves(writes)), list(findings.lost_steps(writes))
    outcomes = Counter(write.outcome for write in writes)
    _say(f"killed with -9: {', '.join(f'{victim} {count} times' for victim, count in sorted(kills.items()))}")
    _say(
        f"writes: {len(writes)} tried, {outcomes[Outcome.KEPT]} answered as kept, "
        f"{outcomes[Outcome.REFUSED]} refused, {outcomes[Outcome.LOST]} without an answer"
    )
    _say(f"answered as kept: {len(kept)}, found: {len(kept) - len(lost_saves) - len(lost_steps)}")
    for write in writes:
        if write.outcome is Outcome.REFUSED:
            _say(f"  refused: {write.kind}, report {write.report}: {write.status} {write.location}".rstrip())
    for kind in KINDS:
        _say_times(kind, [write.seconds * 1000 for write in kept if write.kind == kind])
    yield from [*lost_saves, *lost_steps, *findings.halves(), *findings.wrong_totals()]
    yield from [*findings.broken_chain(), *findings.unsafe_settings()]
    yield from _too_little(kept, kills, seconds)


def _say_times(kind: str, times: list[float]) -> None:
    if len(times) > 1:
        cuts = statistics.quantiles(times, n=20, method="inclusive")
        _say(f"  {kind:<10}{len(times):>6}   p50 {cuts[9]:>6.0f} ms   p95 {cuts[18]:>6.0f} ms")


def _too_little(kept: list[Write], kills: Counter[str], seconds: float) -> Iterator[str]:
    for victim in VICTIMS:
        if kills[victim] < LEAST_KILLS:
            yield f"Killed too seldom: {victim}."
    if len(kept) < LEAST_WRITES * seconds:
        yield f"Too few writes to prove anything: {len(kept)} in {seconds:.0f} s."
    for kind in KINDS:
        if all(write.kind != kind for write in kept):
            yield f"Nothing was {kind}."


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
