"""OpenTelemetry's own instrumentation of the `google-genai` SDK beside ours, under `opentelemetry-instrument`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.versions.overlay import overlay
from tests.versions.test_neighbours import run


PROGRAM = """
import asyncio, os
from google import genai
sdk = genai.Client(api_key="k", http_options={"base_url": os.environ["GEMINI_URL"]})
asked = {"model": "gemini-3.5-flash", "contents": "a"}
sdk.models.generate_content(**asked)
list(sdk.models.generate_content_stream(**asked))
sdk.models.embed_content(model="gemini-embedding-001", contents="a")
sdk.interactions.create(model="gemini-3.5-flash", input="a")
list(sdk.interactions.create(model="gemini-3.5-flash", input="a", stream=True))

async def main():
    await sdk.aio.models.generate_content(**asked)
    [chunk async for chunk in await sdk.aio.models.generate_content_stream(**asked)]

asyncio.run(main())
"""
CALLS = ["chat gemini-3.5-flash"] * 2 + ["embeddings gemini-embedding-001"] + ["generate_content gemini-3.5-flash"] * 4


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator() as running:
        yield running


@pytest.mark.slow
def test_google_genai_beside_the_official_instrumentation(emulator: Emulator, tmp_path: Path) -> None:
    """Each call is one span, whoever makes it."""
    folder = overlay(
        tmp_path / "official",
        "opentelemetry-instrumentation-google-genai==1.3b0",
        "opentelemetry-util-genai==1.3b0",
        dependencies=False,
    )
    found = run(emulator, folder, PROGRAM, GEMINI_URL=emulator.url)
    assert sorted(str(span["name"]) for span in found) == CALLS


def test_google_genai_alone(emulator: Emulator, tmp_path: Path) -> None:
    """Under `opentelemetry-instrument` alone, each call is one span of ours, priced."""
    found = run(emulator, tmp_path, PROGRAM, GEMINI_URL=emulator.url)
    assert sorted(str(span["name"]) for span in found) == CALLS
    for span in found:
        attributes = span["attributes"]
        assert isinstance(attributes, dict)
        assert attributes["spanwise.cost.status"] == "exact", attributes
