"""Saying an explanation in sentences, in English or Chinese."""

from __future__ import annotations

from strata.explain.read import Explanation, Row

SYSTEMS = {
    "en": {"erp": "order system", "crm": "CRM", "product": "product", "marketing": "newsletter"},
    "zh": {"erp": "订单系统", "crm": "CRM", "product": "产品", "marketing": "营销订阅"},
}
BLOCKED = {
    "en": {
        "role_mailbox": "it is the mailbox of a function, not of a person",
        "placeholder": "it is a placeholder, not a real value",
        "damaged_number": "a spreadsheet has rounded or damaged it",
        "repeated_digits": "its digits repeat or run on, as in made-up numbers",
        "too_short": "it is too short to tell people apart",
        "too_many_names": "too many different names carry it",
        "clearly_different_names": "the names that carry it are clearly different",
    },
    "zh": {
        "role_mailbox": "这是部门邮箱，不属于某一个人",
        "placeholder": "这是占位值，不是真实信息",
        "damaged_number": "号码在电子表格中已失真，末位数字丢失",
        "repeated_digits": "数字重复或连号，可能是随手填写",
        "too_short": "过短，不足以区分不同的人",
        "too_many_names": "使用它的不同姓名过多",
        "clearly_different_names": "使用它的姓名明显不同",
    },
}
METHODS = {
    "en": {
        "source_priority": "the system trusted most for it",
        "most_recent": "the record changed last",
        "most_complete": "the most complete record",
    },
    "zh": {
        "source_priority": "最可信的系统",
        "most_recent": "最近更新的记录",
        "most_complete": "最完整的记录",
    },
}
TITLES = {
    "en": {
        "records": "Records",
        "reasons": "Why they are one customer",
        "blocked": "What was not trusted to join records",
        "reviews": "Waiting for somebody to look at",
        "changes": "How the id came about",
        "fields": "What counts as true",
        "labels": "Why these labels",
        "outlook": "What would keep or change them",
    },
    "zh": {
        "records": "来源记录",
        "reasons": "为什么是同一客户",
        "blocked": "未用于合并的信息",
        "reviews": "待人工核对",
        "changes": "客户编号的变化",
        "fields": "采用的信息",
        "labels": "标签的理由",
        "outlook": "如何保持或改变",
    },
}

# Kinds of labels in the order in which they are told.
KINDS = {
    "en": {
        "lifecycle": "Stage",
        "tier": "Tier",
        "health_band": "Health",
        "matrix": "Matrix",
        "tag": "Tag",
    },
    "zh": {
        "lifecycle": "阶段",
        "tier": "等级",
        "health_band": "健康状态",
        "matrix": "矩阵",
        "tag": "标签",
    },
}
DETAILS_ZH = {
    "customer_name": "名称",
    "name_key": "姓名",
    "email": "邮箱",
    "phone": "电话",
    "wechat_id": "微信号",
    "tax_id": "税号",
    "member_id": "会员号",
    "national_id": "证件号",
    "birth_date": "出生日期",
    "address": "地址",
    "city": "城市",
    "province": "省份",
    "country": "国家",
    "postcode": "邮编",
    "channel_type": "渠道类型",
}


def as_text(told: Explanation, language: str = "en") -> str:
    """Return the whole explanation as lines; `language` is en or zh."""
    is_english = language == "en"
    count = len(told.records)
    if is_english:
        lines = [
            f"Customer {told.customer_id}: {_count(count, 'source record')}, "
            f"as of {told.as_of_date}"
        ]
    else:
        lines = [f"客户 {told.customer_id}：{count} 条来源记录，截至 {told.as_of_date}"]
    if told.asked_id != told.customer_id:
        lines.append(
            f"The id {told.asked_id} is out of use since {told.retired_date}; its records went to "
            f"{told.customer_id}."
            if is_english
            else f"编号 {told.asked_id} 自 {told.retired_date} 起停用，"
            f"其记录已归入 {told.customer_id}。"
        )
    sections = {
        "records": [_record(row, language) for row in told.records],
        "reasons": [f"{row['record_key']}: {row[f'reason_{language}']}" for row in told.reasons],
        "blocked": [_blocked(row, language) for row in told.blocked],
        "reviews": [_review(row, language) for row in told.reviews],
        "changes": [_change(row, language) for row in told.changes],
        "fields": [_field(row, language) for row in told.fields],
        "labels": _labels(told.labels, language),
        "outlook": told.outlook.sentences.get(language, []),
    }
    for name, sentences in sections.items():
        if sentences:
            lines += ["", TITLES[language][name], *(f"  {sentence}" for sentence in sentences)]
    return "\n".join(lines)


