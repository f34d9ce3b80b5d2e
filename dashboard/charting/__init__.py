"""Tables in, Altair charts out: one module a subject, no Streamlit but in `render`."""
