"""What becomes of a recording: its sound becomes a session, or a shorter one, or is destroyed.

Each kind of news is written once, whether it comes straight from a recording or, as the vault was locked,
later from the inbox.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO, cast

from supervise.audio.recovered import Outline, outline
from supervise.domain.errors import UsageError
from supervise.domain.ids import MediaId, MomentId, ProfileId, SessionId, new_id
from supervise.domain.moments import FLAG, Moment, MomentCode, Perspective
from supervise.domain.recordings import LiveMark, Wish, gap_from_plain
from supervise.domain.session import Session, SoundFacts
from supervise.domain.times import now_utc, samples_to_ms
from supervise.storage.database import transaction
from supervise.storage.media import NewMedia
from supervise.storage.recordings import DESTROYED, KEPT, RECORDING, Recording
from supervise.storage.store import Store

MARK, FACTS, RECORDED = "live_mark", "recording_facts", "recorded"
KINDS = (MARK, FACTS, RECORDED)
CHUNK_BYTES = 2048
BITS = 16
_FORMAT = "recording/flac"
Report = Callable[[int], None]
Cancelled = Callable[[], bool]


def _silent(_permille: int) -> None:
    return


def _never() -> bool:
    return False


def take_in(store: Store, kind: str, payload: dict[str, Any]) -> None:
    """Write one piece of news about a recording; twice changes nothing."""
    try:
        row = store.recordings.get(payload["recording"])
    except UsageError:
        return
    if row.state != RECORDING:
        return
    if kind == MARK:
        store.recordings.add_mark(row.recording, LiveMark(**payload["mark"]))
    elif kind == FACTS:
        store.recordings.set_gaps(row.recording, [gap_from_plain(gap) for gap in payload["gaps"]])
        store.recordings.add_facts(row.recording, payload["facts"])
    elif kind == RECORDED:
        facts = sound_facts(row, payload["samples"], payload["sha256"])
        conclude(store, row.recording, facts, MediaId(payload["peaks"]))


def sound_facts(row: Recording, samples: int, sha256: str) -> SoundFacts:
    """Return the facts of a recording's sound."""
    duration_ms = samples_to_ms(samples, row.rate_hz)
    return SoundFacts(samples, row.rate_hz, row.channels, duration_ms, sha256, BITS)


class Cut:
    """The first `kept` frames written anew under a new key; the old key is forgotten with `register`."""

    def __init__(self, stream: BinaryIO | None, sound: SoundFacts, media: tuple[NewMedia, ...]) -> None:
        self._stream, self._sound, self._media = stream, sound, media

    @classmethod
    def begin(cls, store: Store, row: Recording, sound: SoundFacts) -> "Cut":
        """Open what there is to cut; nothing when nothing is to be kept."""
        kept = samples_to_keep(row, sound)
        if kept <= 0:
            return cls(None, sound, ())
        stream = cast("BinaryIO", store.media.open(row.master))
        media = store.media.create("master"), store.media.create("peaks")
        return cls(stream, sound_facts(row, kept, ""), media)

    def write(self, report: Report = _silent, cancelled: Cancelled = _never) -> None:
        """Write it, on any thread; whatever is raised leaves nothing behind."""
        if self._stream is None:
            return
        master, peaks = self._media
        try:
            with self._stream as stream:
                found: Outline = outline(stream, self._sound, master.writer, report, cancelled)
            peaks.writer.write(found.peaks)
            for medium in self._media:
                medium.finish()
        except BaseException:
            self.discard()
            raise
        self._sound = replace(self._sound, source_sha256=found.sha256)

    def discard(self) -> None:
        """Remove what was written."""
        if self._stream is not None:
            self._stream.close()
        for medium in self._media:
            medium.discard()

    def register(self, store: Store) -> tuple[tuple[MediaId, MediaId], SoundFacts]:
        """Make it part of the vault, in the caller's transaction."""
        master, peaks = self._media
        for medium in self._media:
            medium.register(store.vault.db)
        return (master.media_id, peaks.media_id), self._sound


def is_cut(store: Store, kind: str, payload: dict[str, Any]) -> bool:
    """Whether it is news of a recording that has ended and whose last minutes are to be deleted."""
    if kind != RECORDED:
        return False
    try:
        row = store.recordings.get(payload["recording"])
    except UsageError:
        return False
    return row.state == RECORDING and row.asked is not None and row.asked.wish is Wish.DELETE_LAST


