"""Words and voices from sound: models, transcription in a child process, speakers."""
