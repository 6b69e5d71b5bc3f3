"""Everything about one client in one file, for the client: without other people's data or private notes."""

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from supervise.app import inventory, subject_recalls
from supervise.app.leaving import Leaving
from supervise.app.taking_out import WORD_MARGIN_MS
from supervise.app.workspace import Workspace
from supervise.audio.exporting import write_silenced
from supervise.domain.consent import ConsentRecord
from supervise.domain.errors import NotCoveredError, UsageError
from supervise.domain.ids import ClientId
from supervise.domain.moments import Moment
from supervise.domain.redaction import redaction_spans
from supervise.domain.session import Session
from supervise.exchange.content import SessionContent, redacted_content
from supervise.exchange.files import whole_file
from supervise.exchange.formats import TEXT_FORMATS
from supervise.storage import access_log
from supervise.storage.copies import new_copy
from supervise.storage.recalls import Recall
from supervise.storage.sessions import MIN_PREFIX

Report = Callable[[int], None]
Cancelled = Callable[[], bool]
Spans = Sequence[tuple[int, int]]
_README = """Everything this practice keeps about you under the code {code}.

sessions/   each recording as FLAC sound, its transcript, the marks made on it, and the recalls you took part
            in with the marks on them and what was written up, the interviews you gave and the ratings you
            made (what your therapist alone recalled of it is not here: ask for it)
consent.json, destroyed.json, copies.json   what you agreed to, what was destroyed, what was handed on
access_log.json   who opened, played, changed or took out what, and when
held_back.json   private notes and write-ups of the people who work here, which they decide about one by
            one; answers of yours that stay hidden until the other party's interview is finished too; and
            what you recalled or rated with somebody else and have not shared: ask them for it

Passages marked for redaction because they are about other people are silent and left out.
"""


@dataclass(frozen=True, slots=True)
class AccessWish:
    """For whom and where to (a .zip file); `include` are one's own private moments to hand over after all."""

    client: str
    target: Path
    force: bool = False
    include: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written: sessions, private moments held back, sessions whose sound is no longer there."""

    sessions: int
    held_back: int
    without_sound: int


@dataclass(frozen=True, slots=True)
class HeldNote:
    """One of one's own private moments or write-ups about a client, to be decided on.

    A write-up lies at no place: its `start_ms` is None.
    """

    moment: str
    held_on: str
    start_ms: int | None
    note: str


def held_notes(workspace: Workspace, client: str) -> list[HeldNote]:
    """Return one's own private notes about a client; raises UsageError when it is not one's own case."""
    found, store = _own_client(workspace, client), workspace.store
    held: list[HeldNote] = []
    for row in inventory.of_client(store, found[0]):
        moments = [moment for moment in store.moments.of_session(row.session) if moment.private]
        held += [HeldNote(m.moment, row.held_on, m.start_ms, m.note) for m in moments]
        write_ups = subject_recalls.own_private_write_ups(store, row)
        held += [HeldNote(entry.write_up, row.held_on, None, entry.text) for entry in write_ups]
    return held


def find_held(workspace: Workspace, client: str, text: str) -> str:
    """Return the id of the private note that `text` is or begins; raises UsageError."""
    wanted = text.strip().lower()
    found = [note.moment for note in held_notes(workspace, client) if note.moment.startswith(wanted)]
    return found[0] if len(found) == 1 and len(wanted) >= MIN_PREFIX else workspace.store.moments.find(text)


def _own_client(workspace: Workspace, client: str) -> tuple[ClientId, str]:
    found = workspace.store.consents.client(client.strip())
    if found is None:
        raise UsageError(f"There is no client {client} in this vault.")
    if not workspace.gate.owns(found[0]):
        raise UsageError(f"Only the therapist whose case {found[1]} is answers for it.")
    return found


class AccessJob:
    """One bundle in three steps: gathered and announced on the workspace's thread, run on any.

    It needs no consent: what is kept about a client is theirs.
    """

    def __init__(self, workspace: Workspace, wish: AccessWish) -> None:
        """Raises UsageError: no such client, not one's own case, not a .zip file."""
        self._workspace, self._wish = workspace, wish
        self._leaving: Leaving | None = None
        client, self._code = _own_client(workspace, wish.client)
        if wish.target.suffix.lower() != ".zip":
            raise UsageError("The bundle is one .zip file. Name it so.")
        self._rows = inventory.of_client(workspace.store, client)
        self._made = _Gathered(workspace, wish)
        try:
            self._made.about(client, self._code)
            for row in self._rows:
                self._made.session(row)
        except BaseException:
            self._made.close()
            raise
        self._made.put("held_back.json", {"moments": self._made.held})

    def announce(self) -> None:
        """Enter it in log and list before it is written; raises NoSpaceError, with nothing written."""
        vault, place = self._workspace.vault, str(self._wish.target.expanduser().resolve())
        made_by, detail = (
            vault.profile.profile,
            f"{len(self._rows)} sessions, {len(self._made.held)} held back",
        )
        copies = [new_copy(row.session, "subject_access", made_by, place, self._code) for row in self._rows]
        try:
            self._leaving = Leaving(vault, copies, "subject_access", "", detail)
        except BaseException:
            self._made.close()
            raise

    def take_back(self) -> None:
        """Note that nothing was written, after `run` failed."""
        if self._leaving is not None:
            self._leaving.take_back()

    def run(self, report: Report, cancelled: Cancelled) -> None:
        """Write the bundle, whole or not at all.

        Raises UsageError (the file is there), NoSpaceError, CancelledError.
        """
        made = self._made
        try:
            with (
                whole_file(self._wish.target, force=self._wish.force) as file,
                zipfile.ZipFile(file, "w") as bundle,
            ):
                for name, content in made.parts:
                    bundle.writestr(name, content)
                for index, (name, row, spans, stream) in enumerate(made.sounds):
                    share = _share(report, index, len(made.sounds))
                    with bundle.open(name, "w", force_zip64=True) as target:
                        write_silenced(stream, row.sound, target, spans, share, cancelled)
        finally:
            made.close()

    def finish(self) -> Bundle:
        """Return what it holds."""
        return Bundle(len(self._rows), len(self._made.held), self._made.without_sound)


