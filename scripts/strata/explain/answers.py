"""The answers to what keeps a customer's labels, moves them up, or becomes of them by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from strata.explain.simulate import Row


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        rule_set: lifecycle or tier.
        direction: `next` for what happens if nothing new does, `keep` for what avoids it, `up`.
        outcome_key: The label of today.
        target_key: The label that the answer leads to.
        actions: Actions taken: money, order, contract, complaint, login, interaction, survey; none
            if nothing need be.
        metric: The deciding metric; None if several decide.
        current_value: The metric today.
        expected_value: The metric on the last day, if nothing new happens.
        needed_value: The least or most that the rule asks for.
        difference: The amount to add by then; never less than needed.
        order_count: How many orders of the usual size that is; None if that says nothing.
        from_date: First day of the answer; None if any day from now on will do.
        by_date: Last day of it, or the day judged.
        until_date: When the stage is lost nevertheless; None if not within 400 days.
        is_group: Whether the value is that of a whole group.
        is_closed: Whether the answer is certain, all else equal.
        open_reason: Why it is not: others, cut_points, metric or gap.
    """

    rule_set: str
    direction: str
    outcome_key: str
    target_key: str
    actions: tuple[str, ...] = ()
    metric: str | None = None
    current_value: Any = None
    expected_value: Any = None
    needed_value: Any = None
    difference: Any = None
    order_count: int | None = None
    from_date: date | None = None
    by_date: date | None = None
    until_date: date | None = None
    is_group: bool = False
    is_closed: bool = True
    open_reason: str | None = None
    grounds: list[Row] = field(default_factory=list)
