"""The one place that builds adapters (models, speech, sound) and opens vaults for window and terminal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from supervise.app.gate import Gate
from supervise.app.hearing import Hearing
from supervise.app.keeping import left_out_of_copies
from supervise.app.listening import Listening
from supervise.app.queue import TranscriptionQueue
from supervise.app.rating import RatingSession
from supervise.app.recall_listening import RecallListening
from supervise.app.recalling import RecallSession
from supervise.app.recording import RecordingSession, RecordingWish
from supervise.app.workspace import Workspace
from supervise.audio.inputs import InputDevice, InputInfo
from supervise.audio.output import OutputDevice, OutputInfo
from supervise.crypto.keys import KdfParams
from supervise.domain.errors import DeviceMissingError
from supervise.domain.ids import RecallId, SessionId
from supervise.domain.moments import Perspective
from supervise.domain.rating import RatingSetup
from supervise.domain.recall import Setup
from supervise.resources import model_places, resource_path
from supervise.speech.engine import SpeechEngine
from supervise.speech.models import ModelStore, Registry
from supervise.storage import backup as backups
from supervise.storage import migrations
from supervise.storage import verify as verification
from supervise.storage.store import Store
from supervise.storage.vault import Vault

Report = Callable[[int], None]
Cancelled = Callable[[], bool]


def _never() -> bool:
    return False


def _user_data() -> Path:
    from platformdirs import user_data_path

    return user_data_path("supervise", appauthor=False)


def _real_engine() -> SpeechEngine:
    from supervise.speech.engine import ChildEngine

    return ChildEngine()


def _real_output(name: str) -> OutputDevice:
    from supervise.audio.output import SoundDeviceOutput

    return SoundDeviceOutput(name or None)


def _real_outputs() -> tuple[OutputInfo, ...]:
    from supervise.audio.output import list_outputs

    return list_outputs()


def _real_input(name: str) -> InputDevice:
    from supervise.audio.inputs import SoundDeviceInput

    return SoundDeviceInput(name)


def _real_inputs() -> tuple[InputInfo, ...]:
    from supervise.audio.inputs import list_inputs

    return list_inputs()


def _real_input_names() -> tuple[InputInfo, ...]:
    from supervise.audio.inputs import list_inputs

    return list_inputs(rates=False)


@dataclass
class Services:
    """Everything window and terminal need; tests replace the engine, the output device and the KDF."""

    models: ModelStore
    default_codebook: str
    speaker_models: Path
    make_engine: Callable[[], SpeechEngine] = _real_engine
    make_output: Callable[[str], OutputDevice] = _real_output
    list_outputs: Callable[[], tuple[OutputInfo, ...]] = _real_outputs
    make_input: Callable[[str], InputDevice] = _real_input
    list_inputs: Callable[[], tuple[InputInfo, ...]] = _real_inputs
    name_inputs: Callable[[], tuple[InputInfo, ...]] = _real_input_names
    today: Callable[[], date] = date.today
    kdf: KdfParams | None = None
    demo_folder: Path = field(default_factory=lambda: resource_path("resources", "demo"))

    @classmethod
    def default(cls) -> "Services":
        """Build the services of the installed program."""
        registry = Registry.load(resource_path("models", "registry.toml"))
        codebook = resource_path("resources", "codebooks", "default.yaml").read_text(encoding="utf-8")
        return cls(
            models=ModelStore(registry, model_places(_user_data())),
            default_codebook=codebook,
            speaker_models=resource_path("models", "speakers"),
        )

    def create_vault(
        self, path: Path, name: str, role: Perspective, passphrase: str
    ) -> tuple[Workspace, str]:
        """Make a vault and return it open, with its recovery key; the folder is complete or not there."""
        vault, recovery_key = Vault.create(path, name, role, passphrase, kdf=self.kdf)
        return self._workspace(vault), recovery_key

    def open_vault(self, path: Path, passphrase: str, profile: str | None = None) -> Workspace:
        """Open a vault for one profile (default: the first)."""
        return self._workspace(Vault.open(path, passphrase, profile))

    def change_passphrase(self, path: Path, old: str, new: str, profile: str | None) -> None:
        """Change one profile's passphrase; only keys are rewrapped."""
        vault = Vault.open(path, old, profile)
        try:
            vault.change_passphrase(old, new, kdf=self.kdf)
        finally:
            vault.close()

    def reset_passphrase(self, path: Path, recovery_key: str, new: str) -> None:
        """Set a new passphrase with the recovery key."""
        vault = Vault.open_with_recovery(path, recovery_key)
        try:
            vault.change_passphrase(recovery_key, new, kdf=self.kdf)
        finally:
            vault.close()

    def verify(
        self, path: Path, passphrase: str, profile: str | None, report: Report
    ) -> verification.VerifyReport:
        """Read and authenticate everything, also beside a process that holds the vault."""
        vault = Vault.open_beside(path, passphrase, profile)
        try:
            return verification.verify(vault, report)
        finally:
            vault.close()

    def backup(
        self, path: Path, passphrase: str, profile: str | None, target: Path, report: Report
    ) -> tuple[int, int]:
        """Copy the vault as it is this instant, also beside a process that holds it.

        Sessions, and recalls of others, that no consent covers stay out; returns how many of each.
        """
        vault = Vault.open_beside(path, passphrase, profile)
        if migrations.is_older(
            vault.db
        ):  # an older program's vault: what covers what is asked in today's terms
            vault.close()
            Vault.open(path, passphrase, profile).close()
            vault = Vault.open_beside(path, passphrase, profile)
        try:
            store = Store(vault)
            left_out = left_out_of_copies(store, Gate(store, self.today))
            backups.backup(vault, target, report, _never, left_out)
            return len(left_out.sessions), left_out.recall_count
        finally:
            vault.close()

    def recover(self, path: Path, recovery_key: str, new: str) -> Workspace:
        """Open a vault with a recovery key and give its owner a new passphrase."""
        vault = Vault.open_with_recovery(path, recovery_key)
        try:
            vault.change_passphrase(recovery_key, new, kdf=self.kdf)
        except BaseException:
            vault.close()
            raise
        return self._workspace(vault)

    def restore(
        self, source: Path, target: Path, passphrase: str, report: Report, cancelled: Cancelled = _never
    ) -> verification.VerifyReport:
        """Copy a backup to a new vault, open it and verify it."""
        return backups.restore(source, target, passphrase, report, cancelled)

    def queue(self, workspace: Workspace) -> TranscriptionQueue:
        """Make the queue of a workspace."""
        return TranscriptionQueue(workspace, self.make_engine(), self.models, self.speaker_models)

    def listening(self, workspace: Workspace) -> Listening:
        """Make what plays a workspace's sessions, to the system's device."""
        return Listening(workspace, self.make_output(""))

    def output_names(self) -> list[str]:
        """Return the devices that can play, the default first; empty when there is none."""
        try:
            return [info.name for info in self.list_outputs()]
        except DeviceMissingError:
            return []

    def hearing(self, workspace: Workspace, output: str = "") -> Hearing:
        """Make what plays a sound check, or what a crash left."""
        return Hearing(workspace, self.make_output(output))

    def recall_listening(self, workspace: Workspace, recall: RecallId, output: str = "") -> RecallListening:
        """Make what plays one recall's own sound."""
        return RecallListening(workspace, recall, self.make_output(output))

    def recording(
        self, workspace: Workspace, wish: RecordingWish, device: str, second: str = ""
    ) -> RecordingSession:
        """Make a recording from the input device of that name (empty: the default); it is not begun yet.

        A `second` device is heard on the right channel of two.
        """
        return RecordingSession(workspace, wish, self.input(device, second))

    def recalling(
        self, workspace: Workspace, session: SessionId, setup: Setup, microphone: str, loudspeaker: str
    ) -> RecallSession:
        """Make a recall of a session between two devices (empty: the defaults); it is not begun yet.

        Raises NotCoveredError, UsageError.
        """
        devices = self.make_input(microphone), self.make_output(loudspeaker)
        return RecallSession(workspace, session, setup, devices)

    def rating(
        self, workspace: Workspace, session: SessionId, setup: RatingSetup, loudspeaker: str = ""
    ) -> RatingSession:
        """Make a rating of a session heard there (empty: the default); it is not begun yet.

        Raises NotCoveredError, UsageError.
        """
        return RatingSession(workspace, session, setup, self.make_output(loudspeaker))

    def input(self, name: str, second: str = "") -> InputDevice:
        """Return an input device, or two as one."""
        from supervise.audio.paired_input import PairedInput

        first = self.make_input(name)
        return PairedInput(first, self.make_input(second)) if second else first

    def _workspace(self, vault: Vault) -> Workspace:
        try:
            return Workspace(vault, self.default_codebook, self.today, self.kdf)
        except BaseException:
            vault.close()
            raise
