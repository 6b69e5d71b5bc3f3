"""Identifiers: random UUIDs in their 32-digit text form, one type for each kind of thing."""

import uuid
from typing import NewType

ClientId = NewType("ClientId", str)
CodebookKey = NewType("CodebookKey", str)
CommentId = NewType("CommentId", str)
ConsentId = NewType("ConsentId", str)
EventId = NewType("EventId", str)
InterviewId = NewType("InterviewId", str)
JobId = NewType("JobId", str)
MediaId = NewType("MediaId", str)
MomentId = NewType("MomentId", str)
ProfileId = NewType("ProfileId", str)
RecallId = NewType("RecallId", str)
RecallMarkId = NewType("RecallMarkId", str)
SeriesId = NewType("SeriesId", str)
SessionId = NewType("SessionId", str)
TranscriptId = NewType("TranscriptId", str)
WriteUpId = NewType("WriteUpId", str)


def new_id() -> str:
    """Return a fresh random identifier (RFC 9562 version 4, 32 hexadecimal digits).

    Wrap it in the kind it names: `MomentId(new_id())`.
    """
    return uuid.uuid4().hex
