"""Reading YAML by the parser in C where PyYAML has it, which takes a tenth of the time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from strata.errors import StrataError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises StrataError if it is none.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), LOADER)
    except UnicodeDecodeError:
        raise StrataError(f"{path} is not UTF-8: save it as UTF-8") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark else str(path)
        raise StrataError(f"{place}: no YAML: {getattr(error, 'problem', error)}") from None
