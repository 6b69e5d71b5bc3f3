"""The two speaker networks: who speaks when within ten seconds, and a voice as a vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from supervise.domain.errors import NotReadableError
from supervise.speech.frames import Samples

RATE_HZ = 16000
FRAME_SAMPLES = 270
WINDOW_FRAMES = 589
WINDOW_SAMPLES = 160_000
LOCAL_VOICES = 3
VECTOR_SIZE = 192

SEGMENTATION_FILE = "segmentation-3.0.onnx"
EMBEDDING_FILE = "campplus_zh_en_advanced.onnx"

Vector = NDArray[np.float32]
Activity = NDArray[np.bool_]

# Which of three local voices speak in each of the seven classes (the "powerset" of Plaquet, Bredin 2023).
_POWERSET: Activity = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], dtype=np.bool_
)
_MEL_BINS = 80
_MEL_STEP_MS = 10
_ROUND_FRAMES = 10
_SILENT = 1e-4


@dataclass(frozen=True, slots=True)
class VoiceModels:
    """Both networks, loaded; each runs on one thread and does not spin while it waits."""

    segmentation: Any
    embedding: Any

    @classmethod
    def load(cls, models_dir: Path) -> "VoiceModels":
        """Load both files from `models_dir`; NotReadableError when one is missing or damaged."""
        return cls(_session(models_dir / SEGMENTATION_FILE), _session(models_dir / EMBEDDING_FILE))

    def activity(self, window: Samples) -> Activity:
        """Return who speaks in `WINDOW_SAMPLES` of sound: (`WINDOW_FRAMES`, `LOCAL_VOICES`) booleans.

        Frame i is centred on sample 495 + 270 i. A local voice has its number within its window only.
        Source: pyannote segmentation 3.0.
        """
        if float(np.max(np.abs(window))) < _SILENT:
            return np.zeros((WINDOW_FRAMES, LOCAL_VOICES), np.bool_)
        scores = self.segmentation.run(None, {"x": window.reshape(1, 1, -1)})[0][0]
        return np.asarray(_POWERSET[np.argmax(scores, axis=1)], np.bool_)

    def vectors(self, pieces: Sequence[Samples]) -> list[Vector]:
        """Return the voice heard in each piece (25 ms or more) as 192 numbers of length one.

        Pieces of about equal length share a run of the network, which costs a fifth less.
        Source: CAM++ (Wang et al. 2023) on 80 Kaldi mel bins with their mean taken off.
        """
        features = [_rounded(mel_features(piece)) for piece in pieces]
        found: dict[int, Vector] = {}
        for length in sorted({len(feature) for feature in features}):
            places = [place for place, feature in enumerate(features) if len(feature) == length]
            batch = np.stack([features[place] for place in places])
            batch -= batch.mean(axis=1, keepdims=True)
            rows = self.embedding.run(None, {"x": batch})[0]
            rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
            found.update(zip(places, rows.astype(np.float32), strict=True))
        return [found[place] for place in range(len(pieces))]


def mel_features(piece: Samples) -> NDArray[np.float32]:
    """Return 80 log mel energies every 10 ms, without dither, as Kaldi computes them."""
    import kaldi_native_fbank as knf

    options = knf.FbankOptions()
    options.frame_opts.samp_freq = RATE_HZ
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = _MEL_BINS
    computer = knf.OnlineFbank(options)
    computer.accept_waveform(RATE_HZ, piece)
    computer.input_finished()
    frames = [computer.get_frame(index) for index in range(computer.num_frames_ready)]
    return np.array(frames, dtype=np.float32).reshape(-1, _MEL_BINS)


def _rounded(feature: NDArray[np.float32]) -> NDArray[np.float32]:
    length = len(feature)
    return feature if length < 5 * _ROUND_FRAMES else feature[: length - length % _ROUND_FRAMES]


def _session(path: Path) -> Any:
    import onnxruntime

    damaged = f"The speaker model {path.name} is missing or damaged. Install the program again."
    if not path.is_file():
        raise NotReadableError(damaged)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    failures = onnxruntime.capi.onnxruntime_pybind11_state
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (failures.InvalidProtobuf, failures.InvalidGraph, failures.Fail) as error:
        raise NotReadableError(damaged) from error
