"""What becomes of a recording: its sound becomes a session, or a shorter one, or is destroyed.

Each kind of news is written once, whether it comes straight from a recording or, as the vault was locked,
later from the inbox.
"""

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
from supervise.storage.recordings import DESTROYED, KEPT, RECORDING, Recording
from supervise.storage.store import Store

MARK, FACTS, RECORDED = "live_mark", "recording_facts", "recorded"
KINDS = (MARK, FACTS, RECORDED)
CHUNK_BYTES = 2048
BITS = 16
_FORMAT = "recording/flac"


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


def conclude(store: Store, recording: str, sound: SoundFacts, peaks: MediaId) -> SessionId | None:
    """Make the session, in one transaction, or destroy everything if that was asked for or nothing is there.

    Master and peaks have their ends. `clear_files` follows after the commit. Raises NoSpaceError,
    DamagedError, with the recording as it was.
    """
    with transaction(store.vault.db):
        row = store.recordings.get(recording)
        kept = _samples_to_keep(row, sound)
        if kept <= 0:
            destroy(store, row)
            return None
        media = (row.master, peaks)
        for media_id in media:
            store.media.settle(store.vault.db, media_id)
        if kept < sound.samples:
            old, (media, sound) = media, _cut(store, row, sound, kept)
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


def _samples_to_keep(row: Recording, sound: SoundFacts) -> int:
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


def _cut(
    store: Store, row: Recording, sound: SoundFacts, kept: int
) -> tuple[tuple[MediaId, MediaId], SoundFacts]:
    """Write the first `kept` frames anew under a new key; the old key is forgotten by the caller."""
    shorter = sound_facts(row, kept, "")
    master, peaks = store.media.create("master"), store.media.create("peaks")
    try:
        with store.media.open(row.master) as stream:
            found: Outline = outline(cast("BinaryIO", stream), shorter, master.writer)
        peaks.writer.write(found.peaks)
        for medium in (master, peaks):
            medium.finish()
            medium.register(store.vault.db)
    except BaseException:
        master.discard()
        peaks.discard()
        raise
    return (master.media_id, peaks.media_id), replace(shorter, source_sha256=found.sha256)


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
