"""Charts of what is right under corruption."""
