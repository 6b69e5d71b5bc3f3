"""Sound in and out: decoding, the FLAC master, peaks, playback."""
