-- Purchases step by step, budgets in credits, the fence, terms of a plan, settings of an episode's own.

-- `ended_at` is when a purchase was over; until then its upper bound is held.
CREATE TABLE purchases (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('purchase', 'reuse')),
    project_id INTEGER NOT NULL REFERENCES projects (id),
    episode_id INTEGER NOT NULL REFERENCES episodes (id),
    key TEXT NOT NULL,
    voice TEXT NOT NULL,
    model TEXT NOT NULL,
    characters INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('intent', 'sent', 'received', 'stored', 'settled', 'unknown', 'failed')),
    upper_bound_micro INTEGER NOT NULL CHECK (upper_bound_micro >= 0),
    settled_micro INTEGER NOT NULL DEFAULT 0 CHECK (settled_micro >= 0),
    credits_bound INTEGER NOT NULL CHECK (credits_bound >= 0),
    credits INTEGER CHECK (credits >= 0),
    request_id TEXT NOT NULL DEFAULT '',
    history_id TEXT NOT NULL DEFAULT '',
    error TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    sent_at TEXT,
    received_at TEXT,
    stored_at TEXT,
    ended_at TEXT,
    paid INTEGER NOT NULL
        GENERATED ALWAYS AS (kind = 'purchase' AND (upper_bound_micro > 0 OR credits_bound > 0)) VIRTUAL,
    reserved_micro INTEGER NOT NULL GENERATED ALWAYS AS (iif(ended_at IS NULL, upper_bound_micro, 0)) VIRTUAL,
    held_credits INTEGER NOT NULL
        GENERATED ALWAYS AS (iif(ended_at IS NULL, max(credits_bound, coalesce(credits, 0)), 0)) VIRTUAL,
    -- Where the provider did not say what it charged, what it may have been.
    charged_credits INTEGER NOT NULL
        GENERATED ALWAYS AS (iif(ended_at IS NULL, 0, coalesce(credits, credits_bound))) VIRTUAL,
    CHECK ((ended_at IS NULL) = (state NOT IN ('settled', 'failed'))),
    CHECK (ended_at IS NOT NULL OR settled_micro = 0)
) STRICT;

-- An intent of before may have been sent. No model charges more than one credit a character.
INSERT INTO purchases (
    id, kind, project_id, episode_id, key, voice, model, characters, state, upper_bound_micro, settled_micro,
    credits_bound, credits, request_id, error, created_at, sent_at, stored_at, ended_at
)
SELECT
    id, kind, project_id, episode_id, key, voice, model, characters,
    iif(state = 'intent' AND reserved_micro > 0, 'sent', state),
    upper_bound_micro, settled_micro,
    iif(upper_bound_micro > 0, characters, 0),
    iif(kind = 'reuse' OR upper_bound_micro = 0 OR state = 'failed', 0, NULL),
    request_id, error, created_at,
    iif(state <> 'intent' OR reserved_micro > 0, created_at, NULL),
    iif(kind = 'purchase' AND state = 'settled', ended_at, NULL),
    iif(state IN ('settled', 'failed'), coalesce(ended_at, created_at), NULL)
FROM attempts;

DROP TABLE attempts;
ALTER TABLE purchases RENAME TO attempts;

CREATE INDEX attempts_by_project ON attempts (project_id);
CREATE INDEX attempts_by_episode ON attempts (episode_id);
CREATE INDEX attempts_by_time ON attempts (created_at);
CREATE INDEX attempts_by_end ON attempts (ended_at);

-- What is held, or may have been charged, is asked for once, whatever the program does.
CREATE UNIQUE INDEX attempts_open ON attempts (key) WHERE paid AND ended_at IS NULL;

-- Nothing in the provider's history is accounted for twice.
CREATE UNIQUE INDEX attempts_by_history ON attempts (history_id) WHERE history_id <> '';

-- What an attempt had asked for, in full, until it is over.
CREATE TABLE asks (
    attempt_id INTEGER PRIMARY KEY REFERENCES attempts (id),
    packed BLOB NOT NULL
) STRICT;

ALTER TABLE speeches ADD COLUMN request_id TEXT NOT NULL DEFAULT '';

-- Who works in the library: the copy of the program that raised the token last. What another one writes is refused.
CREATE TABLE fence (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    token INTEGER NOT NULL
) STRICT;

INSERT INTO fence (id, token) VALUES (1, 0);

-- How a voice took text when a take was first planned from these inputs.
CREATE TABLE terms (
    episode_id INTEGER NOT NULL REFERENCES episodes (id),
    number INTEGER NOT NULL,
    inputs TEXT NOT NULL,
    terms TEXT NOT NULL,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    PRIMARY KEY (episode_id, number, inputs)
) STRICT;

ALTER TABLE episodes ADD COLUMN overrides TEXT NOT NULL DEFAULT '';
