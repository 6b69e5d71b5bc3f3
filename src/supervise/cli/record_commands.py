"""Terminal commands that record: which devices there are, recording, and taking up what a crash left."""

import threading
from pathlib import Path
from typing import Any

import click

from supervise.app.awake import KeepAwake
from supervise.app.recording import (
    DEFAULT_LAG_MS,
    MOST_LAG_MS,
    RecordingOutcome,
    RecordingSession,
    RecordingWish,
    why_stopped,
)
from supervise.app.recovering import (
    Recovered,
    destroy_recovered,
    find_recovered,
    keep_recovered,
    offer,
    recovered,
)
from supervise.cli.interrupts import interrupts
from supervise.cli.options import VAULT, Common, common
from supervise.cli.output import answer, note, one_line
from supervise.domain.errors import DeviceMissingError, SuperviseError
from supervise.domain.times import clock, samples_to_ms

_LOOK_S = 0.05
_LEVEL_LOOKS = 4
PATIENCE_S = 20.0
NEVER_BACK = "The microphone did not come back, so recording has ended. Everything heard before is kept."
NOTHING_HEARD = "Nothing was recorded, so no session was made."


@click.command()
@common
def devices(shared: Common) -> None:
    """List what can record."""
    found = shared.services.list_inputs()
    rows = [
        {
            "name": info.name,
            "channels": info.channels,
            "rates_hz": list(info.rates_hz),
            "kind": info.kind,
            "default": info.default,
        }
        for info in found
    ]
    words = "\n".join(f"{info.name}  ({info.kind}, up to {info.channels} channels)" for info in found)
    answer({"devices": rows}, words or "No device can record.", as_json=shared.as_json)


@click.command()
@VAULT
@click.option("--client", required=True, metavar="CLIENT", help="Whose session it is, by client code.")
@click.option("--device", default="", metavar="NAME", help="Where to record from (default: the system's).")
@click.option("--second", default="", metavar="NAME", help="A second device, heard on the right channel.")
@click.option("--seconds", type=click.FloatRange(min=0.1), help="How long (default: until Ctrl-C).")
@click.option("--channels", type=click.IntRange(1, 2), default=1, show_default=True)
@click.option("--rate", type=click.IntRange(8000, 192_000), help="Hz (default: 48000).")
@click.option("--title", default="", help="Your own label.")
@click.option("--levels", is_flag=True, help="Say on stderr how loud it is, five times a second.")
@click.option(
    "--patience",
    type=click.FloatRange(min=0),
    default=PATIENCE_S,
    show_default=True,
    help="Seconds to wait for a device that went away.",
)
@click.option(
    "--lag",
    type=click.FloatRange(0, MOST_LAG_MS / 1000),
    default=DEFAULT_LAG_MS / 1000,
    show_default=True,
    help="Seconds a mark (signal USR1) lies before its key.",
)
@common
def record(
    shared: Common,
    vault: Path,
    client: str,
    device: str,
    second: str,
    seconds: float | None,
    channels: int,
    rate: int | None,
    title: str,
    *,
    levels: bool,
    patience: float,
    lag: float,
) -> None:
    """Record a session. Ctrl-C ends it and keeps everything."""
    with shared.workspace(vault) as workspace:
        for left in recovered(workspace):
            note(f"{offer(left)} `supervise recover VAULT {left.recording[:8]}` keeps it.")
        wish = RecordingWish(client, 2 if second else channels, rate, title, seconds)
        session = shared.services.recording(workspace, wish, device, second)
        session.lag_ms = round(lag * 1000)
        loop = _Loop(session, patience, levels=levels, as_json=shared.as_json)
        with interrupts(loop.over.set, loop.press), KeepAwake():
            session.start()
            note(f"Recording at {session.rate_hz} Hz. Ctrl-C ends it and keeps everything.")
            outcome = loop.run()
        _say(outcome, as_json=shared.as_json)
        error = why_stopped(loop.error, outcome)
        if error is not None:
            raise error


