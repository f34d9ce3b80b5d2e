"""Shows: the router, the cached engine, charts, pictures and controls shared by the pages."""
