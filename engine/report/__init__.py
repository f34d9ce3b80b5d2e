"""Reports one can send: conclusions in sentences, and self-contained HTML files."""
