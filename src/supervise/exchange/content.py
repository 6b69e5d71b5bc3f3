"""What of a session leaves the vault, as one value; and the same with its redactions carried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from supervise.domain.codebook import Codebook
from supervise.domain.moments import Comment, Moment, Profile
from supervise.domain.redaction import MASK, Span, mask_words, touches
from supervise.domain.session import Session
from supervise.domain.speakers import SpeakerNames
from supervise.domain.transcript import TranscriptVersion, Word


@dataclass(frozen=True, slots=True)
class SessionContent:
    """A session with everything its formats may show; `words` in time order.

    `codebooks` holds the codebooks the moments were made under, by key (`id@version`). `redacted` says
    that `redacted_content` made this value. Which moments belong (private ones!) the caller decides.
    """

    session: Session
    version: TranscriptVersion | None = None
    words: tuple[Word, ...] = ()
    speakers: SpeakerNames = field(default_factory=SpeakerNames)
    moments: tuple[Moment, ...] = ()
    comments: tuple[Comment, ...] = ()
    profiles: tuple[Profile, ...] = ()
    codebooks: Mapping[str, Codebook] = field(default_factory=dict)
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class TakenOut:
    """One finished document: its bytes in parts, and how many rows (turns, cues, moments) it holds."""

    rows: int
    parts: tuple[bytes, ...]

    @property
    def text(self) -> str:
        """The whole document as text, without a byte order mark."""
        return b"".join(self.parts).decode("utf-8-sig")


def redacted_content(content: SessionContent, spans: Sequence[Span]) -> SessionContent:
    """Return the content with everything inside `spans` masked.

    Words that touch a span become `[redacted]`. So do the notes of moments that touch one and the
    comments on them, since they may quote it, and the terms the transcription was told to expect,
    since they may be the very names. Without spans the content comes back as it was.
    """
    if not spans:
        return content
    near = {moment.moment for moment in content.moments if touches(moment.start_ms, moment.end_ms, spans)}
    version = content.version
    if version is not None:
        settings = replace(version.settings, terms=_masked(version.settings.terms))
        version = replace(version, settings=settings)
    return replace(
        content,
        version=version,
        words=mask_words(content.words, spans),
        moments=tuple(
            replace(moment, note=_masked(moment.note)) if moment.moment in near else moment
            for moment in content.moments
        ),
        comments=tuple(
            replace(comment, text=_masked(comment.text)) if comment.moment in near else comment
            for comment in content.comments
        ),
        redacted=True,
    )


def _masked(text: str) -> str:
    return MASK if text.strip() else text
