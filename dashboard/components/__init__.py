"""Custom Streamlit components: the drawing pad, the pixel editor, paste and the image gallery."""
