"""Making a vault: the whole folder appears in one step, or nothing does."""

import re
import shutil
import time
import uuid
from pathlib import Path

from supervise.crypto.box import new_box_pair
from supervise.crypto.keys import KdfParams, new_key, subkey
from supervise.crypto.space import minding_space
from supervise.domain.errors import UsageError
from supervise.domain.ids import ProfileId, new_id
from supervise.domain.moments import Perspective, Profile
from supervise.storage import meta, profiles
from supervise.storage.database import connect, transaction
from supervise.storage.files import create_file, make_folder, sync_folder
from supervise.storage.header import PASSPHRASE, RECOVERY, Header, Keys, Slot
from supervise.storage.migrations import migrate

DATABASE_NAME, INBOX_NAME, MEDIA_NAME = "vault.db", "inbox", "media"
_STAGING = re.compile(r"\..+\.[0-9a-f]{32}\.new")
_STALE_S = 24 * 3600


def check_passphrase(passphrase: str) -> None:
    """Raise UsageError for an empty passphrase."""
    if not passphrase.strip():
        raise UsageError("The passphrase is empty. Choose several words that only you would put together.")


def check_target(folder: Path) -> None:
    """Raise UsageError when there is something at `folder` other than an empty folder."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder} is a file. Choose another name for the vault.")
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty. Choose another name; nothing there was touched.")


def staging_folder(folder: Path) -> Path:
    """Make and return a hidden folder beside `folder` in which to build it.

    What a killed process left half-built there a day ago or more is removed: it may be large.
    """
    with minding_space():
        folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(".*.new"):
        if _STAGING.fullmatch(left.name) and not left.is_symlink() and _is_stale(left):
            shutil.rmtree(left, ignore_errors=True)
    staging = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}.new")
    make_folder(staging)
    return staging


def _is_stale(left: Path) -> bool:
    """Whether nothing in a folder has changed for a day."""
    try:
        newest = max(path.lstat().st_mtime for path in (left, *left.rglob("*")))
    except OSError:
        return False
    return time.time() - newest > _STALE_S


def put_in_place(staging: Path, folder: Path) -> None:
    """Give the finished folder its name; raises UsageError when something took the name meanwhile."""
    check_target(folder)
    with minding_space():
        if folder.exists():
            folder.rmdir()
        staging.rename(folder)
        sync_folder(folder.parent)


def build_vault(
    folder: Path, name: str, role: Perspective, passphrase: str, recovery_key: str, *, kdf: KdfParams
) -> None:
    """Make a vault with one profile at `folder`; raises UsageError or NoSpaceError, with nothing left."""
    check_passphrase(passphrase)
    check_target(folder)
    profile = profiles.new_profile(ProfileId(new_id()), name, role)
    staging = staging_folder(folder)
    try:
        _fill(staging, profile, passphrase, recovery_key, kdf)
        put_in_place(staging, folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _fill(staging: Path, profile: Profile, passphrase: str, recovery_key: str, kdf: KdfParams) -> None:
    keys = Keys(new_key(), new_key())
    private, public = new_box_pair()
    slots = (
        Slot.seal(profile.profile, PASSPHRASE, passphrase, keys, kdf),
        Slot.seal(profile.profile, RECOVERY, recovery_key, keys, KdfParams()),
    )
    header = Header(new_id(), public, slots)
    make_folder(staging / MEDIA_NAME)
    make_folder(staging / INBOX_NAME)
    _fill_database(staging / DATABASE_NAME, keys, header, private, profile)
    header.write(staging)


def _fill_database(path: Path, keys: Keys, header: Header, inbox_private: bytes, profile: Profile) -> None:
    key = subkey(keys.master, "database")
    create_file(path).close()
    db = connect(path, key)
    try:
        migrate(db, path, key)
        with transaction(db):
            meta.write(db, meta.VAULT, header.vault.encode("ascii"))
            meta.write(db, meta.HEADER, header.to_bytes())
            meta.write(db, meta.INBOX_PRIVATE, inbox_private)
            profiles.add(db, profile)
    finally:
        db.close()
