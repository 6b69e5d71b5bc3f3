"""Formats in and out: codebooks, transcripts, moments, reports."""
