"""What is computed once and shared by all viewers: the only package that keeps results."""
