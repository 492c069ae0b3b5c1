"""Settings of the whole suite."""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings


# Whoever runs the suite may have a price book, a policy or settings of their own; none of them is what is tested.
_data = tempfile.TemporaryDirectory(prefix="spanwise-data-")
os.environ["XDG_DATA_HOME"] = _data.name
for name in [name for name in os.environ if name.startswith(("SPANWISE_", "OTEL_"))]:
    if name != "SPANWISE_ENGINES":
        del os.environ[name]

# A busy machine makes an example slow, not wrong: speed is measured in tests/bench. A commit has one set of examples.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
