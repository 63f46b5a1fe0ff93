-- Scripts before they are spoken: what was read, what was asked of a model, what the checks said, how words are spoken.

-- What was read. `current` is the newest of an address; older ones stay for the episodes that cite them.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    title TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    language TEXT NOT NULL,
    published TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    current INTEGER NOT NULL DEFAULT 1,
    UNIQUE (address, sha256)
) STRICT;

CREATE TABLE excerpts (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources (id),
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    place TEXT NOT NULL,
    language TEXT NOT NULL, -- its own, or empty where it is the source's
    UNIQUE (source_id, position)
) STRICT;

-- By their ids: the words of each, and those of the title and the headings that it stands under. The text is not in it twice.
CREATE VIRTUAL TABLE excerpt_words USING fts5 (
    text, heading, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);

-- Answers of a writer's model, under the key of the question.
CREATE TABLE answers (
    key TEXT PRIMARY KEY,
    attempt_id INTEGER NOT NULL REFERENCES attempts (id),
    packed BLOB NOT NULL
) STRICT;

-- Where a script that the studio wrote comes from.
CREATE TABLE provenances (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id),
    packed BLOB NOT NULL
) STRICT;

CREATE TABLE script_reports (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id),
    verdict TEXT NOT NULL,
    packed BLOB NOT NULL
) STRICT;

CREATE TABLE fingerprints (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id),
    signature BLOB NOT NULL
) STRICT;

CREATE TABLE fingerprint_bands (
    band INTEGER NOT NULL,
    episode_id INTEGER NOT NULL REFERENCES fingerprints (episode_id) ON DELETE CASCADE,
    PRIMARY KEY (band, episode_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX fingerprint_bands_by_episode ON fingerprint_bands (episode_id);

-- How words are spoken in every project; a project's own list, and a brand's, go before it.
CREATE TABLE lexicon (
    written TEXT PRIMARY KEY,
    spoken TEXT NOT NULL,
    phonemes TEXT NOT NULL DEFAULT '', -- IPA, or empty
    changed_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;

ALTER TABLE episodes ADD COLUMN script_verdict TEXT;
ALTER TABLE episodes ADD COLUMN script_approved INTEGER NOT NULL DEFAULT 0;
