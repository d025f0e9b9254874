"""Rules in words: sentences from the catalogue, names of outcomes and metrics from the seeds."""

from __future__ import annotations

from collections.abc import Sequence

from strata.catalogue import knows, say
from strata.policy.judgements import WITHOUT_VALUE, Condition, Judgements, Rule, number

# Units of what is measured rather than counted: the name says what, the unit only how much.
MEASURES = frozenset(["base currency", "rate", "ratio", "score", "hours", "key"])
AVERAGES = ("mean", "median", "average")
KEYS = {">=": "at_least", ">": "more", "<=": "at_most", "<": "less", "=": "exactly", "!=": "other"}
OPPOSITES = str.maketrans("<>", "><")


class Phrasing:
    """The words of one language, en or zh."""

    def __init__(self, judgements: Judgements, language: str) -> None:
        self.judgements = judgements
        self.language = language
        self.currency = str(judgements.variables.get("base_currency") or "")

    def label(self, kind: str, key: str) -> str:
        """Return the name of an outcome or word, the key itself if labels.csv lacks it."""
        row = self.judgements.labels.get((kind, key))
        return (row[f"name_{self.language}"] if row else "") or key

    def customer_type(self, key: str) -> str:
        """Return the name of a customer type, or the word for any of them."""
        if key == "any":
            return say("phrasing.everybody", self.language)
        return self.label("customer_type", key)

    def metric(self, metric: str) -> str:
        """Return the name of a metric as it reads in a sentence."""
        row = self.judgements.metrics.get(metric)
        return (row[f"name_{self.language}"] if row else "") or metric

    def unit(self, metric: str) -> str:
        """Return the unit of a metric, empty for a word or a share."""
        unit = self.judgements.metrics[metric]["unit"]
        if unit == "base currency":
            return self.label("currency", self.currency)
        return "" if unit in ("rate", "key") else self.label("unit", unit)

    def rule(self, rule: Rule) -> str:
        """Return the conditions of a rule as one phrase."""
        return self._say("any", phrases=[self.group(group) for group in rule.groups])

    def group(self, group: Sequence[Condition]) -> str:
        """Return the conditions of a group, which all must hold, as one phrase."""
        by_metric: dict[str, list[Condition]] = {}
        for condition in group:
            by_metric.setdefault(condition.metric, []).append(condition)
        return self._say("all", phrases=[self._phrase(*one) for one in by_metric.items()])

    def value(self, metric: str, text: str, with_unit: bool = True) -> str:
        """Return a threshold or a word as people write it: 500,000 CNY, 20 %, At risk."""
        amount = number(text)
        if not self.judgements.is_number(metric) or amount is None:
            return self.label(metric.removesuffix("_key"), text)
        unit = self.judgements.metrics[metric]["unit"]
        if unit == "rate":
            return self._say("value.rate", amount=amount)
        name = self.unit(metric) if with_unit else ""
        if self.language == "en" and abs(amount) == 1:
            name = singular(name)
        key = "value.amount" if unit == "base currency" else "value.number"
        return self._say(key, amount=amount, unit=name).strip()

    def is_whole(self, metric: str) -> bool:
        """Whether a metric counts things or days, so that 2 to below 3 is 2."""
        row = self.judgements.metrics[metric]
        return row["unit"] not in MEASURES and not row["name_en"].startswith(AVERAGES)

    def _say(self, key: str, **values: object) -> str:
        return say(f"phrasing.{key}", self.language, **values)

    def _phrase(self, metric: str, conditions: list[Condition]) -> str:
        first, name = conditions[0], self.metric(metric)
        case = "_".join(filter(None, (KEYS.get(first.operator, first.operator), first.value)))
        if len(conditions) == 1 and knows(f"phrasing.special.{metric}.{case}"):
            return self._say(f"special.{metric}.{case}")
        if first.operator in WITHOUT_VALUE:
            return self._say(first.operator, name=name)
        if not self.judgements.is_number(metric):
            return self._say(
                "all",
                phrases=[
                    self._say(
                        "other_word" if one.operator == "!=" else "words",
                        name=name,
                        values=[self.value(metric, value) for value in one.values],
                    )
                    for one in conditions
                ],
            )
        is_below_zero = len(conditions) == 1 and first.value.startswith("-")
        if metric.endswith("_change_rate") and len(conditions) == 1:
            return self._compared("fall" if is_below_zero else "rise", "change", metric, conditions)
        if metric.startswith("days_until_") and is_below_zero:
            return self._compared("past", "counted", metric, conditions)
        if not self.is_whole(metric):
            is_zero = all(number(one.value) == 0 for one in conditions)
            return self._compared("measured", "zero" if is_zero else "measured", metric, conditions)
        is_span = metric.startswith(("days_since_", "days_until_", "days_between_"))
        return self._compared("days" if is_span else "counted", "counted", metric, conditions)

    def _compared(
        self, phrase: str, comparison: str, metric: str, conditions: list[Condition]
    ) -> str:
        """Return a metric and its bounds; below zero a fall or a past is told by its size."""
        is_turned, name = phrase in ("fall", "past"), self.metric(metric)
        # The English name of what is counted holds the unit: 3 orders.
        with_unit = self.language != "en" or phrase not in ("counted", "days")
        bounds = []
        for one in conditions:
            operator = one.operator.translate(OPPOSITES) if is_turned else one.operator
            text = one.value.removeprefix("-") if is_turned else one.value
            values = {} if comparison == "zero" else {"value": self.value(metric, text, with_unit)}
            bounds.append(self._say(f"{comparison}.{KEYS[operator]}", **values))
        if self.language == "en" and not with_unit and number(conditions[-1].value) == 1:
            plurals = [word for word in name.split() if word.endswith("s")]
            unit = self.judgements.metrics[metric]["unit"]
            noun = unit if unit in plurals else plurals[0]
            name = name.replace(noun, singular(noun), 1)
        return self._say(f"{phrase}.phrase", name=name, bound=self._say("both", bounds=bounds))


def singular(noun: str) -> str:
    """Return the singular of the last word of a unit: days, categories."""
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    if noun.endswith("ches"):
        return noun[:-2]
    return noun.removesuffix("s")
