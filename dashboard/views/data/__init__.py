"""The parts of the Data page: uploads and duplicates."""
