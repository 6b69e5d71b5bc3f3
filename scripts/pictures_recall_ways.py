"""Draw the ways to a recall: sound check, set-up for an interview, what follows; and a drop's question."""

from pathlib import Path

import numpy as np
from easel import Easel
from pictures_recall import RATE, Parlour
from pictures_study import BSR, STUDIES, agree

from supervise.app.demo import CLIENT
from supervise.app.interview_planning import InterviewWish, plan_interviews
from supervise.app.interviews import give_answer, open_interview
from supervise.audio.inputs import steady_s
from supervise.domain.recall import Party
from supervise.ui.recall_setup_dialog import RecallSetupDialog

LEAK = 0.2


def check_sound(parlour: Parlour, dialog: RecallSetupDialog) -> None:
    """Hold the sound check in real time, in a room where the microphone hears the loudspeaker."""
    devices, chance = dialog.devices, np.random.default_rng(1)
    parlour.until(devices.check.isEnabled)
    devices.check.click()
    begun_s, heard = steady_s(), 0

    def over() -> bool:
        nonlocal heard
        frames = round((steady_s() - begun_s) * RATE) - heard
        played = parlour.output.pull(frames)[:, 0] * LEAK * 32767 + chance.normal(0, 20, frames)
        parlour.mic.speak(played.astype(np.int16).reshape(-1, 1), begun_s + heard / RATE)
        heard += frames
        return devices.heard.property("role") == "warn"

    parlour._begun_s = begun_s
    parlour.until(over)


def paint(easel: Easel, place: Path) -> None:
    """Draw everything."""
    parlour = Parlour(easel, place)
    window, work = parlour.window, parlour.work
    name = easel.look.name(*STUDIES)
    agree(work, CLIENT, name)
    row = plan_interviews(work, InterviewWish(parlour.session, name, BSR, Party.CLIENT, "R-02"))[0]
    open_interview(work, row.interview)
    give_answer(work, row.interview, "which", "When she said I need not decide today.")
    study = window.annexes.study
    study.open()
    study.hold(row.interview)
    study.interview.hold_recall()
    dialog = window.errands.dialog
    if not isinstance(dialog, RecallSetupDialog):
        raise TypeError
    check_sound(parlour, dialog)
    parlour.draw("recall-interview")
    parlour.begin(dialog)
    parlour.run(20)
    parlour.errands.end()
    parlour.until(parlour.errands.after.page.isVisible)
    parlour.draw("recall-tied")
    study.open()
    study.drop(row.interview)
    parlour.draw("studies-drop")
    window.errands.close_dialogs()
    easel.close(window)
