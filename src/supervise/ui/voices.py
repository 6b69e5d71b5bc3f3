"""Who said what: naming, swapping and merging voices, and giving words to another voice."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from supervise.app.commands import Command, MergeVoices, NameSpeaker, ReassignWords, SwapSpeakers
from supervise.domain.ids import SessionId
from supervise.ui.session_view import SessionView

LETTERS = "ABCDEFGH"
READ_ONLY = "An older transcript is only read. Choose the newest one to change who said what."
NO_WORDS = "Choose words first, or go to a turn: click into the transcript, or press F6 and the arrow keys."
BACK = "Ctrl+Z takes it back."


class Voices(QObject):
    """Turns the view's wishes about voices into commands."""

    def __init__(
        self,
        view: SessionView,
        session: SessionId,
        do: Callable[[Command], bool],
        say: Callable[[str], object],
    ) -> None:
        """Work on `session` as `view` shows it."""
        super().__init__(view)
        self._view = view
        self._session = session
        self._do = do
        self._say = say
        self.menu: QMenu | None = None
        self.pairs: list[tuple[object, Callable[..., object]]] = [
            (view.speakers.named, self._name),
            (view.speakers.swap_wished, self._swap),
            (view.speakers.merge_wished, self._merge),
            (view.transcript.voice_wished, self.offer),
        ]

    def _name(self, voice: str, name: str) -> None:
        if name != dict(self._view.transcript.rows.names.names).get(voice, ""):
            self._do(NameSpeaker(self._session, voice, name))

    def _swap(self, first: str, second: str) -> None:
        if self._do(SwapSpeakers(self._session, first, second)):
            self._say(f"The voices' names are swapped. {BACK}")

    def _merge(self, voice: str, into: str) -> None:
        if self._do(MergeVoices(self._session, voice, into)):
            self._say(f"Voice {voice} is now voice {into}. {BACK}")

    def offer(self, at: QPoint | None = None) -> None:
        """Open a menu of voices for the words chosen, or for the turn at the word cursor."""
        words = self._view.transcript
        if self._view.reads_older:
            self._say(READ_ONLY)
            return
        span = words.span_for_voice
        if span is None:
            self._say(NO_WORDS)
            return
        menu = self.menu = QMenu(words)
        title = "The chosen words were said by" if words.chosen_span else "This turn was said by"
        menu.addAction(title).setEnabled(False)
        menu.setAccessibleName(title)
        known = [letter for letter in LETTERS if letter in self._view.speakers.boxes]
        fresh = next((letter for letter in LETTERS if letter not in known), "")
        for voice in (*known, *fresh):
            name = words.rows.names.name(voice)
            text = f"Voice {voice}: {name}" if voice in known else f"Another voice ({voice})"
            action = menu.addAction(
                f"&{text}" if voice not in known else text.replace("Voice ", "Voice &", 1)
            )
            action.triggered.connect(lambda _checked=False, voice=voice: self._give(*span, voice))
        menu.aboutToHide.connect(self._forget)
        menu.popup(at or words.cursor_point())
        menu.setActiveAction(menu.actions()[1])

    def close(self) -> None:
        """Close an open menu, which names voices."""
        if self.menu is not None:
            self.menu.close()

    def _forget(self) -> None:
        menu, self.menu = self.menu, None
        if menu is not None:
            menu.deleteLater()

    def _give(self, start_ms: int, end_ms: int, voice: str) -> None:
        if self._do(ReassignWords(self._session, start_ms, end_ms, voice)):
            self._view.transcript.drop_choice()
            self._view.transcript.show_time(start_ms)
            self._say(f"Said by {self._view.transcript.rows.names.name(voice)}. {BACK}")
