"""Draws broken models at random."""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from strata.errors import StrataError
from strata_lab.mutation_sites import Mutation, find_mutations, is_parseable, is_valid


@dataclass(frozen=True)
class Mutant:
    """One broken model; `path` is relative to the project."""

    path: str
    mutation: Mutation
    text: str
    diff: str

    @property
    def model(self) -> str:
        """Name of the model."""
        return Path(self.path).stem

    @property
    def place(self) -> str:
        """Model, line and kind, as in `orders:12 comparison`."""
        return f"{self.model}:{self.mutation.line} {self.mutation.kind}"


@dataclass(frozen=True)
class Outcome:
    """Result of a mutant: `killed`, `survived` or `invalid` (not SQL), and the cause."""

    mutant: Mutant
    status: str
    killed_by: str
    seconds: float


def draw(
    project: Path, seed: int, models: tuple[str, ...] = ()
) -> tuple[int, list[str], Iterator[Mutant]]:
    """Return the number of sites, the unreadable models, and distinct valid mutants at random.

    Every site is as likely as any other, so models count by their number of sites.

    Raises:
        StrataError: if a name in `models` is no model.
    """
    texts = {
        str(path.relative_to(project)): path.read_text(encoding="utf-8")
        for path in sorted((project / "models").rglob("*.sql"))
        if not models or path.stem in models
    }
    unknown = set(models) - {Path(path).stem for path in texts}
    if unknown:
        raise StrataError(f"--model {sorted(unknown)[0]}: no such model below {project / 'models'}")
    unreadable = [path for path, text in texts.items() if not is_parseable(text)]
    sites = [
        (path, mutation)
        for path, text in texts.items()
        if path not in unreadable
        for mutation in find_mutations(text)
    ]
    random.Random(seed).shuffle(sites)

    def mutants() -> Iterator[Mutant]:
        seen = set()
        for path, mutation in sites:
            broken = mutation.apply(texts[path])
            if (path, broken) not in seen and is_valid(texts[path], mutation):
                seen.add((path, broken))
                yield Mutant(path, mutation, broken, _diff(texts[path], broken))

    return len(sites), unreadable, mutants()


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
