"""What is said of slices: images that share something."""
