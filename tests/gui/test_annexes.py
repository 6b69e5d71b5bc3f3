"""What extends the window moves in when it is first wanted: by its action, or by what a crash left."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from supervise.ui.actions import READING, RECALL, RECALLING
from supervise.ui.annexes import DOORS, ORDER, Annexes
from supervise.ui.main_window import MainWindow

LATER = ORDER[1:]
OWN_PLACES = {"recall": {RECALL, RECALLING}, "reading": {READING}}


def there(annexes: Annexes) -> set[str]:
    return {name for name in ORDER if name in vars(annexes)}


def stacked(window: MainWindow) -> list[QWidget]:
    return [window.pages.widget(number) for number in range(window.pages.count())]


def test_none_but_the_recording_is_there_before_it_is_wanted(window: MainWindow) -> None:
    assert there(window.annexes) == {"recording"}
    assert window.annexes.every == (window.recording,)


def test_asking_who_is_read_about_lets_nothing_move_in(window: MainWindow) -> None:
    assert window.annexes.client() == ""
    assert there(window.annexes) == {"recording"}


def test_an_action_lets_its_own_move_in_and_does_its_deed_once(
    window: MainWindow, press: Callable[..., None]
) -> None:
    before = stacked(window)
    window.actions_.by_name["studies"].trigger()
    study = window.annexes.study
    assert there(window.annexes) == {"recording", "study"}
    assert window.pages.currentWidget() is study.page
    assert stacked(window) == [*before, *study.pages()]
    window.show_library()
    window.actions_.by_name["studies"].trigger()
    assert window.pages.currentWidget() is study.page
    assert stacked(window) == [*before, *study.pages()]


def test_every_deed_is_done_by_a_door_or_by_one_that_must_be_there(window: MainWindow) -> None:
    for name in LATER:
        annex = getattr(window.annexes, name)
        doors = {action for action, behind in DOORS.items() if behind == name}
        assert doors
        assert doors <= set(annex.deeds())
        for action in set(annex.deeds()) - doors:
            assert window.actions_.specs[action].where in OWN_PLACES[name], action


def test_they_are_asked_in_their_order_whenever_they_came(window: MainWindow) -> None:
    for name in reversed(LATER):
        getattr(window.annexes, name)
    assert window.annexes.every == tuple(getattr(window.annexes, name) for name in ORDER)
    strips = window.annexes.strips()
    body = window.pages.parentWidget().layout()
    assert [body.itemAt(number).widget() for number in range(len(strips))] == strips
