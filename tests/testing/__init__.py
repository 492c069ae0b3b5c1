"""Tests of what a user's test suite gets."""
