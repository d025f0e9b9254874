"""The edition of a policy: a fingerprint of all that its standard says."""

from __future__ import annotations

import hashlib
import json

from strata.policy.model import Judgements
from strata.policy.seeds import JUDGED


def edition(judgements: Judgements, policy: str) -> str:
    """Return eight hex digits that change with any rule, threshold, label or playbook."""
    content = [
        (seed.name, list(row.cells.items()))
        for seed in judgements.seeds.values()
        if seed.folder in JUDGED
        for row in seed.rows
        if row.cells.get("policy_key", policy) == policy
    ]
    text = json.dumps(sorted(content), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
