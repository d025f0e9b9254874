"""The sentences of Strata in English and Chinese, one file per area; see `say`.

A file such as `lint.yml` maps keys, nested as deep as one likes, to a Jinja template per language.
Names that the seeds hold (labels, metrics) are values of a sentence, never written here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, UndefinedError

from strata.terminal import table
from strata.yaml_file import read_yaml

LANGUAGES = ("en", "zh")
LOCALES = {"en": Locale("en", "GB"), "zh": Locale("zh")}
BLANK = {"en": " ", "zh": ""}


def say(key: str, language: str, /, **values: Any) -> str:
    """Return the sentence `area.key` in a language.

    Raises:
        KeyError: the catalogue lacks the key.
        UndefinedError: a value that the sentence names is not given.
    """
    try:
        return _template(key, language).render(values)
    except KeyError:
        raise KeyError(f"catalogue: no {key} in {language}") from None
    except UndefinedError as error:
        raise UndefinedError(f"catalogue: {key} in {language}: {error.message}") from None


def knows(key: str) -> bool:
    """Whether the catalogue has a key."""
    area, _, name = key.partition(".")
    return name in entries(area)


def document(name: str, language: str, /, **values: Any) -> str:
    """Return a whole document, from the file `<name>.<language>.md.j2`."""
    return environment(language).get_template(f"{name}.{language}.md.j2").render(values)


def report(name: str, /, **values: Any) -> str:
    """Return what a command prints, from `<name>.txt.j2`, which may call `table` and `format`."""
    template = environment(LANGUAGES[0]).get_template(f"{name}.txt.j2")
    return template.render(table=table, format=format, **values).strip("\n")


@cache
def entries(area: str) -> dict[str, dict[str, str]]:
    """Return the templates of an area by key and language."""
    found: dict[str, dict[str, str]] = {}

    def walk(node: dict[str, Any], path: tuple[str, ...]) -> None:
        for key, value in node.items():
            if set(value) <= set(LANGUAGES):
                found[".".join((*path, key))] = value
            else:
                walk(value, (*path, key))

    walk(read_yaml(Path(__file__).with_name(f"{area}.yml")), ())
    return found


@cache
def environment(language: str) -> Environment:
    """Return the Jinja environment of a language, in which a missing value is an error."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the output is text, not HTML
    )
    for tool in (number, percent, day, count, plural, listed):
        made.filters[tool.__name__] = _in_language(tool, language)
    made.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    return made


@cache
def _template(key: str, language: str) -> Template:
    area, _, name = key.partition(".")
    return environment(language).from_string(entries(area)[name][language])


def _in_language(tool: Callable[..., str], language: str) -> Callable[..., str]:
    return lambda value, *more: tool(value, *more, language=language)


def number(value: Decimal | float, decimals: int | None = None, *, language: str) -> str:
    """Return a number with separators; without needless decimals unless their count is given."""
    digits = "." + "0" * decimals if decimals else ".##########" if decimals is None else ""
    return str(format_decimal(value, f"#,##0{digits}", LOCALES[language]))


def percent(rate: Decimal | float, decimals: int | None = None, *, language: str) -> str:
    """Return a rate (0-1) in per cent: 20 % or 20%."""
    value = Decimal(str(rate)) * 100
    return f"{number(value, decimals, language=language)}{BLANK[language]}%"


def day(value: date, *, language: str) -> str:
    """Return a day as people write it: 2 Jul 2026 or 2026年7月2日."""
    return format_date(value, "medium", LOCALES[language])


def plural(noun: str, amount: Decimal | float, many: str | None = None, *, language: str) -> str:
    """Return an English noun in the number of an amount; other languages leave it as it is."""
    is_one = LOCALES[language].plural_form(amount) == "one"
    return noun if language != "en" or is_one else many or f"{noun}s"


def count(amount: Decimal | float, noun: str, many: str | None = None, *, language: str) -> str:
    """Return an amount with its noun: 1 order, 2,000 orders or 2,000个订单 (noun: 个订单)."""
    text = f"{number(amount, language=language)}{BLANK[language]}"
    return text + plural(noun, amount, many, language=language)


def listed(names: Sequence[str], last: str = "and", *, language: str) -> str:
    """Return names as a list in a sentence: A, B and C or A、B和C; `last` may be `or`."""
    *most, end = names
    if language == "zh":
        return "、".join(most) + ({"and": "和", "or": "或"}[last] if most else "") + end
    return ", ".join(most) + (f" {last} " if most else "") + end
