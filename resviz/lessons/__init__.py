"""Lessons on residual networks: texts as data, experiments as functions, numbers computed as they are shown."""
