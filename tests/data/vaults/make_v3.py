"""Make `v3/`, the stored vault of schema 3: recalls with all that hangs on them, interviews, ratings, cards.

Run it from the checkout: `PYTHONPATH=src:tests python tests/data/vaults/make_v3.py`. It was made once with
the program of schema 3 and must never be made again with a later one; `tests/store/test_stored_v3.py` opens
it and restores from it. Until schema 3 is released, `--force` makes it anew.
"""

import json
import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import make_v1
import numpy as np

from recall_rooms import add_sounding_session
from sounds import kept
from studies import STUDY, held_by_client, held_by_therapist
from supervise.app.cards import cards, use_cards
from supervise.app.commands import MarkMoment
from supervise.app.consenting import Statement, give_part
from supervise.app.recall_marks import MarkRecall
from supervise.app.retention import set_rule
from supervise.app.workspace import Workspace
from supervise.app.write_ups import WriteUpRecall
from supervise.audio.peaks import flat_peaks
from supervise.domain.consent import Grant, Scope
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.ids import RecallId, SeriesId, SessionId, TranscriptId
from supervise.domain.moments import MomentCode, Perspective
from supervise.domain.rating import ACTIVATION, AFFECT, Rater, RatingSetup
from supervise.domain.rating_trace import Point, Run
from supervise.domain.recall import ChosenBy, Party, PromptUse, RecallKind, Segments, Setup, Stop, StoppedBy
from supervise.domain.recall_map import Stretch
from supervise.domain.recall_marks import TimeFrame
from supervise.domain.recordings import Gap, GapReason
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import TranscribeSettings, TranscriptVersion
from supervise.storage.database import transaction
from supervise.storage.migrations import STEPS
from supervise.storage.rating import Series
from supervise.storage.recalls import RECALLING, Recall
from supervise.storage.vault import Vault
from workspaces import add_transcript, spoken

TARGET = Path(__file__).parent / "v3"
TODAY = date(2026, 11, 27)
AT = "2026-11-25T18:00:00.000Z"
CLIENTS, MINE = RecallId("c1" * 16), RecallId("d2" * 16)
SERIES = SeriesId("e3" * 16)
SAID = "so how was it then"
RECALLED = "I went quiet there and hoped nobody saw"
BOOK = """\
codebook: {id: stored, version: 3, language: en}
scales:
  intensity: {type: int, min: 0, max: 4, anchors: {0: none, 4: very strong}}
families:
  - {id: ipr, label: Recall, color: "#F0E442", pattern: solid}
codes:
  - {id: ip.affect, family: ipr, label: Feeling recalled, def: A feeling then., speaker: R, rate: [intensity]}
"""
SETUP = Setup(
    RecallKind.CLIENT,
    recaller=Party.CLIENT,
    inquirer="Cara",
    inquirer_may_stop=False,
    segments=Segments(((0, 20_000),), ChosenBy.RANDOM, "three of nine", seed=7),
    hours_since=20.5,
)


def _agree(work: Workspace) -> None:
    grants = frozenset(Grant(scope) for scope in (*make_v1_scopes(), Scope.CLIENT_RECALL))
    named = frozenset({Grant(Scope.RESEARCH, STUDY), Grant(Scope.SUPERVISOR, "Bea")})
    details = ConsentDetails(keep_days=(("recall", 3650),))
    work.record_consent(Statement("K-01", date(2026, 11, 1), grants | named, details=details))
    give_part(work.store, work.gate, "K-01", "Bea", "supervisor", None)


def make_v1_scopes() -> tuple[Scope, ...]:
    """Return what the stored vaults' client has agreed to since version 1."""
    return Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW


def _session(work: Workspace) -> SessionId:
    sound = np.zeros((200_000, 1), np.int16)
    session = add_sounding_session(work, sound, 1000, "K-01", "2026-11-24")
    add_transcript(work, session, spoken(SAID))
    work.execute(MarkMoment(session, 83_500, (MomentCode("wf.flag"),), note="a pause that held"))
    return session


