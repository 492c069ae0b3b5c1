"""Streams, however they end: one implementation for every tap."""
