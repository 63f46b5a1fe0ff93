-- Times are UTC, ISO 8601. Money is integer micro-dollars. Durations are seconds.

CREATE TABLE migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    out_dir TEXT NOT NULL,
    settings TEXT NOT NULL,
    review_seed INTEGER NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    worked_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

-- Scripts as they were queued, whole, by the hash of that form.
CREATE TABLE scripts (
    sha256 TEXT PRIMARY KEY,
    packed BLOB NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

-- Files under artifacts/, by content. Only those that something here points to.
CREATE TABLE artifacts (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    suffix TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    UNIQUE (sha256, suffix)
) STRICT;

CREATE TABLE episodes (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id),
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    stage TEXT NOT NULL,
    priority INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    expected_duration_s REAL,
    duration_s REAL,
    take INTEGER NOT NULL,
    takes INTEGER NOT NULL,
    repairs INTEGER NOT NULL,
    verdict TEXT,
    word_accuracy REAL,
    loudness_lufs REAL,
    true_peak_dbtp REAL,
    findings INTEGER NOT NULL,
    drawn INTEGER NOT NULL,
    clearance TEXT NOT NULL,
    cost_micro INTEGER NOT NULL,
    reserved_micro INTEGER NOT NULL,
    folder TEXT NOT NULL,
    reason TEXT NOT NULL,
    remedy TEXT NOT NULL,
    strip BLOB NOT NULL,
    strip_faults TEXT NOT NULL,
    timings TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    script_sha256 TEXT NOT NULL REFERENCES scripts (sha256),
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    removed_at TEXT,
    UNIQUE (project_id, number)
) STRICT;

-- A text is in a project once; one that was taken out may come back.
CREATE UNIQUE INDEX episodes_by_text ON episodes (project_id, text_sha256) WHERE removed_at IS NULL;

CREATE TABLE spoken (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id),
    characters INTEGER NOT NULL,
    pauses_s REAL NOT NULL,
    packed BLOB NOT NULL
) STRICT;

CREATE TABLE takes (
    episode_id INTEGER NOT NULL REFERENCES episodes (id),
    number INTEGER NOT NULL,
    voice TEXT NOT NULL,
    model TEXT NOT NULL,
    seed INTEGER NOT NULL,
    speed REAL NOT NULL,
    audio INTEGER NOT NULL REFERENCES artifacts (id),
    duration_s REAL NOT NULL,
    marks BLOB NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    PRIMARY KEY (episode_id, number)
) STRICT;

CREATE INDEX takes_by_voice ON takes (voice, model, speed);

CREATE TABLE masters (
    episode_id INTEGER NOT NULL,
    take_number INTEGER NOT NULL,
    audio INTEGER NOT NULL REFERENCES artifacts (id),
    peaks INTEGER NOT NULL REFERENCES artifacts (id),
    gain_db REAL NOT NULL,
    limited_db REAL NOT NULL,
    strip BLOB NOT NULL,
    sound BLOB NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    PRIMARY KEY (episode_id, take_number),
    FOREIGN KEY (episode_id, take_number) REFERENCES takes (episode_id, number)
) STRICT;

-- `packed` is the report without its findings: those are rows.
CREATE TABLE reports (
    episode_id INTEGER NOT NULL,
    take_number INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    accuracy REAL,
    ears TEXT NOT NULL,
    packed BLOB NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    PRIMARY KEY (episode_id, take_number),
    FOREIGN KEY (episode_id, take_number) REFERENCES masters (episode_id, take_number) ON DELETE CASCADE
) STRICT;

CREATE TABLE findings (
    episode_id INTEGER NOT NULL,
    take_number INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    detail TEXT NOT NULL,
    start_s REAL,
    end_s REAL,
    said TEXT NOT NULL,
    script TEXT NOT NULL,
    source_start INTEGER,
    source_end INTEGER,
    PRIMARY KEY (episode_id, take_number, position),
    FOREIGN KEY (episode_id, take_number) REFERENCES reports (episode_id, take_number) ON DELETE CASCADE
) STRICT;

CREATE INDEX findings_by_kind ON findings (kind, severity);

CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episodes (id),
    stage TEXT NOT NULL,
    outcome TEXT NOT NULL,
    seconds REAL NOT NULL,
    note TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

CREATE INDEX history_by_episode ON history (episode_id);

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episodes (id),
    take_number INTEGER NOT NULL,
    clearance TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

CREATE INDEX decisions_by_episode ON decisions (episode_id);

-- Every purchase, and (kind 'reuse') every time that one was spared.
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('purchase', 'reuse')),
    project_id INTEGER NOT NULL REFERENCES projects (id),
    episode_id INTEGER NOT NULL REFERENCES episodes (id),
    key TEXT NOT NULL,
    voice TEXT NOT NULL,
    model TEXT NOT NULL,
    characters INTEGER NOT NULL,
    state TEXT NOT NULL,
    upper_bound_micro INTEGER NOT NULL CHECK (upper_bound_micro >= 0),
    reserved_micro INTEGER NOT NULL CHECK (reserved_micro >= 0),
    settled_micro INTEGER NOT NULL CHECK (settled_micro >= 0),
    request_id TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    ended_at TEXT
) STRICT;

CREATE INDEX attempts_by_project ON attempts (project_id);
CREATE INDEX attempts_by_episode ON attempts (episode_id);

-- What is held, or may have been charged, is asked for once, whatever the program does.
CREATE UNIQUE INDEX attempts_open ON attempts (key) WHERE reserved_micro > 0;

-- What a content key has given; the file is never bought again while it is there.
CREATE TABLE speeches (
    key TEXT PRIMARY KEY,
    attempt_id INTEGER NOT NULL REFERENCES attempts (id),
    audio INTEGER NOT NULL REFERENCES artifacts (id),
    duration_s REAL NOT NULL,
    marks BLOB NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;
