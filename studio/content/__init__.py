"""Phase 1: scripts are read, checked and turned into what a voice is asked to say."""
