"""Headings and fixed sentences of the standard in English and Chinese."""

from __future__ import annotations

from typing import Any

TEXTS: dict[str, dict[str, Any]] = {
    "en": {
        "comma": ", ",
        "last": " and ",
        "stop": ".",
        "colon": ":",
        "in_brief": "In brief: ",
        "between_sentences": " ",
        "rfm_kinds": ["RFM segment", "RFM group"],
        "number": "No.",
        "class": "Class",
        "layer": "Layer",
        "applies_to": "Applies to",
        "rule": "Rule",
        "meaning": "Meaning",
        "score": "Score",
        "high": "high",
        "low": "low",
        "rate": "share",
        "key": "category",
        "within": "$hours hours",
        "pause": "$days days",
        "day": "Day $day",
        "metric_columns": ["Measure", "Unit", "Definition"],
        "dimension_columns": ["Customers", "Dimension", "Measure", "Weight"],
        "difficulty_columns": ["Customers", "Measure", "Weight", "Easy", "Hard"],
        "difficulty": "The difficulty score runs from 0 (easy) to 100 (hard). Each measure counts "
        "with its weight, from 0 at its easy value to 100 at its hard one:",
        "health_columns": ["Customers", "Measure", "Weight", "Worst", "Best"],
        "health": "The health score runs from 0 to 100. Each measure counts with its weight, from "
        "0 at its worst value to 100 at its best. The weights of unknown measures are shared out "
        "among the known ones, and the confidence says how much of the weight is known:",
        "playbook_columns": [
            "Playbook",
            "Who",
            "Objective",
            "By whom",
            "Channel",
            "First contact within",
            "Pause",
            "Control group",
        ],
        "step_columns": ["Playbook", "When", "Channel", "What"],
        "definitions": [
            "**Counted order**: completed, with a value above zero. Cancelled, pending and test "
            "orders never count.",
            "**Gross revenue**: the value of counted orders in $currency. **Net revenue**: gross "
            "revenue less refunds, each on its own day.",
            "**In 365 days**: in the 365 days that end on the day of the update. Measures without "
            "a period cover all time.",
            "**Days since**: the day of the update minus the day of the event.",
            "**Value**: $value. Below zero it counts as zero.",
        ],
        "two_values": "**Value**: $value for organisations, $consumer_value for consumers. Below "
        "zero it counts as zero.",
        "whole_group": " A company counts with the value of its whole group, the parent and its "
        "subsidiaries.",
        "quantile": "The customers are cut into fifths at each update: the best fifth scores 5. "
        "Equal values score the same. If fewer than $buyers customers of a kind have ordered, or "
        "the orders go back less than $days days, the fixed bands below apply.",
        "bands": "The fixed bands below apply.",
        "window": "Frequency and money look at the last $window days; a customer without an order "
        "in them scores 1 on both.",
    },
    "zh": {
        "comma": "、",
        "last": "和",
        "stop": "。",
        "colon": "：",
        "in_brief": "本政策要点：",
        "between_sentences": "",
        "rfm_kinds": ["RFM细分", "RFM分组"],
        "number": "序号",
        "class": "分类",
        "layer": "层级",
        "applies_to": "适用客户",
        "rule": "判定规则",
        "meaning": "含义",
        "score": "得分",
        "high": "高",
        "low": "低",
        "rate": "比例",
        "key": "类别",
        "within": "$hours小时内",
        "pause": "$days天",
        "day": "第$day天",
        "metric_columns": ["指标", "单位", "定义"],
        "dimension_columns": ["适用客户", "维度", "指标", "权重"],
        "difficulty_columns": ["适用客户", "指标", "权重", "最易", "最难"],
        "difficulty": "服务难度得分为0分（易）至100分（难），各项指标按权重计分："
        "最易时0分，最难时100分。",
        "health_columns": ["适用客户", "指标", "权重", "最差值", "最佳值"],
        "health": "健康度为0至100分，各项指标按权重计分：最差值0分，最佳值100分。"
        "数据缺失的指标，其权重按比例分摊至其余指标；置信度表示已知指标所占的权重。",
        "playbook_columns": [
            "策略",
            "目标人群",
            "目标",
            "负责人",
            "渠道",
            "首次联系时限",
            "冷却期",
            "对照组比例",
        ],
        "step_columns": ["策略", "时间", "渠道", "内容"],
        "definitions": [
            "**有效订单**：已完成且金额大于零的订单。已取消、待处理及测试订单一律不计。",
            "**总收入**：有效订单的金额，以$currency计。**净收入**：总收入减去退款，退款计入退款当日。",
            "**近365天**：截至更新当日的365天。未注明期间的指标为累计值。",
            "**距……天数**：更新当日减去事件发生当日的天数。",
            "**客户价值**：以“$value”衡量，负值按零计。",
        ],
        "two_values": "**客户价值**：企业客户以“$value”衡量，个人客户以“$consumer_value”衡量，"
        "负值按零计。",
        "whole_group": "集团客户按母公司及下属公司合并计算。",
        "quantile": "每次更新时将客户按五等分打分，最佳的五分之一得5分，数值相同者得分相同。"
        "某类客户中有过下单的不足$buyers位，或订单记录不足$days天时，改用下列固定区间。",
        "bands": "按下列固定区间打分。",
        "window": "消费频率与消费金额按最近$window天计算；期间无订单的客户，两项均得1分。",
    },
}
