"""Privacy: with content switched off nothing that was said is in a span, and keys and headers never are."""

from __future__ import annotations

from collections.abc import Callable

from tests.torture.case.case import Case, Expect, Scene
from tests.torture.observation import Caught
from tests.torture.sdk import TriedSdk


CONTENT = "no content where it is switched off"
SECRETS = "no key or header in any span"

PROMPT = "canary-prompt-5113"
HEADER = "canary%2Dheader"
ANSWERS = {
    "answer": f"text;text={HEADER}",
    "echo": "echo",
    "refusal": "refusal",
    "error": "error_400",
    "error event": "stream_error;after=1",
}


def _plain(scenario: str) -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        with scene.sdk.client(scenario) as client, Caught():
            scene.sdk.plain(client, PROMPT)

    return program


def _streamed(scenario: str) -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        with scene.sdk.client(scenario) as client, Caught():
            list(scene.sdk.stream(client, PROMPT))

    return program


def _streamed_async(scenario: str) -> Callable[[Scene], object]:
    async def program(scene: Scene) -> None:
        async with scene.sdk.async_client(scenario) as client:
            with Caught():
                [chunk async for chunk in await scene.sdk.stream(client, PROMPT)]

    return program


def cases(sdk: TriedSdk) -> list[Case]:
    """Answers and errors, plain and streamed."""
    content = Expect(spans=None, forbids=(PROMPT, "canary-header"))
    secrets = Expect(spans=None, forbids=(sdk.key, HEADER))
    found = []
    for name, scenario in ANSWERS.items():
        programs = [(f"{name} stream sync", _streamed(scenario))]
        if name != "error event":
            programs.append((f"{name} sync", _plain(scenario)))
        if sdk.has_async:
            programs.append((f"{name} stream async", _streamed_async(scenario)))
        for label, program in programs:
            found.append(Case(CONTENT, label, program, content))
            found.append(Case(SECRETS, label, program, secrets))
    return found
