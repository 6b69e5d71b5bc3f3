"""Draw every screen from the running program into docs/guide/pictures, in light and dark; some at 2x too.

The demo session is imported and transcribed for real, in a vault in a temporary folder.

    scripts/make_pictures.py [FOLDER]
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from pictures_consent import ConsentPainter

from supervise.app import demo
from supervise.bootstrap import Services
from supervise.crypto.keys import KdfParams
from supervise.domain.moments import Perspective
from supervise.domain.transcript import TranscribeSettings
from supervise.ui import pictures
from supervise.ui.app import make_application, make_window
from supervise.ui.keeping_dialogs import CheckDialog
from supervise.ui.people_dialog import PeopleDialog
from supervise.ui.theme import Mode, theme_of
from supervise.ui.transcribe_dialog import TranscribeDialog

ROOT = Path(__file__).resolve().parent.parent
PASSPHRASE = "only a demonstration"  # noqa: S105 - of a fictional session
NAME = "Anna Muster"
TWICE = ("first-run", "library", "session")  # drawn at 2x too
ONCE = ("session-voice", "session-older")  # but not these
MADE_UP_KEY = "7K3M-Q9TD-X2VA-51RW-8NEH-C4ZB-0PJS-6GYF-*"
CHEAP = KdfParams(iterations=1, memory_kib=8, lanes=1)
SCALE = "QT_SCALE_FACTOR"
HOME = "/home/anna"  # of nobody: pictures show no folder of this machine
CHANGING = "changing"


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

    def __init__(self, folder: Path, scale: str) -> None:
        """Open the window on its first steps."""
        self.services = Services.default()
        self.services.kdf = CHEAP
        self.window = make_window(self.services, None, None, make_application())
        self.window.resize(pictures.WIDTH, pictures.HEIGHT)
        self.window.show()
        self._folder, self._scale = folder, scale

    def draw(self, screens: dict[str, Callable[[], object]]) -> None:
        """Draw each screen in light and dark."""
        for mode in (Mode.LIGHT, Mode.DARK):
            theme_of().choose(mode)
            for name, show in screens.items():
                if self._scale != "1" and (not name.startswith(TWICE) or name in ONCE):
                    continue
                show()
                path = self._folder / f"{name}-{mode}-{self._scale}x.png"
                pictures.save(pictures.picture_of(self.window), path)
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


def draw_all(vault: Path, folder: Path, scale: str) -> None:
    """Draw every screen at one scale; those that change the vault come last, by themselves."""
    if scale.startswith(CHANGING):
        services = Services.default()
        services.kdf = CHEAP
        ConsentPainter(services, vault, PASSPHRASE, folder, scale.removeprefix(CHANGING)).draw_all()
        return
    painter = Painter(folder, scale)
    painter.draw(painter.first_screens())
    painter.window.adopt(painter.services.open_vault(vault, PASSPHRASE))
    painter.draw(painter.screens())
    painter.draw({"locked": painter.lock, "locked-recovery": painter.lose})
    painter.window.close()


def main() -> None:
    """Build once, draw at each scale in a process of its own."""
    if len(sys.argv) == 4:
        draw_all(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
        return
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "guide" / "pictures"
    with tempfile.TemporaryDirectory() as place:
        vault = Path(place) / "vault"
        build(vault)
        for scale in ("1", "2"):
            shutil.copytree(vault, Path(place) / f"{CHANGING}{scale}")
        for scale in ("1", "2", f"{CHANGING}1", f"{CHANGING}2"):
            factor = scale.removeprefix(CHANGING)
            own = Path(place) / scale if scale.startswith(CHANGING) else vault
            environment = {**os.environ, SCALE: factor, "QT_QPA_PLATFORM": "offscreen", "HOME": HOME}
            command = [sys.executable, __file__, str(own), str(folder), scale]
            subprocess.run(command, check=True, env=environment)
    for script in ("pictures_recording.py", "pictures_recall.py", "pictures_cards.py", "pictures_study.py"):
        command = [sys.executable, str(ROOT / "scripts" / script), str(folder)]
        subprocess.run(command, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main()
