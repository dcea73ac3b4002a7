"""Endterm: a self-grading exam practice web app."""
