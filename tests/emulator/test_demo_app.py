"""The demonstration runs against the emulator, without Spanwise, as the ordinary application it is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator import Emulator


ROOT = Path(__file__).parents[2]
STEPS = ["plain", "streamed", "retrieval", "tool", "claude streamed", "claude plain", "retried", "refused", "private"]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator of this test's own."""
    with Emulator() as running:
        yield running


def run_app(emulator: Emulator, **changed: str) -> tuple[dict[str, str], str]:
    """The lines the application printed by their step, and its standard error. It must have ended with 0."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI", "ANTHROPIC", "OTEL"))}
    settings = kept | {
        "DEMO_EMULATOR": "1",
        "OPENAI_API_KEY": "test",
        "OPENAI_BASE_URL": emulator.openai_url,
        "ANTHROPIC_API_KEY": "test",
        "ANTHROPIC_BASE_URL": emulator.anthropic_url,
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "demo" / "app.py")],
        cwd=ROOT,
        env=settings | changed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line.partition(": ") for line in done.stdout.splitlines()]
    return {step.strip(): said for step, _, said in lines}, done.stderr


def test_demo_app_goes_through_every_step(emulator: Emulator) -> None:
    """Each step prints its line, with the answer that step is there to show."""
    said, complaints = run_app(emulator)
    assert list(said) == STEPS
    assert complaints == ""
    assert said["plain"] == "The shop is open from 9:00 to 18:00, Monday to Saturday."
    assert said["retrieval"].endswith("(from: returns, shipping)")
    assert '"on its way"' in said["tool"]
    assert said["refused"] == "I'm sorry, but I can't help with that."


def test_demo_app_sends_what_it_says(emulator: Emulator) -> None:
    """The provider saw one limited attempt and its retry, a tool result, a stream from each SDK, and the secrets."""
    run_app(emulator)
    requests = emulator.requests
    limited = [r for r in requests if r.headers.get("x-emulator") == "rate_limit"]
    assert [request.status for request in limited] == [429, 200]
    assert {request.path for request in requests} == {"/v1/chat/completions", "/v1/embeddings", "/v1/messages"}
    assert any(message["role"] == "tool" for r in requests for message in r.body.get("messages", ()))
    assert [request.path for request in requests if request.body.get("stream")] == [
        "/v1/chat/completions",
        "/v1/messages",
    ]
    sent = requests[-1].body["messages"][-1]["content"]
    assert all(secret in sent for secret in ("jane.doe@example.com", "4111 1111 1111 1111", "sk-proj-A1b2A1b2"))


def test_demo_app_skips_claude_without_a_key_and_sends_no_scenario_to_a_real_endpoint(emulator: Emulator) -> None:
    """Without ANTHROPIC_API_KEY one line says so; without DEMO_EMULATOR no request asks for a fault."""
    said, _ = run_app(emulator, ANTHROPIC_API_KEY="", DEMO_EMULATOR="")
    assert said["claude"].startswith("skipped")
    assert "claude plain" not in said
    assert all("x-emulator" not in request.headers for request in emulator.requests)
    assert all(request.path != "/v1/messages" for request in emulator.requests)
