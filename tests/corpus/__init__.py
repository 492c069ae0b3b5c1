"""A seeded corpus of texts as GenAI telemetry holds them, with exact labels, and the evaluator of redaction engines.

Values come from code of its own, with check digits from the public standards: it shares nothing with the rules.
"""

from tests.corpus.corpus import SEED, SIZE, corpus, digest
from tests.corpus.text import Label, Text


__all__ = ["SEED", "SIZE", "Label", "Text", "corpus", "digest"]
