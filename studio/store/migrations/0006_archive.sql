-- When a project was put away. It is not listed then, and keeps everything. `worked_at` is when it was last used.

ALTER TABLE projects ADD COLUMN archived_at TEXT;
