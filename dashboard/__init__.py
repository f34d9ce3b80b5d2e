"""Shows: the router, kept results, charts, pictures and controls shared by the pages."""
