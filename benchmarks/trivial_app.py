"""The least that Streamlit can do for a change: a box with presets and a number, and the network's name as text."""

import streamlit as st

name = st.selectbox("Preset", ("resnet34", "resnet50", "resnet101", "resnet18", "resnet152"), index=4)
blocks = st.number_input("Blocks", 1, 99, 6)
st.html(f"<h1>{name} {blocks}</h1>")
