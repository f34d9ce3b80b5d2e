"""MNIST from its archive or folder, downloaded if need be."""
