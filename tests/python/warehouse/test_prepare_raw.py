"""The raw tables that plain dbt makes: files of every kind, in a folder of an awkward name."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from openpyxl import Workbook

from strata.project import project_dir
from strata_lab.compiled import compile_models

PROJECT = """\
name: strata
profile: small
flags: {send_anonymous_usage_stats: false}
vars:
  raw_data_dir: nowhere
  source_files: {erp_customers: {encoding: gb18030}, erp_products: {decimal: ",", thousands: "."}}
on-run-start: ["{{ prepare_raw() }}"]
"""
PROFILE = """\
small:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "{{ env_var('STRATA_DATABASE') }}"
      plugins: [{module: strata.dbt_plugin}]
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A project with our macro and contract, where customers and products declare their form."""
    folder = tmp_path / "small"
    (folder / "macros").mkdir(parents=True)
    shutil.copy(project_dir() / "macros/loading/prepare_raw.sql", folder / "macros")
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE)
    (folder / "models").mkdir()
    (folder / "models" / "orders.sql").write_text("select * from {{ source('erp', 'orders') }}")
    for source in (project_dir() / "models/staging").glob("*/_*__sources.yml"):
        shutil.copy(source, folder / "models")
    return folder


def run(small: Path, raw: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"STRATA_DATABASE": str(small / "dev.duckdb"), "DO_NOT_TRACK": "1"}
    return subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "run"),
            *("--vars", json.dumps({"raw_data_dir": str(raw)})),
        ],
        cwd=small,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_files_of_every_kind_in_a_folder_of_an_awkward_name(small: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw [1]* o'é?{x}"
    raw.mkdir()
    pd.DataFrame(
        {
            "order_id": [1, 2],
            "customer_code": [17850, None],
            "ordered_at": pd.to_datetime(["2026-05-01", "2026-06-02"]),
            "order_total_amount": [10.5, 5.0],
        }
    ).to_parquet(raw / "erp_orders.parquet")
    (raw / "ERP_Customers.CSV").write_bytes(
        "customer_code,customer_name\n17850.0,张伟\n".encode("gbk")
    )
    (raw / "erp_products.csv").write_text('product_code,unit_cost\nP1,"1.234,5"\nP2,1234.5\n')
    book = Workbook()
    assert book.active is not None
    book.active.append(["refund_id", "order_id", "customer_code", "refunded_at", "amount"])
    book.active.append(["R1", 1, 17850, datetime(2026, 6, 3, 10), 2.5])
    book.save(raw / "erp_refunds.xlsx")
    done = run(small, raw)
    assert done.returncode == 0, done.stdout
    wanted = {
        "orders": ("order_id, customer_code", [("1", "17850"), ("2", None)]),
        "customers": ("customer_code, customer_name", [("17850", "张伟")]),
        "products": ("unit_cost", [("1234.5",), ("1234.5 (decimal: ,)",)]),
        "refunds": (
            "refund_id, order_id, customer_code, refunded_at, amount",
            [("R1", "1", "17850", "2026-06-03 10:00:00", "2.5")],
        ),
    }
    with duckdb.connect(str(small / "dev.duckdb")) as connection:
        for table, (columns, rows) in wanted.items():
            assert connection.execute(f"select {columns} from raw.erp_{table}").fetchall() == rows
    # A table of a workbook becomes a view of a CSV file, and the reverse.
    (raw / "erp_refunds.xlsx").unlink()
    (raw / "erp_refunds.csv").write_text("refund_id,refunded_at,amount\nR2,2026-06-04,1\n")
    (raw / "ERP_Customers.CSV").unlink()
    assert run(small, raw).returncode == 0
    with duckdb.connect(str(small / "dev.duckdb")) as connection:
        assert connection.execute("select refund_id from raw.erp_refunds").fetchall() == [("R2",)]
        assert connection.execute("select count(*) from raw.erp_customers").fetchall() == [(0,)]


def customers(raw: Path) -> list[tuple[object, ...]]:
    """Return each order with the name of its customer, as the models know them."""
    models = compile_models("orders", "customer_contact_details", as_of="2026-06-30")
    with models.run(raw.iterdir()) as connection:
        return connection.execute(
            "select order_id, customer_name from orders"
            " left join restricted.customer_contact_details using (customer_id) order by order_id"
        ).fetchall()


def test_one_guest_does_not_make_other_ids_of_all_the_others(tmp_path: Path) -> None:
    pd.DataFrame(
        {
            "order_id": [1, 2],
            "customer_code": [17850, None],
            "ordered_at": pd.to_datetime(["2026-05-01", "2026-06-02"]),
            "order_total_amount": [10.5, 5.0],
        }
    ).to_parquet(tmp_path / "erp_orders.parquet")
    pd.DataFrame({"customer_code": [17850], "customer_name": ["Ann Float"]}).to_parquet(
        tmp_path / "erp_customers.parquet"
    )
    assert customers(tmp_path) == [("1", "Ann Float"), ("2", None)]