def write_bundle(workspace: Workspace, wish: AccessWish, report: Report, cancelled: Cancelled) -> Bundle:
    """Write the bundle in one go on the calling thread; raises what `AccessJob` raises."""
    job = AccessJob(workspace, wish)
    job.announce()
    try:
        job.run(report, cancelled)
    except BaseException:
        job.take_back()
        raise
    return job.finish()


def _share(report: Report, index: int, count: int) -> Report:
    """Return what reports the progress of one of `count` parts as that of the whole."""
    return lambda done: report((index * 1000 + done) // count)


class _Gathered:
    """Everything that goes into one bundle; sound is opened here and written later."""

    def __init__(self, workspace: Workspace, wish: AccessWish) -> None:
        self._workspace = workspace
        self._store = workspace.store
        self._wish = wish
        self.parts: list[tuple[str, bytes]] = []
        self.sounds: list[tuple[str, Session | Recall, Spans, BinaryIO]] = []
        self.held: list[dict[str, Any]] = []
        self.without_sound = 0

    def put(self, name: str, values: Mapping[str, Any]) -> None:
        """Add a JSON file."""
        self.parts.append((name, json.dumps(dict(values), indent=2, ensure_ascii=False).encode()))

    def close(self) -> None:
        """Let the sound go."""
        for *_, stream in self.sounds:
            stream.close()

    def about(self, client: ClientId, code: str) -> None:
        """Add what is not about one session."""
        self.parts.append(("README.txt", _README.format(code=code).encode()))
        records = self._store.consents.of_client(client)
        self.put("consent.json", {"records": [_consent(record) for record in records]})
        decisions = [row for row in self._store.withdrawals.all() if row.client == client]
        certificates = [dict(row.certificate) for row in decisions if row.certificate is not None]
        self.put("destroyed.json", {"certificates": certificates})
        copies = inventory.copies_out(self._store, client)
        self.put(
            "copies.json", {"copies": [{k: v for k, v in row.items() if k != "place"} for row in copies]}
        )
        subjects = {row.session for row in inventory.of_client(self._store, client)}
        subjects |= set(self._store.withdrawals.stubs(client))
        known = {str(entry) for entry in subjects} | {row.id for row in decisions}
        known |= {str(record.consent) for record in records}
        self.put("access_log.json", {"entries": self._log(known)})

    def _log(self, subjects: Iterable[str]) -> list[dict[str, str]]:
        names = {str(entry.profile): entry.name for entry in self._store.vault.profiles()}
        wanted = frozenset(subjects)
        return [
            {
                "at": line.at,
                "who": names.get(line.who, line.who),
                "action": line.action,
                "subject": line.subject,
            }
            for line in access_log.lines(self._store.vault.db)
            if line.subject in wanted
        ]

    def session(self, row: Session) -> None:
        """Add one session: sound, transcript, marks."""
        everything = self._store.moments.of_session(row.session)
        moments = tuple(m for m in everything if not m.private or m.moment in self._wish.include)
        self._hold_back(row, [moment for moment in everything if moment not in moments])
        spans = redaction_spans(everything)
        content = self._content(row, moments)
        wide = [(max(0, start - WORD_MARGIN_MS), end + WORD_MARGIN_MS) for start, end in spans]
        masked = redacted_content(content, wide)
        folder = f"sessions/{row.held_on}-{row.session[:8]}"
        for fmt, name in (("txt", "transcript.txt"), ("csv", "moments.csv"), ("json", "session.json")):
            if fmt != "txt" or content.version is not None:
                self.parts.append((f"{folder}/{name}", b"".join(TEXT_FORMATS[fmt](masked).parts)))
        self._recalls(row, folder, wide)
        try:
            stream = self._store.media.open(row.master)
        except NotCoveredError:
            self.without_sound += 1
            return
        self.sounds.append((f"{folder}/sound.flac", row, spans, cast("BinaryIO", stream)))

    def _recalls(self, row: Session, folder: str, wide: Spans) -> None:
        """Add what the client recalled, answered and rated."""
        found = subject_recalls.gather(self._workspace, row, folder, wide, self._wish.include)
        self.parts += found.parts
        self.sounds += found.sounds
        self.held += found.held

    def _content(self, row: Session, moments: tuple[Moment, ...]) -> SessionContent:
        store = self._store
        version = store.transcripts.current(row.session)
        kept = {moment.moment for moment in moments}
        return SessionContent(
            session=row,
            version=version,
            words=store.transcripts.words(version.transcript) if version else (),
            speakers=store.transcripts.names(row.session),
            moments=moments,
            comments=tuple(c for c in store.moments.comments(row.session) if c.moment in kept),
            profiles=tuple(store.vault.profiles()),
            codebooks={m.codebook: self._workspace.codebooks.by_key(m.codebook) for m in moments},
        )

    def _hold_back(self, row: Session, moments: list[Moment]) -> None:
        """Name one's own private moments by id, and count those that only their authors can open."""
        sql = "SELECT count(*) FROM moments WHERE private = 1 AND session_id = ? AND author_id <> ?"
        me = self._store.vault.profile.profile
        others = int(self._store.vault.db.execute(sql, [row.session, me]).fetchone()[0])
        self.held += [{"session": row.session, "moment": m.moment, "start_ms": m.start_ms} for m in moments]
        self.held += [{"session": row.session, "moment": None, "start_ms": None}] * others


def _consent(record: ConsentRecord) -> dict[str, Any]:
    return {
        "signed": record.signed_on.isoformat(),
        "expires": record.expires_on.isoformat() if record.expires_on else None,
        "granted": [str(grant) for grant in record.grants(record.granted)],
        "refused": [str(grant) for grant in record.grants(record.refused)],
        "withdrawn": [str(grant) for grant in record.grants(record.withdrawn)],
        "details": record.details.plain(),
    }
