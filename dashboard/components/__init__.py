"""Custom Streamlit components: the pad, the pixel editor, paste, the gallery, storage, history."""
