"""The speech child killed, stopped, gone mad or orphaned: nothing lost, nothing twice, nothing left."""

import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from speech_samples import RATE, Sound, clip, events_of, plain, start, windows_of, words_of
from supervise.domain.errors import CancelledError, DamagedError, SuperviseError
from supervise.speech.child import ChildRun, child_environment
from supervise.speech.engine import Failed, Finished

ANSWER_GARBAGE = (
    "import sys; sys.stdin.buffer.read(4); sys.stdout.buffer.write(b'Warning: something'); sys.stdout.flush()"
)
ANSWER_NONSENSE = (
    'import sys, struct; b = b\'{"window": {"seq": []}}\'; '
    "sys.stdout.buffer.write(struct.pack('>I', len(b)) + b); sys.stdout.flush(); sys.stdin.buffer.read()"
)
CRASH = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
SLEEP = "import threading; threading.Event().wait()"
ORPHAN = """
import sys, threading
sys.path[:0] = {path!r}
from speech_samples import clip, start
import numpy as np
run = start(np.tile(clip("two_turns.flac"), 20))
run.wait()
print(run.child_pid, flush=True)
threading.Event().wait()
"""


def run_of(program: str, sound: Iterator[Sound] | None = None) -> ChildRun:
    forever = itertools.repeat(np.zeros(RATE, np.float32))
    command = (sys.executable, "-c", program)
    return ChildRun({"job": "transcribe"}, sound or forever, 0, 60_000, command=command)


def failure(run: ChildRun) -> SuperviseError:
    last = events_of(run)[-1]
    assert isinstance(last, Failed)
    assert not run.running
    return last.error


@pytest.mark.parametrize("program", [ANSWER_GARBAGE, ANSWER_NONSENSE])
def test_garbage_from_the_child_ends_the_run_with_a_sentence(program: str):
    assert "something unreadable" in str(failure(run_of(program)))


def test_a_native_crash_is_an_event_that_says_what_to_do():
    sentence = str(failure(run_of(CRASH)))
    assert "signal 11" in sentence
    assert "start the transcription again" in sentence


def test_a_child_that_cannot_start_is_an_event():
    run = ChildRun({}, iter(()), 0, 0, command=("/nonexistent/python",))
    assert "could not be started" in str(failure(run))


def test_cancel_ends_a_child_that_does_not_listen():
    run = run_of(SLEEP)
    run.cancel()
    assert isinstance(failure(run), CancelledError)
    run.cancel()


def test_an_error_in_the_sound_is_the_run_s_error():
    def damaged() -> Iterator[Sound]:
        yield np.zeros(RATE, np.float32)
        raise DamagedError("Chunk 7 of the recording is damaged.")

    run = ChildRun({"job": "speakers", "settings": {}}, damaged(), 0, 9000)
    assert str(failure(run)) == "Chunk 7 of the recording is damaged."


def test_the_child_s_environment_holds_no_passphrase_and_reaches_out_to_nobody(monkeypatch):
    monkeypatch.setenv("SUPERVISE_PASSPHRASE", "open sesame")
    environment = child_environment(1)
    assert "open sesame" not in environment.values()
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert environment["PYTHONDONTWRITEBYTECODE"] == "1"


@pytest.mark.speech_model
def test_killed_in_the_middle_it_goes_on_where_it_stopped():
    sound = np.tile(clip("two_turns.flac"), 4)
    run = start(sound)
    before = []
    while len(windows_of(before)) < 2 and run.wait():
        before += run.poll()
    os.kill(run.child_pid, signal.SIGKILL)
    before += events_of(run)
    assert isinstance(before[-1], Failed)
    assert "signal 9" in str(before[-1].error)
    stored = windows_of(before)
    after = events_of(start(sound, stored[-1].end_ms, stored[-1].seq + 1))
    assert isinstance(after[-1], Finished)
    windows = stored + windows_of(after)
    assert [window.seq for window in windows] == list(range(len(windows)))
    assert all(a.end_ms == b.start_ms for a, b in itertools.pairwise(windows))
    assert windows[-1].end_ms == len(sound) * 1000 // RATE
    heard = plain(" ".join(word.text for word in words_of(before) + words_of(after)))
    assert heard.count("lobster") == pytest.approx(16, abs=2)
    assert heard.count("margaret") == pytest.approx(4, abs=1)


@pytest.mark.speech_model
def test_cancel_in_the_middle_leaves_no_process_and_no_thread():
    run = start(np.tile(clip("two_turns.flac"), 4))
    while not windows_of(run.poll()) and run.wait():
        pass
    pid = run.child_pid
    run.cancel()
    assert not Path(f"/proc/{pid}").exists()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("speech-")]
    assert isinstance(events_of(run)[-1].error, CancelledError)


@pytest.mark.speech_model
def test_the_child_dies_with_its_parent():
    program = ORPHAN.format(path=[str(Path(__file__).parent.parent), *filter(None, sys.path)])
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    watch = os.pidfd_open(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    import select

    assert select.select([watch], [], [], 10)[0], "the child outlived its parent"
    os.close(watch)


@pytest.mark.speech_model
def test_the_child_leaves_when_its_sound_breaks_off():
    child = subprocess.Popen(
        [sys.executable, "-m", "supervise.speech.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child_environment(1),
    )
    out, _ = child.communicate(b"\x00\x00\xff\xffgarbage", timeout=60)
    assert out == b""
    assert child.returncode == 3
