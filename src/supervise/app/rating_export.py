"""Taking a series of ratings out of the vault's protection, as it was given or at a fixed rate."""

from pathlib import Path

from supervise.app.leaving import Leaving
from supervise.app.rating_reading import RatingView, rating_view
from supervise.app.recall_export import redacted_spans
from supervise.app.taking_out import refuse_vaults
from supervise.app.workspace import Workspace
from supervise.domain.errors import UsageError
from supervise.domain.ids import SeriesId
from supervise.domain.rating_trace import without_spans
from supervise.exchange.files import write_whole
from supervise.exchange.rating_series import RATING_FORMATS, RatingContent
from supervise.storage.copies import new_copy

RATES_HZ = (1, 2, 4, 5, 10)


def rating_content(view: RatingView, rate_hz: int | None = None) -> RatingContent:
    """Return a series as the formats write it."""
    row = view.series
    return RatingContent(
        series=row.series,
        session=view.session,
        setup=row.setup,
        started_at=row.started_at,
        trace=view.trace,
        ended=str(row.facts.get("ended", "")),
        rate_hz=rate_hz,
    )


def export_rating(
    workspace: Workspace,
    series: SeriesId,
    fmt: str,
    target: Path,
    *,
    rate_hz: int | None = None,
    force: bool = False,
    unredacted: bool = False,
    recipient: str = "",
) -> int:
    """Write a series, whole or not at all, and return its rows; with `rate_hz`, so many a second.

    What was rated in redacted spans of the session stays behind unless `unredacted`. Raises
    NotCoveredError, UsageError, NoSpaceError.
    """
    if fmt not in RATING_FORMATS:
        raise UsageError(f"The format is one of: {', '.join(RATING_FORMATS)}.")
    if rate_hz is not None and rate_hz not in RATES_HZ:
        raise UsageError(f"The rate is one of: {', '.join(map(str, RATES_HZ))} a second.")
    refuse_vaults(target, workspace.vault.path)
    view = rating_view(workspace, series)
    session = view.session.session
    content = rating_content(view, rate_hz)
    if not unredacted:
        spans = redacted_spans(workspace.store, session)
        content = content.without(without_spans(view.trace, spans), redacted=bool(spans))
    made = RATING_FORMATS[fmt](content)
    place = str(target.expanduser().resolve())
    copy = new_copy(session, f"rating {fmt}", workspace.vault.profile.profile, place, recipient)
    said = f"rating {fmt}, unredacted" if unredacted else f"rating {fmt}"
    leaving = Leaving(workspace.vault, [copy], "export", session, said)
    try:
        write_whole(target, made.parts, force=force)
    except BaseException:
        leaving.take_back()
        raise
    return made.rows
