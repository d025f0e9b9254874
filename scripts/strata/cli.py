"""The command `strata`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from strata import __version__, stopping
from strata.errors import BuildFailed, StrataError, machine_error
from strata.options import FOLDER
from strata.project import named


def _name_company(context: click.Context, _: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        token = named.set(folder)
        context.call_on_close(lambda: named.reset(token))


company = click.Option(
    ["--company"],
    type=FOLDER,
    callback=_name_company,
    expose_value=False,
    is_eager=True,
    help="The company's folder.  [default: the one with strata.yml at or above this folder]",
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for.

    `places` says where each is defined, as `module:attribute`, so that one command does not import
    another's libraries.
    """

    def __init__(self, name: str, help: str, places: dict[str, str]) -> None:
        super().__init__(name, help=help, params=[company])
        self.places = places

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(self.places)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import and return one command, or None if there is none of that name."""
        if name not in self.places:
            return None
        module, attribute = self.places[name].split(":")
        try:
            command: click.Command = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in ("strata_lab", "faker"):
                raise
            return click.Command(
                name,
                callback=_need_extra,
                help="(not installed: strata-warehouse[sample])",
                context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
            )
        if not isinstance(command, click.Group) and company not in command.params:
            command.params.append(company)
        return command


def _need_extra() -> None:
    raise StrataError("the sample company needs an extra: pip install 'strata-warehouse[sample]'")


data = LazyGroup(
    "data",
    "Make a sample company, templates for own data, or import an export.",
    {
        "sample": "strata_lab.sample.cli:sample",
        "init": "strata.intake.cli:init",
        "import": "strata.intake.cli:import_",
    },
)
policy = LazyGroup(
    "policy",
    "Read, check and write down the policies that judge customers.",
    {
        "list": "strata.policy.cli:list_",
        "show": "strata.policy.cli:show",
        "lint": "strata.policy.cli:lint",
        "sop": "strata.policy.cli:sop",
    },
)
model = LazyGroup(
    "model",
    "Learn from the current release what the next build may use.",
    {
        "match": "strata.learn.cli:match",
        "clv": "strata.learn.cli:clv",
        "clusters": "strata.learn.cli:clusters",
    },
)
group = LazyGroup(
    "strata",
    "Build, check and use the customer segmentation warehouse.",
    {
        "init": "strata.company.cli:init",
        "build": "strata.publish.cli:build",
        "check": "strata.intake.cli:check",
        "compare": "strata.compare.cli:compare",
        "rollback": "strata.publish.cli:rollback",
        "data": "strata.cli:data",
        "export": "strata.lists.cli:export",
        "explain": "strata.explain.cli:explain",
        "policy": "strata.cli:policy",
        "model": "strata.cli:model",
    },
)
click.version_option(__version__, prog_name="strata")(group)


def run(command: click.Command) -> None:
    """Run a command; print a user's error as one line and exit with its code."""
    try:
        command(standalone_mode=False)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        hint = f" (see {context.command_path} --help)" if context else ""
        click.echo(f"strata: error: {error.format_message()}{hint}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        stopping.leave()
    except Exception as error:
        if stopping.Stopped.number is not None:  # DuckDB makes an error of its own of it
            stopping.leave()
        failed = machine_error(error)
        if failed is None:
            import duckdb  # only now: most commands load it late or not at all

            if not isinstance(error, (StrataError, OSError, duckdb.Error)):
                raise
            # A folder without permission, a damaged file: the machine, not the code.
            line = str(error).splitlines()[0] if str(error) else type(error).__name__
            failed = error if isinstance(error, StrataError) else BuildFailed(line)
        click.echo(f"strata: error: {failed}", err=True)
        sys.exit(failed.exit_code)


def main() -> None:
    """Run the command `strata`."""
    run(group)
