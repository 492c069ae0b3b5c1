"""What the README of baggage shows works."""

from __future__ import annotations

import re
from pathlib import Path

import spanwise.baggage
from spanwise.baggage import MOST_BYTES, MOST_VALUE_BYTES, BaggageConfig


FILE = Path(spanwise.baggage.__file__).with_name("README.md")


def test_the_policy(tmp_path: Path) -> None:
    """It is read without a complaint and says what it shows; the limits are those of the code."""
    text = FILE.read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "spanwise.yaml").write_text(block)
    config = BaggageConfig.of({"SPANWISE_POLICY": str(tmp_path / "spanwise.yaml")})
    assert config.send == ("user", "tenant", "metadata.plan")
    assert config.may_know("a.corp.example")
    assert f"above {MOST_VALUE_BYTES} bytes" in text
    assert f"{MOST_BYTES:,} in all" in text
