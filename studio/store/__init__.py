"""The library on disk: SQLite for what is known, files by content hash for what was made. The only SQL."""
