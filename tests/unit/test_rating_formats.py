"""A series as rows: every point with how long it held, or a grid; never a formula, never a value in a gap."""

import csv
import io
import json

from exchange_samples import SESSION

from supervise.domain.ids import SeriesId
from supervise.domain.rating import ACTIVATION, AFFECT, Rater, RatingSetup
from supervise.domain.rating_trace import Point, Run, Trace
from supervise.exchange.rating_series import (
    COLUMNS,
    GRID_COLUMNS,
    RatingContent,
    write_rating_csv,
    write_rating_json,
)

TRACE = Trace(
    (Run(1, 0, 1000, 0), Run(1, 1500, 2000, 4000), Run(2, 250, 750, 6000)),
    (
        Point(0, 0, 0, 0, 0),
        Point(0, 1, 0, 5, 0),
        Point(0, 0, 300, 40, 300),
        Point(1, 0, 1500, 40, 4000),
        Point(1, 1, 1500, 5, 4000),
        Point(2, 0, 250, -7, 6000),
        Point(2, 1, 250, 5, 6000),
    ),
)
SETUP = RatingSetup(Rater.OTHER, (AFFECT, ACTIVATION), "=Cara", "moods")
CONTENT = RatingContent(SeriesId("5" * 32), SESSION, SETUP, "2026-11-27T00:00:00.000Z", TRACE)
GRID = RatingContent(SeriesId("5" * 32), SESSION, SETUP, "2026-11-27T00:00:00.000Z", TRACE, rate_hz=4)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_a_point_says_until_when_it_held() -> None:
    made = write_rating_csv(CONTENT)
    found = rows(made.text)
    assert made.rows == len(found) == 7
    assert tuple(found[0]) == COLUMNS
    assert found[0]["name"] == "'=Cara"
    names = ("pass", "run", "dial", "session_ms", "until_ms", "value")
    held = [tuple(row[name] for name in names) for row in found]
    assert held[0] == ("1", "1", "affect", "0", "300", "0")
    assert held[1] == ("1", "1", "activation", "0", "1000", "5")
    assert held[2] == ("1", "1", "affect", "300", "1000", "40")
    assert held[5] == ("2", "3", "affect", "250", "750", "-7")


def test_a_grid_has_a_column_a_dial_and_nothing_in_gaps() -> None:
    made = write_rating_csv(GRID)
    found = rows(made.text)
    assert tuple(found[0]) == (*GRID_COLUMNS, "affect", "activation")
    first = [(row["session_ms"], row["affect"], row["activation"]) for row in found if row["pass"] == "1"]
    assert first == [
        *(("0", "0", "5"), ("250", "0", "5"), ("500", "40", "5"), ("750", "40", "5")),
        *(("1000", "", ""), ("1250", "", ""), ("1500", "40", "5"), ("1750", "40", "5")),
    ]
    assert [row["affect"] for row in found if row["pass"] == "2"] == ["-7", "-7"]
    assert made.rows == 10


def test_json_holds_both() -> None:
    made = write_rating_json(GRID)
    document = json.loads(made.text)
    assert (document["format"], document["format_version"], made.rows) == ("supervise-rating", 1, 10)
    assert document["rating"]["rater"] == "other"
    assert [dial["dial"] for dial in document["rating"]["dials"]] == ["affect", "activation"]
    assert document["runs"][2] == {"run": 3, "pass": 2, "at_ms": 6000, "start_ms": 250, "end_ms": 750}
    assert document["resampled"]["rows"][4] == {
        "pass": 1,
        "session_ms": 1000,
        "values": {"affect": None, "activation": None},
    }
    assert document["summary"][0]["rated_ms"] == 2000
    assert "resampled" not in json.loads(write_rating_json(CONTENT).text)
