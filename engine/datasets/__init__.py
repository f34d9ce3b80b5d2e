"""Labelled images: MNIST, scikit-learn's digits, what the server names, and their cache."""
