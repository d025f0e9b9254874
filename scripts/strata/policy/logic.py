"""Which rules can fire, and whom no rule judges: decided by search, not by example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from strata.policy.findings import Finding, at, line_seen_from
from strata.policy.invariants import Invariants, condition_values, invariants
from strata.policy.judgements import FIRST_MATCH, Condition, Judgements, Rule
from strata.policy.solver import Clause, State, solve
from strata.policy.values import Values

# Faults of a condition that leave nothing to conclude from.
UNREADABLE = ("unknown", "operator", "value")


def check_logic(
    judgements: Judgements, policies: list[str], found: Sequence[Finding]
) -> Iterator[Finding]:
    """Yield rules that can never fire and gaps of sets that must decide.

    `found` is what the other checks found: a set with an unreadable condition is left alone, and a
    tier out of order is not said to be shadowed as well.
    """
    unreadable = {(one.file, one.line) for one in found if one.check in UNREADABLE}
    disordered = {one.subject for one in found if one.check == "thresholds"}
    for policy in policies:
        known = {name: invariants(judgements, policy, name) for name in judgements.customer_types}
        for rule_set in judgements.rule_sets:
            rules = judgements.rules(policy, rule_set)
            groups = [group for rule in rules for group in rule.groups or [()]]
            rows = [condition.row for group in groups for condition in group]
            if () in groups or not unreadable.isdisjoint((row.file, row.line) for row in rows):
                continue
            checker = _Set(judgements, f"{policy}/{rule_set}", rules, known)
            yield from checker.contradictions()
            if rule_set in FIRST_MATCH:
                yield from (one for one in checker.shadowed() if one.subject not in disordered)
                yield from checker.gaps()


@dataclass
class _Set:
    """The rules of one set, in order of evaluation."""

    judgements: Judgements
    name: str
    rules: list[Rule]
    known: dict[str, Invariants]
    has_one_type: bool = False
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
            self.has_one_type = True

    def contradictions(self) -> Iterator[Finding]:
        """Yield condition groups that no customer can meet."""
        for rule in self.rules:
            for place, group in enumerate(rule.groups):
                types = [name for name in self.known if rule.applies_to(name)]
                possible = [
                    name for name in types if self._solve(name, self._met(group)) is not None
                ]
                self.possible |= {(rule.key, place, name) for name in possible}
                if types and not possible:
                    conditions = tuple(map(str, group))
                    yield at(group[0].row, "contradiction", rule.path, conditions=conditions)

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
                yield at(rule.row, "shadowed.several", rule.path)
            else:
                values = {"other": culprit.key, "other_line": line_seen_from(rule.row, culprit.row)}
                yield at(rule.row, "shadowed.one", rule.path, **values)

    def gaps(self) -> Iterator[Finding]:
        """Yield an example of a customer to whom no rule of the set applies."""
        for customer_type in self.known:
            rules = [rule for rule in self.rules if rule.applies_to(customer_type)]
            demands = [clause for rule in rules for clause in self._missed(rule)]
            left = self._solve(customer_type, demands) if rules else None
            if left is None:
                continue
            yield at(
                rules[-1].row,
                "gap",
                self.name,
                customer_type="" if self.has_one_type else customer_type,
                example=_example(left, demands),
                set=self.name.rpartition("/")[2],
            )

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
            not missed or self._solve(customer_type, [*self._met(group), *missed]) is not None
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

    def _solve(self, customer_type: str, clauses: list[Clause]) -> State | None:
        known = self.known[customer_type]
        return solve(known.state, [*clauses, *known.clauses], known.orders)


def _example(left: State, demands: list[Clause]) -> tuple[str, ...]:
    """Say in short what is left open for the metrics that the rules of a set name."""
    metrics = dict.fromkeys(metric for clause in demands for metric, _ in clause)
    return tuple(f"{metric} {_described(left[metric])}" for metric in metrics if metric in left)


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
        return f"!= {', '.join(sorted(values.words))}" if values.words else "of any value"
    return f"= {sorted(values.words)[0]}"
