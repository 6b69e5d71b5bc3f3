"""Transcripts that a client takes back, in the terminal: locked, destroyed, and the rest still at hand."""

from collections.abc import Callable
from pathlib import Path

from test_consent_terminal import moment, use
from test_terminal import Call, Said, call, services, session, sound, vault

from page_traces import traces
from supervise.bootstrap import Services
from workspaces import PASSPHRASE

__all__ = ["call", "moment", "services", "session", "sound", "use", "vault"]


def test_transcripts_taken_back_are_locked_and_go_and_the_rest_stays(
    call: Call, services: Services, use: Callable[[list[str]], Said], vault: Path, tmp_path: Path
) -> None:
    made = call("consent", "withdraw", vault, "--client", "K-07", "--scope", "transcribe").json
    assert made["destroyed"] is False
    for fmt in ("txt", "vtt", "srt"):
        refused = use(["export", "VAULT", "SESSION", "--format", fmt, "--to", "OUT"])
        assert (refused.code, refused.error["code"]) == (5, "no_consent")
        assert "transcript" in refused.error["error"]
        assert not (tmp_path / "out").exists()
    assert use(["speakers", "VAULT", "SESSION", "--swap"]).code == 5
    assert use(["search", "VAULT", "well"]).json == {"hits": [], "left_out": 1, "more": False}
    shown = use(["show", "VAULT", "SESSION"]).json
    assert shown["transcript"]["turns"] == []
    assert "has withdrawn" in shown["transcript"]["locked"]
    assert len(shown["moments"]) == 1
    assert use(["list", "VAULT"]).json["sessions"][0]["transcript"] == "locked"
    assert use(["export", "VAULT", "SESSION", "--format", "flac", "--to", "OUT"]).code == 0
    assert call("consent", "take-back", vault, made["withdrawal"][:8]).code == 0
    assert use(["show", "VAULT", "SESSION"]).json["transcript"]["turns"] != []
    call("consent", "withdraw", vault, "--client", "K-07", "--scope", "transcribe", "--now", "--yes")
    desk = services.open_vault(vault, PASSPHRASE)
    key = desk.vault.database_key
    desk.close()
    assert traces(vault, key, [b"not well"]) == []
    shown = use(["show", "VAULT", "SESSION"]).json
    assert (shown["transcript"]["transcript"], len(shown["moments"])) == (None, 1)
