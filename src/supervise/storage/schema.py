"""The database schema, version by version; released text is never edited, only followed by another."""

SCHEMA_V1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE profiles (
  id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, role TEXT NOT NULL,
  slot TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE TABLE clients (
  id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE COLLATE NOCASE, created_at TEXT NOT NULL
);
CREATE TABLE consents (
  id TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients(id),
  granted TEXT NOT NULL, refused TEXT NOT NULL, signed_on TEXT NOT NULL, expires_on TEXT,
  created_at TEXT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE INDEX consents_client ON consents(client_id);
CREATE TABLE media (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, wrapped_key BLOB, size_bytes INTEGER NOT NULL,
  created_at TEXT NOT NULL
);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients(id), title TEXT NOT NULL,
  held_on TEXT NOT NULL, created_at TEXT NOT NULL, samples INTEGER NOT NULL, rate_hz INTEGER NOT NULL,
  channels INTEGER NOT NULL, bits INTEGER NOT NULL, duration_ms INTEGER NOT NULL,
  source_sha256 TEXT NOT NULL, source_format TEXT NOT NULL, attested_by TEXT NOT NULL,
  original TEXT NOT NULL, master_id TEXT NOT NULL REFERENCES media(id),
  peaks_id TEXT NOT NULL REFERENCES media(id)
);
CREATE INDEX sessions_source ON sessions(source_sha256);
CREATE INDEX sessions_client ON sessions(client_id);
CREATE TABLE transcripts (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions(id), created_at TEXT NOT NULL,
  settings TEXT NOT NULL, state TEXT NOT NULL, done_ms INTEGER NOT NULL, language TEXT NOT NULL,
  notes TEXT NOT NULL, stats TEXT NOT NULL
);
CREATE INDEX transcripts_session ON transcripts(session_id, created_at);
CREATE TABLE windows (
  transcript_id TEXT NOT NULL REFERENCES transcripts(id), seq INTEGER NOT NULL,
  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, words TEXT NOT NULL,
  PRIMARY KEY (transcript_id, seq)
) WITHOUT ROWID;
CREATE TABLE speaker_names (
  session_id TEXT NOT NULL REFERENCES sessions(id), label TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (session_id, label)
) WITHOUT ROWID;
CREATE TABLE codebooks (
  key TEXT PRIMARY KEY, yaml TEXT NOT NULL, loaded_at TEXT NOT NULL, active INTEGER NOT NULL
);
CREATE TABLE moments (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions(id), author_id TEXT NOT NULL,
  perspective TEXT NOT NULL, start_ms INTEGER, end_ms INTEGER, codes TEXT, note TEXT,
  codebook TEXT, created_at TEXT NOT NULL, changed_at TEXT, private INTEGER NOT NULL, sealed BLOB
);
CREATE INDEX moments_session ON moments(session_id, start_ms);
CREATE TABLE comments (
  id TEXT PRIMARY KEY, moment_id TEXT NOT NULL, session_id TEXT NOT NULL, author_id TEXT NOT NULL,
  text TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE INDEX comments_session ON comments(session_id);
CREATE TABLE jobs (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, session_id TEXT NOT NULL, transcript_id TEXT NOT NULL,
  settings TEXT NOT NULL, state TEXT NOT NULL, error TEXT NOT NULL, created_at TEXT NOT NULL,
  finished_at TEXT
);
CREATE TABLE history (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, profile_id TEXT NOT NULL, session_id TEXT NOT NULL,
  sealed BLOB NOT NULL, undone INTEGER NOT NULL
);
CREATE INDEX history_profile ON history(profile_id, undone, seq);
CREATE TABLE search_rows (
  id INTEGER PRIMARY KEY, session_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL,
  start_ms INTEGER NOT NULL, starts TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX search_session ON search_rows(session_id, kind);
CREATE INDEX search_ref ON search_rows(ref);
CREATE VIRTUAL TABLE search USING fts5(
  text, content='search_rows', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER search_added AFTER INSERT ON search_rows BEGIN
  INSERT INTO search(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER search_removed AFTER DELETE ON search_rows BEGIN
  INSERT INTO search(search, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TABLE access_log (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
  subject TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
);
"""

SCHEMA_V2 = """
ALTER TABLE consents ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
CREATE TABLE recordings (
  id TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients(id), state TEXT NOT NULL,
  title TEXT NOT NULL, started_at TEXT NOT NULL, rate_hz INTEGER NOT NULL, channels INTEGER NOT NULL,
  device TEXT NOT NULL, samples INTEGER NOT NULL, media_ids TEXT NOT NULL, gaps TEXT NOT NULL,
  marks TEXT NOT NULL, facts TEXT NOT NULL, session_id TEXT
);
CREATE TABLE recording_gaps (
  session_id TEXT NOT NULL REFERENCES sessions(id), start_ms INTEGER NOT NULL, lost_ms INTEGER NOT NULL,
  reason TEXT NOT NULL, PRIMARY KEY (session_id, start_ms)
) WITHOUT ROWID;
CREATE TABLE removed_spans (
  session_id TEXT NOT NULL, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, removed_at TEXT NOT NULL,
  removed_by TEXT NOT NULL, PRIMARY KEY (session_id, start_ms)
) WITHOUT ROWID;
CREATE TABLE withdrawals (
  id TEXT PRIMARY KEY, client_id TEXT NOT NULL REFERENCES clients(id), scopes TEXT NOT NULL,
  withdrawn_at TEXT NOT NULL, recorded_by TEXT NOT NULL, choice TEXT NOT NULL, due_at TEXT NOT NULL,
  done_at TEXT, inventory TEXT NOT NULL, certificate TEXT
);
CREATE INDEX withdrawals_client ON withdrawals(client_id);
CREATE TABLE stubs (
  session_id TEXT PRIMARY KEY, client_id TEXT NOT NULL, destroyed_at TEXT NOT NULL, certificate TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE copies (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, kind TEXT NOT NULL, made_at TEXT NOT NULL,
  made_by TEXT NOT NULL, place TEXT NOT NULL, recipient TEXT NOT NULL, called_back_at TEXT
);
CREATE INDEX copies_session ON copies(session_id);
CREATE TABLE retention_rules (
  kind TEXT PRIMARY KEY, days INTEGER NOT NULL, set_at TEXT NOT NULL, set_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE holds (
  id TEXT PRIMARY KEY, client_id TEXT NOT NULL, session_id TEXT NOT NULL, reason TEXT NOT NULL,
  expires_on TEXT NOT NULL, placed_at TEXT NOT NULL, placed_by TEXT NOT NULL, lifted_at TEXT
);
CREATE TABLE case_roles (
  id TEXT PRIMARY KEY, client_id TEXT NOT NULL, profile_id TEXT NOT NULL, role TEXT NOT NULL,
  until_on TEXT, given_at TEXT NOT NULL, given_by TEXT NOT NULL, ended_at TEXT
);
CREATE INDEX case_roles_profile ON case_roles(profile_id, client_id);
"""

SCHEMA_V3 = """
CREATE TABLE recalls (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions(id), state TEXT NOT NULL,
  setup TEXT NOT NULL, started_at TEXT NOT NULL, made_by TEXT NOT NULL, rate_hz INTEGER NOT NULL,
  channels INTEGER NOT NULL, samples INTEGER NOT NULL, sha256 TEXT NOT NULL, master_id TEXT NOT NULL,
  peaks_id TEXT NOT NULL, gaps TEXT NOT NULL, facts TEXT NOT NULL
);
CREATE INDEX recalls_session ON recalls(session_id, started_at);
CREATE TABLE recall_stops (
  recall_id TEXT NOT NULL REFERENCES recalls(id), seq INTEGER NOT NULL, session_ms INTEGER NOT NULL,
  recall_start_ms INTEGER NOT NULL, recall_end_ms INTEGER, stopped_by TEXT NOT NULL,
  replayed_from_ms INTEGER, since_last_ms INTEGER NOT NULL, about_from_ms INTEGER NOT NULL,
  PRIMARY KEY (recall_id, seq)
) WITHOUT ROWID;
CREATE TABLE recall_prompts (
  recall_id TEXT NOT NULL REFERENCES recalls(id), seq INTEGER NOT NULL, recall_ms INTEGER NOT NULL,
  prompt TEXT NOT NULL, stop_seq INTEGER, words TEXT NOT NULL, PRIMARY KEY (recall_id, seq)
) WITHOUT ROWID;
CREATE TABLE recall_stretches (
  recall_id TEXT NOT NULL REFERENCES recalls(id), seq INTEGER NOT NULL, recall_start INTEGER NOT NULL,
  recall_end INTEGER NOT NULL, session_start INTEGER NOT NULL, session_end INTEGER NOT NULL,
  speed REAL NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (recall_id, seq)
) WITHOUT ROWID;
CREATE TABLE recall_transcripts (
  id TEXT PRIMARY KEY, recall_id TEXT NOT NULL REFERENCES recalls(id), created_at TEXT NOT NULL,
  settings TEXT NOT NULL, state TEXT NOT NULL, done_ms INTEGER NOT NULL, language TEXT NOT NULL,
  notes TEXT NOT NULL, stats TEXT NOT NULL
);
CREATE INDEX recall_transcripts_recall ON recall_transcripts(recall_id, created_at);
CREATE TABLE recall_windows (
  transcript_id TEXT NOT NULL REFERENCES recall_transcripts(id), seq INTEGER NOT NULL,
  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, words TEXT NOT NULL,
  PRIMARY KEY (transcript_id, seq)
) WITHOUT ROWID;
CREATE INDEX recall_windows_time ON recall_windows(transcript_id, start_ms, end_ms);
CREATE TABLE recall_speaker_names (
  recall_id TEXT NOT NULL REFERENCES recalls(id), label TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (recall_id, label)
) WITHOUT ROWID;
CREATE TABLE recall_marks (
  id TEXT PRIMARY KEY, recall_id TEXT NOT NULL REFERENCES recalls(id), session_id TEXT NOT NULL,
  author_id TEXT NOT NULL, perspective TEXT NOT NULL, about TEXT NOT NULL, start_ms INTEGER NOT NULL,
  end_ms INTEGER NOT NULL, time_frame TEXT NOT NULL, codes TEXT NOT NULL, note TEXT NOT NULL,
  codebook TEXT NOT NULL, created_at TEXT NOT NULL, changed_at TEXT
);
CREATE INDEX recall_marks_recall ON recall_marks(recall_id, start_ms);
CREATE TABLE recall_writeups (
  id TEXT PRIMARY KEY, recall_id TEXT NOT NULL REFERENCES recalls(id), session_id TEXT NOT NULL,
  author_id TEXT NOT NULL, text TEXT, private INTEGER NOT NULL, sealed BLOB, created_at TEXT NOT NULL,
  changed_at TEXT, UNIQUE (recall_id, author_id)
);
CREATE TABLE recall_cards (
  key TEXT PRIMARY KEY, yaml TEXT NOT NULL, changed_at TEXT NOT NULL, changed_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE protocols (
  key TEXT PRIMARY KEY, yaml TEXT NOT NULL, sha256 TEXT NOT NULL, loaded_at TEXT NOT NULL,
  loaded_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE interviews (
  id TEXT PRIMARY KEY, study TEXT NOT NULL, protocol TEXT NOT NULL, session_id TEXT NOT NULL,
  party TEXT NOT NULL, interviewer TEXT NOT NULL, time_point TEXT NOT NULL, state TEXT NOT NULL,
  seed INTEGER, plan TEXT NOT NULL, cued_from TEXT NOT NULL, recall_id TEXT NOT NULL,
  due_from TEXT NOT NULL, due_until TEXT NOT NULL, created_at TEXT NOT NULL, created_by TEXT NOT NULL,
  opened_at TEXT, done_at TEXT, unblinded TEXT NOT NULL
);
CREATE INDEX interviews_session ON interviews(session_id);
CREATE TABLE interview_answers (
  interview_id TEXT NOT NULL REFERENCES interviews(id), seq INTEGER NOT NULL, item TEXT NOT NULL,
  event_id TEXT NOT NULL, value TEXT NOT NULL, given_at TEXT NOT NULL, given_by TEXT NOT NULL,
  PRIMARY KEY (interview_id, seq)
) WITHOUT ROWID;
CREATE TABLE recall_events (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, interview_id TEXT NOT NULL, party TEXT NOT NULL,
  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, peaks TEXT NOT NULL, title TEXT NOT NULL,
  same_as TEXT NOT NULL, created_at TEXT NOT NULL, created_by TEXT NOT NULL, changed_at TEXT
);
CREATE INDEX recall_events_session ON recall_events(session_id, start_ms);
CREATE TABLE rating_series (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, author_id TEXT NOT NULL, setup TEXT NOT NULL,
  started_at TEXT NOT NULL, state TEXT NOT NULL, facts TEXT NOT NULL
);
CREATE INDEX rating_series_session ON rating_series(session_id, started_at);
CREATE TABLE rating_runs (
  series_id TEXT NOT NULL REFERENCES rating_series(id), seq INTEGER NOT NULL, pass INTEGER NOT NULL,
  start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (series_id, seq)
) WITHOUT ROWID;
CREATE TABLE rating_points (
  series_id TEXT NOT NULL REFERENCES rating_series(id), seq INTEGER NOT NULL, points TEXT NOT NULL,
  PRIMARY KEY (series_id, seq)
) WITHOUT ROWID;
"""
