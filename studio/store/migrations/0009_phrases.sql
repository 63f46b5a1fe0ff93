-- A sample of the phrases of every text that was checked, by which a short one that stands in a long one is found.
CREATE TABLE fingerprint_phrases (
    phrase INTEGER NOT NULL,
    episode_id INTEGER NOT NULL REFERENCES fingerprints (episode_id) ON DELETE CASCADE,
    PRIMARY KEY (phrase, episode_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX fingerprint_phrases_by_episode ON fingerprint_phrases (episode_id);
