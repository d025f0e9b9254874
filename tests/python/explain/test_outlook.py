"""The answers of the outlook in sentences; tests/python/warehouse/test_foretold.py plays them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from strata.explain.answers import Answer
from strata.explain.outlook import Sentences, grouped
from strata.policy.judgements import Judgements
from strata.policy.phrasing import Phrasing
from strata.project import project_dir

END = date(2026, 9, 30)
FALL = Answer(
    "tier",
    "next",
    "A",
    "B",
    metric="net_revenue_amount_365d",
    current_value=Decimal("6100"),
    expected_value=Decimal("3760.5"),
    needed_value=5000.0,
    from_date=date(2026, 8, 12),
    by_date=END,
)
KEEP = replace(
    FALL,
    direction="keep",
    target_key="A",
    actions=("money",),
    difference=Decimal("1239.5"),
    order_count=2,
    from_date=None,
)
ORDERS = replace(KEEP, actions=("order",), difference=2, order_count=2)
RISK = Answer("lifecycle", "next", "established", "at_risk", from_date=date(2026, 8, 12))
DELAY = Answer(
    "lifecycle",
    "keep",
    "established",
    "established",
    ("order",),
    by_date=date(2026, 8, 11),
    until_date=date(2026, 12, 10),
)
BACK = Answer("lifecycle", "up", "at_risk", "established", ("complaint", "login"))


@pytest.fixture(scope="module")
def judgements() -> Judgements:
    return Judgements.read(project_dir())


@pytest.mark.parametrize(
    ("answers", "english", "chinese"),
    [
        (
            [FALL],
            "Tier: B from 12 August 2026 on without another purchase: net revenue in 365 days "
            "3,761 CNY on 30 September 2026, 6,100 CNY today.",
            "等级：若不再购买，自2026年8月12日起为“B类（普通客户）”：近365天净收入2026年9月30日为"
            "3,761元，目前6,100元。",
        ),
        (
            [replace(FALL, current_value=Decimal("99.5"), from_date=None)],
            "Tier: B on 30 September 2026 without another purchase: net revenue in 365 days "
            "3,761 CNY then, 99.50 CNY today.",
            "等级：若不再购买，2026年9月30日为“B类（普通客户）”：近365天净收入届时为3,761元，"
            "目前99.50元。",
        ),
        (
            [replace(FALL, target_key="A", from_date=None)],
            "Tier: still A on 30 September 2026 without another purchase: net revenue in 365 days "
            "3,761 CNY then; the line is 5,000 CNY.",
            "等级：若不再购买，2026年9月30日仍为“A类（重点客户）”：届时近365天净收入3,761元，"
            "门槛为5,000元。",
        ),
        (
            [KEEP, ORDERS],
            "With 1,240 CNY more of net revenue (about two orders of its usual size) or two more "
            "orders by 30 September 2026 it keeps A.",
            "2026年9月30日前（含当日）再有1,240元净收入（约2单）或2单，可保持“A类（重点客户）”。",
        ),
        (
            [RISK],
            "Stage: Established until 11 August 2026 if nothing new happens, At risk from "
            "12 August 2026 on.",
            "阶段：若无新情况，“成熟客户”保持至2026年8月11日，自2026年8月12日起为“流失风险”。",
        ),
        (
            [DELAY],
            "An order by 11 August 2026 puts that off (to 10 December 2026 if on the last day).",
            "2026年8月11日前（含当日）下单，可予推迟（若在最后一天，则推迟至2026年12月10日）。",
        ),
        (
            [BACK],
            "Closing the open complaints and a log-in together now make it Established.",
            "若现在关闭未结投诉，并登录产品，即为“成熟客户”。",
        ),
        (
            [replace(FALL, target_key="A", is_closed=False, open_reason="metric")],
            "Tier: nobody can tell for A, since net revenue in 365 days cannot be foretold.",
            "等级：“A类（重点客户）”能否保持无法确定，近365天净收入无法预知。",
        ),
    ],
)
def test_answers_are_said_in_both_languages(
    judgements: Judgements, answers: list[Answer], english: str, chinese: str
) -> None:
    assert Sentences(Phrasing(judgements, "en")).say(answers) == english
    assert Sentences(Phrasing(judgements, "zh")).say(answers) == chinese


LINE = replace(
    FALL, target_key="A", difference=Decimal("1239.5"), is_closed=False, open_reason="others"
)
STAY = replace(FALL, target_key="A", current_value=6100, expected_value=6100, needed_value=None)


@pytest.mark.parametrize(
    ("answer", "english", "chinese"),
    [
        (
            LINE,
            "A depends on what all other customers bring. Today's line for A lies at net revenue "
            "in 365 days of 5,000 CNY; this customer has 6,100 CNY, and without another purchase "
            "3,761 CNY on 30 September 2026, 1,240 CNY short.",
            "“A类（重点客户）”取决于其他全部客户的贡献。“A类（重点客户）”目前的门槛为近365天净收入"
            "5,000元；该客户目前6,100元，若不再购买，2026年9月30日为3,761元，尚缺1,240元。",
        ),
        (
            replace(LINE, difference=None, is_group=True),
            "lies at net revenue in 365 days of the whole group of 5,000 CNY; this customer has "
            "6,100 CNY, and without another purchase 3,761 CNY on 30 September 2026.",
            "目前的门槛为整个集团的近365天净收入5,000元；该客户目前6,100元，若不再购买，"
            "2026年9月30日为3,761元。",
        ),
        (
            replace(LINE, direction="up", actions=("money",), difference=500, from_date=None),
            "With 500 CNY more of net revenue by 30 September 2026 it comes up to today's line for "
            "A (5,000 CNY), which moves with the other customers.",
            "2026年9月30日前（含当日）再有500元净收入，可达到“A类（重点客户）”目前的门槛（5,000元），"
            "门槛随其他客户变化。",
        ),
        (
            STAY,
            "Tier: still A on 30 September 2026 without another purchase: net revenue in 365 days "
            "6,100 CNY then.",
            "等级：若不再购买，2026年9月30日仍为“A类（重点客户）”：届时近365天净收入6,100元。",
        ),
        (
            replace(STAY, metric="annual_contract_amount"),
            "without another contract: annual contract value 6,100 CNY then.",
            "等级：若不再签约，2026年9月30日仍为“A类（重点客户）”：届时年合同金额6,100元。",
        ),
        (
            replace(
                KEEP,
                direction="up",
                actions=("contract",),
                metric="annual_contract_amount",
                from_date=date(2026, 9, 1),
            ),
            "With 1,240 CNY a year in new or renewed contracts between 1 September 2026 and "
            "30 September 2026 it becomes A.",
            "2026年9月1日至2026年9月30日再有每年1,240元的新签或续签合同，可升为“A类（重点客户）”。",
        ),
        (
            replace(RISK, target_key="established", from_date=None, by_date=date(2027, 8, 4)),
            "Stage: Established for the next 400 days if nothing new happens.",
            "阶段：若无新情况，未来400天内仍为“成熟客户”。",
        ),
    ],
)
def test_each_answer_ends_with_its_numbers(
    judgements: Judgements, answer: Answer, english: str, chinese: str
) -> None:
    assert Sentences(Phrasing(judgements, "en")).say([answer]).endswith(english)
    assert Sentences(Phrasing(judgements, "zh")).say([answer]).endswith(chinese)


def test_alternatives_by_the_same_day_are_one_sentence() -> None:
    later = replace(DELAY, actions=("login",), until_date=date(2026, 8, 20))
    assert grouped([RISK, DELAY, replace(DELAY, actions=("interaction",)), later]) == [
        [RISK],
        [DELAY, replace(DELAY, actions=("interaction",))],
        [later],
    ]
    assert grouped([FALL, KEEP, ORDERS]) == [[FALL], [KEEP, ORDERS]]
