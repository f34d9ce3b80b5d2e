"""What runs once a server: its log line and its garbage collection."""
