"""A session's moments as a table: one row for each code of each moment (docs/guide/formats.md)."""

import csv
import io
from collections.abc import Iterable

from supervise.domain.codebook import Code, Codebook
from supervise.domain.ids import ProfileId
from supervise.domain.moments import Moment, MomentCode, Profile, Rating
from supervise.domain.times import clock_ms
from supervise.exchange.content import SessionContent, TakenOut
from supervise.exchange.plain_text import cell

COLUMNS = (
    *("moment_id", "session_id", "start_ms", "end_ms", "start_clock", "end_clock"),
    *("code_id", "code_label", "family", "ratings", "note", "author", "perspective"),
    *("private", "codebook", "created_at", "changed_at"),
)


def write_csv(content: SessionContent) -> TakenOut:
    """Return the table as CSV (RFC 4180, UTF-8 with a byte order mark for spreadsheets).

    `rows` counts rows below the heading. `end_ms` is empty for a point. Cells never are formulas.
    """
    table = io.StringIO(newline="")
    rows = [
        _row(moment, entry, content)
        for moment in in_time_order(content.moments)
        for entry in moment.codes or (MomentCode(""),)
    ]
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return TakenOut(len(rows), (table.getvalue().encode("utf-8-sig"),))


def in_time_order(moments: Iterable[Moment]) -> list[Moment]:
    """Return the moments by start, then end, then id."""
    return sorted(moments, key=lambda moment: (moment.start_ms, moment.end_ms or -1, moment.moment))


def _row(moment: Moment, entry: MomentCode, content: SessionContent) -> list[str]:
    code = code_meant(moment, entry, content)
    end_ms = moment.end_ms
    texts = [
        *(entry.code, code.label if code else "", code.family if code else "", ratings_text(entry.ratings)),
        *(moment.note, author_name(moment.author, content.profiles), moment.perspective.value),
        *("true" if moment.private else "false", moment.codebook, moment.created_at, moment.changed_at),
    ]
    times = [str(moment.start_ms), "" if end_ms is None else str(end_ms), clock_ms(moment.start_ms)]
    times.append("" if end_ms is None else clock_ms(end_ms))
    return [moment.moment, moment.session, *times, *(cell(text) for text in texts)]


def code_meant(moment: Moment, entry: MomentCode, content: SessionContent) -> Code | None:
    """Return the code as the moment's own codebook words it, or None where that is not at hand."""
    book: Codebook | None = content.codebooks.get(moment.codebook)
    codes = book.codes if book is not None else ()
    return next((code for code in codes if code.code == entry.code), None)


def ratings_text(ratings: Iterable[tuple[str, Rating]]) -> str:
    """Return ratings as `salience=3;valence=mixed`."""
    return ";".join(
        f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}" for name, value in ratings
    )


def author_name(author: ProfileId, profiles: Iterable[Profile]) -> str:
    """Return the name of the profile, or its id where it is not among `profiles`."""
    return next((profile.name for profile in profiles if profile.profile == author), author)
