"""The answers about a customer's labels, and the sentences that say them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

import duckdb

from strata.catalogue import LANGUAGES, say
from strata.errors import StrataError
from strata.explain.answers import Answer
from strata.explain.simulate import CENT, NoRuleFires, Row, Simulation
from strata.explain.stages import HORIZON_DAYS, lifecycle_answers
from strata.explain.tiers import tier_answers
from strata.policy.judgements import Judgements, label_kind
from strata.policy.phrasing import Phrasing
from strata.replay import nodes_of
from strata.warehouse.releases import Release

# As in the reasons of customer_segment_reasons.
SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}


def outlook(
    connection: duckdb.DuckDBPyConnection,
    release: Release,
    customer_id: str,
    judgements: Judgements,
) -> Row:
    """Return what would keep or change a customer's labels; see `said`.

    `connection` finds every table of the release by its bare name. A release without a manifest,
    which has the compiled models, has no answers.
    """
    manifest = release.folder / "target" / "manifest.json"
    if not manifest.exists():
        return {"ways": [], "sentences": {}}
    nodes = nodes_of(json.loads(manifest.read_text(encoding="utf-8")))
    try:
        return said(answers(Simulation(connection, nodes, customer_id), judgements), judgements)
    except StrataError as error:
        lacks = {key: [say("explain.lacks", key, problem=error)] for key in LANGUAGES}
    except (duckdb.BinderException, duckdb.CatalogException):
        lacks = {key: [say("explain.other_edition", key)] for key in LANGUAGES}
    return {"ways": [], "sentences": lacks}


def said(given: Sequence[Answer], judgements: Judgements) -> Row:
    """Return a row per answer with a sentence in both languages, and the sentences by language.

    Alternatives for one tier are one sentence.
    """
    by = {language: Sentences(Phrasing(judgements, language)) for language in LANGUAGES}
    ways = [asdict(one) | {f"reason_{key}": by[key].say([one]) for key in by} for one in given]
    return {
        "ways": [
            {key: float(it) if isinstance(it, Decimal) else it for key, it in way.items()}
            for way in ways
        ],
        "sentences": {key: [by[key].say(group) for group in grouped(given)] for key in by},
    }


def answers(simulation: Simulation, judgements: Judgements) -> list[Answer]:
    """Return the answers about lifecycle and tier.

    A set has none if no rule of it would apply on some day.
    """
    found: list[Answer] = []
    for rule_set, column, found_by in (
        ("lifecycle", "lifecycle_stage_key", lifecycle_answers),
        ("tier", "tier_key", tier_answers),
    ):
        now = str(simulation.segments[column])
        # The outcomes as labels.csv lists them, the best first; what it has lost since comes last.
        listed = [key for kind, key in judgements.labels if kind == label_kind(rule_set)]
        ranks = dict.fromkeys(
            [*listed, *(row["outcome_key"] for row in simulation.of_set(rule_set))]
        )
        try:
            found += list(found_by(simulation, list(ranks)))
        except NoRuleFires as gap:
            unknown = Answer(rule_set, "next", now, now, is_closed=False, open_reason="gap")
            found.append(replace(unknown, by_date=gap.day))
    return found


class Sentences:
    """Says answers in one language."""

    def __init__(self, words: Phrasing) -> None:
        self.words = words

    def say(self, alternatives: Sequence[Answer]) -> str:
        """Return one sentence for answers that differ only in what is done or sold."""
        one = alternatives[0]
        metric = self.words.metric(str(one.metric)) if one.metric else ""
        if one.open_reason in ("metric", "gap"):
            why = self._say(f"why.{one.open_reason}", metric=metric, day=self._day(one.by_date))
            return self._say(f"open.{one.rule_set}", now=self._label(one), why=why)
        first, day = self._day(one.from_date), self._day(one.by_date)
        no_more = "no_contract" if one.metric == "annual_contract_amount" else "no_purchase"
        return self._say(
            _key(one),
            now=self._label(one),
            target=self._label(one, one.target_key),
            first=first,
            day=day,
            eve=self._day(one.from_date - timedelta(1)) if one.from_date else "",
            until=self._day(one.until_date),
            when=self._say("when", first=first, day=day),
            days=HORIZON_DAYS,
            grounds=[self._ground(row) for row in one.grounds if row["threshold"] is not None],
            done=self._any(self._done(answer) for answer in alternatives),
            options=self._any(self._option(answer) for answer in alternatives),
            metric=self._say("of_group", metric=metric) if one.is_group else metric,
            quiet=self._say(no_more),
            current=self._amount(one, one.current_value),
            expected=self._amount(one, one.expected_value),
            line=self._amount(one, one.needed_value) if one.needed_value else "",
            short=self._amount(one, one.difference, ROUND_CEILING) if one.difference else "",
            hedge=self._say("hedge") if one.open_reason == "cut_points" else "",
        )

    def _say(self, key: str, **values: Any) -> str:
        return say(f"explain.{key}", self.words.language, **values)

    def _any(self, parts: Iterable[str]) -> str:
        return self._say("any", parts=list(parts))

    def _done(self, one: Answer) -> str:
        """Return what is to be done about a stage."""
        actions = one.actions if one.rule_set == "lifecycle" else ()
        said = [self._say(f"action.{name}", score=one.needed_value) for name in actions]
        return self._say("all", parts=said)

    def _option(self, one: Answer) -> str:
        """Return what is to be sold for a tier."""
        if not one.difference or not one.actions:
            return ""
        (action,) = one.actions
        is_least = action != "order" and one.difference <= CENT
        count = one.difference if action == "order" else one.order_count
        return self._say(
            f"option.any_{action}" if is_least else f"option.{action}",
            amount=self._amount(one, one.difference, ROUND_CEILING),
            name=self.words.metric(re.sub(r"_\d+d$", "", str(one.metric))),
            count=self._say("number", count=count) if count else "",
            is_usual=bool(one.order_count) and one.metric == "rfm_score",
        )

    def _ground(self, row: Row) -> str:
        """Return a number by which a rule will fire."""
        value, limit = (
            self.words.value(row["metric"], text, with_unit=False)
            for text in (str(round(Decimal(row["metric_number"]), 2)), row["value"])
        )
        sign = SIGNS.get(row["operator"], row["operator"])
        return f"{self.words.metric(row['metric'])} {value} ({sign} {limit})"

    def _amount(self, one: Answer, amount: Any, rounding: str = ROUND_HALF_UP) -> str:
        """Return a number with its unit; sums of a hundred and more without cents."""
        if one.metric is None:
            return ""
        value = Decimal(str(amount or 0))
        unit = Decimal(1) if abs(value) >= 100 else CENT
        return self.words.value(one.metric, f"{value.quantize(unit, rounding):f}")

    def _label(self, one: Answer, key: str | None = None) -> str:
        return self.words.label(label_kind(one.rule_set), key or one.outcome_key)

    def _day(self, day: date | None) -> str:
        return self._say("date", day=day) if day else ""


def _key(one: Answer) -> str:
    """Return the sentence of the catalogue that says an answer."""
    if one.rule_set == "lifecycle":
        if one.direction == "next":
            return "stage_turns" if one.from_date else "stage_stays"
        if one.direction == "keep":
            return "put_off"
        return "stage_one" if len(one.actions) == 1 else "stage_several"
    if one.open_reason == "others":
        if one.direction == "next":
            return "line"
        return "line_up" if one.actions else "line_reached"
    if one.direction != "next" and one.actions:
        return one.direction
    if one.expected_value is None:
        return "tier_is"
    return "tier_stays" if one.target_key == one.outcome_key else "tier_turns"


def grouped(given: Sequence[Answer]) -> list[list[Answer]]:
    """Return answers in groups that are said in one sentence: alternatives by the same dates."""

    def shared(one: Answer) -> tuple[Any, ...]:
        target = None if (one.rule_set, one.direction) == ("lifecycle", "keep") else one.target_key
        dates = one.from_date, one.by_date, one.until_date
        is_alone = one.direction == "next" or one.open_reason == "others"
        return one.rule_set, one.direction, target, len(one.actions), *dates, is_alone and id(one)

    return [list(group) for _, group in groupby(given, shared)]
