"""Settings of the whole suite."""

from __future__ import annotations

from hypothesis import settings


# A busy machine makes an example slow, not wrong: speed is measured in tests/bench. A commit has one set of examples.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")
