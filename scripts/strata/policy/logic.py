"""Which rules can fire, and whom no rule judges: decided by search, not by example."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from strata.policy.facts import Facts, condition_values, facts
from strata.policy.findings import Finding, at
from strata.policy.judgements import FIRST_MATCH, Condition, Judgements, Rule, number
from strata.policy.rules import broken
from strata.policy.solver import Clause, State, solve
from strata.policy.values import Values

FLOOR = (">", ">=")
SIDES = (FLOOR, ("<", "<="))


def check_logic(judgements: Judgements, policies: list[str]) -> Iterator[Finding]:
    """Yield rules that can never fire, gaps of sets that must decide, thresholds out of order."""
    for policy in policies:
        known = {name: facts(judgements, policy, name) for name in judgements.customer_types}
        for rule_set in judgements.rule_sets:
            rules = judgements.rules(policy, rule_set)
            if any(_unreadable(judgements, rule) for rule in rules):
                continue  # the rules are broken in plainer ways, which are said elsewhere
            checker = _Set(judgements, f"{policy}/{rule_set}", rules, known)
            dead = list(checker.contradictions())
            yield from dead
            if rule_set in FIRST_MATCH:
                disordered = list(_thresholds(judgements, rules)) if rule_set == "tier" else []
                yield from disordered
                said = {finding.subject for finding in disordered}
                yield from (one for one in checker.shadowed() if one.subject not in said)
                yield from checker.gaps()


def _unreadable(judgements: Judgements, rule: Rule) -> bool:
    conditions = [condition for group in rule.groups for condition in group]
    return not conditions or any(broken(judgements, condition) for condition in conditions)


@dataclass
class _Set:
    """The rules of one set, in the order in which they are read."""

    judgements: Judgements
    name: str
    rules: list[Rule]
    known: dict[str, Facts]
    # The groups that somebody of a customer type can meet: rule, place of the group, type.
    possible: set[tuple[str, int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        metrics = {
            condition.metric for rule in self.rules for group in rule.groups for condition in group
        }
        self.known = {name: known.about(metrics) for name, known in self.known.items()}
        first, *others = self.known.items()
        # One search does for all customer types if nothing tells them apart.
        if all(rule.row["customer_type"] == "any" for rule in self.rules) and all(
            known == first[1] for _, known in others
        ):
            self.known = dict([first])
            self.who = "a customer"
        else:
            self.who = "a {} customer"

    def contradictions(self) -> Iterator[Finding]:
        """Yield condition groups that no customer can meet."""
        for rule in self.rules:
            for place, group in enumerate(rule.groups):
                types = [name for name in self.known if rule.applies_to(name)]
                possible = [name for name in types if self._possible(name, self._met(group))]
                self.possible |= {(rule.key, place, name) for name in possible}
                if types and not possible:
                    problem = f"no customer can meet {_listed(group)}"
                    fix = "correct the thresholds or words; the conditions of a group all must hold"
                    subject = f"{rule.row['policy_key']}/{rule.key}"
                    yield at(group[0].row, "contradiction", subject, problem, fix)

    def shadowed(self) -> Iterator[Finding]:
        """Yield rules whose customers are all taken by rules that are read before."""
        for position, rule in enumerate(self.rules):
            alone = [name for name in self.known if self._fires(rule, [], name)]
            before = self.rules[:position]
            if not alone or any(self._fires(rule, before, name) for name in alone):
                continue
            culprit = next(
                (
                    earlier
                    for earlier in before
                    if not any(self._fires(rule, [earlier], name) for name in alone)
                ),
                None,
            )
            if culprit is None:
                problem = "the rule never decides: those before it take everybody whom it fits"
            else:
                problem = (
                    f"the rule never decides: {culprit.key} on line {culprit.row.line} is read "
                    "first and fits all of its customers"
                )
            fix = "change its priority, or a threshold of one of the two"
            yield at(rule.row, "shadowed", f"{rule.row['policy_key']}/{rule.key}", problem, fix)

    def gaps(self) -> Iterator[Finding]:
        """Yield an example of a customer to whom no rule of the set applies."""
        for customer_type in self.known:
            rules = [rule for rule in self.rules if rule.applies_to(customer_type)]
            demands = [clause for rule in rules for clause in self._missed(rule)]
            left = self._solve(customer_type, demands) if rules else None
            if left is None:
                continue
            problem = (
                f"{self.who.format(customer_type)} {_example(left, demands)} gets no "
                f"{self.name.rpartition('/')[2]}"
            )
            fix = (
                "widen a rule, or end the set with one that always holds, such as "
                "customer_type is_not_null"
            )
            yield at(rules[-1].row, "gap", self.name, problem, fix)

    def _fires(self, rule: Rule, before: list[Rule], customer_type: str) -> bool:
        """Whether some customer meets a rule and none of those before it."""
        groups = [
            group
            for place, group in enumerate(rule.groups)
            if (rule.key, place, customer_type) in self.possible
        ]
        missed = [
            clause
            for earlier in before
            if earlier.applies_to(customer_type)
            for clause in self._missed(earlier)
        ]
        return any(
            not missed or self._possible(customer_type, [*self._met(group), *missed])
            for group in groups
        )

    def _met(self, group: tuple[Condition, ...]) -> list[Clause]:
        return [[(one.metric, condition_values(self.judgements, one))] for one in group]

    def _missed(self, rule: Rule) -> list[Clause]:
        """Return the demands that no group of a rule holds."""
        return [
            [(one.metric, condition_values(self.judgements, one).complement()) for one in group]
            for group in rule.groups
        ]

    def _possible(self, customer_type: str, clauses: list[Clause]) -> bool:
        return self._solve(customer_type, clauses) is not None

    def _solve(self, customer_type: str, clauses: list[Clause]) -> State | None:
        known = self.known[customer_type]
        return solve(known.state, [*clauses, *known.clauses], known.orders)


def _thresholds(judgements: Judgements, rules: list[Rule]) -> Iterator[Finding]:
    """Yield tiers whose threshold on a metric is not in the order of labels.csv.

    Of two tiers cut by one condition each, on the same metric and side, the one that labels.csv
    lists first is the higher and has the stricter threshold.
    """
    ranks = {key: rank for rank, (kind, key) in enumerate(judgements.labels) if kind == "tier"}
    cuts = [
        (rule, condition, value)
        for rule in rules
        for condition in [rule.groups[0][0]]
        for value in [number(condition.value)]
        if value is not None and len(rule.groups) == len(rule.groups[0]) == 1
    ]
    for low_rule, low, low_value in cuts:
        for high_rule, high, high_value in cuts:
            if (
                ranks.get(low_rule.outcome, -1) <= ranks.get(high_rule.outcome, -1)
                or low.metric != high.metric
                or not any(low.operator in side and high.operator in side for side in SIDES)
                or not _share_customers(judgements, low_rule, high_rule)
            ):
                continue
            is_floor = low.operator in FLOOR
            if (high_value <= low_value) if is_floor else (high_value >= low_value):
                problem = (
                    f"{low_value} of {low_rule.outcome} is not {'below' if is_floor else 'above'} "
                    f"{high_value} of the higher tier {high_rule.outcome} on line {high.row.line}"
                )
                fix = "put the thresholds in the order of the tiers in labels.csv"
                subject = f"{low_rule.row['policy_key']}/{low_rule.key}"
                yield at(low.row, "thresholds", subject, problem, fix)


def _share_customers(judgements: Judgements, rule: Rule, other: Rule) -> bool:
    return any(
        rule.applies_to(name) and other.applies_to(name) for name in judgements.customer_types
    )


def _listed(group: tuple[Condition, ...]) -> str:
    return " and ".join(str(condition) for condition in group)


def _example(left: State, demands: list[Clause]) -> str:
    """Say in short what is left open for the metrics that the rules of a set name."""
    metrics = dict.fromkeys(metric for clause in demands for metric, _ in clause)
    parts = [f"{metric} {_described(left[metric])}" for metric in metrics if metric in left]
    return "with " + ", ".join(parts) if parts else "of any kind"


def _described(values: Values) -> str:
    if values.has_null:
        return "unknown"
    if values.intervals:
        first = values.intervals[0]
        if first.low == first.high:
            return f"= {first.low}"
        if first.low.is_finite():
            return f"{'>' if first.low_open else '>='} {first.low}"
        if first.high.is_finite():
            return f"{'<' if first.high_open else '<='} {first.high}"
        return "of any value"
    if values.all_but:
        return f"other than {', '.join(sorted(values.words))}" if values.words else "of any word"
    return f"= {sorted(values.words)[0]}"
