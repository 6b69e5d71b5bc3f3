"""Waiting for a piece of heavy work in the queue, with its progress on stderr."""

from supervise.app.queue import TranscriptionQueue
from supervise.cli.output import ProgressLine, eta_words
from supervise.domain.ids import JobId, TranscriptId

_POLL_S = 0.05


def finished(queue: TranscriptionQueue, job: JobId) -> TranscriptId:
    """Do `job` to its end and return its transcript; raises what it failed with. The queue is closed."""
    progress = ProgressLine("Transcribing")
    try:
        while queue.step(only=job):
            for entry in queue.entries():
                if entry.job == job:
                    progress(entry.done_permille, eta_words(entry.eta_s))
            queue.wait(_POLL_S)
        return queue.result(job)
    finally:
        queue.close()
