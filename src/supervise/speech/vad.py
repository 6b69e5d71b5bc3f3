"""How likely somebody speaks, 32 ms at a time, by the Silero model that comes with faster-whisper."""

import importlib.util
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from supervise.domain.errors import NotReadableError
from supervise.speech.frames import Samples

RATE_HZ = 16000
FRAME = 512
_CONTEXT = 64
_STATE = (1, 1, 128)


def _model_path() -> Path:
    """Find the model without importing faster-whisper, which would cost memory and CPU time."""
    spec = importlib.util.find_spec("faster_whisper")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in sorted((Path(folder) / "assets").glob("silero_vad*.onnx")):
            return path
    raise NotReadableError("faster-whisper's pause model is missing. Install the program again.")


class VoiceActivity:
    """Speech probabilities of a stream, carried over from call to call (Silero VAD 6)."""

    def __init__(self) -> None:
        """Load the model on one thread."""
        import onnxruntime  # native; only the child needs it

        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(_model_path()), providers=["CPUExecutionProvider"], sess_options=options
        )
        self._h = np.zeros(_STATE, np.float32)
        self._c = np.zeros(_STATE, np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def probabilities(self, samples: Samples) -> NDArray[np.float32]:
        """Return one probability for each frame; `samples` must be whole frames."""
        frames = samples.reshape(-1, FRAME)
        before = np.concatenate([self._context[None], frames[:-1, -_CONTEXT:]])
        self._context = frames[-1, -_CONTEXT:].copy()
        inputs = {"input": np.concatenate([before, frames], axis=1), "h": self._h, "c": self._c}
        found, self._h, self._c = self._session.run(None, inputs)
        return np.asarray(found, np.float32).reshape(-1)
