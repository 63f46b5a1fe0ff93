"""Samples in, samples or numbers out. Everything here streams: memory does not grow with the length of an episode."""
