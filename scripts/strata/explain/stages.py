"""Forecast of a customer's lifecycle stage, and actions that change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from strata.explain.answers import Answer
from strata.explain.copies import Scenario
from strata.explain.simulate import Simulation, Verdict

# Days looked ahead for the next change of stage: more than a year, the longest usual limit.
HORIZON_DAYS = 400
# An action mostly puts off a change for a month or two: later days are judged only if need be.
SPANS = (range(60), range(60, HORIZON_DAYS))


def lifecycle_answers(simulation: Simulation, ranks: list[str]) -> Iterator[Answer]:
    """Yield when the stage changes by itself, what puts that off, and what improves it.

    The best of `ranks` comes first.
    """
    now = str(simulation.segments["lifecycle_stage_key"])
    answer = Answer("lifecycle", "next", now, now)
    metric = simulation.unforeseen("lifecycle")
    if metric:
        yield replace(answer, metric=metric, is_closed=False, open_reason="metric")
        return

    def is_better(one: str, other: str) -> bool:
        return ranks.index(one) < ranks.index(other)

    days = [simulation.as_of + timedelta(day) for day in range(HORIZON_DAYS + 1)]
    changes = _changes(simulation, simulation.as_of)
    chosen = [names for size in range(len(changes)) for names in combinations(changes, size + 1)]
    together = [_together([changes[one] for one in names]) for names in chosen]
    verdicts = simulation.ask([*map(Scenario, days), *together])
    quiet, changed = verdicts[: len(days)], verdicts[len(days) :]
    turn = next((verdict for verdict in quiet if verdict.outcome("lifecycle") != now), None)
    if turn is None:
        yield replace(answer, by_date=days[-1])
    else:
        day, target = turn.scenario.judged, turn.outcome("lifecycle")
        grounds = simulation.grounds(turn, "lifecycle")
        yield replace(answer, target_key=target, from_date=day, grounds=grounds)
        if is_better(now, target):
            yield from _delays(
                simulation, now, day, lambda verdict: is_better(now, verdict.outcome("lifecycle"))
            )
    found = [
        (names, verdict.outcome("lifecycle"))
        for names, verdict in zip(chosen, changed, strict=True)
        if is_better(verdict.outcome("lifecycle"), now)
    ]
    fewest = min((len(names) for names, _ in found), default=0)
    for names, target in found:
        if len(names) == fewest:
            score = changes["survey"].nps_score if "survey" in names else None
            yield Answer("lifecycle", "up", now, target, names, needed_value=score)


def _delays(
    simulation: Simulation, now: str, day: date, is_worse: Callable[[Verdict], bool]
) -> Iterator[Answer]:
    """Yield what may be done before the day on which the stage gets worse."""
    eve = day - timedelta(1)
    changes = _changes(simulation, eve)
    # Done on the eve, and judged on each day from then on; done earlier, and judged on the day.
    paths: dict[str, list[Verdict]] = {action: [] for action in changes}
    earlier = {
        action: [
            replace(change, judged=day, changed=eve - timedelta(less))
            for less in range((day - simulation.as_of).days)
        ]
        for action, change in changes.items()
    }
    lost: dict[str, date] = {}
    for span in SPANS if simulation.has_many_facts else [range(HORIZON_DAYS)]:
        later = {
            action: [replace(changes[action], judged=day + timedelta(more)) for more in span]
            for action in changes
            if action not in lost
        }
        simulation.ask(one for part in (later, earlier) for many in part.values() for one in many)
        for action, scenarios in later.items():
            paths[action] += simulation.ask(scenarios)
            worse = next((one for one in paths[action] if is_worse(one)), None)
            if worse:
                lost[action] = worse.scenario.judged
    for action, change in changes.items():
        if lost.get(action) == day:
            continue
        failed = [one.scenario for one in simulation.ask(earlier[action]) if is_worse(one)]
        last = max((one.changed for one in failed if one.changed), default=None)
        yield Answer(
            "lifecycle",
            "keep",
            now,
            paths[action][0].outcome("lifecycle"),
            (action,),
            needed_value=change.nps_score,
            from_date=last + timedelta(1) if last else None,
            by_date=eve,
            until_date=lost.get(action),
        )


def _changes(simulation: Simulation, day: date) -> dict[str, Scenario]:
    """Return what may be done about a stage on a day, by name, judged on that day."""
    base, today = Scenario(day, day), simulation.today
    conditions = simulation.of_set("lifecycle")
    used = {row["metric"] for row in conditions}
    changes = {"order": replace(base, orders=1, amount=simulation.usual_amount)}
    if today["days_until_contract_end"] is not None or today["contract_count"]:
        changes["contract"] = replace(base, contract=Decimal(1))
    if today["open_complaint_count"]:
        changes["complaint"] = replace(base, closes_complaints=True)
    if today["login_count"]:
        changes["login"] = replace(base, login=True)
    if used & {"days_since_last_activity", "days_since_last_interaction"}:
        changes["interaction"] = replace(base, interaction=True)
    score = max(
        (int(row["threshold"] or 0) for row in conditions if row["metric"] == "nps_score"),
        default=0,
    )
    if today["nps_score"] is not None and today["nps_score"] < score:
        changes["survey"] = replace(base, nps_score=score)
    return changes


def _together(changes: list[Scenario]) -> Scenario:
    """Return one scenario with all changes."""
    plain = Scenario(changes[0].judged)
    merged: dict[str, Any] = {}
    for one in changes:
        merged |= {
            name: value for name, value in vars(one).items() if value != getattr(plain, name)
        }
    return replace(plain, **merged)
