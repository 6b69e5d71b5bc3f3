"""A recall without a mouse, at a real sound card: the window in a process of its own, driven by keys.

`test_recall_window.py` runs this with a virtual card around it, and reads the JSON it prints at its end.

    recall_at_the_card.py CARD_FOLDER VAULT SESSION FIRST_SAID SECOND_SAID PLAYED TABLE
"""

import json
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from window_at_the_card import CTRL, SHIFT, Key, Therapist

from supervise.app.consenting import Statement
from supervise.app.importing import ImportWish, import_file
from supervise.audio.inputs import steady_s
from supervise.domain.consent import Grant, Scope
from supervise.domain.transcript import Turn
from supervise.ui.live_recall import LiveRecall
from supervise.ui.recall_export_dialog import RecallExportDialog
from supervise.ui.recall_setup_dialog import RecallSetupDialog
from supervise.ui.recalled_words import StopRow
from supervise.ui.transcribe_dialog import TranscribeDialog
from virtual_card import card_of
from workspaces import CLIENT, OWN_USE

INQUIRER = "Ida"
FIRST_MS, SECOND_MS, LAST_MS = 4000, 8000, 5500
MARKS = (("1", "t"), ("2", "h"))  # a feeling of there and then, a thought of here and now


class Recaller(Therapist):
    """Keys in, what is seen out."""

    def open_session(self, session: Path) -> None:
        """Import the session, with an inquirer the client agreed to."""
        work = self.window.desk.workspace
        grants = {Grant(scope) for scope in OWN_USE} | {Grant(Scope.SUPERVISOR, INQUIRER)}
        work.record_consent(Statement(CLIENT, work.today(), frozenset(grants)))
        wish = ImportWish(session, CLIENT, "", work.today().isoformat())
        made = import_file(work, wish, lambda _done: None, lambda: False)
        self.window.open_session(made.session.session)

    @property
    def live(self) -> LiveRecall:
        """The recall; one that ended is a failure here."""
        assert self.window.annexes.recall.live is not None
        return self.window.annexes.recall.live

    def at(self, session_ms: int) -> None:
        """Wait until the tape is at a place."""
        self.until(lambda: self.live.session.now().session_ms >= session_ms)

    def set_up(self) -> None:
        """Ctrl+J, who inquires, both devices, and Return."""
        self.press(Key.Key_J, CTRL)
        self.until(lambda: isinstance(QApplication.activeWindow(), RecallSetupDialog))
        dialog = self.window.errands.dialog
        assert isinstance(dialog, RecallSetupDialog)
        self.tab_to("Who inquires")
        self.press(INQUIRER)
        self.tab_to("Microphone")
        self.press("vmic")
        self.tab_to("Loudspeaker")
        self.press("vspeaker")
        self.saw["devices"] = dialog.devices.chosen
        self.saw["consent"] = dialog.consent.text()
        self.tab_to("Start the recall")
        self.press(Key.Key_Return)
        self.until(lambda: self.window.annexes.recall.page.turn.text() == "Stop the tape")
        self.stamp("begun")

    def say(self, speech: Path) -> None:
        """Speak into the microphone, to the end."""
        self.card.speak_on(speech)
        speaking = self.card.recorders[-1]
        self.until(lambda: speaking.poll() is not None)

    def recall(self, first: Path, second: Path, played: Path) -> None:
        """Stop twice, once for the inquirer with a prompt; speak, go back, go on, and end it."""
        page = self.window.annexes.recall.page
        heard = self.card.record()
        self.at(FIRST_MS)
        pressed_s = steady_s()
        self.press(Key.Key_Space)
        self.saw["stop_ms"] = round((steady_s() - pressed_s) * 1000)
        self.say(first)
        self.press(Key.Key_F5)
        self.at(SECOND_MS)
        self.press("i")
        self.saw["words"] = page.words.text()
        self.press("2")
        self.press("0")
        self.saw["prompt"] = page.cards.chosen
        self.say(second)
        self.press(Key.Key_Left)
        self.press(Key.Key_Space)
        self.at(LAST_MS)
        self.press(Key.Key_Space)
        self.until(lambda: not self.live.playing)
        self.press(Key.Key_J, CTRL | SHIFT)
        after = self.window.annexes.recall.after
        self.until(after.page.isVisible)
        played.write_bytes(heard.stop())
        assert after.outcome is not None
        self.saw["recall"], self.saw["facts"] = after.outcome.recall, after.page.facts.text()
        self.stamp("ended")

    def words(self) -> None:
        """Return on the page after it, and Return in the dialog."""
        work, recall = self.window.desk.workspace, self.window.annexes.recall.after.outcome.recall
        self.press(Key.Key_Return)
        self.until(lambda: isinstance(QApplication.activeWindow(), TranscribeDialog))
        self.press(Key.Key_Return)
        self.until(lambda: work.store.recall_transcripts.current(recall) is not None)
        self.until(lambda: work.store.recall_transcripts.current(recall).finished, 150)
        self.stamp("transcribed")

    def code(self) -> None:
        """Read it, and mark what was said first in each stop."""
        self.tab_to("Read it and write it up")
        self.press(Key.Key_Return)
        words = self.window.annexes.reading.view.words
        self.until(words.hasFocus)
        rows, marks, marked = words.rows.rows, iter(MARKS), []
        for number in range(1, len(rows)):
            while words.currentIndex().row() < number:
                self.press(Key.Key_Down)
            if isinstance(rows[number], Turn) and isinstance(rows[number - 1], StopRow):
                for key in next(marks):
                    self.press(key)
                marked.append(rows[number].start_ms)
        self.saw["marked_ms"] = marked
        self.stamp("coded")

    def go_to(self, wanted: QWidget) -> None:
        """Press Tab until the focus is there."""
        for _ in range(60):
            if QApplication.focusWidget() is wanted:
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {wanted}")

    def take_out(self, table: Path) -> None:
        """Ctrl+Shift+E, the table among the formats, where to, and Return."""
        self.press(Key.Key_E, CTRL | SHIFT)
        self.until(lambda: isinstance(QApplication.activeWindow(), RecallExportDialog))
        dialog = self.window.errands.dialog
        assert isinstance(dialog, RecallExportDialog)
        self.go_to(dialog.formats["pdf"])
        while not dialog.formats["csv"].isChecked():
            self.press(Key.Key_Down)
        self.go_to(dialog.target)
        self.press(Key.Key_A, CTRL)
        self.press(str(table))
        self.press(Key.Key_Return)
        self.until(lambda: any(box.isVisible() for box in self.window.findChildren(QMessageBox)))
        self.press(Key.Key_Escape)
        self.stamp("taken out")


def main() -> None:
    """Do the whole of it and say what was seen."""
    folder, vault, session, first, second, played, table = (Path(word) for word in sys.argv[1:8])
    with card_of(folder) as card:
        person = Recaller(card, vault, session)
        person.open_session(session)
        person.set_up()
        person.recall(first, second, played)
        person.words()
        person.code()
        person.take_out(table)
        person.window.close()
    sys.stdout.write(json.dumps(person.saw) + "\n")


if __name__ == "__main__":
    main()
