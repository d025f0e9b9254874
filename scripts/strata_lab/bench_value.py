"""Times `strata model clv` on customers drawn from the process that its models describe."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from strata.intake.files import connect
from strata.learn.clv import TABLE
from strata.learn.lifetime import AmountModel, PurchaseModel
from strata_lab.bench import LAST_DATE, new_folder
from strata_lab.child import measure

# About CDNOW's; customers are up to three years old.
PURCHASES = PurchaseModel(0.25, 4.4, 0.8, 2.4, 0)
AMOUNTS = AmountModel(6.25, 3.74, 15.44, 0)
LONGEST_AGE = 3 * 365


@dataclass(frozen=True)
class ValueBenchReport:
    """Figures of one benchmark; memory in bytes.

    `seconds` is that of the whole command. `drawn` and `fitted` are the parameters of the process
    and those found again.
    """

    customers: int
    repeat_buyers: int
    seconds: float
    peak_memory_bytes: int
    drawn: dict[str, float]
    fitted: dict[str, float]

    def as_json(self) -> dict[str, object]:
        """Return the figures as one JSON object."""
        return asdict(self)

    def as_text(self) -> str:
        """Return the figures as lines for people."""
        return "\n".join(
            [
                f"{self.customers:,} customers, {self.repeat_buyers:,} of them repeat buyers",
                f"fit and score    {self.seconds:9.1f} s",
                f"peak memory      {self.peak_memory_bytes / 1e9:9.2f} GB",
                f"{'parameter':10}{'drawn':>10}{'fitted':>10}",
                *(
                    f"{name:10}{self.drawn[name]:10.3f}{self.fitted[name]:10.3f}"
                    for name in self.drawn
                ),
            ]
        )


def run(
    customers: int, keep: Path | None = None, tell: Callable[[str], None] = lambda line: None
) -> ValueBenchReport:
    """Measure; files go to `keep`, or to a temporary folder that is removed.

    Raises:
        BuildFailed: the command failed.
    """
    with new_folder(keep) as folder:
        tell("drawing the customers")
        _release(folder, customers)
        tell("fitting and scoring them")
        log = folder / "clv.log"
        command = [sys.executable, "-c", "from strata.cli import main; main()", "model", "clv"]
        command += ["--out", str(folder), "--raw", str(folder / "raw"), "--json"]
        seconds, memory = measure(command, Path.cwd(), log)
        said = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
        (fit,) = said["fits"]
        drawn = {"r": PURCHASES.r, "alpha": PURCHASES.alpha, "a": PURCHASES.a, "b": PURCHASES.b}
        drawn |= {"p": AMOUNTS.p, "q": AMOUNTS.q, "v": AMOUNTS.v}
        fitted = fit["purchases"] | fit["amounts"]
        return ValueBenchReport(
            customers=fit["buyers"],
            repeat_buyers=fit["repeat_buyers"],
            seconds=seconds,
            peak_memory_bytes=memory,
            drawn=drawn,
            fitted={name: fitted[name] for name in drawn},
        )


def draw(
    customers: int,
    seed: int = 1,
    purchases: PurchaseModel = PURCHASES,
    amounts: AmountModel = AMOUNTS,
) -> dict[str, Any]:
    """Return frequency, recency, age (days) and average of customers drawn from the two processes.

    Each customer's next purchase comes after an exponential time; after each one a coin decides
    whether it was the last.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    age = random.integers(0, LONGEST_AGE, customers)
    rate = random.gamma(purchases.r, 1 / purchases.alpha, customers) / 7
    chance = random.beta(purchases.a, purchases.b, customers)
    frequency = np.zeros(customers, dtype=np.int64)
    last = np.zeros(customers)
    active = np.flatnonzero(rate > 0)
    clock = np.zeros(customers)
    while len(active):
        clock[active] += random.exponential(1 / rate[active])
        active = active[clock[active] <= age[active]]
        frequency[active] += 1
        last[active] = clock[active]
        active = active[random.random(len(active)) > chance[active]]
    level = random.gamma(amounts.q, 1 / amounts.v, customers)
    count = np.maximum(frequency, 1)
    average = random.gamma(amounts.p * count) / (level * count)
    return {
        "frequency": frequency,
        "recency": np.ceil(last).astype(np.int64),
        "age": age,
        "average": np.where(frequency > 0, average, 0.0),
    }


def _release(folder: Path, customers: int) -> None:
    """Make a release that holds nothing but the columns that the command reads."""
    import pandas as pd

    release = folder / "releases" / "bench"
    release.mkdir(parents=True)
    (folder / "raw").mkdir()
    drawn = pd.DataFrame(draw(customers))
    with connect(str(release / "strata.duckdb")) as connection:
        connection.register("drawn", drawn)
        connection.execute(
            f"""
            create table {TABLE} as
            select
                'cus_' || substr(md5(cast(row_number() over () as varchar)), 1, 16) as customer_id,
                'consumer' as customer_type,
                frequency as btyd_frequency,
                recency as btyd_recency,
                age as btyd_age,
                cast(nullif(average, 0) as decimal(18, 4)) as repeat_purchase_average_amount
            from drawn
            """
        )
    information = {"build_id": "bench", "as_of_date": str(LAST_DATE)}
    (release / "release.json").write_text(json.dumps(information), encoding="utf-8")
    (folder / "current").symlink_to("releases/bench")
