"""Readings of a network as rows: stages, layers, memory, receptive field, comparisons; and their formats."""
