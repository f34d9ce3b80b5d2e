"""What models get right of corrupted images, in words."""
