"""Tables in, Altair charts out: one file per subject, no Streamlit."""
