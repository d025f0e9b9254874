"""Progress of a build: on stderr, and in the log of its release."""

from __future__ import annotations

from pathlib import Path

import click

PHASES = ("load", "seed", "staging", "marts", "snapshot", "audit", "copy", "swap")


class Progress:
    """Says each phase once, when its first piece of work starts."""

    def __init__(self, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log
        self.seen: set[str] = set()

    def phase(self, name: str) -> None:
        """Say that a phase has started, unless that was said before."""
        if name not in self.seen:
            self.seen.add(name)
            self.say(f"phase: {name}")

    def say(self, line: str) -> None:
        """Write one line."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(line + "\n")
        click.echo(line, err=True)
