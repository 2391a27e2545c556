from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.chain import Chain, Fault, KeptHead, Misfit, hash_at, read_heads, verify_chains
from indicators.management.commands.figures import program_of

MISFITS = {
    Misfit.START: "the chain begins with it: entries 1 to {before_it} are missing",
    Misfit.MISSING: "entries {after_before} to {before_it} are missing before it",
    Misfit.NUMBERED_TWICE: "this number stands twice",
    Misfit.OUT_OF_ORDER: "out of order: it is older than what comes before it",
    Misfit.SUPERSEDED_TWICE: "it supersedes an entry that was superseded before",
    Misfit.FIRST_TWICE: "it supersedes nothing, though its series and period had an entry of its kind",
    Misfit.UNLIKE: "it supersedes an entry of another series, period or kind",
    Misfit.FOREIGN: "its series is of another program",
    Misfit.UNSIGNED: "the approval it names is not its approver's",
    Misfit.ALTERED: "altered: its content, or the hash before it, does not give its hash",
    Misfit.EVIDENCE: "the evidence it cites was altered or is gone: it does not give its digest",
}


class Command(BaseCommand):
    """Computes the whole ledger anew; fails, naming the first entry of a program that does not fit."""

    help = (
        "Recomputes the hash chain of every program from the rows. Prints each with its head and when it "
        "was recorded, and exits 0; names the first entry that does not fit, and exits 1. A head that was "
        "kept (CODE/COUNT/HASH, as pages and exports print it) shows a chain that was cut or rewritten."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--program", metavar="CODE", help="only the chain of this program")
        parser.add_argument(
            "--head",
            metavar="HEAD or FILE",
            action="append",
            default=[],
            help="a head, or a file with heads in it, such as an export; may be given more than once",
        )

    def handle(self, *, program: str | None, head: list[str], **options: Any) -> None:
        kept = [one for text in head for one in _heads_in(text)]
        begun = perf_counter()
        chains = list(verify_chains(None if program is None else program_of(program)))
        seconds = perf_counter() - begun
        faults = [fault for chain in chains if (fault := self._say(chain))]
        faults += [fault for one in kept if (fault := self._compare(one))]
        count = sum(chain.count for chain in chains)
        rate = f"{count:,} entries in {seconds:.2f} s, {count / seconds:,.0f} per second"
        if faults:
            raise CommandError(f"{'; '.join(faults)} ({rate})", returncode=1)
        self.stdout.write(f"The ledger fits: {len(chains)} programs, {rate}.")

    def _say(self, chain: Chain) -> str | None:
        if chain.fault is not None:
            return f"{chain.code}: entry {chain.fault.number} does not fit: {_in_words(chain.fault)}"
        at = chain.head.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.stdout.write(f"{chain.head}  {at}")
        return None

    def _compare(self, kept: KeptHead) -> str | None:
        found = hash_at(kept)
        if found is None:
            return f"{kept.code}: the ledger was cut short: it does not reach the head {kept}"
        if found != kept.digest:
            return f"{kept.code}: the ledger was rewritten: it has not the head {kept}"
        self.stdout.write(f"The head {kept} is in the chain.")
        return None


def _in_words(fault: Fault) -> str:
    return MISFITS[fault.misfit].format(before_it=fault.number - 1, after_before=(fault.before or 0) + 1)


def _heads_in(text: str) -> list[KeptHead]:
    """The heads in a file of that name, or in the text itself; CommandError where there is none."""
    found = read_heads(text)
    if found:
        return found
    try:
        found = read_heads(Path(text).read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise CommandError(f"--head {text!r} is no head (CODE/COUNT/HASH) and no file.") from error
    if not found:
        raise CommandError(f"{text} has no head in it: CODE/COUNT/HASH, as pages and exports print it.")
    return found
