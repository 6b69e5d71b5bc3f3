"""What every test stands on: a home of its own, no network, and nothing left running behind it."""

import gc
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from leftovers import Leftovers
from studies import study_session
from supervise.crypto.keys import KdfParams
from supervise.resources import resource_path
from workspaces import reopen, vault_path, workspace

__all__ = ["reopen", "study_session", "vault_path", "workspace"]

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# Child processes are the program from its sources: they find it compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Vaults sync often. In memory that costs nothing, and a killed process loses as little there as on a disk.
_MEMORY, _ROOM_BYTES = Path("/dev/shm"), 4 << 30  # noqa: S108 - pytest makes a folder of its own in it
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM_BYTES:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))

settings.register_profile("house", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.load_profile("house")

_HOMES = {
    "HOME": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_RUNTIME_DIR": "run",
}


def pytest_collection_finish() -> None:
    """Never look again at what the tests are made of: the left-over check looks at all else twice a test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test an empty HOME (and XDG folders), and none of the caller's settings; returns HOME."""
    home = tmp_path_factory.mktemp("home")
    for name, part in _HOMES.items():
        folder = home / part
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(folder))
    for name in [name for name in os.environ if name.startswith("SUPERVISE_")]:
        monkeypatch.delenv(name)
    return home


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection that would leave this machine (in this process; children are told offline)."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        outside = self.family in (socket.AF_INET, socket.AF_INET6)
        if outside and str(address[0]) not in {"127.0.0.1", "::1", "localhost"}:  # type: ignore[index]
            pytest.fail(f"a test tried to reach the network: {address}")
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True)
def nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, child process, timer or open window; a short grace is given."""
    before = Leftovers.now()
    yield
    if request.node.get_closest_marker("may_leave_running"):
        return
    left = before.new_ones(grace_s=3.0)
    if left:
        pytest.fail("the test left running: " + "; ".join(left), pytrace=False)


@pytest.fixture(scope="session")
def cheap_kdf() -> KdfParams:
    """Key derivation at the lowest cost argon2id allows, for `Vault.create(..., kdf=cheap_kdf)`."""
    return KdfParams(iterations=1, memory_kib=8, lanes=1)


@pytest.fixture(scope="session")
def base_model() -> Path:
    """The folder of the default speech model; mark the test `speech_model`."""
    folder = resource_path("models", "whisper", "base")
    if not (folder / "model.bin").is_file():
        pytest.skip("the speech model is not here: run `make setup` to install it")
    return folder
