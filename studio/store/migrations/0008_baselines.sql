-- From which check on what is usual of a voice and model is learned anew, because a person said so. Nothing is deleted:
-- what was usual before holds until enough is there, and again when the row is taken back.

CREATE TABLE renewals (
    id INTEGER PRIMARY KEY,
    voice TEXT NOT NULL,
    model TEXT NOT NULL,
    since TEXT NOT NULL,
    made_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) STRICT;
