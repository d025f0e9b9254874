"""The lint: every check over the seeds, less what was accepted with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from strata.errors import StrataError
from strata.policy.declared import check_declared
from strata.policy.findings import ERROR, WARNING, Finding, at
from strata.policy.judgements import Judgements
from strata.policy.logic import check_logic
from strata.policy.playbooks import check_playbooks
from strata.policy.rules import check_rules
from strata.policy.tables import check_tables

EXCEPTIONS = "lint_exceptions"


def lint(judgements: Judgements, policies: Sequence[str] = ()) -> tuple[list[Finding], list[str]]:
    """Return the findings by file and line, and the reasons for those that were accepted.

    Args:
        judgements: The seeds.
        policies: Policies whose rules are judged; none for all. What all of them share is judged
            in any case.
    """
    chosen = list(policies) or list(judgements.policies)
    found = [
        *check_declared(judgements),
        *check_tables(judgements, chosen),
        *check_rules(judgements, chosen),
        *check_logic(judgements, chosen),
        *check_playbooks(judgements, chosen),
    ]
    kept, accepted = _without_exceptions(judgements, found, chosen)
    unique = dict.fromkeys(kept)
    return sorted(unique, key=lambda one: (one.level != ERROR, one.file, one.line)), accepted


def refuse_errors(project: Path) -> None:
    """Stop a build whose policies are wrong; warnings do not.

    Raises:
        StrataError: one line for each error.
    """
    if not (project / "seeds" / "policy" / "rules.csv").is_file():
        return
    findings, _ = lint(Judgements.read(project))
    errors = [str(finding) for finding in findings if finding.level == ERROR]
    if errors:
        raise StrataError("\n  ".join(errors))


def _without_exceptions(
    judgements: Judgements, found: list[Finding], policies: list[str]
) -> tuple[list[Finding], list[str]]:
    """Take away the warnings that lint_exceptions.csv accepts; it cannot accept an error."""
    accepted: list[str] = []
    left = list(found)
    for row in judgements.rows(EXCEPTIONS):
        check, subject = row["check_key"], row["subject"]
        matching = [
            one for one in left if (one.check, one.subject, one.level) == (check, subject, WARNING)
        ]
        left = [one for one in left if one not in matching]
        accepted += [f"{check} of {subject}: {row['reason']}" for _ in matching[:1]]
        policy = subject.split("/")[0]
        if not matching and (policy in policies or policy not in judgements.policies):
            problem = f"there is no warning {check} of {subject} any more"
            left.append(at(row, "exceptions", subject, problem, "delete the row", level=WARNING))
    return left, accepted
