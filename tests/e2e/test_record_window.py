"""A session recorded from a virtual microphone by the window, with keys alone, from consent to review."""

from datetime import date
from pathlib import Path

import pytest

from speech_samples import CLIPS, TWO_TURNS
from supervise.crypto.keys import KdfParams
from supervise.domain.consent import Scope
from supervise.domain.ids import SessionId
from supervise.domain.recordings import GapReason
from supervise.storage.verify import verify
from virtual_card import VirtualCard, virtual_card
from windows_at_cards import seen
from workspaces import CLIENT, opened

__all__ = ["virtual_card"]


@pytest.mark.speech_model
@pytest.mark.slow
def test_from_consent_to_review_by_keys_at_a_real_card(
    virtual_card: VirtualCard, tmp_path: Path, base_model: Path, cheap_kdf: KdfParams
) -> None:
    vault = tmp_path / "vault"
    words, models = (vault, CLIPS / "two_turns.flac"), base_model.parent
    saw = seen(virtual_card, "window_at_the_card.py", *words, models=models, patience_s=170)
    assert "The level is good" in saw["judged"]
    assert "The microphone is gone" in saw["gone"]
    assert "the microphone was gone" in saw["after"]
    assert saw["locked"]
    assert min(saw["check_peak"], saw["review_peak"]) > 500, saw
    found = set(saw["words"].lower().replace(",", " ").replace(".", " ").split())
    assert len(found & set(TWO_TURNS.split())) >= 15, saw["words"]

    desk = opened(vault, cheap_kdf, today=date.today)
    try:
        session = desk.session(SessionId(saw["session"]))
        assert session.client_code == CLIENT
        assert session.sound.duration_ms > 17_000
        assert [gap.reason for gap in desk.store.recordings.gaps(session.session)] == [GapReason.DEVICE]
        first, second = desk.moments(session.session)
        assert 1500 <= first.start_ms <= 5000
        assert 8500 <= second.start_ms <= 14_000
        assert second.note == "Here it turned"
        granted = {scope for record in desk.consents(CLIENT) for scope in record.granted}
        assert granted == {Scope.RECORD, Scope.TRANSCRIBE, Scope.OWN_REVIEW}
        assert "asked again before recording: yes" in [line.detail for line in desk.log_lines(60)]
        assert verify(desk.vault, lambda _: None).ok
    finally:
        desk.close()
