"""`strata model clusters` on releases made by hand: what it finds, names and refuses."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from scipy.cluster.vq import kmeans2
from scipy.stats import mannwhitneyu
from sklearn.datasets import load_iris, make_blobs
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from strata.cli import group
from strata.errors import StrataError
from strata.learn.measured import METRICS
from strata.learn.partition import Candidate, candidates, choose, cut, scaled
from strata.learn.traits import differences, names
from strata.project import project_dir

BY = ("order_count", "average_order_amount", "days_since_last_purchase", "category_count")
NAMED = [word for metric in BY for word in ("--metric", metric)]

CENTRES = [[0, 0, 0, 0], [4, 4, 0, 0], [0, 4, 4, 4], [4, 0, 4, 0]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a raw folder and no release yet; the working directory."""
    policy = tmp_path / "seeds" / "policy"
    policy.mkdir(parents=True)
    shutil.copy(project_dir() / "seeds" / "policy" / "metrics.csv", policy)
    (tmp_path / "dbt_project.yml").write_text("vars: {raw_data_dir: data/raw}\n")
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def planted(number: int = 450, groups: int = 3, kind: str = "consumer", seed: int = 1) -> Any:
    """Return customers of groups far apart, or of one group, with the group as `planted`."""
    points, labels = make_blobs(
        number, centers=CENTRES[:groups], cluster_std=0.5, random_state=seed
    )
    made = pd.DataFrame(np.exp(points), columns=list(BY))
    made.insert(0, "customer_id", [f"{kind}_{place:04}" for place in range(number)])
    return made.assign(customer_type=kind, planted=labels)