def _say(outcome: RecordingOutcome, *, as_json: bool) -> None:
    values: dict[str, Any] = {
        "session": outcome.session,
        "samples": outcome.samples,
        "rate_hz": outcome.rate_hz,
        "gaps": [gap.plain() for gap in outcome.gaps],
        "overflows": outcome.overflows,
        "dropped_frames": outcome.dropped_frames,
    }
    length = clock(samples_to_ms(outcome.samples, outcome.rate_hz))
    words = f"{outcome.session}  {length}, {len(outcome.gaps)} gaps" if outcome.session else NOTHING_HEARD
    answer(values, words, as_json=as_json)


class _Loop:
    """Watches one recording until it is over; `error` is why it ended by itself."""

    def __init__(self, session: RecordingSession, patience_s: float, *, levels: bool, as_json: bool) -> None:
        self.over = threading.Event()
        self.marks = 0
        self.error: SuperviseError | None = None
        self._session, self._patience_s = session, patience_s
        self._levels, self._as_json = levels, as_json

    def press(self) -> None:
        """Note that the mark key was pressed; safe in a signal's handler."""
        self.marks += 1

    def run(self) -> RecordingOutcome:
        """Wait for Ctrl-C, the wanted length, a full disk or a device that does not come back."""
        looks = 0
        try:
            while not self.over.wait(_LOOK_S) and not self._finished():
                looks += 1
                if self._levels and looks % _LEVEL_LOOKS == 0:
                    self._say_levels()
        except BaseException:
            self._session.abandon()
            raise
        return self._session.stop()

    def _finished(self) -> bool:
        for words in self._session.poll():
            note(words)
        while self.marks:
            self.marks -= 1
            note(f"Marked {clock(self._session.mark())}.")
        heard = self._session.heard()
        if heard.error is not None:
            self.error = heard.error
        elif heard.absent_s > self._patience_s:
            self.error = DeviceMissingError(NEVER_BACK)
        return heard.full or self.error is not None

    def _say_levels(self) -> None:
        found, heard = self._session.levels(), self._session.heard()
        if self._as_json:
            rows = [
                {"peak_db": level.peak_db, "rms_db": level.rms_db, "clipped": level.clipped}
                for level in found
            ]
            click.echo(one_line({"at_ms": heard.duration_ms, "levels": rows}), err=True)
            return
        bars = "  ".join(
            f"{'#' * max(0, round((level.rms_db + 60) / 3)):<20} {level.peak_db:6.1f} dB"
            f"{' CLIPS' if level.clipped else ''}{' SILENT' if level.silent_s > 5 else ''}"
            for level in found
        )
        click.echo(f"{clock(heard.duration_ms):>8}  {bars}", err=True)


@click.command()
@VAULT
@click.argument("recording", required=False)
@click.option("--destroy", is_flag=True, help="Destroy it for good instead of keeping it.")
@click.option("--yes", is_flag=True, help="Do not ask before destroying.")
@common
def recover(shared: Common, vault: Path, recording: str | None, *, destroy: bool, yes: bool) -> None:
    """List recordings that did not end, or make one a session (or destroy it)."""
    with shared.workspace(vault) as workspace:
        if recording is None:
            found = recovered(workspace)
            words = "\n".join(f"{left.recording[:8]}  {offer(left)}" for left in found)
            rows = [_row(left) for left in found]
            answer({"recordings": rows}, words or "Nothing is waiting.", as_json=shared.as_json)
            return
        wanted = find_recovered(workspace, recording)
        if destroy:
            refusal = "Nothing was destroyed. Add --yes to destroy it without being asked."
            shared.require_yes("Destroy it for good?", refusal, yes=yes)
            destroy_recovered(workspace, wanted)
            answer({"destroyed": wanted}, "Destroyed.", as_json=shared.as_json)
            return
        session = keep_recovered(workspace, wanted)
        values = {
            "session": session.session if session else None,
            "samples": session.sound.samples if session else 0,
        }
        words = f"{session.session}  {clock(session.sound.duration_ms)}" if session else NOTHING_HEARD
        answer(values, words, as_json=shared.as_json)


def _row(left: Recovered) -> dict[str, Any]:
    return {
        "recording": left.recording,
        "client": left.client_code,
        "title": left.title,
        "started_at": left.started_at,
        "duration_ms": left.duration_ms,
        "marks": left.marks,
        "gaps": left.gaps,
        "missing": left.missing,
    }
