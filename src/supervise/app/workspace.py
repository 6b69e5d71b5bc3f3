"""The workspace: one open vault and one profile, through which window and terminal do everything."""

from collections import deque
from collections.abc import Callable
from datetime import date
from typing import Any

from supervise.app import changes, consenting, destroying, intake, reading, recall_steps, searching
from supervise.app.changes import Change, Subscribers
from supervise.app.codebooks import CodebookShelf
from supervise.app.commands import Command, Desk
from supervise.app.consenting import Statement
from supervise.app.gate import Gate
from supervise.app.steps import Step
from supervise.audio.peaks import Peaks
from supervise.crypto.keys import KdfParams
from supervise.domain.codebook import Codebook
from supervise.domain.consent import ConsentRecord, Grant, Scope
from supervise.domain.errors import UsageError
from supervise.domain.ids import ConsentId, SessionId, TranscriptId
from supervise.domain.moments import Comment, Moment, Perspective, Profile
from supervise.domain.session import Session
from supervise.domain.times import now_utc
from supervise.domain.transcript import TranscriptVersion
from supervise.storage import access_log
from supervise.storage.access_log import LogLine
from supervise.storage.database import transaction
from supervise.storage.store import Store
from supervise.storage.vault import Vault


class Workspace:
    """Everything a profile may do in an open vault; owned by one thread.

    A method that uses a client's material raises NotCoveredError when no consent covers it, and
    VaultLockedError while the vault is locked.
    """

    def __init__(
        self,
        vault: Vault,
        default_codebook: str,
        today: Callable[[], date] = date.today,
        kdf: KdfParams | None = None,
    ) -> None:
        self.vault = vault
        self.store = Store(vault)
        self.gate = Gate(self.store, today)
        self.today = today
        self.kdf = kdf
        self.codebooks = CodebookShelf(self.store, default_codebook)
        self.subscribers = Subscribers()
        self.subscribe = self.subscribers.add
        self.cuts_later = False  # whether whoever holds it does by `ending` what takes seconds
        self._settle()

    def _settle(self) -> None:
        """Take in what was finished or left meanwhile, and destroy what has fallen due."""
        intake.take_in_pending(self.store, later=self.cuts_later)
        destroying.finish_due(self.store, self.today())
        destroying.settle_private(self.store)
        self.store.ratings.close_left()

    def finish_due(self) -> int:
        """Destroy what has fallen due since the vault was opened; return how many decisions that were."""
        done = destroying.finish_due(self.store, self.today())
        if done:
            gone = [row for row in self.store.withdrawals.all() if row.id in done]
            ids = tuple(entry["session"] for row in gone for entry in row.inventory["sessions"])
            self.subscribers.tell(Change(changes.CONSENT, ids))
            self.subscribers.tell(Change(changes.LIBRARY, ids))
        return len(done)

    @property
    def profile(self) -> Profile:
        """Who works here."""
        return self.vault.profile

    @property
    def locked(self) -> bool:
        """Whether the vault is locked."""
        return self.vault.locked

    # -- doing, undoing -------------------------------------------------------------------------

    def execute(self, command: Command, origin: str = "") -> str:
        """Do what the command asks, on disk when this returns; return the id it made or touched."""
        desk = Desk(self.store, self.profile, self.codebooks.active(), now_utc())
        with transaction(self.vault.db):
            # before planning too, whose refusals would tell how long a session is
            recall_steps.require(self.gate, self.store, command)
            step, touched = command.plan(desk)
            recall_steps.require(self.gate, self.store, step)
            inverse = step.apply(self.store)
            self.store.history.append(step.session, {"redo": step.plain(), "undo": inverse.plain()})
            self.vault.log(_action(step), step.session, touched)
        self._tell(step, origin)
        return touched

    def undo(self) -> Change:
        """Take back this profile's newest deed; raises UsageError when there is none."""
        return self._travel(self.store.history.top(), "undo", undone=True)

    def redo(self) -> Change:
        """Do again what was last taken back; raises UsageError when there is nothing."""
        return self._travel(self.store.history.top_undone(), "redo", undone=False)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self.store.history.top() is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return self.store.history.top_undone() is not None

    def _travel(self, found: tuple[int, dict[str, Any]] | None, way: str, *, undone: bool) -> Change:
        if found is None:
            raise UsageError(f"There is nothing to {way}.")
        seq, entry = found
        step = recall_steps.step_from_plain(entry[way])
        recall_steps.require(self.gate, self.store, step)
        with transaction(self.vault.db):
            step.apply(self.store)
            self.store.history.mark(seq, undone=undone)
            self.vault.log("undo" if undone else "edit", step.session, way)
        self._tell(step, way)
        return step.change()

    def _tell(self, step: Step, origin: str) -> None:
        change = step.change()
        self.subscribers.tell(Change(change.topic, change.ids, origin))

    # -- reading --------------------------------------------------------------------------------

    def library(self) -> reading.Library:
        """Return the covered sessions, newest first."""
        return reading.library(self.store, self.gate)

    def open_session(self, session: SessionId) -> Session:
        """Return a session and log that it was opened."""
        row = reading.session_of(self.gate, session)
        self.vault.log("open", session)
        return row

    def session(self, session: SessionId) -> Session:
        """Return a session's facts."""
        return reading.session_of(self.gate, session)

    def find_session(self, text: str) -> SessionId:
        """Return the session whose id is or begins with `text`."""
        return self.store.sessions.find(text)

    def moments(self, session: SessionId) -> tuple[Moment, ...]:
        """Return the moments this profile may see, by start."""
        reading.session_of(self.gate, session)
        return self.store.moments.of_session(session)

    def comments(self, session: SessionId) -> tuple[Comment, ...]:
        """Return the comments on those moments, oldest first."""
        reading.session_of(self.gate, session)
        return self.store.moments.comments(session)

    def transcript(self, session: SessionId, version: TranscriptId | None = None) -> reading.TranscriptView:
        """Return the current transcript, or an older version, in turns with its pauses.

        Where the client has taken transcripts back, it is empty and says so; a version by name is refused.
        """
        row = reading.session_of(self.gate, session)
        if version is not None:
            self.gate.require_words(row)
        elif not (verdict := self.gate.words(row)).covered:
            return reading.locked_words(self.store, row, verdict.reason)
        return reading.transcript_view(self.store, row, version)

    def versions(self, session: SessionId) -> list[TranscriptVersion]:
        """Return every transcript of a session that may be read, newest first."""
        row = reading.session_of(self.gate, session)
        return self.store.transcripts.versions(session) if self.gate.words(row).covered else []

    def peaks(self, session: SessionId) -> Peaks:
        """Return the outline of the sound."""
        return reading.peaks(self.store, reading.session_of(self.gate, session))

    def removed(self, session: SessionId) -> tuple[tuple[int, int], ...]:
        """Return the spans that were deleted for good, as (start_ms, end_ms)."""
        reading.session_of(self.gate, session)
        return self.store.removed.of_session(session)

    def codebook(self) -> Codebook:
        """Return the active codebook."""
        return self.codebooks.active()

    def profiles(self) -> list[Profile]:
        """Return everybody who works in this vault."""
        return self.vault.profiles()

    def add_profile(self, name: str, role: Perspective, passphrase: str) -> tuple[Profile, str]:
        """Let another person work here; return them and their recovery key, shown only now."""
        return self.vault.add_profile(name, role, passphrase, kdf=self.kdf)

    def log_lines(self, last: int) -> list[LogLine]:
        """Return the newest lines of the access log, oldest of them first."""
        return list(deque(access_log.lines(self.vault.db), maxlen=last))

    def search(self, words: str, session: SessionId | None = None) -> searching.Hits:
        """Find words in one session or the whole library."""
        hits = searching.find(self.store, self.gate, words, session)
        self.vault.log("search", session or "", f"{len(hits.hits)} hits")
        return hits

    # -- consent --------------------------------------------------------------------------------

    def add_consent(
        self, client: str, granted: frozenset[Scope], signed_on: date, expires_on: date | None = None
    ) -> ConsentId:
        """Add a consent record for a client code (a new client when unknown) and return its id."""
        grants = frozenset(Grant(scope) for scope in granted)
        return self.record_consent(Statement(client, signed_on, grants, expires_on=expires_on)).consent

    def record_consent(self, said: Statement) -> ConsentRecord:
        """Add a whole consent record and return it; raises UsageError when it contradicts itself."""
        entry = consenting.record(self.store, self.gate, self.today, said)
        sessions = tuple(row.session for row in self.store.sessions.all() if row.client == entry.client)
        self.subscribers.tell(Change(changes.CONSENT, sessions))
        self.subscribers.tell(Change(changes.LIBRARY))
        return entry

    def consents(self, client: str) -> list[ConsentRecord]:
        """Return a client's records, oldest first; empty for an unknown code."""
        found = self.store.consents.client(client)
        return self.store.consents.of_client(found[0]) if found else []

    def clients(self) -> list[str]:
        """Return every client code, sorted."""
        return sorted(self.store.consents.codes().values(), key=str.casefold)

    # -- locking --------------------------------------------------------------------------------

    def lock(self) -> None:
        """Drop the keys, whatever fails before that; subscribers empty their views."""
        if not self.vault.locked:
            try:
                self.subscribers.tell(Change(changes.LOCKING))
            finally:
                self.vault.lock()
                self.subscribers.tell(Change(changes.LOCK))

    def unlock(self, passphrase: str) -> None:
        """Take the keys again and take in what was finished meanwhile; raises WrongKeyError."""
        self.vault.unlock(passphrase)
        self.come_back()

    def come_back(self) -> None:
        """After unlocking: take in what was finished meanwhile and let views fill."""
        self._settle()
        self.subscribers.tell(Change(changes.LOCK))

    def close(self) -> None:
        """Close the vault; the workspace is of no further use."""
        self.vault.close()


def _action(step: Step) -> str:
    kind = step.plain()["step"]
    if kind.startswith("drop_"):
        return "delete"
    return "speakers" if kind in ("put_names", "put_labels", "put_recall_names") else "edit"
