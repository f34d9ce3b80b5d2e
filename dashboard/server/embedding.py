"""Who may show the app within a page of theirs, and other headers of every answer."""

import os

FRAMES = "DIGITSCOPE_FRAMES"


def headers(frames: str) -> tuple[tuple[bytes, bytes], ...]:
    """Of all answers; ``frames`` are the origins that may embed the app, '' for its own alone."""
    policy = f"frame-ancestors 'self' {' '.join(frames.split())}".strip()
    found = {"content-security-policy": policy, "x-content-type-options": "nosniff"}
    if not frames:
        found["x-frame-options"] = "SAMEORIGIN"  # for browsers that know no policy; it has no list
    return tuple((name.encode(), value.encode()) for name, value in found.items())


HEADERS = headers(os.environ.get(FRAMES, ""))
