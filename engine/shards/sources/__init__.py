"""Where shards come from: files of any size, found by a pattern and read a block at a time."""
