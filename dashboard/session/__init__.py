"""What belongs to one visit: its choices, its address and its uploads."""
