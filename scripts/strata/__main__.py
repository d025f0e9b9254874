"""Entry point of `strata`: signals first, for the imports take a while."""

from __future__ import annotations

from strata import stopping


def main() -> None:
    """Run the command `strata`."""
    stopping.leave_at_once()
    from strata.cli import main as run

    stopping.raise_once()
    run()


if __name__ == "__main__":
    main()
