"""A recording is decoded in a process that reaches nothing, and what that says is looked at first."""

import io
import json
import os
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest

from sounds import speechlike, write_sound_file
from supervise.audio import apart
from supervise.audio.apart import decoded_apart
from supervise.audio.decoding import BAD_RATE, DAMAGED_AT
from supervise.audio.frames import BLOCK, END, FAILED, HEAD, LENGTH
from supervise.audio.importing import Decode, Imported, decoded_here, import_sound
from supervise.audio.source import SourceStream
from supervise.audio.structure import CUT_SHORT
from supervise.domain.errors import CancelledError, NotReadableError

GOOD = {
    "rate_hz": 8000,
    "layout": "mono",
    "channels": 1,
    "bits": 16,
    "codec": "pcm_s16le",
    "container": "wav",
}
A_BLOCK = b"\0" * 8 + np.arange(200, dtype=np.int16).tobytes()


def recording(path: Path) -> Path:
    """Write a second of stereo."""
    return write_sound_file(path, speechlike(48_000, 2), "s16.wav")


def saying(*frames: tuple[bytes, bytes], then: str = "") -> tuple[str, ...]:
    """Return a child that says this, whatever it is given."""
    said = b"".join(LENGTH.pack(kind, len(body)) + body for kind, body in frames)
    out = f"sys.stdout.buffer.write(zlib.decompress({zlib.compress(said)!r})); sys.stdout.flush()"
    return (sys.executable, "-c", f"import os, sys, zlib; {out}; {then or 'pass'}")


def taken(path: Path, decode: Decode) -> tuple[Imported, bytes]:
    master = io.BytesIO()
    return import_sound(path, master, lambda _: None, lambda: False, decode), master.getvalue()


def by(command: tuple[str, ...], path: Path) -> tuple[Imported, bytes]:
    return taken(path, lambda stream, refusal, cancelled: decoded_apart(stream, refusal, cancelled, command))


def head(**other: object) -> tuple[bytes, bytes]:
    return HEAD, json.dumps({**GOOD, **other}).encode()


def test_the_same_comes_out_of_it(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav")
    assert taken(path, decoded_apart) == taken(path, decoded_here)


def test_what_is_no_sound_is_refused_in_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no sound at all")
    said = []
    for decode in (decoded_here, decoded_apart):
        with pytest.raises(NotReadableError) as refused:
            taken(path, decode)
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "command",
    [
        saying(),
        saying(then="os.abort()"),
        saying(head(), then="os.abort()"),
        saying(head(), (BLOCK, A_BLOCK[:100]), then="os.abort()"),
        saying((END, b"")),
        saying((HEAD, b"[" * 100_000)),
        saying((HEAD, b"{}")),
        saying(head(rate_hz=0)),
        saying(head(rate_hz=10), (BLOCK, A_BLOCK), (END, b"")),
        saying(head(rate_hz=65_537), (BLOCK, A_BLOCK), (END, b"")),
        saying((HEAD, json.dumps({**GOOD, "rate_hz": 1e999}).encode())),
        saying(head(channels=99)),
        saying(head(bits=7)),
        saying(head(layout="stereo")),
        saying(head(layout="../../etc")),
        saying(head(codec="<b>x</b>")),
        saying(head(), (BLOCK, b"")),
        saying(head(), (BLOCK, b"\0" * 11)),
        saying(head(), (BLOCK, b"\0" * (8 + (1 << 20)))),
        saying(head(), (b"?", b"")),
        saying((FAILED, b"\xff")),
        saying((FAILED, json.dumps({"text": "\x1b[2J"}).encode())),
        saying((FAILED, json.dumps({"text": "Your vault is damaged. Send your passphrase to 1."}).encode())),
        saying((FAILED, json.dumps({"errno": 1e999}).encode())),
        saying((FAILED, json.dumps({"errno": 1 << 80}).encode())),
        (sys.executable, "-c", f"import os; os.write(1, {LENGTH.pack(BLOCK, (1 << 32) - 1)!r})"),
    ],
)
def test_a_child_that_dies_or_lies_is_a_file_that_cannot_be_read(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(NotReadableError) as refused:
        by(command, recording(tmp_path / "a.wav"))
    assert str(refused.value) == apart.GAVE_UP


@pytest.mark.parametrize("sentence", [CUT_SHORT, DAMAGED_AT.format("1:02:03"), BAD_RATE.format(12)])
def test_a_sentence_of_ours_is_passed_on(sentence: str, tmp_path: Path) -> None:
    with pytest.raises(NotReadableError) as refused:
        by(saying((FAILED, json.dumps({"text": sentence}).encode())), recording(tmp_path / "a.wav"))
    assert str(refused.value) == sentence


def test_where_nothing_can_be_started_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match="no other program can be started"):
        by((str(tmp_path / "nothing"),), recording(tmp_path / "a.wav"))


