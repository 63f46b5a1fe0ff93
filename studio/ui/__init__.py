"""The window: Qt widgets, and the one bridge on which they hear the engine. Knows the engine and the domain only."""
