"""Where CPU-heavy functions run: in worker processes, so that the event loop and the window stay free."""
