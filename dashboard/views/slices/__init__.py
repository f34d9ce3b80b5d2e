"""The parts of the slices page: which kind of images a model gets wrong."""
