"""A session: one recorded meeting, its client and the facts of its sound."""

from dataclasses import dataclass

from supervise.domain.ids import ClientId, MediaId, SessionId


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What is known of a master: `samples` counts frames (one value per channel each)."""

    samples: int
    rate_hz: int
    channels: int
    duration_ms: int
    source_sha256: str
    bits: int


@dataclass(frozen=True, slots=True)
class Session:
    """One session as the library lists it.

    `title` is the person's own label and stays inside the vault; `held_on` is an ISO date.
    """

    session: SessionId
    client: ClientId
    client_code: str
    title: str
    held_on: str
    created_at: str
    sound: SoundFacts
    master: MediaId
    peaks: MediaId
