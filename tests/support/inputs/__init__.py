"""Hypothesis strategies for what strangers may send: nearly right, wrong, and made to hurt."""
