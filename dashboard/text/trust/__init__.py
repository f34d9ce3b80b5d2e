"""How far a model can be trusted, in words."""

from dashboard.text.trust import reliability, sets

__all__ = ["reliability", "sets"]
