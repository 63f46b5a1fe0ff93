"""What things are: frozen dataclasses, enums and pure rules. Standard library only; no I/O, clock or randomness."""
