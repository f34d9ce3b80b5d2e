"""How far an answer can be trusted: calibrated probabilities, and sets with a promised coverage."""
