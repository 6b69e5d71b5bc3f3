"""Draw every screen of rating while replaying, from the running program, with the fictional demo session."""

import math
from pathlib import Path

from easel import Easel, new_vault, services_for

from supervise.app import demo
from supervise.app.rating import RatingSession
from supervise.app.workspace import Workspace
from supervise.audio.fake_output import FakeOutput
from supervise.domain.consent import Scope
from supervise.domain.ids import SessionId
from supervise.domain.rating import ACTIVATION, AFFECT, Rater, RatingSetup, own_dial
from supervise.ui.rating_dialog import RatingDialog, RatingWish
from supervise.ui.ratings_dialog import RatingsDialog

RATE = 48_000
BOTH = RatingSetup(Rater.THERAPIST, (AFFECT, ACTIVATION))
LONG = own_dial("Wie nah sich die beiden sind", "weit voneinander entfernt", "ganz nah beieinander")


class Painter:
    """A window on the demo session, and a loudspeaker that is pulled."""

    def __init__(self, easel: Easel, place: Path) -> None:
        """Open the window on a vault with the demo session in it."""
        self.easel, self.output = easel, FakeOutput(own_rate_hz=RATE)
        services = services_for(self.output)
        self.window = easel.window(services)
        self.work = new_vault(services, place)
        self.session = demo.add_demo_session(self.work, services.demo_folder, lambda _done: None)
        self.work.add_consent(demo.CLIENT, frozenset({Scope.CLIENT_RECALL}), self.work.today())
        self.window.adopt(self.work)
        self.window.show()

    def draw(self, name: str) -> None:
        """Draw what is shown now."""
        self.easel.draw(self.window, name)

    def hear(self, seconds: float) -> None:
        """Let the loudspeaker go on."""
        self.output.pull(round(seconds * RATE))
        self.easel.app.processEvents()

    def rate(self, setup: RatingSetup, phase: float, seconds: int) -> None:
        """Make a series whose curves go up and down."""
        rate(self.work, self.session, self.output, (setup, phase, seconds))

    def begin(self, setup: RatingSetup, at_ms: int = 0) -> None:
        """Go to the dials."""
        self.window.annexes.rating.open()
        dialog = self.window.errands.dialog
        if not isinstance(dialog, RatingDialog):
            raise TypeError
        dialog.wished.emit(RatingWish(setup, at_ms))


def rate(
    work: Workspace, session: SessionId, output: FakeOutput, how: tuple[RatingSetup, float, int]
) -> None:
    """Rate a session as nobody would."""
    setup, phase, seconds = how
    going = RatingSession(work, session, setup, output)
    going.start()
    going.play()
    for second in range(seconds):
        for number, dial in enumerate(setup.dials):
            at = second / 9 + phase + number
            going.set_value(dial.key, round(60 * math.sin(at) + 25 * math.sin(2.7 * at)))
        output.pull(RATE)
        going.poll()
        if second == seconds // 2:
            going.seek(round(1000 * seconds * 0.62))
    going.end()


def draw_rating(painter: Painter) -> None:
    """Set up, rate on two dials and on one, end."""
    window, rating = painter.window, painter.window.annexes.rating
    rating.open_ratings()
    painter.draw("rating-none")
    window.errands.close_dialogs()
    rating.open()
    painter.draw("rating-set-up")
    painter.begin(BOTH, 95_000)
    rating.toggle()
    rating.set_value(0, 40)
    rating.set_value(1, -25)
    painter.hear(37)
    if rating.live is not None:
        rating.live.look()
    painter.draw("rating-page")
    rating.end()
    painter.draw("rating-over")
    rating.leave()
    painter.begin(RatingSetup(Rater.CLIENT, (LONG,)))
    painter.draw("rating-one-dial")
    rating.end()
    rating.leave()


def draw_ratings(painter: Painter) -> None:
    """Look at what was rated."""
    window, rating = painter.window, painter.window.annexes.rating
    for setup, phase in ((RatingSetup(Rater.CLIENT, (AFFECT, LONG)), 1.2), (BOTH, 0.0)):
        painter.rate(setup, phase, 110)
    rating.open_ratings()
    dialog = window.errands.dialog
    if isinstance(dialog, RatingsDialog):
        dialog.curve.go(75_000)
        painter.draw("ratings-one")
        dialog.list.item(1).setCheckState(dialog.list.item(0).checkState())
        painter.draw("ratings")
        dialog.take_out.click()
        dialog.out.target.setText("/home/anna/session-2026-11-20-ratings.csv")
        painter.draw("ratings-out")


def paint(easel: Easel, place: Path) -> None:
    """Set up, rate, look at it."""
    painter = Painter(easel, place)
    painter.window.open_session(painter.session)
    draw_rating(painter)
    draw_ratings(painter)
    easel.close(painter.window)
