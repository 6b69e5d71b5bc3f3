"""The decoding child: a recording on stdin, plain samples on stdout, and nothing else within its reach.

`audio/apart.py` runs it, with the size, a refusal and its own id. It has no keys and no vault.
"""

import contextlib
import ctypes
import io
import json
import os
import signal
import sys
import wave
from collections.abc import Iterator
from typing import BinaryIO

from supervise.audio.decoding import SoundSource
from supervise.audio.frames import BLOCK, END, FAILED, HEAD, write_frame
from supervise.audio.source import SourceStream, opened_container
from supervise.crypto.process import harden_process
from supervise.domain.errors import NotReadableError

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_MOST_MEMORY_BYTES = 4 << 30


def shut_in(parent: int) -> None:
    """Give up what decoding needs not, as far as the system lets it: network, new files, rights, dumps."""
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        if system.unshare(_NEW_USER | _NEW_NET):  # first, since it undoes what follows
            system.unshare(_NEW_NET)
        system.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(0)
    harden_process()
    if sys.platform != "win32":
        import resource

        limits = {resource.RLIMIT_FSIZE: 0, resource.RLIMIT_AS: _MOST_MEMORY_BYTES, resource.RLIMIT_NOFILE: 0}
        for what, most in limits.items():
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(what, (most, most))


def _private_pipe() -> BinaryIO:
    """Keep stdout for frames alone; whatever native code prints goes to stderr, which is nowhere."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return answers


def main() -> int:
    """Decode stdin; what is expected to fail is told in a frame."""
    size, refusal, parent = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    out = _private_pipe()
    _warm_up()
    shut_in(parent)
    with os.fdopen(0, "rb", buffering=0, closefd=False) as raw:
        try:
            for kind, body in _decoded(SourceStream(raw, size), refusal):
                write_frame(out, kind, body)
        except NotReadableError as error:
            write_frame(out, FAILED, json.dumps({"text": str(error)}).encode())
        except OSError as error:
            write_frame(out, FAILED, json.dumps({"errno": error.errno or 0}).encode())
    return 0


def _warm_up() -> None:
    """Load everything that decoding loads, by decoding a little, while files can still be opened."""
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setparams((1, 2, 8000, 800, "NONE", ""))
        sound.writeframes(bytes(1600))
    for _ in _decoded(SourceStream(made, len(made.getvalue())), ""):
        pass


def _decoded(stream: SourceStream, refusal: str) -> Iterator[tuple[bytes, bytes]]:
    with opened_container(stream, refusal) as container:
        sound = SoundSource(container, lambda: False, stream)
        head = {
            "rate_hz": sound.rate_hz,
            "layout": sound.layout.name,
            "channels": sound.channels,
            "bits": sound.bits,
            "codec": sound.codec,
            "container": sound.container,
        }
        yield HEAD, json.dumps(head).encode()
        samples, width = 0, sound.channels * (2 if sound.bits == 16 else 4)
        for block in sound.blocks():
            samples += block.samples
            position = stream.position.to_bytes(8, "big")
            yield BLOCK, position + bytes(block.planes[0])[: block.samples * width]
        sound.demand_all(samples, stream.size)
        yield END, b""


if __name__ == "__main__":
    sys.exit(main())
