"""The answers about a customer's labels in sentences, in English or Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

from strata.explain.simulate import CENT, NoRuleFires, Row, Simulation
from strata.explain.phrases import ACTIONS, PHRASES, SIGNS, SMALL
from strata.explain.stages import HORIZON_DAYS, lifecycle_answers
from strata.explain.tiers import tier_answers
from strata.explain.answers import Answer
from strata.policy.model import Judgements, label_kind
from strata.policy.words import LANGUAGES, Words
from strata.publish.releases import Release
from strata.replay import nodes_of


@dataclass(frozen=True)
class Outlook:
    """What would keep or change a customer's labels.

    Attributes:
        ways: One row per answer, with the fields of `Answer`, `reason_en` and `reason_zh`.
        sentences: By language; alternatives for one tier are one sentence.
    """

    ways: list[Row] = field(default_factory=list)
    sentences: dict[str, list[str]] = field(default_factory=dict)


def outlook(
    connection: duckdb.DuckDBPyConnection, release: Release, customer_id: str, judgements: Judgements
) -> Outlook:
    """Return the answers about a customer with a sentence in both languages.

    Args:
        connection: Finds every table of the release by its bare name.
        release: Holds the compiled models; without a manifest there are no answers.
        customer_id: A customer in use.
        judgements: The seeds, for names and units.

    Raises:
        StrataError: the release lacks a model or a table that is replayed.
    """
    manifest = release.folder / "target" / "manifest.json"
    if not manifest.exists():
        return Outlook()
    simulation = Simulation(connection, nodes_of(manifest), customer_id)
    return told(answers(simulation, judgements), judgements)


def told(given: list[Answer], judgements: Judgements) -> Outlook:
    """Return answers with a sentence in both languages."""
    languages = {language: Sentences(Words(judgements, language)) for language in LANGUAGES}
    return Outlook(
        [
            _plain(asdict(one)) | {f"reason_{key}": by.say([one]) for key, by in languages.items()}
            for one in given
        ],
        {key: [by.say(group) for group in grouped(given)] for key, by in languages.items()},
    )


def answers(simulation: Simulation, judgements: Judgements) -> list[Answer]:
    """Return the answers about lifecycle and tier.

    A set has none if no rule of it would apply on some day.
    """
    found: list[Answer] = []
    for rule_set, column, ways in (
        ("lifecycle", "lifecycle_stage_key", lifecycle_answers),
        ("tier", "tier_key", tier_answers),
    ):
        now = str(simulation.segments[column])
        try:
            found += list(ways(simulation, _ranks(judgements, simulation, rule_set)))
        except NoRuleFires as gap:
            open_way = Answer(rule_set, "next", now, now, is_closed=False, open_reason="gap")
            found.append(replace(open_way, by_date=gap.day))
    return found


def _ranks(judgements: Judgements, simulation: Simulation, rule_set: str) -> list[str]:
    """Return the outcomes of a set as labels.csv lists them: the best first.

    What has been taken out of the file since the release was built comes last.
    """
    listed = [key for kind, key in judgements.labels if kind == label_kind(rule_set)]
    given = [row["outcome_key"] for row in simulation.conditions if row["rule_set"] == rule_set]
    return list(dict.fromkeys([*listed, *given]))


class Sentences:
    """Says answers in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.is_english = words.is_english
        self.phrases = PHRASES[words.language]
        self.actions = ACTIONS[words.language]

    def say(self, ways: Sequence[Answer]) -> str:
        """Return one sentence for answers that differ only in what is sold."""
        way = ways[0]
        if way.open_reason in ("metric", "gap"):
            metric = self.words.metric(str(way.metric)) if way.metric else ""
            why = self._say(way.open_reason, metric=metric, day=self._day(way.by_date))
            return self._say(f"open_{way.rule_set}", now=self._label(way), why=why)
        if way.rule_set == "lifecycle":
            return self._turn(way) if way.direction == "next" else self._done(ways)
        return self._tier(way) if way.direction == "next" else self._sold(ways)

    def _say(self, phrase: str, **parts: Any) -> str:
        return self.phrases[phrase].format(**parts)

    def _turn(self, way: Answer) -> str:
        """Say when a stage ends by itself."""
        now = self._label(way)
        if way.from_date is None:
            return self._say("stage_stays", now=now, days=HORIZON_DAYS)
        why = self._grounds(way.grounds)
        return self._say(
            "stage_turns",
            now=now,
            target=self._label(way, way.target_key),
            eve=self._day(way.from_date - timedelta(1)),
            day=self._day(way.from_date),
            why=self._say("why", why=why) if why else "",
        )

    def _done(self, ways: Sequence[Answer]) -> str:
        """Say what is to be done about a stage, and what that leads to."""
        way = ways[0]
        done = self.phrases["or"].join(
            self.phrases["and"].join(
                self.actions[action].format(score=one.needed_value) for action in one.actions
            )
            for one in ways
        )
        phrase = "stage_one" if len(way.actions) == 1 else "stage_several"
        if way.direction == "keep":
            phrase = "put_off" if way.until_date else "put_off_long"
        return self._say(
            phrase,
            done=done,
            Done=done[:1].upper() + done[1:],
            target=self._label(way, way.target_key),
            when=self._when(way),
            until=self._day(way.until_date),
        )

    def _tier(self, way: Answer) -> str:
        """Say what the tier will be by itself."""
        least = self._amount(way, way.needed_value) if way.needed_value else ""
        start, when = self._say("start_on", day=self._day(way.by_date)), self.phrases["then"]
        if way.from_date:
            start, when = self._say("start_from", day=self._day(way.from_date)), start
        is_contract = way.metric == "annual_contract_amount"
        short = self._amount(way, way.difference, ROUND_CEILING) if way.difference else ""
        metric = self.words.metric(str(way.metric))
        phrase = "tier_stays" if way.target_key == way.outcome_key else "tier_turns"
        if way.expected_value is None:
            phrase = "tier_is"
        if way.open_reason == "others":
            phrase = "line" if way.direction == "next" else "line_reached"
        return self._say(
            phrase,
            now=self._label(way),
            target=self._label(way, way.target_key),
            day=self._day(way.by_date),
            start=start,
            when=when,
            quiet=self.phrases["no_contract" if is_contract else "no_purchase"],
            metric=self._say("of_group", metric=metric) if way.is_group else metric,
            current=self._amount(way, way.current_value),
            expected=self._amount(way, way.expected_value),
            line=least,
            needs=self._say("needs", least=least) if least else "",
            short=self._say("short", short=short) if short else "",
            hedge=self.phrases["cut_points"] if way.open_reason == "cut_points" else "",
        )

    def _sold(self, ways: Sequence[Answer]) -> str:
        """Say what must be sold to keep a tier or to reach one."""
        way = ways[0]
        if not way.actions:
            return self._tier(way)
        return self._say(
            "line_up" if way.open_reason == "others" else way.direction,
            options=self.phrases["or"].join(self._option(one) for one in ways),
            until=self._when(way),
            target=self._label(way, way.target_key),
            line=self._amount(way, way.needed_value),
            hedge=self.phrases["estimate"] if way.open_reason == "cut_points" else "",
        )

    def _when(self, way: Answer) -> str:
        first, day = self._day(way.from_date), self._day(way.by_date)
        return self._say("between" if first else "by", first=first, day=day)

    def _option(self, way: Answer) -> str:
        count = way.order_count or 0
        if way.actions == ("order",):
            size = self.phrases["usual"] if count and way.metric == "rfm_score" else ""
            count = way.difference
            return self._say("order" if count == 1 else "orders", count=self._count(count)) + size
        amount = self._amount(way, way.difference, ROUND_CEILING)
        if way.difference <= CENT:
            return self.phrases["any_purchase" if way.actions == ("money",) else "any_contract"]
        if way.actions == ("contract",):
            return self._say("contract", amount=amount)
        about = self._say("about_one" if count == 1 else "about", count=self._count(count))
        name = self.words.metric(re.sub(r"_\d+d$", "", str(way.metric)))
        return self._say(
            "money",
            amount=amount,
            name=name if self.is_english else name.removeprefix("累计"),
            about=about if count else "",
        )

    def _grounds(self, grounds: list[Row]) -> str:
        """Return the numbers by which a rule will fire, empty if it takes what is left over."""
        said = []
        for row in grounds:
            if row["metric_number"] is None or row["threshold"] is None:
                continue
            value = str(round(Decimal(row["metric_number"]), 2))
            limit = self.words.value(row["metric"], row["value"], with_unit=False)
            shown = self.words.value(row["metric"], value, with_unit=False)
            sign = SIGNS.get(row["operator"], row["operator"])
            said.append(f"{self.words.metric(row['metric'])} {shown} ({sign} {limit})")
        return (" and " if self.is_english else "，").join(said)

    def _amount(self, way: Answer, amount: Any, rounding: str = ROUND_HALF_UP) -> str:
        """Return a number with its unit; sums of a hundred and more without cents."""
        value = Decimal(str(amount or 0))
        unit = Decimal(1) if abs(value) >= 100 else CENT
        return self.words.value(str(way.metric), f"{value.quantize(unit, rounding):f}")

    def _label(self, way: Answer, key: str | None = None) -> str:
        return self.words.label(label_kind(way.rule_set), key or way.outcome_key)

    def _day(self, day: date | None) -> str:
        if day is None:
            return ""
        if self.is_english:
            return f"{day.day} {day:%B %Y}"
        return f"{day.year}年{day.month}月{day.day}日"

    def _count(self, number: int) -> str:
        return SMALL[number] if self.is_english and number < len(SMALL) else f"{number:,}"


def _plain(row: Row) -> Row:
    """Return a row with its decimals as plain numbers."""
    return {
        name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()
    }


def grouped(ways: Sequence[Answer]) -> list[list[Answer]]:
    """Return answers in groups that are said in one sentence: alternatives by the same dates."""
    groups: list[list[Answer]] = []
    for way in ways:
        last = groups[-1][-1] if groups else None
        if (
            last
            and way.direction != "next"
            and way.open_reason != "others"
            and _shared(way) == _shared(last)
        ):
            groups[-1].append(way)
        else:
            groups.append([way])
    return groups


def _shared(way: Answer) -> tuple[Any, ...]:
    """Return what alternatives in one sentence have in common."""
    target = None if (way.rule_set, way.direction) == ("lifecycle", "keep") else way.target_key
    dates = way.from_date, way.by_date, way.until_date
    return way.rule_set, way.direction, target, len(way.actions), *dates
