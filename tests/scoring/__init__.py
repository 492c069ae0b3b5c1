"""Scores and feedback."""
