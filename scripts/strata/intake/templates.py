"""Empty CSV files in the form of the source contract, for someone who starts with own data."""

from __future__ import annotations

from pathlib import Path

from strata.catalogue import report
from strata.errors import StrataError
from strata.intake.contract import contract, contract_files

README = "README.md"


def write_templates(folder: Path) -> list[Path]:
    """Write one CSV with a header for every contract table, and a README; return the files.

    Raises StrataError, and writes nothing, if the folder already holds one of these files.
    """
    tables = contract()
    if folder.exists() and not folder.is_dir():
        raise StrataError(f"{folder}: is a file; name a folder for the templates")
    if taken := contract_files(folder, README.lower()):
        raise StrataError(
            f"{folder} already holds {', '.join(taken)}: nothing was written; name another folder "
            "or move these files away"
        )
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        f"{table.name}.csv": ",".join(column.name for column in table.columns) + "\n"
        for table in tables
    }
    texts[README] = report("templates", tables=tables) + "\n"
    for name, text in texts.items():
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return [folder / name for name in texts]
