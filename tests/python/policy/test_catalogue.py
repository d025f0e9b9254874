"""The catalogue says everything in both languages, and no other file says it in Chinese."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from jinja2 import UndefinedError, meta

from strata.catalogue import LANGUAGES, entries, environment, knows, say
from strata.policy.lint import TESTS
from strata.project import project_dir

CATALOGUE = Path(str(files("strata.catalogue")))
AREAS = sorted(path.stem for path in CATALOGUE.glob("*.yml"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Words of data rather than of sentences: the sample company's and those read from files.
DATA = ("catalogue/", "sample/", "dbt_plugin.py", "lab/")


def variables(text: str, language: str) -> set[str]:
    return meta.find_undeclared_variables(environment(language).parse(text))


@pytest.mark.parametrize("area", AREAS)
def test_every_key_has_both_languages_and_one_set_of_variables(area: str) -> None:
    for key, texts in entries(area).items():
        assert set(texts) == set(LANGUAGES), f"{area}.{key}"
        english, chinese = (variables(texts[language], language) for language in LANGUAGES)
        assert english == chinese, f"{area}.{key}"
        assert not CHINESE.search(texts["en"]), f"{area}.{key}"


def test_documents_exist_in_both_languages_and_name_the_same_values() -> None:
    names = {path.name.split(".")[0] for path in CATALOGUE.glob("*.md.j2")}
    assert names
    for name in names:
        texts = {
            language: (CATALOGUE / f"{name}.{language}.md.j2").read_text(encoding="utf-8")
            for language in LANGUAGES
        }
        assert not CHINESE.search(texts["en"])
        assert variables(texts["en"], "en") == variables(texts["zh"], "zh")


def test_an_unknown_key_and_a_missing_value_are_errors() -> None:
    with pytest.raises(KeyError, match=r"no show\.nothing in en"):
        say("show.nothing", "en")
    with pytest.raises(UndefinedError, match=r"catalogue: show\.conditions in zh"):
        say("show.conditions", "zh")
    assert knows("show.conditions") and not knows("show.nothing")


def test_numbers_dates_and_plurals_are_those_of_the_language() -> None:
    from datetime import date

    text = "{{ 1234.5|number }} {{ 0.125|percent }} {{ day|day }} {{ 2|count('order') }}"
    said = [
        environment(language).from_string(text).render(day=date(2026, 7, 2))
        for language in LANGUAGES
    ]
    assert said == [
        "1,234.5 12.5 % 2 Jul 2026 2 orders",
        "1,234.5 12.5% 2026年7月2日 2order",
    ]


def test_every_problem_of_the_checks_has_its_sentences_and_every_sentence_its_problem() -> None:
    """A problem is a key such as `rfm_bands.missing` in the SQL or Python of a check."""
    said = {key.rpartition(".")[0] for key in entries("lint") if "." in key}
    sources = [*(project_dir() / TESTS).glob("*.sql"), *(CATALOGUE.parent / "policy").glob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    for key in said:
        name = key if f"{key}'" in code or f'{key}"' in code else key.split(".")[0] + ".{"
        assert name in code, key
    checks = "|".join({key.split(".")[0] for key in said})
    for key in re.findall(rf"(?:\"|then |else )'((?:{checks})\.[a-z_]+)'", code):
        assert key in said, key


def test_chinese_stands_in_the_catalogue_only() -> None:
    package = CATALOGUE.parent
    found = [
        f"{path.relative_to(package)}:{number}"
        for suffix in ("py", "sql")
        for path in package.rglob(f"*.{suffix}")
        if not path.relative_to(package).as_posix().startswith(DATA)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if CHINESE.search(line)
    ]
    assert found == []
