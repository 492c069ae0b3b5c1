"""The emulator as a process of its own, and as one that closes at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

from openai import OpenAI

from tests.emulator import Emulator


ROOT = Path(__file__).parents[2]


def test_emulator_process_prints_its_url_and_ends_on_sigterm() -> None:
    """The first line is a URL that answers with the scenario of the command line; SIGTERM ends it with 0."""
    command = [sys.executable, "-m", "tests.emulator", "--port", "0", "--scenario", "text;text=from%20outside"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with OpenAI(base_url=f"{url}/v1", api_key="test") as client:
            answer = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "hi"}])
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert answer.choices[0].message.content == "from outside"


def test_emulator_process_refuses_an_unknown_scenario() -> None:
    """A scenario that does not exist is wrong use: exit code 2, and the names there are."""
    command = [sys.executable, "-m", "tests.emulator", "--scenario", "nothing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "rate_limit" in done.stderr


def test_emulator_closes_at_once_and_leaves_no_thread() -> None:
    """Closing waits neither for an idle connection nor for an answer that is held back."""
    before = set(threading.enumerate())
    with (
        Emulator() as emulator,
        OpenAI(base_url=emulator.openai_url, api_key="test") as idle,
        OpenAI(base_url=emulator.openai_url, api_key="test", max_retries=0) as client,
    ):
        idle.embeddings.create(model="text-embedding-3-small", input="idle")
        stream = client.chat.completions.create(
            model="gpt-4o",
            messages=[{"role": "user", "content": "hi"}],
            stream=True,
            extra_headers={"x-emulator": "slow_chunks;delay_s=30"},
        )
        emulator.close()
        assert [request.outcome for request in emulator.requests] == ["complete", "cut"]
        stream.close()
    assert set(threading.enumerate()) <= before


def test_emulator_keeps_the_newest_requests() -> None:
    """The record of requests is bounded."""
    with Emulator(keep_requests=2) as emulator, OpenAI(base_url=emulator.openai_url, api_key="test") as client:
        for text in ("one", "two", "three"):
            client.embeddings.create(model="text-embedding-3-small", input=text)
        assert [request.body["input"] for request in emulator.requests] == ["two", "three"]