def release(project: Path, *tables: Any, name: str = "r1", clusters: Any = None) -> None:
    """Publish a release with these customers as customer_metrics, in place of the one before."""
    folder = project / "warehouse" / "releases" / name
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "strata.duckdb")) as public:
        if tables:
            public.register("given", pd.concat(tables))
            missing = [f"1.5 as {metric}" for metric in METRICS if metric not in tables[0]]
            public.execute(
                f"create table customer_metrics as select *, {', '.join(missing)}, 'x' as industry"
                " from given"
            )
        if clusters is not None:
            public.register("clusters", clusters)
            public.execute("create table customer_clusters as from clusters")
    (folder / "release.json").write_text(f'{{"build_id": "{name}", "as_of_date": "2026-09-10"}}')
    current = project / "warehouse" / "current"
    current.unlink(missing_ok=True)
    current.symlink_to(f"releases/{name}")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(group, ["model", "clusters", *arguments])
    if isinstance(result.exception, StrataError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def said(*arguments: str) -> Any:
    return json.loads(run(*NAMED, "--json", *arguments).stdout)


Read = Callable[[], Any]


@pytest.fixture
def read(project: Path) -> Read:
    """A function that returns the written file, without the time of the run."""
    path = project / "data" / "raw" / "model_customer_clusters.parquet"
    return lambda: duckdb.sql(f"select * exclude (fitted_at) from '{path}'").df()


def test_planted_clusters_are_found_again(project: Path, read: Read) -> None:
    people, firms = planted(), planted(300, 4, "business")
    release(project, people, firms)
    told = said()
    assert [one["chosen"] for one in told["clusterings"]] == [4, 3]
    assert told["customers"] == 750 and told["left_out"] == {}
    found = read()
    assert list(found) == [
        "customer_id", "as_of_date", "customer_type", "cluster_key", "name_en", "name_zh",
        "metrics", "centre_distance", "method_version",
    ]  # fmt: skip
    assert set(found["metrics"]) == {"|".join(BY)}
    for customers in (people, firms):
        both = customers.merge(found, on="customer_id")
        assert len(both) == len(customers)
        assert both["cluster_key"].str.startswith(customers["customer_type"][0]).all()
        assert adjusted_rand_score(both["planted"], both["cluster_key"]) >= 0.95
        assert both.groupby("cluster_key")[["name_en", "name_zh"]].nunique().eq(1).all().all()
        assert both["name_en"].nunique() == both["name_zh"].nunique() == both["planted"].nunique()


def test_another_library_cuts_alike() -> None:
    """scipy.cluster.vq on the same points, from the planted groups on: the same clusters."""
    people = planted()
    points = scaled(people[list(BY)].to_numpy())
    starts = np.array([points[people["planted"] == label].mean(axis=0) for label in range(3)])
    labels, distances = cut(points, points, 3)
    centres, theirs = kmeans2(points, starts, minit="matrix")
    assert adjusted_rand_score(theirs, labels) == 1
    assert distances == pytest.approx(
        np.sqrt(((points - centres[theirs]) ** 2).mean(axis=1)), abs=1e-5
    )


def test_iris_falls_into_setosa_and_the_rest() -> None:
    """Fisher's iris: the one separation in it that is clear, every flower in its place."""
    iris = load_iris()
    points = scaled(iris.data)
    best = choose(candidates(points, range(2, 6)))
    assert best is not None and best.clusters == 2
    labels, _ = cut(points, points, 2)
    assert adjusted_rand_score(iris.target == 0, labels) == 1


def test_one_crowd_has_no_clear_clusters(project: Path, read: Read) -> None:
    release(project, planted(groups=1))
    text = run(*NAMED, "--max-k", "3").stdout
    assert "No clear clusters" in text and "chosen" not in text
    assert len(read()) == 0
    (clustering,) = said("--max-k", "5")["clusterings"]
    assert clustering["chosen"] is None and clustering["clusters"] == []
    assert [one["clusters"] for one in clustering["candidates"]] == [2, 3, 4, 5]
    assert all(one["lacks"] for one in clustering["candidates"])


def test_a_crowd_is_cut_when_told_to(project: Path, read: Read) -> None:
    release(project, planted(groups=1))
    (clustering,) = said("--k", "3")["clusterings"]
    assert (clustering["chosen"], clustering["is_forced"]) == (3, True)
    assert [one["lacks"] for one in clustering["candidates"]] == ["not apart"]
    assert read()["cluster_key"].nunique() == 3 and len(read()) == 450


def test_order_of_rows_and_threads_change_nothing(project: Path, read: Read) -> None:
    people = planted()
    release(project, people)
    run(*NAMED, "--k", "3")
    first = read()
    release(project, people.sample(frac=1, random_state=2), name="r2")
    with threadpool_limits(4):
        run(*NAMED, "--k", "3")
    pd.testing.assert_frame_equal(read(), first)


def test_clusters_keep_their_keys_when_customers_come(project: Path, read: Read) -> None:
    people = planted(454)
    release(project, people[:450])
    run(*NAMED, "--k", "3")
    first = read()
    release(project, people, name="r2", clusters=first)
    (clustering,) = said("--k", "3")["clusterings"]
    assert not any(one["is_new"] for one in clustering["clusters"])
    both = first.merge(read(), on="customer_id")
    assert (both["cluster_key_x"] == both["cluster_key_y"]).all() and len(read()) == 454


def test_a_cluster_that_fell_apart_gives_its_key_to_nobody(project: Path, read: Read) -> None:
    """Three of four groups shared a key: none of them is more than half of what it was."""
    people = planted(groups=4)
    old = people.assign(
        cluster_key=np.where(people["planted"] == 0, "consumer_kept", "consumer_gone")
    )
    release(project, people, clusters=old[["customer_id", "customer_type", "cluster_key"]])
    run(*NAMED, "--k", "4")
    both = people.merge(read(), on="customer_id")
    keys = both.groupby("planted")["cluster_key"].first().to_list()
    assert keys[0] == "consumer_kept"
    assert len(set(keys)) == 4 and "consumer_gone" not in keys


def test_what_cannot_be_used_is_left_out_and_said(project: Path, read: Read) -> None:
    people = planted(400)
    rare = people.assign(
        refund_rate=np.where(np.arange(400) < 199, 0.5, np.nan),
        promotion_order_rate=0.0,
        annual_contract_amount=np.arange(400.0),
    )
    rare.loc[:4, "order_count"] = np.nan
    rare.loc[20:150, "promotion_order_rate"] = np.nan
    rare.loc[5:9, "days_since_last_purchase"] = np.nan  # never bought
    business = rare.assign(
        customer_id="b" + rare["customer_id"],
        customer_type="business",
        refund_rate=np.arange(400.0),
        promotion_order_rate=np.arange(400.0),
    )
    release(project, rare, business)
    extra = ["refund_rate", "promotion_order_rate", "annual_contract_amount"]
    told = said(*[word for metric in extra for word in ("--metric", metric)], "--k", "3")
    assert told["left_out"] == {}
    (consumers,) = [one for one in told["clusterings"] if one["customer_type"] == "consumer"]
    assert consumers["left_out"] == {
        "refund_rate": "known for 49%",
        "annual_contract_amount": "not a metric of a consumer",
        "promotion_order_rate": "everybody has the same",
    }
    assert (consumers["customers"], consumers["without_metric"]) == (390, 5)
    assert consumers["metrics"] == list(BY)
    assert not set(rare["customer_id"][:10]) & set(read()["customer_id"])


def test_a_type_of_few_customers_is_left_out(project: Path) -> None:
    release(project, planted(), planted(99, 2, "business"))
    assert said("--k", "3")["left_out"] == {
        "business": "99 bought and are known in all metrics, 100 are needed"
    }
    assert "business          left out: 99" in run(*NAMED, "--k", "3").stdout


def test_says_what_it_did_in_a_few_lines(project: Path) -> None:
    release(project, planted())
    elsewhere = project / "elsewhere"
    elsewhere.mkdir()
    lines = run(*NAMED, "--raw", str(elsewhere)).stdout.splitlines()
    assert lines[0].split() == ["Release", "r1"]
    assert lines[2] == "consumer          450 customers"
    assert lines[5].split() == [
        "clusters", "silhouette", "cloud", "apart", "agreement", "smallest",
    ]  # fmt: skip
    assert [line.split()[0] for line in lines[6:13]] == list("2345678")
    assert [line.endswith("clear  <- chosen") for line in lines[6:9]] == [False, True, False]
    assert lines[-2].split() == ["Written", "450", "customers"]
    assert str(elsewhere / "model_customer_clusters.parquet") in lines[-1]


def candidate(clusters: int, silhouette: float, agreement: float = 1.0) -> Candidate:
    return Candidate(clusters, silhouette, 0.2, agreement, 0.1)


def test_the_fewest_clusters_that_are_about_as_far_apart_are_chosen() -> None:
    two, three, four = candidate(2, 0.45), candidate(3, 0.48), candidate(4, 0.5)
    assert choose([two, three, four]) == three
    assert choose([two, candidate(3, 0.48, 0.79), four]) == four
    assert choose([candidate(2, 0.299)]) is None
    assert choose([Candidate(2, 0.9, 0.2, 1.0, 0.009)]) is None


def test_scales_do_not_depend_on_the_unit() -> None:
    """By hand: -2, 0, 2, 2, 8 by their median 2 are -ln 2, 0, ln 2, ln 2, ln 5; in deviations."""
    values = np.array([[-2.0, 0.0, 2.0, 2.0, 8.0]]).T
    logs = np.array([-np.log(2), 0, np.log(2), np.log(2), np.log(5)])
    assert scaled(values)[:, 0] == pytest.approx((logs - logs.mean()) / logs.std(), abs=1e-12)
    assert scaled(values * 100) == pytest.approx(scaled(values), abs=1e-12)
    outlier = np.append(np.ones(99), 1e9)[:, None]
    assert scaled(outlier).max() == 3


def test_differences_are_those_of_another_library() -> None:
    """Cliff's delta from scipy's U statistic, with ties, to 1e-6."""
    people = planted(200, 3)
    values = np.round(np.log(people[list(BY)].to_numpy()))
    labels = people["planted"].to_numpy()
    for label, deltas in enumerate(differences(values, labels)):
        inside, outside = values[labels == label], values[labels != label]
        u = mannwhitneyu(inside, outside).statistic
        assert deltas == pytest.approx(2 * u / (len(inside) * len(outside)) - 1, abs=1e-6)


def metric(name_en: str, name_zh: str, unit: str) -> dict[str, str]:
    return {"name_en": name_en, "name_zh": name_zh, "unit": unit}


def test_names_say_the_largest_differences_in_words() -> None:
    listed = [
        metric("orders in 365 days", "近365天订单数", "orders"),
        metric("days since the last purchase", "距最近购买天数", "days"),
        metric("discount rate", "折扣率", "rate"),
        metric("median days between purchases", "购买间隔中位数天数", "days"),
    ]
    deltas = np.array(
        [
            [0.9, -0.8, 0.2, 0.5],
            [-0.4, 0.3, 0.9, 0.0],
            [0.1, 0.2, -0.3, 0.0],
            [-0.9, 0.1, 0.3, 0.2],
            [-0.8, 0.1, -0.3, 0.2],
        ]
    )
    assert names(deltas, listed) == [
        (
            "Many orders in 365 days, few days since the last purchase, "
            "high median days between purchases",
            "近365天订单数多、距最近购买天数少、购买间隔中位数天数高",
        ),
        ("High discount rate, few orders in 365 days", "折扣率高、近365天订单数少"),
        ("Near the middle in everything", "各项指标居中"),
        # Both had been "Few orders in 365 days": small differences then count too.
        (
            "Few orders in 365 days, high discount rate, high median days between purchases, "
            "many days since the last purchase",
            "近365天订单数少、折扣率高、购买间隔中位数天数高、距最近购买天数多",
        ),
        (
            "Few orders in 365 days, low discount rate, high median days between purchases, "
            "many days since the last purchase",
            "近365天订单数少、折扣率低、购买间隔中位数天数高、距最近购买天数多",
        ),
    ]
    assert [name for name, _ in names(np.ones((2, 1)), listed[:1])] == [
        "Many orders in 365 days",
        "Many orders in 365 days (2)",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--metric", "luck"], "--metric luck: not a metric of customer_metrics"),
        (["--metric", "tier_key"], "--metric tier_key: not a metric of customer_metrics"),
        (["--metric", "industry"], "--metric industry: is a word"),
        (["--metric", "order_count"], "--metric order_count: name two metrics or more"),
        ([*NAMED, "--metric", "refund_rate"], r"refund_rate cannot be used \(consumer: known for"),
        (
            [*NAMED, "--metric", "promotion_order_rate"],
            r"promotion_order_rate cannot be used \(consumer: everybody has the same\)",
        ),
        (
            ["--metric", "nps_score", "--metric", "channel_count", "--k", "5"],
            "--k 5: the customers of type consumer have only 4 different values",
        ),
        (["--metric", "order_count", "--metric", "win_rate"], "win_rate cannot be used"),
        (["--metric", "order_count", "--metric", "touch_count"], "lacks metrics of customer_metri"),
    ],
)
def test_what_cannot_be_cut_is_refused(project: Path, arguments: list[str], message: str) -> None:
    people = planted(200).assign(
        refund_rate=np.nan,
        win_rate=np.arange(200.0),
        nps_score=np.arange(200) % 2,
        channel_count=np.arange(200) // 100,
    )
    release(project, people)
    path = project / "data" / "raw" / "model_customer_clusters.parquet"
    path.write_text("old")
    with pytest.raises(StrataError, match=message) as caught:
        run(*arguments)
    assert "\n" not in str(caught.value) and caught.value.exit_code == 2
    assert path.read_text() == "old"


def test_too_few_customers_are_refused(project: Path) -> None:
    release(project, planted(99))
    with pytest.raises(StrataError, match=r"consumer: 99 bought .*, 100 are needed"):
        run(*NAMED)


def test_nobody_who_bought_is_refused(project: Path) -> None:
    release(project, planted(200).assign(days_since_last_purchase=np.nan))
    with pytest.raises(StrataError, match="nobody bought anything"):
        run()


def test_refuses_without_a_release_or_its_metrics(project: Path) -> None:
    with pytest.raises(StrataError, match=r"no release yet: run `strata build --out .*` first"):
        run()
    release(project)
    with pytest.raises(StrataError, match=r"release r1 lacks metrics .*run `strata build` first"):
        run()


@pytest.mark.parametrize("arguments", [["--k", "1"], ["--k", "500"], ["--max-k", "1"]])
def test_refuses_a_number_of_clusters_that_is_none(project: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(group, ["model", "clusters", *arguments])
    assert result.exit_code == 2 and "is not in the range 2<=x<=20" in result.stderr


def test_refuses_without_scikit_learn(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
    with pytest.raises(StrataError, match=r"pip install 'strata-warehouse\[clusters\]'"):
        run()
