-- How consistent a voice is, how well a script keeps to its brand, what was mended in a take.

ALTER TABLE episodes ADD COLUMN voice_consistency REAL;
ALTER TABLE episodes ADD COLUMN brand_alignment REAL;
ALTER TABLE episodes ADD COLUMN mending TEXT NOT NULL DEFAULT '';

ALTER TABLE takes ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE takes ADD COLUMN mends TEXT NOT NULL DEFAULT '[]';

ALTER TABLE findings ADD COLUMN sure REAL;

-- What a spoken form gives a voice to do (`domain.extent`). Of what was prepared before, as ordinary prose has it.
ALTER TABLE spoken ADD COLUMN extent REAL NOT NULL DEFAULT 0;
ALTER TABLE spoken ADD COLUMN sentences INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spoken ADD COLUMN marks INTEGER NOT NULL DEFAULT 0;
UPDATE spoken SET extent = characters, sentences = characters / 152, marks = characters / 66;

-- What the voice of a take is like, beside its report, so that many can be read without their words.
CREATE TABLE voiceprints (
    episode_id INTEGER NOT NULL,
    take_number INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (episode_id, take_number),
    FOREIGN KEY (episode_id, take_number) REFERENCES reports (episode_id, take_number) ON DELETE CASCADE
) STRICT;
