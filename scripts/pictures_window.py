"""Draw the window: the first steps, the library, a session and its dialogs, the vault, the locked door."""

from collections.abc import Callable
from pathlib import Path

from easel import CHEAP, NAME, PASSPHRASE, Easel

from supervise.app import demo
from supervise.bootstrap import Services
from supervise.domain.moments import Perspective
from supervise.domain.transcript import TranscribeSettings
from supervise.ui import pictures
from supervise.ui.keeping_dialogs import CheckDialog
from supervise.ui.people_dialog import PeopleDialog
from supervise.ui.theme import theme_of
from supervise.ui.transcribe_dialog import TranscribeDialog

MADE_UP_KEY = "7K3M-Q9TD-X2VA-51RW-8NEH-C4ZB-0PJS-6GYF-*"
DEMO = "demo"


def build(vault: Path) -> None:
    """Make the demo vault: sound, transcript, named voices, moments."""
    services = Services.default()
    services.kdf = CHEAP
    workspace, _key = services.create_vault(vault, NAME, Perspective.THERAPIST, PASSPHRASE)
    truth = demo.demo_truth(services.demo_folder)
    session = demo.add_demo_session(workspace, services.demo_folder, lambda _done: None)
    queue = services.queue(workspace)
    for settings in (
        TranscribeSettings(language="en", keep_fillers=False),
        TranscribeSettings(language="en"),
    ):
        job = queue.enqueue(session, settings)
        while queue.step(job):
            queue.wait(0.2)
        queue.result(job)
    demo.name_speakers(workspace, session, demo.score(workspace, session, truth))
    demo.add_sample_moments(workspace, session, truth)
    workspace.close()


class Painter:
    """Shows one screen after another in one window."""

    def __init__(self, easel: Easel) -> None:
        """Open the window on its first steps."""
        self.services = Services.default()
        self.services.kdf = CHEAP
        self._easel = easel
        self.window = easel.window(self.services)
        self.window.show()

    def draw(self, screens: dict[str, Callable[[], object]]) -> None:
        """Draw each screen, shown anew in light and in dark."""
        for name, show in screens.items():
            for mode in self._easel.modes(name):
                theme_of().choose(mode)
                show()
                self._easel.keep(pictures.picture_of(self.window), name, mode)
                self.window.errands.close_dialogs()

    def first_screens(self) -> dict[str, Callable[[], object]]:
        """The first steps."""
        first = self.window.first_run
        return {
            "first-run-1-welcome": first.begin,
            "first-run-2-vault": self._filled_in,
            "first-run-3-recovery-key": lambda: first.show_recovery(MADE_UP_KEY),
            "first-run-4-ready": first.show_ready,
        }

    def _filled_in(self) -> None:
        page = self.window.first_run.make
        self.window.first_run.begin_making()
        page.place.setText("/home/anna/Sessions vault")
        page.name.setText(NAME)
        page.secret.first.setText(PASSPHRASE)
        page.secret.second.setText(PASSPHRASE)

    def screens(self) -> dict[str, Callable[[], object]]:
        """Everything in an open vault."""
        errands, session = self.window.errands, self._on_session
        return {
            "library": self.window.show_library,
            "library-search": self._search,
            "import": self._import,
            "session": lambda: pictures.show_demo(self.window),
            "session-find": session(self._find),
            "code-picker": session(self.window.view.editor.open_picker),
            "transcribe": session(errands.open_transcribe),
            "take-out": session(errands.open_export),
            "keys": session(errands.open_keys),
            "settings": session(errands.open_settings),
            "session-voice": session(self._voice),
            "session-older": session(self._older),
            "transcribe-no-model": session(self._no_model),
            **self._about_the_vault(),
        }

    def _about_the_vault(self) -> dict[str, Callable[[], object]]:
        errands = self.window.vault_errands
        return {
            "people": errands.open_people,
            "people-add": lambda: self._people(lambda people: people.add_button.click()),
            "people-key": lambda: self._people(lambda people: people.show_key(MADE_UP_KEY, "Sven")),
            "check": self._checked,
            "backup": errands.open_backup,
            "restore": errands.open_restore,
            "models": errands.open_models,
        }

    def _voice(self) -> None:
        words = self.window.view.transcript
        words.setFocus()
        if self.window.session is not None:
            self.window.session.voices.offer()

    def _older(self) -> None:
        view, session = self.window.view, self.window.session
        if session is not None and view.versions.count() > 1:
            view.versions.version_chosen.emit(view.versions.itemData(1))

    def _no_model(self) -> None:
        errands = self.window.errands
        errands.open_transcribe()
        if isinstance(errands.dialog, TranscribeDialog):
            words = "The speech model “base” is not installed. File, Speech models… gets it."
            errands.dialog.show_problem(words, self.window.actions_.by_name["models"])

    def _people(self, deed: Callable[[PeopleDialog], object]) -> None:
        self.window.vault_errands.open_people()
        if isinstance(self.window.errands.dialog, PeopleDialog):
            deed(self.window.errands.dialog)

    def _checked(self) -> None:
        self.window.show_library()
        self.window.vault_errands.open_check()
        if isinstance(self.window.errands.dialog, CheckDialog):
            self.window.errands.dialog.show_damage([])

    def _on_session(self, deed: Callable[[], object]) -> Callable[[], object]:
        def shown() -> None:
            pictures.show_demo(self.window)
            deed()

        return shown

    def _search(self) -> None:
        self.window.show_library()
        self.window.library.words.setText("fine")
        self.window.search("fine")

    def _import(self) -> None:
        self.window.library.words.clear()
        self.window.show_library()
        self.window.errands.open_import()

    def _find(self) -> None:
        finder = self.window.view.finder
        finder.enter()
        finder.words.setText("quiet")
        finder.go_on()

    def lock(self) -> None:
        """Lock, so that the door is shown."""
        self.window.door.begin(opening=False)
        self.window.lock()

    def lose(self) -> None:
        """Ask for the recovery key at the door."""
        self.window.door.lost.click()


def paint(easel: Easel, place: Path) -> None:
    """Draw every screen of a vault that is only looked at."""
    painter = Painter(easel)
    painter.draw(painter.first_screens())
    painter.window.adopt(painter.services.open_vault(place / DEMO, PASSPHRASE))
    painter.draw(painter.screens())
    painter.draw({"locked": painter.lock, "locked-recovery": painter.lose})
    easel.close(painter.window)
