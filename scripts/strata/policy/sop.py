"""The segmentation standard of a policy as a Markdown document in English or Chinese."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from strata.catalogue import document, say
from strata.policy.findings import subject
from strata.policy.judgements import DIMENSIONS, FIRST_MATCH, Judgements, Rule, label_kind, number
from strata.policy.phrasing import Phrasing
from strata.seeds import JUDGED, Row, Seed

AS_OF_DATE = re.compile(r"(the )?as_of_date")
HEADING = re.compile(r"^## ", re.MULTILINE)
WRAPPED = re.compile(r"(?<=[^\n|])\n(?=[^\n|#-])")
SCORES = ("5", "4", "3", "2", "1")
# Seeds whose rows name the metrics that a policy judges by.
MEASURING = ("rule_conditions", "rfm_dimensions", "difficulty_components", "health_components")


def standard(judgements: Judgements, policy: str, language: str) -> str:
    """Return the standard; a section about what the policy does not have is left out."""
    words = Phrasing(judgements, language)
    row = judgements.policies[policy]
    rules = {name: judgements.rules(policy, name) for name in judgements.rule_sets}
    used_metrics = _used_metrics(judgements, row)
    of_policy = partial(judgements.rows, policy_key=policy)
    text = document(
        "sop",
        language,
        table=_table,
        say=lambda key, **values: say(f"sop.{key}", language, **values),
        text=partial(_text, language=language),
        band=partial(_band, words, of_policy),
        label_kind=label_kind,
        judgements=judgements,
        words=words,
        policy=row,
        of_policy=of_policy,
        DIMENSIONS=DIMENSIONS,
        SCORES=SCORES,
        edition=edition(judgements, policy),
        customer_types=[words.customer_type(key).lower() for key in judgements.customer_types],
        single_sets=[
            words.label("rule_set", name).lower()
            for name in rules
            if name in FIRST_MATCH and rules[name]
        ],
        systems=_systems(judgements, words, used_metrics),
        used_metrics=used_metrics,
        rules=rules,
        difficulty=of_policy("difficulty_components"),
        health=of_policy("health_components"),
        playbooks=_playbooks(judgements, policy),
        own=[
            (place, subject(seed.name, row))
            for seed in _judged(judgements)
            for row in _of_policy(seed, policy)
            for place in row.own_places
        ],
    )
    numbers = iter(range(1, 100))
    text = re.sub(r"\n{3,}", "\n\n", HEADING.sub(lambda _: f"## {next(numbers)}. ", text))
    # The lines of a paragraph become one: a break inside would show as a blank in Chinese.
    return WRAPPED.sub("" if language == "zh" else " ", text.lstrip("\n"))


def edition(judgements: Judgements, policy: str) -> str:
    """Return eight hex digits that change with any rule, threshold, label or playbook."""
    content = [
        (seed.name, list(row.cells.items()))
        for seed in _judged(judgements)
        for row in _of_policy(seed, policy)
    ]
    text = json.dumps(sorted(content), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _judged(judgements: Judgements) -> list[Seed]:
    """Return the seeds that the standard puts into words."""
    seeds = judgements.seeds.values()
    return [seed for seed in seeds if seed.folder in JUDGED and seed.name != "metric_invariants"]


def _of_policy(seed: Seed, policy: str) -> list[Row]:
    return [row for row in seed.rows if row.cells.get("policy_key", policy) == policy]


def _table(headings: str, caller: Callable[[], str]) -> str:
    """Return a Markdown table of the lines called for; a column without any cell is left out."""
    rows = [[cell.strip() for cell in line.split("¦")] for line in caller().splitlines()]
    lines = [headings.split(" | "), ["---"] * len(rows[0]), *rows]
    kept = [place for place, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
    escaped = [[lines[0][place] for place in kept]]
    escaped += [[line[place].replace("|", "\\|") for place in kept] for line in lines[1:]]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in escaped)


def _text(row: Row | None, column: str, language: str) -> str:
    """Return a text of a seed in the language, empty if there is none."""
    if row is None:
        return ""
    found = row[f"{column}_{language}"] or (row[column] if language == "en" else "")
    return AS_OF_DATE.sub(say("sop.update_day", language), found)


def _used_metrics(judgements: Judgements, policy: Row) -> list[str]:
    """Return the metrics that a rule, a score or the value of the policy rests on."""
    used = {policy["value_metric"], policy["consumer_value_metric"]}
    for seed in MEASURING:
        used |= {row["metric"] for row in judgements.rows(seed, policy_key=policy["policy_key"])}
    used -= {"customer_type", *(f"{label_kind(name)}_key" for name in judgements.rule_sets)}
    return [metric for metric in judgements.metrics if metric in used]


def _systems(judgements: Judgements, words: Phrasing, metrics: list[str]) -> list[str]:
    """Return the names of the systems that the metrics need."""
    tables = {"erp_orders"}.union(*(judgements.metrics[name]["needs"].split() for name in metrics))
    found = {name.split("_")[0] for name in tables}
    return [
        words.label(kind, key)
        for kind, key in judgements.labels
        if kind == "source_system" and key in found
    ]


def _band(
    words: Phrasing,
    of_policy: Callable[..., list[Row]],
    customer_type: str,
    dimension: str,
    score: str,
) -> str:
    """Return the values of a score in words, as in 31 to 90 days or from 500,000 CNY."""
    keys = {"customer_type": customer_type, "dimension": dimension}
    metrics = of_policy("rfm_dimensions", **keys)
    bounds = {row["score"]: row["lower_bound"] for row in of_policy("rfm_bands", **keys)}
    if not metrics or score not in bounds:
        return ""
    metric, low = metrics[0]["metric"], bounds[score]
    end = min(
        (bound for bound in map(Decimal, bounds.values()) if bound > Decimal(low)), default=None
    )
    if end is None:
        return say("sop.band.last", words.language, low=words.value(metric, low))
    is_whole = words.is_whole(metric)
    if is_whole and end - Decimal(low) == 1:
        return words.value(metric, low)
    # The unit stands once, or twice where Chinese counts in ten thousands.
    with_unit = words.language == "zh" and not is_whole
    return say(
        "sop.band.whole" if is_whole else "sop.band.below",
        words.language,
        low=words.value(metric, low, with_unit),
        high=words.value(metric, str(end - 1 if is_whole else end)),
    )


def _playbooks(judgements: Judgements, policy: str) -> list[tuple[Row, Rule]]:
    """Return the playbooks for audiences of the policy, the first to serve first."""
    rules = {rule.key: rule for rule in judgements.rules(policy, "audience")}
    rows = judgements.rows("playbooks")
    return [
        (row, rules[row["audience_rule_key"]])
        for row in sorted(rows, key=lambda row: number(row["priority"]) or 0)
        if row["audience_rule_key"] in rules
    ]
