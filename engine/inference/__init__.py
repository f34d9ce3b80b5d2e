"""One picture of a viewer: its prediction, how reliable it is, and when there is none."""
