"""The commands `strata policy list`, `show` and `lint`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from strata.catalogue import LANGUAGES, say
from strata.errors import StrataError
from strata.options import FILE, FOLDER, json_option
from strata.policy.findings import ERROR
from strata.policy.judgements import Judgements
from strata.policy.lint import accepted
from strata.policy.lint import lint as run_lint
from strata.policy.show import listed, show_text, shown
from strata.project import Project
from strata.warehouse.releases import Warehouse

language_option = click.option(
    "--lang",
    "--language",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="Language.",
)
release_option = click.option(
    "--release",
    type=FOLDER,
    help="Warehouse folder; read the policies of its current release.  "
    "[default: the current seeds]",
)


def _judgements(warehouse: Path | None = None) -> Judgements:
    if warehouse is None:
        return Judgements.of_project(Project.find())
    return Judgements.of_release(Warehouse(warehouse).need_current())


def _sound(judgements: Judgements, policy: str) -> None:
    """Refuse a policy that is unknown or has errors."""
    _known(judgements, policy)
    errors = [one for one in run_lint(judgements, [policy]) if one.level == ERROR]
    if errors:
        raise StrataError(
            f"policy {policy} has errors, see `strata policy lint {policy}`; the first: {errors[0]}"
        )


def _known(judgements: Judgements, *policies: str) -> None:
    """Refuse the name of a policy that is not in the seed."""
    for policy in policies:
        if policy not in judgements.policies:
            raise StrataError(
                f"no policy {policy} in policies.csv; there: {', '.join(judgements.policies)}"
            )


@click.command("list")
@release_option
@json_option
def list_(release: Path | None, as_json: bool) -> None:
    """List the policies with their purpose and number of rules."""
    policies = listed(_judgements(release))
    if as_json:
        click.echo(json.dumps({"policies": policies}, ensure_ascii=False))
    else:
        click.echo("\n".join(say("show.policy", "en", policy=policy) for policy in policies))


@click.command()
@click.argument("policy")
@language_option
@release_option
@json_option
def show(policy: str, language: str, release: Path | None, as_json: bool) -> None:
    """Show the rules of a policy in words, in order of evaluation."""
    judgements = _judgements(release)
    _sound(judgements, policy)
    content = shown(judgements, policy, language)
    click.echo(json.dumps(content, ensure_ascii=False) if as_json else show_text(content))


@click.command()
@click.argument("policies", nargs=-1)
@language_option
@json_option
def lint(policies: tuple[str, ...], language: str, as_json: bool) -> None:
    """Find faults in the policies: gaps, overlaps, rules that never fire, unknown words.

    Exit code 0 if there are none, 1 if there are.
    """
    judgements = _judgements()
    _known(judgements, *policies)
    chosen = list(policies or judgements.policies)
    findings = run_lint(judgements, chosen)
    reasons = [
        say("lint.accepted", language, **row) for row in accepted(judgements, findings, chosen)
    ]
    errors = sum(finding.level == ERROR for finding in findings)
    if as_json:
        content = {
            "policies": chosen,
            "errors": errors,
            "warnings": len(findings) - errors,
            "findings": [finding.as_json(language) for finding in findings],
            "accepted": reasons,
        }
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(finding.in_words(language))
        for reason in reasons:
            click.echo(reason, err=True)
        if not findings:
            click.echo(say("lint.none", language, policies=chosen))
    if findings:
        sys.exit(1)


@click.command()
@click.argument("policy")
@language_option
@click.option("--out", type=FILE, help="File to write.")
@release_option
def sop(policy: str, language: str, out: Path | None, release: Path | None) -> None:
    """Write the segmentation standard of a policy as a Markdown document to sign."""
    from strata.policy.sop import standard

    judgements = _judgements(release)
    _sound(judgements, policy)
    text = standard(judgements, policy, language)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StrataError(f"cannot write {out}: {error.strerror}") from None
    click.echo(f"{out}: the standard of policy {policy} in {language}")
