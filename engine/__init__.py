"""Computes: data, templates, distances, errors, descent. Never imports Streamlit or Altair."""
