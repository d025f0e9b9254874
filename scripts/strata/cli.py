"""The command `strata`."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from strata import __version__, stopping
from strata.errors import BuildFailed, StrataError, machine_error

# Subcommand -> where it is defined. Loaded on use, so that one command does not import another's
# libraries.
COMMANDS = {
    "build": "strata.publish.cli:build",
    "check": "strata.intake.cli:check",
    "rollback": "strata.publish.cli:rollback",
    "data": "strata.cli:data",
    "export": "strata.lists.cli:export",
    "explain": "strata.explain.cli:explain",
    "policy": "strata.cli:policy",
    "model": "strata.cli:model",
}
DATA_COMMANDS = {
    "sample": "strata_lab.sample.cli:sample",
    "init": "strata.intake.cli:init",
    "import": "strata.intake.cli:import_",
}
POLICY_COMMANDS = {
    "list": "strata.policy.cli:list_",
    "show": "strata.policy.cli:show",
    "lint": "strata.policy.cli:lint",
    "sop": "strata.policy.cli:sop",
}
MODEL_COMMANDS = {
    "match": "strata.learn.cli:match",
    "clv": "strata.learn.cli:clv",
    "clusters": "strata.learn.cli:clusters",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def __init__(self, *, commands_at: dict[str, str], **attributes: object) -> None:
        super().__init__(**attributes)  # type: ignore[arg-type]
        self.commands_at = commands_at

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(self.commands_at)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import and return one command, or None if there is none of that name."""
        if name not in self.commands_at:
            return None
        module, attribute = self.commands_at[name].split(":")
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
        return command


def _need_extra() -> None:
    raise StrataError("the sample company needs an extra: pip install 'strata-warehouse[sample]'")


data = LazyGroup(
    name="data",
    commands_at=DATA_COMMANDS,
    help="Make a sample company, templates for own data, or import an export.",
)
policy = LazyGroup(
    name="policy",
    commands_at=POLICY_COMMANDS,
    help="Read, check and write down the policies that judge customers.",
)
model = LazyGroup(
    name="model",
    commands_at=MODEL_COMMANDS,
    help="Learn from the current release what the next build may use.",
)
group = LazyGroup(
    name="strata",
    commands_at=COMMANDS,
    help="Build, check and use the customer segmentation warehouse.",
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


if __name__ == "__main__":
    main()
