"""Looks for input that breaks redaction or pricing: `python -m tests.fuzz --minutes 60`. No part of the suite.

Every target takes a source of chance and raises `Broken` when a promise does not hold. Three drivers give chance: a
seeded generator, Hypothesis, and atheris, which steers by the branches that were taken. `tests/redact` runs the same
targets a few hundred times.
"""
