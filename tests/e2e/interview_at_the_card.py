"""A Brief Structured Recall without a mouse, at a real sound card: the window in a process of its own.

`test_research_window.py` runs this with a virtual card around it, and reads the JSON it prints at its end.

    interview_at_the_card.py CARD_FOLDER VAULT SESSION SAID PLAYED
"""

import json
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from test_research_terminal import STUDY, WHICH
from window_at_the_card import CTRL, SHIFT, Key, Therapist

from supervise.app.consenting import Statement
from supervise.app.importing import ImportWish, import_file
from supervise.domain.consent import Grant, Scope
from supervise.ui.interview_page import InterviewPage
from supervise.ui.plan_dialog import PlanDialog
from supervise.ui.recall_setup_dialog import RecallSetupDialog
from virtual_card import card_of
from workspaces import CLIENT, OWN_USE

ALT = Qt.KeyboardModifier.AltModifier
STOP_MS, LAST_MS = 3000, 2000


class Researcher(Therapist):
    """Keys in, what is seen out."""

    def import_session(self, session: Path) -> None:
        """Import the session, of today, of a client who agreed to the study and to recall interviews."""
        work = self.window.desk.workspace
        grants = {Grant(scope) for scope in OWN_USE}
        grants |= {Grant(Scope.RESEARCH, STUDY), Grant(Scope.CLIENT_RECALL)}
        work.record_consent(Statement(CLIENT, work.today(), frozenset(grants)))
        wish = ImportWish(session, CLIENT, "", work.today().isoformat())
        import_file(work, wish, lambda _done: None, lambda: False)

    @property
    def page(self) -> InterviewPage:
        """The interview's page."""
        return self.window.annexes.study.interview.page

    def until_asked(self, words: str) -> None:
        """Wait until a step asks something."""
        self.until(lambda: words in self.page.words.text())

    def row(self, at: int) -> list[str]:
        """A row of the study as it is shown."""
        table = self.window.annexes.study.page.table
        return [table.item(at, place).text() for place in range(table.columnCount())]

    def plan(self) -> None:
        """Ctrl+Shift+Y, and plan the client's interview by the first protocol."""
        self.press(Key.Key_Y, CTRL | SHIFT)
        self.until(self.window.annexes.study.page.isVisible)
        self.press(Key.Key_N, ALT)
        self.until(lambda: isinstance(QApplication.activeWindow(), PlanDialog))
        self.tab_to("Interviewer")
        self.press("R-02")
        self.press(Key.Key_Return)
        self.until(self.window.isActiveWindow)
        self.saw["planned"] = [self.row(0), self.row(1)]

    def open_row(self) -> None:
        """Return on the interview's row, and answer up to the recall."""
        self.until(self.window.annexes.study.page.table.hasFocus)
        self.press(Key.Key_Return)
        self.until(self.page.isVisible)
        self.press(Key.Key_Return)
        self.until_asked("most help")
        self.press(WHICH)
        self.press(Key.Key_Return, CTRL)
        self.until_asked("Replay the passage")

    def set_up(self) -> None:
        """Alt+D: all is filled in but the devices."""
        self.press(Key.Key_D, ALT)
        self.until(lambda: isinstance(QApplication.activeWindow(), RecallSetupDialog))
        dialog = self.window.errands.dialog
        assert isinstance(dialog, RecallSetupDialog)
        self.saw["belongs"] = dialog.belongs.text()
        self.tab_to("Microphone")
        self.press("vmic")
        self.tab_to("Loudspeaker")
        self.press("vspeaker")
        self.tab_to("Start the recall")
        self.press(Key.Key_Return)
        self.until(lambda: self.window.annexes.recall.page.turn.text() == "Stop the tape")

    def recall(self, said: Path, played: Path) -> None:
        """Stop, let them speak, go on, stop once more and end it at once; back to the interview."""
        recalls = self.window.annexes.recall
        heard = self.card.record()
        self.set_up()
        self.until(lambda: recalls.live.session.now().session_ms >= STOP_MS)
        self.press(Key.Key_Space)
        self.card.speak_on(said)
        speaking = self.card.recorders[-1]
        self.until(lambda: speaking.poll() is not None)
        self.press(Key.Key_Space)
        self.until(lambda: recalls.live.playing)
        self.until(lambda: recalls.live.session.now().session_ms >= LAST_MS)
        self.press(Key.Key_Space)
        self.press(Key.Key_J, CTRL | SHIFT)
        self.until(recalls.after.page.isVisible)
        played.write_bytes(heard.stop())
        assert recalls.after.outcome is not None
        self.saw["recall"], self.saw["part"] = recalls.after.outcome.recall, recalls.after.page.part.text()
        self.tab_to("Go on with the interview")
        self.press(Key.Key_Return)
        self.until_asked("Let us find it")

    def rate(self) -> None:
        """Choose the event and its peaks, rate it, and finish."""
        for key in (Key.Key_Right, "b", Key.Key_Right, Key.Key_Right, "e", Key.Key_Return):
            self.press(key)
        self.until_asked("the therapist said or did")
        for key in (Key.Key_Left, "p", Key.Key_Return):
            self.press(key)
        self.until_asked("the client said or did")
        self.press("p")
        self.press(Key.Key_Return)
        self.until_asked("help or hinder")
        self.press("8")
        self.press(".")
        self.press(Key.Key_Return)
        self.until_asked("What happened in it")
        self.press("She waited")
        self.press(Key.Key_Return, CTRL)
        while "have not touched on" not in self.page.words.text():
            self.press("3")
            self.press(Key.Key_Return)
        self.press(Key.Key_A, ALT)
        self.until(self.page.go.hasFocus)
        self.press(Key.Key_Return)
        self.until(self.window.annexes.study.page.isVisible)
        self.saw["done"] = [self.row(0), self.row(1)]


def main() -> None:
    """Do the whole of it and say what was seen."""
    folder, vault, session, said, played = (Path(word) for word in sys.argv[1:6])
    with card_of(folder) as card:
        person = Researcher(card, vault, session)
        person.import_session(session)
        person.plan()
        person.open_row()
        person.recall(said, played)
        person.rate()
        person.window.close()
    sys.stdout.write(json.dumps(person.saw) + "\n")


if __name__ == "__main__":
    main()