def _recall(work: Workspace, session: SessionId, recall: RecallId, setup: Setup) -> None:
    store = work.store
    stream, facts = kept(np.zeros((9000, 1), np.int16), 1000)
    media = [
        store.media.add("master", stream.getvalue()),
        store.media.add("peaks", flat_peaks(9000, 1, 1000)),
    ]
    row = Recall(recall, session, RECALLING, setup, AT, work.profile.profile, 1000, 1, *media)
    with transaction(work.vault.db):
        store.recalls.begin(row)
        store.recalls.put_stop(recall, Stop(0, 3000, 3000, StoppedBy.RECALLER, 3000, 0, 6000, 1000))
        store.recalls.put_stop(recall, Stop(1, 3000, 8000, StoppedBy.TAPE, 2000, 1000))
        store.recalls.put_stretches(
            recall, [Stretch(0, 3000, 0, 3000), Stretch(6000, 8000, 1000, 3000, 1.0, 1)]
        )
        store.recalls.put_prompt(recall, PromptUse(0, 3500, "affect.feel", 0, "What did you feel?"))
        store.recalls.set_gaps(recall, [Gap(4000, 120, GapReason.DEVICE)])
        store.recalls.end(recall, 9000, facts.source_sha256, row.peaks)


def _words(work: Workspace, session: SessionId) -> None:
    transcript = TranscriptId("7b" * 16)
    store, words = work.store.recall_transcripts, spoken(RECALLED, 3200, 300)
    version = TranscriptVersion(transcript, session, AT, TranscribeSettings(), finished=False)
    store.begin(version, CLIENTS)
    store.add_window(transcript, 0, 3200, words[-1].end_ms, words)
    store.finish(transcript, "en", [], {"cpu_s": 1.5})
    store.set_names(CLIENTS, SpeakerNames((("A", "client"),)))
    code = MomentCode("ip.affect", (("intensity", 3),))
    work.execute(
        MarkRecall(CLIENTS, 3200, 6000, (code,), time_frame=TimeFrame.THEN, note="went quiet at the question")
    )
    work.execute(WriteUpRecall(CLIENTS, "I ask faster when it gets quiet.", shared=True))
    work.execute(WriteUpRecall(MINE, "For myself: slow down."))


def _rated(work: Workspace, session: SessionId) -> None:
    setup = RatingSetup(Rater.CLIENT, (AFFECT, ACTIVATION))
    work.store.ratings.begin(Series(SERIES, session, work.profile.profile, setup, AT))
    points = [
        Point(0, dial, ms, (ms // 100) * (1 - 2 * dial), ms) for ms in range(0, 9000, 500) for dial in (0, 1)
    ]
    work.store.ratings.add(SERIES, 0, [Run(0, 0, 9000, 0)], points)
    work.store.ratings.end(SERIES, {})


def _fill(vault: Vault) -> None:
    work = Workspace(vault, BOOK, lambda: TODAY)
    _agree(work)
    session = _session(work)
    _recall(work, session, CLIENTS, SETUP)
    _recall(work, session, MINE, Setup(RecallKind.THERAPIST))
    _words(work, session)
    held_by_therapist(work, *held_by_client(work, session))
    _rated(work, session)
    first, *others = (found := cards(work)).cards
    few = (replace(first, text="What was that like?"), *others[:2])
    groups = tuple(group for group in found.groups if any(card.group == group.group for card in few))
    use_cards(work, replace(found, cards_id="stored", version="3", cards=few, groups=groups))
    set_rule(work, "recall", 365)


def main() -> None:
    """Make the vault, if there is none yet and this is the program of schema 3."""
    if max(STEPS) != 3 or (TARGET.exists() and "--force" not in sys.argv):
        sys.exit("v3 is there already (--force), or this program makes newer vaults.")
    shutil.rmtree(TARGET, ignore_errors=True)
    vault, recovery_key = Vault.create(TARGET, "Anna", Perspective.THERAPIST, make_v1.PASSPHRASE)
    with vault:
        _, bea_key = vault.add_profile("Bea", Perspective.SUPERVISOR, make_v1.BEA_PASSPHRASE)
        _fill(vault)
        vault.db.conn.execute("VACUUM")
    (TARGET / "vault.lock").unlink()
    shutil.rmtree(TARGET / "inbox")
    secrets = {
        "passphrase": make_v1.PASSPHRASE,
        "recovery_key": recovery_key,
        "bea": make_v1.BEA_PASSPHRASE,
        "bea_key": bea_key,
    }
    (TARGET.parent / "v3.json").write_text(json.dumps(secrets, indent=1) + "\n")


if __name__ == "__main__":
    main()
