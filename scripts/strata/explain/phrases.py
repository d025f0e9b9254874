"""The phrases in which the outlook of a customer is said, by language."""

from __future__ import annotations

PHRASES = {
    "en": {
        "stage_stays": "Stage: {now} for the next {days} days if nothing new happens.",
        "stage_turns": "Stage: {now} until {eve} if nothing new happens, {target} from {day} on"
        "{why}.",
        "why": ": {why}",
        "and": " and ",
        "put_off": "{Done} {when} puts that off (to {until} if on the last day).",
        "put_off_long": "{Done} {when} puts that off (for more than a year if on the last day).",
        "stage_one": "{Done} now makes it {target}.",
        "stage_several": "{Done} together now make it {target}.",
        "tier_is": "Tier: {target} on {day} {quiet}.",
        "tier_stays": "Tier: still {now} on {day} {quiet}: {metric} {expected} then{needs}{hedge}.",
        "tier_turns": "Tier: {target} {start} {quiet}: {metric} {expected} {when}, {current} "
        "today{hedge}.",
        "then": "then",
        "needs": "; the line is {least}",
        "start_from": "from {day} on",
        "start_on": "on {day}",
        "line": "Tier: not for certain, since {now} depends on what all other customers bring. "
        "Today's line for {now} lies at {metric} of {line}; this customer has {current}, and "
        "{quiet} {expected} on {day}{short}.",
        "short": ", {short} short",
        "line_up": "With {options} {until} it comes up to today's line for {target} ({line}), "
        "which moves with the other customers.",
        "keep": "With {options} {until} it keeps {target}{hedge}.",
        "up": "With {options} {until} it becomes {target}{hedge}.",
        "line_reached": "Tier: {metric} of {expected} on {day} {quiet} comes up to today's line "
        "for {target} ({line}), which moves with the other customers.",
        "between": "between {first} and {day}",
        "by": "by {day}",
        "or": " or ",
        "orders": "{count} more orders",
        "order": "{count} more order",
        "usual": " of its usual size",
        "contract": "{amount} a year in new or renewed contracts",
        "any_purchase": "any purchase",
        "any_contract": "any contract",
        "money": "{amount} more of {name}{about}",
        "about": " (about {count} orders of its usual size)",
        "about_one": " (about {count} order of its usual size)",
        "open_lifecycle": "Stage: nobody can tell for {now}, since {why}.",
        "open_tier": "Tier: nobody can tell for {now}, since {why}.",
        "metric": "{metric} cannot be foretold",
        "costs": "what will have left its {metric} by then is not known",
        "gap": "no rule of the policy would apply to it on {day}",
        "cut_points": " (an estimate by today's RFM cut points, which move with all customers)",
        "estimate": " (estimate)",
        "no_purchase": "without another purchase",
        "no_contract": "without another contract",
        "of_group": "{metric} of the whole group",
    },
    "zh": {
        "stage_stays": "阶段：若无新情况，未来{days}天内仍为“{now}”。",
        "stage_turns": "阶段：若无新情况，“{now}”保持至{eve}，自{day}起为“{target}”{why}。",
        "why": "：{why}",
        "and": "，并",
        "put_off": "{when}{done}，可予推迟（若在最后一天，则推迟至{until}）。",
        "put_off_long": "{when}{done}，可予推迟（若在最后一天，则推迟一年以上）。",
        "stage_one": "若现在{done}，即为“{target}”。",
        "stage_several": "若现在{done}，即为“{target}”。",
        "tier_is": "等级：{quiet}，{day}为“{target}”。",
        "tier_stays": "等级：{quiet}，{day}仍为“{now}”：届时{metric}{expected}{needs}{hedge}。",
        "tier_turns": "等级：{quiet}，{start}为“{target}”：{metric}{when}为{expected}，"
        "目前{current}{hedge}。",
        "then": "届时",
        "needs": "，门槛为{least}",
        "start_from": "自{day}起",
        "start_on": "{day}",
        "line": "等级：无法确定，“{now}”取决于其他全部客户的贡献。"
        "“{now}”目前的门槛为{metric}{line}；该客户目前{current}，{quiet}，{day}为{expected}{short}。",
        "short": "，尚缺{short}",
        "line_up": "{until}再有{options}，可达到“{target}”目前的门槛（{line}），"
        "门槛随其他客户变化。",
        "keep": "{until}再有{options}，可保持“{target}”{hedge}。",
        "up": "{until}再有{options}，可升为“{target}”{hedge}。",
        "line_reached": "等级：{quiet}，{day}{metric}为{expected}，可达到“{target}”目前的门槛"
        "（{line}），门槛随其他客户变化。",
        "between": "{first}至{day}",
        "by": "{day}前（含当日）",
        "or": "或",
        "orders": "{count}单",
        "order": "{count}单",
        "usual": "（按其平均订单金额）",
        "contract": "每年{amount}的新签或续签合同",
        "any_purchase": "任一笔消费",
        "any_contract": "任一份合同",
        "money": "{amount}{name}{about}",
        "about": "（约{count}单）",
        "about_one": "（约{count}单）",
        "open_lifecycle": "阶段：“{now}”的去向无法确定，{why}。",
        "open_tier": "等级：“{now}”能否保持无法确定，{why}。",
        "metric": "{metric}无法预知",
        "costs": "届时不再计入{metric}的部分未知",
        "gap": "{day}没有一条规则适用于该客户",
        "cut_points": "（按目前的RFM切分点估算，切分点随全部客户变化）",
        "estimate": "（估算）",
        "no_purchase": "若不再购买",
        "no_contract": "若不再签约",
        "of_group": "整个集团的{metric}",
    },
}
ACTIONS = {
    "en": {
        "order": "an order",
        "contract": "a new or renewed contract",
        "complaint": "closing the open complaints",
        "login": "a log-in",
        "interaction": "any interaction",
        "survey": "an NPS answer of {score} or more",
    },
    "zh": {
        "order": "下单",
        "contract": "新签或续签合同",
        "complaint": "关闭未结投诉",
        "login": "登录产品",
        "interaction": "有任一互动",
        "survey": "给出{score}分及以上的NPS评分",
    },
}
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# As in the reasons of customer_segment_reasons.
SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}
