"""The strip above every other page while a recall goes on, also above the locked door."""

from PySide6.QtCore import Signal

from supervise.domain.times import clock
from supervise.ui.going_strip import GoingStrip
from supervise.ui.live_recall import RecallStanding
from supervise.ui.pieces import button
from supervise.ui.recall_words import GOES_ON_LOCKED, state_words


class RecallStrip(GoingStrip):
    """Beside the clock: the way back to the recall, and its end; names nobody."""

    page_wished = Signal()
    end_wished = Signal()

    def __init__(self) -> None:
        """Hidden until a recall goes on."""
        super().__init__("The recall so far")
        self.page = button("Show the recall", self.page_wished.emit)
        self.end = button("End the recall", self.end_wished.emit)
        self.end.setToolTip("Everything is kept (Ctrl+Shift+J)")
        self._lay_out(self.page, self.end)

    def show_standing(self, now: RecallStanding, locked: bool) -> None:
        """Show how it stands."""
        self.light.show_state(now.state)
        self.state.setText("A recall is recorded" if locked else f"Recall: {state_words(now).lower()}")
        self.clock.setText(clock(now.recall_ms))
        self.page.setVisible(not locked)
        self.said.setText(GOES_ON_LOCKED if locked else now.said)
