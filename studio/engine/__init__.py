"""How an episode moves: asyncio and Protocols. Knows no vendor, no Qt and no SQL."""
