"""Writing files so that a crash or a kill leaves the old one or the new one, never a part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def private_files() -> Iterator[int]:
    """Make files 0600 and folders 0700 while the block runs; yield the user's own umask.

    The mode holds from the moment a file exists, for child processes too.
    """
    mask = os.umask(0o077)
    try:
        yield mask
    finally:
        os.umask(mask)


def open_to_readers(folder: Path, mask: int, private: frozenset[str]) -> None:
    """Give all in a folder the modes that `mask` allows, except the files named `private`.

    Nobody may write to a database any more, its owner included: a client that opens one to write
    locks all readers out.
    """
    for parent, _, names in os.walk(folder):
        os.chmod(parent, 0o777 & ~mask)
        for name in names:
            mode = 0o600 if name in private else 0o666 & ~mask
            if name.endswith(".duckdb"):
                mode &= 0o444
            os.chmod(Path(parent, name), mode)


def sync(path: Path) -> None:
    """Wait until a file or a folder's list of names is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Wait until a folder and everything in it is on the disk."""
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            sync(Path(parent, name))
        sync(Path(parent))


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield where to write a file that other processes see as `path`, whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    yield part
    sync(part)
    os.replace(part, path)
    sync(path.parent)


def point(link: Path, target: str) -> None:
    """Make the symbolic link `link` lead to `target` in one step, whether or not it exists."""
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    os.symlink(target, fresh)
    os.replace(fresh, link)
    sync(link.parent)
