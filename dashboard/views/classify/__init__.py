"""The parts of the Classify page, in the order of the screen."""
