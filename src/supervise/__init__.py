"""supervise: record, transcribe, mark and replay therapy sessions on one's own machine, sealed."""

__version__ = "0.1.0"
