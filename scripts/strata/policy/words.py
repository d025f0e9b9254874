"""Rules in words, in English or Chinese; names of outcomes, metrics and units are in the seeds."""

from __future__ import annotations

from decimal import Decimal

from strata.policy.model import Condition, Judgements, Rule, number

LANGUAGES = ("en", "zh")
WORDS = {
    "en": {
        ">=": "at least",
        ">": "more than",
        "<=": "at most",
        "<": "less than",
        "=": "exactly",
        "!=": "other than",
        "and": ", and ",
        "or": "; or ",
        "any": "any customer",
    },
    "zh": {
        ">=": "不低于",
        ">": "超过",
        "<=": "不超过",
        "<": "低于",
        "=": "为",
        "!=": "不为",
        "and": "，且",
        "or": "；或",
        "any": "全部客户",
    },
}
# Units of what is measured rather than counted: the name says what, the unit only how much.
MEASURES = frozenset(["base currency", "rate", "ratio", "score", "hours", "key"])
AVERAGES = ("mean", "median", "average")
TEN_THOUSAND = Decimal(10_000)


class Words:
    """The words of one language.

    Args:
        judgements: The seeds.
        language: en or zh.
    """

    def __init__(self, judgements: Judgements, language: str) -> None:
        self.judgements = judgements
        self.language = language
        self.is_english = language == "en"
        self.words = WORDS[language]
        self.currency = str(judgements.variables.get("base_currency") or "")

    def label(self, kind: str, key: str) -> str:
        """Return the name of an outcome or word, the key itself if labels.csv lacks it."""
        row = self.judgements.labels.get((kind, key))
        return (row[f"name_{self.language}"] if row else "") or key

    def customer_type(self, key: str) -> str:
        """Return the name of a customer type, or the word for any of them."""
        return self.words["any"] if key == "any" else self.label("customer_type", key)

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
        return self.words["or"].join(self.group(group) for group in rule.groups)

    def group(self, group: tuple[Condition, ...]) -> str:
        """Return the conditions of a group, which all must hold, as one phrase."""
        metrics = dict.fromkeys(condition.metric for condition in group)
        phrases = []
        for metric in metrics:
            conditions = [condition for condition in group if condition.metric == metric]
            phrases.append(self._phrase(metric, conditions))
        return self.words["and"].join(phrases)

    def value(self, metric: str, text: str, with_unit: bool = True) -> str:
        """Return a threshold or a word as people write it: 500,000 CNY, 20 %, At risk."""
        amount = number(text)
        if not self.judgements.is_number(metric) or amount is None:
            return self.label(metric.removesuffix("_key"), text)
        unit = self.judgements.metrics[metric]["unit"]
        if unit == "rate":
            return f"{plain(amount * 100)}{' ' if self.is_english else ''}%"
        name = self.unit(metric) if with_unit else ""
        has_cents = unit == "base currency" and amount % 1 != 0
        digits = f"{amount:,.2f}" if has_cents else plain(amount)
        if self.is_english:
            name = singular(name) if abs(amount) == 1 else name
            return f"{digits} {name}".strip()
        if unit == "base currency" and abs(amount) >= TEN_THOUSAND and amount % 1000 == 0:
            return f"{plain(amount / TEN_THOUSAND)}万{name}"
        return f"{digits}{name}"

    def _phrase(self, metric: str, conditions: list[Condition]) -> str:
        first = conditions[0]
        name = self.metric(metric)
        if first.operator in ("is_null", "is_not_null"):
            known = first.operator == "is_not_null"
            if metric == "customer_type" and known:
                return self.words["any"]
            if self.is_english:
                verb = "are" if name.split()[0].endswith("s") else "is"
                return f"{name} {verb} {'known' if known else 'not known'}"
            return f"{name}{'已知' if known else '未知'}"
        if not self.judgements.is_number(metric):
            return self.words["and"].join(self._word(name, one) for one in conditions)
        return (
            self._english(metric, name, conditions)
            if self.is_english
            else self._chinese(metric, name, conditions)
        )

    def _word(self, name: str, condition: Condition) -> str:
        values = [self.value(condition.metric, value) for value in condition.values]
        negated = condition.operator == "!="
        if self.is_english:
            listed = " or ".join(filter(None, (", ".join(values[:-1]), values[-1])))
            return f"{name} is {'other than ' if negated else ''}{listed}"
        return f"{name}{'不为' if negated else '为'}{'、'.join(values[:-1])}" + (
            f"或{values[-1]}" if len(values) > 1 else values[-1]
        )

    def _english(self, metric: str, name: str, conditions: list[Condition]) -> str:
        if _is_past(name, "days until ", conditions):
            (condition,) = conditions
            opposite = condition.operator.translate(str.maketrans("<>", "><"))
            days = self.value(metric, condition.value.removeprefix("-"))
            return f"{self.words[opposite]} {days} after {name.removeprefix('days until ')}"
        bounds = " and ".join(
            f"{self.words[one.operator]} {self.value(metric, one.value, with_unit=False)}"
            for one in conditions
        )
        if not self._is_counted(metric, name):
            bounds = bounds.replace("more than", "above").replace("less than", "below")
            return f"{name} is {bounds} {self.unit(metric)}".rstrip()
        amount = number(conditions[-1].value)
        if amount == 0 and conditions[-1].operator == "=":
            return f"no {name}"
        if amount == 1:
            plurals = [word for word in name.split() if word.endswith("s")]
            unit = self.judgements.metrics[metric]["unit"]
            noun = unit if unit in plurals else plurals[0]
            name = name.replace(noun, singular(noun), 1)
        return f"{bounds} {name}"

    def _chinese(self, metric: str, name: str, conditions: list[Condition]) -> str:
        # Things are many or few, where amounts and rates are high or low.
        counts = {">=": "不少于", "<": "少于"}
        is_counted = self.judgements.metrics[metric]["unit"] not in MEASURES
        comparisons = self.words | (counts if is_counted else {})
        if _is_past(name, "距", conditions) and name.endswith("天数"):
            (condition,) = conditions
            opposite = condition.operator.translate(str.maketrans("<>", "><"))
            days = self.value(metric, condition.value.removeprefix("-"))
            return f"{name[1:-2]}后{comparisons[opposite]}{days}"
        return name + "且".join(
            f"{comparisons[one.operator]}{self.value(metric, one.value)}" for one in conditions
        )

    def is_whole(self, metric: str) -> bool:
        """Whether a metric counts things or days, so that 2 to below 3 is 2."""
        unit = self.judgements.metrics[metric]["unit"]
        return unit not in MEASURES and not self.judgements.metrics[metric]["name_en"].startswith(
            AVERAGES
        )

    def _is_counted(self, metric: str, name: str) -> bool:
        """Whether the number goes before the name: 3 orders, but a refund rate of 20 %."""
        unit = self.judgements.metrics[metric]["unit"]
        if unit in MEASURES or name.startswith(AVERAGES):
            return False
        return unit != "days" or "days" in name.split()[:2]


def _is_past(name: str, prefix: str, conditions: list[Condition]) -> bool:
    """Whether days until something are asked to be negative: it was some days ago."""
    return (
        name.startswith(prefix)
        and len(conditions) == 1
        and conditions[0].value.startswith("-")
        and conditions[0].operator in ("<", "<=", ">", ">=")
    )


def plain(amount: Decimal) -> str:
    """Return a number with thousands separators and without needless decimals."""
    text = f"{amount:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def singular(noun: str) -> str:
    """Return the singular of the last word of a unit: days, categories."""
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    if noun.endswith("ches"):
        return noun[:-2]
    return noun.removesuffix("s")
