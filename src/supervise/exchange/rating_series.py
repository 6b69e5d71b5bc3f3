"""A series of ratings as rows: as it was given, or at a fixed rate (docs/guide/formats.md)."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from supervise.domain.ids import SeriesId
from supervise.domain.rating import RatingSetup
from supervise.domain.rating_trace import Trace, resampled, summary
from supervise.domain.session import Session
from supervise.domain.times import clock_ms
from supervise.exchange.content import TakenOut
from supervise.exchange.plain_text import cell

FORMAT, FORMAT_VERSION = "supervise-rating", 1
_ABOUT = ("series_id", "session_id", "rater", "name", "study", "pass")
COLUMNS = (*_ABOUT, "run", "at_ms", "session_ms", "session_clock", "until_ms", "dial", "value")
GRID_COLUMNS = (*_ABOUT, "session_ms", "session_clock")


@dataclass(frozen=True, slots=True)
class RatingContent:
    """A series with everything its formats may show; with `rate_hz`, resampled besides."""

    series: SeriesId
    session: Session
    setup: RatingSetup
    started_at: str
    trace: Trace
    ended: str = ""
    rate_hz: int | None = None
    redacted: bool = False

    def without(self, trace: Trace, *, redacted: bool) -> "RatingContent":
        """Return it with what stays of its trace."""
        return replace(self, trace=trace, redacted=redacted)


def write_rating_csv(content: RatingContent) -> TakenOut:
    """Return a row a point, or with `rate_hz` a row an instant with a column a dial, as CSV."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    if content.rate_hz is None:
        writer.writerow(COLUMNS)
        rows = _points(content)
    else:
        writer.writerow((*GRID_COLUMNS, *(dial.key for dial in content.setup.dials)))
        rows = _grid(content, content.rate_hz)
    writer.writerows(rows)
    return TakenOut(len(rows), (table.getvalue().encode("utf-8-sig"),))


def _about(content: RatingContent, pass_no: int) -> list[str]:
    setup = content.setup
    who = [str(setup.rater), cell(setup.name), cell(setup.study)]
    return [content.series, content.session.session, *who, str(pass_no)]


def _points(content: RatingContent) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in point_rows(content.trace, [dial.key for dial in content.setup.dials]):
        about = _about(content, row["pass"])
        ms = row["session_ms"]
        times = [str(row["run"]), str(row["at_ms"]), str(ms), clock_ms(ms), str(row["until_ms"])]
        rows.append([*about, *times, row["dial"], str(row["value"])])
    return rows


def point_rows(trace: Trace, dials: Sequence[str]) -> list[dict[str, Any]]:
    """Return the points as plain values, each with where the value ceased to hold."""
    until: dict[tuple[int, int], int] = {}
    rows: list[dict[str, Any]] = []
    for point in reversed(trace.points):
        run = trace.runs[point.run]
        rows.append(
            {
                "pass": run.pass_no,
                "run": point.run + 1,
                "at_ms": point.at_ms,
                "session_ms": point.session_ms,
                "until_ms": until.get((point.run, point.dial), run.end_ms),
                "dial": dials[point.dial],
                "value": point.value,
            }
        )
        until[point.run, point.dial] = point.session_ms
    return rows[::-1]


def _grid(content: RatingContent, rate_hz: int) -> list[list[str]]:
    rows = []
    for row in grid_rows(content, rate_hz):
        values = ["" if value is None else str(value) for value in row["values"].values()]
        ms = row["session_ms"]
        rows.append([*_about(content, row["pass"]), str(ms), clock_ms(ms), *values])
    return rows


def grid_rows(content: RatingContent, rate_hz: int) -> list[dict[str, Any]]:
    """Return the dials at every multiple of a step, pass by pass; None where nothing was played."""
    dials = content.setup.dials
    rows: list[dict[str, Any]] = []
    for pass_no in content.trace.passes:
        columns = [resampled(content.trace, at, pass_no, 1000 // rate_hz) for at in range(len(dials))]
        for samples in zip(*columns, strict=True):
            values = {dial.key: sample.value for dial, sample in zip(dials, samples, strict=True)}
            rows.append({"pass": pass_no, "session_ms": samples[0].session_ms, "values": values})
    return rows


def write_rating_json(content: RatingContent) -> TakenOut:
    """Return the whole series as UTF-8 JSON; `rows` counts points, or with `rate_hz` instants."""
    document = rating_document(content)
    encoder = json.JSONEncoder(ensure_ascii=False, indent=1, allow_nan=False)
    text = "".join(encoder.iterencode(document)) + "\n"
    rows = document["points"] if content.rate_hz is None else document["resampled"]["rows"]
    return TakenOut(len(rows), (text.encode("utf-8", "replace"),))


def rating_document(content: RatingContent) -> dict[str, Any]:
    """Return the series as plain values."""
    keys = [dial.key for dial in content.setup.dials]
    document: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "redacted": content.redacted,
        "rating": {
            "series": content.series,
            "session": content.session.session,
            "client_code": content.session.client_code,
            "held_on": content.session.held_on,
            "duration_ms": content.session.sound.duration_ms,
            "started_at": content.started_at,
            "ended": content.ended,
            **content.setup.plain(),
        },
        "runs": [
            {
                "run": number,
                "pass": run.pass_no,
                "at_ms": run.at_ms,
                "start_ms": run.start_ms,
                "end_ms": run.end_ms,
            }
            for number, run in enumerate(content.trace.runs, 1)
        ],
        "points": point_rows(content.trace, keys),
        "summary": [asdict(row) for row in summary(content.trace, content.setup.dials)],
    }
    if content.rate_hz is not None:
        document["resampled"] = {"rate_hz": content.rate_hz, "rows": grid_rows(content, content.rate_hz)}
    return document


RATING_FORMATS: Mapping[str, Callable[[RatingContent], TakenOut]] = {
    "csv": write_rating_csv,
    "json": write_rating_json,
}