def test_a_disk_that_stops_answering_is_told_as_such(tmp_path: Path) -> None:
    command = saying((FAILED, json.dumps({"errno": 5}).encode()))
    with pytest.raises(NotReadableError, match="stopped answering"):
        by(command, recording(tmp_path / "a.wav"))


def test_a_child_that_hangs_is_ended_when_the_import_is_stopped(tmp_path: Path) -> None:
    command = saying(head(), then="sys.stdin.close(); import signal; signal.pause()")
    stopped = threading.Event()
    waited = threading.Timer(0.3, stopped.set)
    waited.start()
    with pytest.raises(CancelledError):
        import_sound(
            recording(tmp_path / "a.wav"),
            io.BytesIO(),
            lambda _: None,
            stopped.is_set,
            lambda stream, refusal, cancelled: decoded_apart(stream, refusal, cancelled, command),
        )
    waited.join()


REACH = """
import json, os, socket, sys
from supervise.audio.decoder import shut_in
shut_in(os.getppid())
found = {"environment": sorted(os.environ)}
def tried(deed):
    try:
        deed()
    except OSError as error:
        return type(error).__name__
    return "done"
found["read"] = tried(lambda: open("/etc/hostname"))
os.close(0)
found["read in its place"] = tried(lambda: open("/etc/hostname"))
found["write"] = tried(lambda: open("/tmp/written", "w"))
found["connect"] = tried(lambda: socket.socket())
import resource
found["dumps"] = resource.getrlimit(resource.RLIMIT_CORE)
text = bytes(8) + json.dumps(found).encode().ljust(2000)  # as if it were sound
for kind, body in ((b"H", sys.argv[1].encode()), (b"B", text)):
    sys.stdout.buffer.write(len(body).to_bytes(4, "big").rjust(5, kind) + body)
"""


def test_nothing_is_within_its_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPERVISE_PASSPHRASE", "never to be told")
    path = recording(tmp_path / "a.wav")
    kept_open = os.open(path, os.O_RDONLY)  # as the vault's files are, while something is imported
    os.set_inheritable(kept_open, False)
    with path.open("rb", buffering=0) as raw:
        stream = SourceStream(raw, path.stat().st_size)
        command = (sys.executable, "-P", "-c", REACH, json.dumps(GOOD))
        with decoded_apart(stream, "", lambda: False, command) as sound:
            found = json.loads(next(iter(sound.blocks())).to_ndarray().tobytes())
    os.close(kept_open)
    assert "SUPERVISE_PASSPHRASE" not in found["environment"]
    assert "HOME" not in found["environment"]
    assert {found[what] for what in ("read", "read in its place", "write", "connect")} == {"OSError"}
    assert found["dumps"] == [0, 0]


def test_the_source_is_handed_over_as_it_was_opened(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.wav")
    with path.open("rb", buffering=0) as raw:
        stream = SourceStream(raw, path.stat().st_size)
        stream.seek(40)
        with decoded_apart(stream, "", lambda: False) as sound:
            assert sound.container == "wav"
            assert sum(block.samples for block in sound.blocks()) > 0
            assert sound.position > 0
