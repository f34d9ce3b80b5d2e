"""From any picture to an image like a dataset's: decode, find the ink, normalise its size."""
