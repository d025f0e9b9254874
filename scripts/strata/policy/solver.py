"""Whether some customer can meet several demands at once: an exact search over sets of values.

A demand is a clause: a list of (metric, values) of which at least one must hold. The search keeps
the values still possible for each metric, takes what a clause leaves no choice about, and branches
where it does. Metrics are few and clauses short, so that it ends in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from strata.policy.values import ANYTHING, Interval, Values

Literal = tuple[str, Values]
Clause = Sequence[Literal]
State = dict[str, Values]
# (smaller, greater): the one metric is never above the other where both are known.
Order = tuple[str, str]


def solve(state: State, clauses: Iterable[Clause], orders: Sequence[Order] = ()) -> State | None:
    """Return the values left to each metric by one way to meet every clause, None if none does.

    `state` holds the values that a metric can have at all; metrics that are not there have any.
    """
    state = dict(state)
    open_clauses = [list(clause) for clause in clauses]
    changed: set[str] | None = None  # None: nothing has been looked at yet
    while changed is None or changed:
        touched: set[str] = set()
        waiting: list[list[Literal]] = []
        for clause in open_clauses:
            if changed is not None and not any(metric in changed for metric, _ in clause):
                waiting.append(clause)
                continue
            choices: list[Literal] = []
            for metric, values in clause:
                at = state.get(metric, ANYTHING)
                left = at & values
                if left == at:
                    break  # it holds in any case
                if not left.is_empty:
                    choices.append((metric, left))
            else:
                if not choices:
                    return None
                if len(choices) > 1:
                    waiting.append(choices)
                else:
                    ((metric, state[metric]),) = choices
                    touched.add(metric)
        open_clauses = waiting
        for order in orders:
            is_stale = changed is None or not touched.union(changed).isdisjoint(order)
            if is_stale and not _narrow(state, order, touched):
                return None
        changed = touched
    if not open_clauses:
        return state
    chosen = min(open_clauses, key=len)
    rest = [clause for clause in open_clauses if clause is not chosen]
    for metric, values in chosen:
        found = solve(state | {metric: values}, rest, orders)
        if found is not None:
            return found
        # A value that failed for this choice need not be tried again under the next one.
        left = state.get(metric, ANYTHING) & values.complement()
        if left.is_empty:
            return None
        state = state | {metric: left}
    return None


def _narrow(state: State, order: Order, touched: set[str]) -> bool:
    """Narrow the values of two ordered metrics by each other's bounds; False if none is left."""
    smaller, greater = (state.get(metric, ANYTHING) for metric in order)
    if not (smaller.intervals and greater.intervals) or smaller.has_null or greater.has_null:
        return True
    top, bottom = greater.intervals[-1], smaller.intervals[0]
    last, first = smaller.intervals[-1], greater.intervals[0]
    if (top.high, not top.high_open) < (last.high, not last.high_open):
        state[order[0]] = smaller & Values((Interval(high=top.high, high_open=top.high_open),))
        touched.add(order[0])
    if (bottom.low, bottom.low_open) > (first.low, first.low_open):
        state[order[1]] = greater & Values((Interval(low=bottom.low, low_open=bottom.low_open),))
        touched.add(order[1])
    return not any(state.get(metric, ANYTHING).is_empty for metric in order)
