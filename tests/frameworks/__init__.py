"""Promises of the instrumentations of frameworks; `tests/versions` runs them where the frameworks are installed."""
