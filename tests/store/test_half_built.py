"""What a killed backup, restore or init leaves half-built is removed later, and nothing else is."""

import os
import time
from pathlib import Path

from supervise.storage.creation import staging_folder

HEX = "0123456789abcdef" * 2


def _left(parent: Path, name: str, hours_ago: float) -> Path:
    folder = parent / name
    (folder / "media").mkdir(parents=True)
    (folder / "vault.db").write_bytes(b"sealed")
    at = time.time() - hours_ago * 3600
    for path in (folder / "vault.db", folder / "media", folder):
        os.utime(path, (at, at))
    return folder


def test_what_was_left_days_ago_is_removed(tmp_path: Path) -> None:
    old = _left(tmp_path, f".monday.{HEX}.new", 30)
    fresh = _left(tmp_path, f".tuesday.{HEX}.new", 2)
    mine = _left(tmp_path, ".my notes.new", 300)
    growing = _left(tmp_path, f".growing.{HEX}.new", 300)
    (growing / "media" / "x.sealed").write_bytes(b"just written")
    made = staging_folder(tmp_path / "copy")
    assert [path.exists() for path in (old, fresh, mine, growing, made)] == [False, True, True, True, True]


def test_a_link_of_that_name_is_not_followed(tmp_path: Path) -> None:
    precious = _left(tmp_path / "elsewhere", "precious", 300)
    link = tmp_path / f".x.{HEX}.new"
    link.symlink_to(precious)
    staging_folder(tmp_path / "copy")
    assert (precious / "vault.db").exists()
