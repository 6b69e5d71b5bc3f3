"""Gathers what of a recall leaves the vault: what was said, marked and asked, each as its own gate allows."""

from collections.abc import Sequence
from dataclasses import replace

from supervise.app import interview_reading
from supervise.app.recall_marks import marks_of
from supervise.app.recall_reading import RecallView
from supervise.app.workspace import Workspace
from supervise.domain.codebook import Codebook
from supervise.domain.recall_marks import RecallMark
from supervise.domain.recall_utterances import Utterance, utterances
from supervise.exchange.moments import author_name
from supervise.exchange.recall_content import RecallCoding, RecallContent, RecallRating


def recall_utterances(view: RecallView) -> tuple[Utterance, ...]:
    """Return what was said in a recall, each utterance with the span of the session it is about."""
    return utterances(view.words, view.stops, view.prompts, view.map)


def content_of(view: RecallView) -> RecallContent:
    """Return a recall as the formats write it, without marks and ratings."""
    return RecallContent(
        recall=view.recall.recall,
        session=view.session,
        setup=view.recall.setup,
        started_at=view.recall.started_at,
        duration_ms=view.recall.sound.duration_ms,
        stops=view.stops,
        prompts=view.prompts,
        map=view.map,
        utterances=recall_utterances(view),
        speakers=view.names,
    )


def whole_content(workspace: Workspace, view: RecallView) -> RecallContent:
    """Return a recall with everybody's marks and the ratings that are not blind; raises NotCoveredError."""
    recall = view.recall.recall
    return replace(
        content_of(view),
        codings=codings_of(workspace, marks_of(workspace, recall)),
        ratings=tuple(_rating(given) for given in interview_reading.ratings_of_recall(workspace, recall)),
        hidden_ratings=interview_reading.hidden_ratings_of_recall(workspace, recall),
    )


def codings_of(workspace: Workspace, marks: Sequence[RecallMark]) -> tuple[RecallCoding, ...]:
    """Return marks as the formats write them; the gate was asked, or need not be."""
    books = {key: workspace.codebooks.by_key(key) for key in {mark.codebook for mark in marks}}
    profiles = workspace.profiles()
    names = {mark.author: author_name(mark.author, profiles) for mark in marks}
    return tuple(_coding(mark, books[mark.codebook], names[mark.author]) for mark in marks)


def _rating(given: interview_reading.RecallRating) -> RecallRating:
    return RecallRating(
        item=given.item,
        value="" if given.value is None else given.value,
        time_point=given.time_point,
        session_start_ms=given.start_ms,
        session_end_ms=given.end_ms,
        party=str(given.party),
        study=given.study,
        protocol=given.protocol,
    )


def _coding(mark: RecallMark, book: Codebook, author: str) -> RecallCoding:
    labels = {code.code: code.label for code in book.codes}
    return RecallCoding(
        start_ms=mark.start_ms,
        end_ms=mark.end_ms,
        about=mark.about.value,
        then_now=mark.time_frame.value,
        codes=tuple((entry.code, labels.get(entry.code, "")) for entry in mark.codes),
        code_ratings=tuple((entry.code, entry.ratings) for entry in mark.codes if entry.ratings),
        note=mark.note,
        author=author,
        perspective=mark.perspective.value,
    )
