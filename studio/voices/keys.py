"""Where API keys are kept: the operating system's keyring."""

from studio.domain.health import Health

# Backends that keep nothing, or keep it readable for everybody.
_NO_BACKEND = ("keyring.backends.fail", "keyring.backends.null")
_PLAIN = ("plaintext", "keyrings.alt")


def health() -> Health:
    """Which keyring would hold an API key. None is needed while only the built-in voice speaks."""
    import keyring

    backend = keyring.get_keyring()
    # Several at once are chained; the first one that works takes the key.
    chained = list(getattr(backend, "backends", [])) or [backend]
    chosen = type(chained[0])
    name = f"{chosen.__module__}.{chosen.__qualname__}"
    part = "Keyring"
    if name.startswith(_NO_BACKEND):
        return Health(
            part,
            works=False,
            detail="This system has no keyring to hold an API key.",
            remedy="Install one (GNOME Keyring, KWallet), or set ELEVENLABS_API_KEY for a vendor's voice.",
            needed=False,
        )
    if any(word in name.lower() for word in _PLAIN):
        return Health(
            part,
            works=False,
            detail=f"The keyring {name} stores keys as plain text; it is not used.",
            remedy="Install GNOME Keyring or KWallet, or set ELEVENLABS_API_KEY for a vendor's voice.",
            needed=False,
        )
    return Health(part, works=True, detail=name, needed=False)
