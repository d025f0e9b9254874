"""What becomes of a customer's lifecycle stage, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

from strata.explain.judge import Judge, Scenario, Verdict
from strata.explain.ways import PROFIT, Way, are_costs_known, unforeseen

# Days looked ahead for the next change of stage: more than a year, the longest usual limit.
HORIZON_DAYS = 400


def lifecycle_ways(judge: Judge, ranks: list[str]) -> Iterator[Way]:
    """Yield when the stage changes by itself, what puts that off, and what improves it.

    Args:
        judge: Judges the customer.
        ranks: The stages, the best first.
    """
    now = str(judge.segments["lifecycle_stage_key"])
    metric = unforeseen(judge, "lifecycle")
    if metric:
        yield Way(
            "lifecycle", "next", now, now, metric=metric, is_closed=False, open_reason="metric"
        )
        return

    def stage(verdict: Verdict) -> str:
        return verdict.outcome("lifecycle")

    def is_better(one: str, other: str) -> bool:
        return ranks.index(one) < ranks.index(other)

    days = [judge.as_of + timedelta(day) for day in range(HORIZON_DAYS + 1)]
    quiet = judge.ask(Scenario(day) for day in days)
    if not are_costs_known(judge, "lifecycle", quiet):
        yield Way(
            "lifecycle", "next", now, now, metric=PROFIT, is_closed=False, open_reason="costs"
        )
        return
    turn = next((verdict for verdict in quiet if stage(verdict) != now), None)
    if turn is None:
        yield Way("lifecycle", "next", now, now, by_date=days[-1])
    else:
        day, target = turn.scenario.judged, stage(turn)
        grounds = judge.grounds(turn.scenario, "lifecycle")
        yield Way("lifecycle", "next", now, target, from_date=day, grounds=grounds)
        if is_better(now, target):
            yield from _delays(judge, now, day, lambda verdict: is_better(now, stage(verdict)))
    changes = _changes(judge, judge.as_of)
    chosen = [names for size in range(len(changes)) for names in combinations(changes, size + 1)]
    verdicts = judge.ask(_together([changes[one] for one in names]) for names in chosen)
    found = [
        (names, stage(verdict))
        for names, verdict in zip(chosen, verdicts, strict=True)
        if is_better(stage(verdict), now)
    ]
    fewest = min((len(names) for names, _ in found), default=0)
    for names, target in found:
        if len(names) == fewest:
            yield Way("lifecycle", "up", now, target, names, needed_value=_score_of(names, changes))


def _delays(
    judge: Judge, now: str, day: date, is_worse: Callable[[Verdict], bool]
) -> Iterator[Way]:
    """Yield what may be done before the day on which the stage gets worse."""
    eve = day - timedelta(1)
    early = (day - judge.as_of).days
    for action, change in _changes(judge, eve).items():
        verdicts = judge.ask(
            [
                *(replace(change, judged=day + timedelta(more)) for more in range(HORIZON_DAYS)),
                *(
                    replace(change, judged=day, changed=day - timedelta(1 + n))
                    for n in range(early)
                ),
            ]
        )
        path, tried = verdicts[:HORIZON_DAYS], verdicts[HORIZON_DAYS:]
        lost = next((one.scenario.judged for one in path if is_worse(one)), None)
        if lost == day:
            continue
        failed = [one.scenario.changed for one in tried if one.scenario.changed and is_worse(one)]
        yield Way(
            "lifecycle",
            "keep",
            now,
            path[0].outcome("lifecycle"),
            (action,),
            needed_value=_score_of((action,), {action: change}),
            from_date=max(failed) + timedelta(1) if failed else None,
            by_date=eve,
            until_date=lost,
        )


def _changes(judge: Judge, day: date) -> dict[str, Scenario]:
    """Return what may be done about a stage on a day, by name, judged on that day."""
    base = Scenario(day, day)
    changes = {"order": replace(base, orders=1, amount=judge.usual_amount)}
    used = {row["metric"] for row in judge.conditions if row["rule_set"] == "lifecycle"}
    if judge.today["days_until_contract_end"] is not None or judge.today["contract_count"]:
        changes["contract"] = replace(base, contract=Decimal(1))
    if judge.today["open_complaint_count"]:
        changes["complaint"] = replace(base, closes_complaints=True)
    if judge.today["login_count"]:
        changes["login"] = replace(base, login=True)
    if "days_since_last_activity" in used or "days_since_last_interaction" in used:
        changes["interaction"] = replace(base, interaction=True)
    limits = [
        int(row["threshold"])
        for row in judge.conditions
        if row["metric"] == "nps_score"
        and row["rule_set"] == "lifecycle"
        and row["threshold"] is not None
    ]
    if limits and judge.today["nps_score"] is not None and judge.today["nps_score"] < max(limits):
        changes["survey"] = replace(base, nps_score=max(limits))
    return changes


def _score_of(names: tuple[str, ...], changes: dict[str, Scenario]) -> int | None:
    """Return the NPS score that is needed, if an answer is among the changes."""
    return changes["survey"].nps_score if "survey" in names else None


def _together(changes: list[Scenario]) -> Scenario:
    """Return one scenario with all changes."""
    plain = Scenario(changes[0].judged)
    merged = changes[0]
    for one in changes[1:]:
        merged = replace(
            merged,
            **{name: value for name, value in vars(one).items() if value != getattr(plain, name)},
        )
    return merged
