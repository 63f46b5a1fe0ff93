"""Phase 3: every word is heard again, laid against the script, and judged."""
