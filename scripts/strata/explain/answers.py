"""The answers to what keeps a customer's labels, moves them up, or becomes of them by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from strata.explain.simulate import Row


@dataclass(frozen=True)
class Answer:
    """One answer about the set lifecycle or tier: from `outcome_key` today to `target_key`.

    `direction` is `next` for what happens if nothing new does, `keep` for what avoids it, or `up`.
    `metric` decides, unless several do; `difference` is to be added to it by `by_date`, which is
    `order_count` orders of the usual size. `from_date` is the first day of the answer, if not any
    day will do; `until_date` the day on which the stage is lost nevertheless, if within 400 days.
    An answer that is not closed is not certain: `open_reason` is others, cut_points, metric or gap.
    """

    rule_set: str
    direction: str
    outcome_key: str
    target_key: str
    actions: tuple[str, ...] = ()  # money, order, contract, complaint, login, interaction, survey
    metric: str | None = None
    current_value: Any = None
    expected_value: Any = None
    needed_value: Any = None
    difference: Any = None
    order_count: int | None = None
    from_date: date | None = None
    by_date: date | None = None
    until_date: date | None = None
    is_group: bool = False  # the value is that of a whole group
    is_closed: bool = True
    open_reason: str | None = None
    grounds: list[Row] = field(default_factory=list)
