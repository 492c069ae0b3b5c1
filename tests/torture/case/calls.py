"""One call, one span: every operation of the SDK, in every variant, sync and async."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.torture.case.case import Case, Expect, Scene
from tests.torture.sdk import TriedSdk


PLAIN = "one span per call"
VARIANTS = "raw, parsed, helper and beta variants"
NATIVE = "a call counts once where the SDK traces itself"


def _sync(run: Callable[[Any], Any]) -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        with scene.sdk.client() as client:
            run(client)

    return program


def _async(run: Callable[[Any], Awaitable[Any]]) -> Callable[[Scene], object]:
    async def program(scene: Scene) -> None:
        async with scene.sdk.async_client() as client:
            await run(client)

    return program


def _twice(scene: Scene) -> None:
    with scene.sdk.client() as client:
        scene.sdk.plain(client)
        scene.sdk.plain(client)


def cases(sdk: TriedSdk) -> list[Case]:
    """One case for each operation and each way to call it."""
    found = []
    for operation in sdk.operations:
        promise = VARIANTS if operation.variant else PLAIN
        basic = operation.basic or operation.name
        expect = Expect(failed=False)
        if operation.run is not None:
            found.append(Case(promise, f"{operation.name} sync", _sync(operation.run), expect, f"{basic} sync"))
        if operation.run_async is not None:
            found.append(
                Case(promise, f"{operation.name} async", _async(operation.run_async), expect, f"{basic} async")
            )
    if sdk.native_scopes:
        found.append(Case(NATIVE, "two plain calls", _twice, Expect(spans=2, counts_native=True)))
    return found