def _labels(rows: list[Row], language: str) -> list[str]:
    """Return the reasons with the kind of label before each, in the order of the kinds."""
    kinds = KINDS[language]
    order = list(kinds)
    told = [row for row in rows if row["rule_set"] in kinds]
    told.sort(key=lambda row: order.index(row["rule_set"]))
    return [f"{kinds[row['rule_set']]} {row[f'reason_{language}']}" for row in told]


def _record(row: Row, language: str) -> str:
    known = [row["customer_name"], row["email"], row["phone"], row["city"]]
    system = SYSTEMS[language].get(row["source_system"], row["source_system"])
    said = [str(value) for value in known if value is not None]
    if language == "en":
        return f"{row['record_key']} ({system}): {', '.join(said) or 'nothing else known'}"
    return f"{row['record_key']}（{system}）：{'，'.join(said) or '无其他信息'}"


def _blocked(row: Row, language: str) -> str:
    reason = BLOCKED[language].get(row["blocked_reason"], row["blocked_reason"])
    kind = _detail(row["identifier_type"], language)
    if language == "en":
        return (
            f"{kind} {row['identifier_value']}: {reason} "
            f"({_count(row['record_count'], 'record')}, {_count(row['name_count'], 'name')})"
        )
    return (
        f"{kind} {row['identifier_value']}：{reason}"
        f"（{row['record_count']} 条记录，{row['name_count']} 个姓名）"
    )


def _review(row: Row, language: str) -> str:
    pair = f"{row['left_record_key']} / {row['right_record_key']}"
    return f"{pair}: {row[f'reason_{language}']} ({row['case_id']})"


def _change(row: Row, language: str) -> str:
    old, new, day = row["customer_id"], row["new_customer_id"], row["changed_date"]
    orders, amount = row["order_count"] or 0, row["net_revenue_amount"] or 0
    tiers = [row["tier_key_before"], row["new_customer_tier_key_before"]]
    tier = row["new_customer_tier_key_after"]
    if language == "zh":
        cause = {"merge": "合并", "move": "部分记录转入", "split": "拆分"}[row["cause"]]
        hand = "（人工指定）" if row["is_by_hand"] else ""
        return (
            f"{day} {old} → {new}：{cause}{hand}，{row['record_count']} 条记录，{orders} 个订单，"
            f"净收入 {amount:,.2f}"
        )
    what = {
        "merge": f"{old} was merged into {new}",
        "move": f"part of {old} went over to {new}",
        "split": f"part of {old} became a customer of its own, {new}",
    }[row["cause"]]
    hand = " by hand" if row["is_by_hand"] else ""
    before = " and ".join(str(key) for key in tiers if key is not None)
    move = f"; tier {before} before, {tier} after" if before and tier else ""
    return (
        f"{day}: {what}{hand}, with {_count(row['record_count'], 'record')}, "
        f"{_count(orders, 'order')} and net revenue of {amount:,.2f}{move}"
    )


def _field(row: Row, language: str) -> str:
    method = METHODS[language].get(row["method"], str(row["method"]))
    name, value = _detail(row["field"], language), row["field_value"]
    key = row["record_key"]
    if language == "en":
        notes = [f"from {key}"]
        if row["record_count"] > 1:
            notes.append(method)
        if row["is_filled"]:
            notes.append("its newest record does not have it")
        if row["has_conflict"]:
            notes.append(f"its {row['record_count']} records disagree")
        return f"{name}: {value} ({'; '.join(notes)})"
    notes = [f"来自 {key}"]
    if row["record_count"] > 1:
        notes.append(method)
    if row["is_filled"]:
        notes.append("最新记录中没有")
    if row["has_conflict"]:
        notes.append(f"{row['record_count']} 条记录不一致")
    return f"{name}：{value}（{'；'.join(notes)}）"


def _detail(name: str, language: str) -> str:
    """Return the name of a detail of a record; of several if they are joined by a plus."""
    if language == "zh":
        return " + ".join(DETAILS_ZH.get(one, one) for one in name.split(" + "))
    return name.replace("_id", " id").replace("name_key", "name").replace("_", " ")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
