"""The parts of the page Trust: how reliable answers are, and which of them to abstain from."""
