"""Phase 2: who speaks. What goes wrong at a vendor becomes one of our errors here."""
