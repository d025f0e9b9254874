"""The lint: every check over the seeds; what lint_exceptions.csv accepts is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from strata.errors import StrataError
from strata.policy.cells import check_cells
from strata.policy.checks import check_seeds
from strata.policy.findings import ERROR, Finding
from strata.policy.judgements import Judgements
from strata.policy.logic import check_logic
from strata.project import Project, project_dir

TESTS = Path("tests/data/seeds")


def lint(judgements: Judgements, policies: Sequence[str] = ()) -> list[Finding]:
    """Return the findings by file and line, the errors first, of some policies or of all.

    It judges the seeds that all policies share in any case.
    """
    chosen = list(policies) or list(judgements.policies)
    found = [*check_cells(judgements), *check_seeds(judgements, project_dir() / TESTS)]
    unchosen = set(judgements.policies).difference(chosen)
    kept = [one for one in found if dict(one.values).get("policy_key") not in unchosen]
    kept += check_logic(judgements, chosen, found)
    if judgements.has_company:
        own = {seed.file: seed.own_file for seed in judgements.seeds.values()}
        kept = [replace(one, own_file=own.get(one.file, "")) for one in kept]
        # A warning that Strata accepts and the company has mended is nobody's work.
        kept = [one for one in kept if not (one.key == "exceptions" and one.own_file)]
    return sorted(dict.fromkeys(kept), key=lambda one: (one.level != ERROR, one.file, one.line))


def accepted(
    judgements: Judgements, findings: list[Finding], policies: Sequence[str]
) -> list[dict[str, str]]:
    """Return the rows of lint_exceptions.csv that accept a warning of the given policies."""
    stale = {(one.file, one.line) for one in findings if one.key == "exceptions"}
    others = set(judgements.policies).difference(policies)
    return [
        row.cells
        for row in judgements.rows("lint_exceptions")
        if (row.file, row.line) not in stale and row["subject"].split("/")[0] not in others
    ]


def refuse_errors(project: Project) -> None:
    """Stop a build whose policies are wrong; warnings do not.

    Raises:
        StrataError: one line for each error.
    """
    if not (project.folder / "seeds" / "policy" / "rules.csv").is_file():
        return
    errors = [str(one) for one in lint(Judgements.of_project(project)) if one.level == ERROR]
    if errors:
        raise StrataError("\n  ".join(errors))
