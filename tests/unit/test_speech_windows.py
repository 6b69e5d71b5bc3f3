"""Windows meet without a gap, end in pauses, leave long silences out, and know where they came from."""

import itertools

import numpy as np
from numpy.typing import NDArray

from supervise.speech.vad import FRAME, RATE_HZ
from supervise.speech.windows import FRAMES_PER_S, Window, WindowCutter

LOUD, FAINT = 0.9, 0.0


class LoudnessActivity:
    """Takes loud for speech; stands in for the model."""

    def probabilities(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        loud = np.abs(samples.reshape(-1, FRAME)).mean(axis=1) > 0.1
        return np.where(loud, LOUD, FAINT).astype(np.float32)


def sound_of(*parts: tuple[float, bool]) -> NDArray[np.float32]:
    """Return seconds of loud or faint sound in which each sample tells its place."""
    loud = np.concatenate([np.full(int(seconds * RATE_HZ), spoken) for seconds, spoken in parts])
    own = np.random.default_rng(3).uniform(-0.05, 0.05, len(loud)).astype(np.float32)
    return np.where(loud, np.float32(0.5), np.float32(0)) + own


def cut(sound: NDArray[np.float32], block: int = 4000) -> list[Window]:
    cutter = WindowCutter(LoudnessActivity())  # type: ignore[arg-type]
    windows = [w for at in range(0, len(sound), block) for w in cutter.add(sound[at : at + block])]
    return [*windows, *cutter.finish()]


def check_whole(windows: list[Window], sound: NDArray[np.float32]) -> None:
    assert windows[0].start == 0
    assert windows[-1].end == len(sound)
    assert all(a.end == b.start for a, b in itertools.pairwise(windows))
    for window in windows:
        assert len(window.samples) <= 28.1 * RATE_HZ
        assert window.end - window.start <= 46.1 * RATE_HZ
        assert len(window.probabilities) * FRAME == len(window.samples)


def test_a_window_knows_where_a_silence_was_left_out():
    (window,) = cut(sound_of((3, True), (10, False), (2, True), (5, False), (1, True)))
    lengths_s = [(piece.end - piece.start) / RATE_HZ for piece in window.pieces]
    assert len(lengths_s) == 3
    assert window.cuts_s == (lengths_s[0], lengths_s[0] + lengths_s[1])
    for cut_s, before, after in zip(window.cuts_s, window.pieces, window.pieces[1:], strict=False):
        at = round(cut_s * RATE_HZ)
        assert (window.stream_sample(at - 1), window.stream_sample(at)) == (before.end - 1, after.start)


def test_an_hour_of_turns_is_cut_at_pauses_without_gap_or_overlap():
    turns = [part for n in range(300) for part in ((3.0 + n % 7, True), (0.3 + (n % 5) * 0.3, False))]
    sound = sound_of(*turns)
    windows = cut(sound, 16000)
    check_whole(windows, sound)
    for window in windows[:-1]:
        assert abs(sound[window.end]) < 0.1
    heard = np.concatenate([window.samples for window in windows])
    assert int((np.abs(heard) > 0.4).sum()) == int((np.abs(sound) > 0.4).sum())


def test_speech_without_any_pause_is_still_cut_and_all_heard():
    sound = sound_of((100.0, True))
    windows = cut(sound)
    check_whole(windows, sound)
    assert sum(window.end - window.start for window in windows) == len(sound)


def test_long_silences_are_not_heard_and_times_still_fit():
    sound = sound_of((2, True), (20, False), (3, True), (200, False), (2, True), (5, False))
    windows = cut(sound)
    check_whole(windows, sound)
    assert sum(len(window.samples) for window in windows) < 12 * RATE_HZ
    for window in windows:
        for at in range(0, len(window.samples), 997):
            assert sound[window.stream_sample(at)] == window.samples[at]


def test_silence_alone_gives_windows_to_store_and_nothing_to_hear():
    sound = sound_of((100, False))
    windows = cut(sound)
    check_whole(windows, sound)
    assert all(not len(window.samples) for window in windows)


def test_blocks_of_any_size_give_the_same_windows():
    sound = sound_of((30, True), (0.5, False), (30, True), (2, False), (5, True))
    assert [w.end for w in cut(sound, 777)] == [w.end for w in cut(sound, 160000)]


def test_a_few_samples_and_none_at_all():
    assert cut(np.zeros(0, np.float32)) == []
    (window,) = cut(np.zeros(100, np.float32))
    assert (window.start, window.end) == (0, 100)


def test_frames_are_what_the_pause_model_was_made_for():
    assert FRAMES_PER_S == 31.25
