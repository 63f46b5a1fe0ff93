-- By which settings a take was spoken and a master was made (JSON), so that only what is alike is compared.
-- Empty for what was made before.

ALTER TABLE takes ADD COLUMN spoken_as TEXT NOT NULL DEFAULT '';
ALTER TABLE masters ADD COLUMN mastered_as TEXT NOT NULL DEFAULT '';
