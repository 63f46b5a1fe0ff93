-- The books: by day what was spent and made, and which marks of a budget have been told.

CREATE INDEX takes_by_time ON takes (created_at);

-- Once each: a mark (in percent) of a budget of this amount, in this period (a local day or month, a time, or empty).
CREATE TABLE budget_alerts (
    scope TEXT NOT NULL,
    project_id INTEGER NOT NULL, -- 0 for budgets of the whole library
    period TEXT NOT NULL,
    amount INTEGER NOT NULL,
    mark INTEGER NOT NULL,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    PRIMARY KEY (scope, project_id, period, amount, mark)
) STRICT;
