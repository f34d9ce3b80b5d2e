"""One picture of a viewer: its prediction, and when there is none."""
