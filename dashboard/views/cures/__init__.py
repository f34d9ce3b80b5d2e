"""The cures page: the ladder as it is climbed, one cure of it, and what all of them leave."""
