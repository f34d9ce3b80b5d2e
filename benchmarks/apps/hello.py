"""The smallest app there is: one heading."""

import streamlit as st

st.title("Hello")