def conclude(
    store: Store, recording: str, sound: SoundFacts, peaks: MediaId, cut: Cut | None = None
) -> SessionId | None:
    """Make the session, in one transaction, or destroy everything if that was asked for or nothing is there.

    Master and peaks have their ends. `cut` is what was written already of a recording that becomes shorter;
    without it, that is written here. `clear_files` follows after the commit. Raises NoSpaceError,
    DamagedError, with the recording as it was.
    """
    with transaction(store.vault.db):
        row = store.recordings.get(recording)
        kept = samples_to_keep(row, sound)
        if kept <= 0:
            destroy(store, row)
            return None
        media = (row.master, peaks)
        for media_id in media:
            store.media.settle(store.vault.db, media_id)
        if kept < sound.samples:
            if cut is None:
                cut = Cut.begin(store, row, sound)
                cut.write()
            old, (media, sound) = media, cut.register(store)
            store.media.forget(store.vault.db, old)
        session = _add_session(store, row, sound, media)
        store.recordings.end(row.recording, KEPT, sound.samples, session)
        store.vault.log("record", session, f"{len(row.gaps)} gaps, {_asked_words(row)}")
    return session


def destroy(store: Store, row: Recording) -> None:
    """Destroy the keys of a recording; a stub without content stays. `clear_files` follows."""
    with transaction(store.vault.db) as db:
        store.media.forget(db, row.media)
        store.recordings.end(row.recording, DESTROYED, 0)
        store.vault.log("delete", row.recording, f"recording, {_asked_words(row)}")


def clear_files(store: Store, recording: str, also: tuple[MediaId, ...] = ()) -> None:
    """After a commit: remove the files of what a recording no longer needs, and of `also` without a row."""
    db = store.vault.db
    used = {row[0] for row in db.execute("SELECT id FROM media")}
    gone = [media_id for media_id in (*store.recordings.get(recording).media, *also) if media_id not in used]
    if gone:
        store.media.remove(gone)


def samples_to_keep(row: Recording, sound: SoundFacts) -> int:
    """Return how many frames are to stay, by what the client asked for."""
    asked = row.asked
    if asked is None or asked.wish is Wish.KEEP:
        return sound.samples
    if asked.wish is Wish.DELETE_ALL:
        return 0
    return sound.samples - round(asked.minutes * 60 * sound.rate_hz)


def _asked_words(row: Recording) -> str:
    asked = row.asked
    if asked is None:
        return "nothing asked"
    minutes = f" {asked.minutes:g} min" if asked.wish is Wish.DELETE_LAST else ""
    return f"client asked: {asked.wish.value}{minutes}"


def _add_session(
    store: Store, row: Recording, sound: SoundFacts, media: tuple[MediaId, MediaId]
) -> SessionId:
    started = datetime.fromisoformat(row.started_at.replace("Z", "+00:00")).astimezone()
    session = Session(
        session=SessionId(new_id()),
        client=row.client,
        client_code=row.client_code,
        title=row.title,
        held_on=started.date().isoformat(),
        created_at=now_utc(),
        sound=sound,
        master=media[0],
        peaks=media[1],
    )
    by = row.facts.get("recorded_by", "")
    store.sessions.add(session, source_format=_FORMAT, attested_by=by, original="recorded")
    kept = [gap for gap in row.gaps if gap.start_ms <= sound.duration_ms]
    store.recordings.add_session_gaps(session.session, kept)
    cut = row.asked is not None and row.asked.wish is Wish.DELETE_LAST
    for mark in row.marks:
        if not cut or mark.at_ms <= sound.duration_ms:
            store.moments.put(_moment(mark, session))
    return session.session


def _moment(mark: LiveMark, session: Session) -> Moment:
    return Moment(
        moment=MomentId(mark.mark),
        session=session.session,
        start_ms=min(mark.at_ms, session.sound.duration_ms),
        end_ms=None,
        codes=(MomentCode(FLAG),),
        note="",
        author=ProfileId(mark.author),
        perspective=Perspective(mark.perspective),
        codebook=mark.codebook,
        created_at=mark.created_at,
        changed_at=mark.created_at,
    )
