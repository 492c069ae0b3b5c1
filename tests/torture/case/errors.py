"""Errors: one span that says so in few words, however often the SDK tries."""

from __future__ import annotations

from collections.abc import Callable

from tests.torture.case.case import Case, Expect, Scene
from tests.torture.fault import closed_port, reset, silent
from tests.torture.observation import Caught
from tests.torture.sdk import TriedSdk


STATUS = "refusals (400 to 529): status ERROR, error.type of few values"
TRANSPORT = "time-outs, refused, reset, malformed body"
RETRIES = "retries are inside one span"

STATUSES = ("error_400", "error_401", "error_403", "error_404", "error_408", "error_409", "rate_limit;times=always",
            "quota", "error_500", "error_502", "error_503", "error_504", "error_529")  # fmt: skip


def _sync(
    scenario: str, *, retries: int = 0, streamed: bool = False, timeout_s: float = 30.0
) -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        with scene.sdk.client(scenario, retries=retries, timeout_s=timeout_s) as client, Caught():
            list(scene.sdk.stream(client)) if streamed else scene.sdk.plain(client)

    return program


def _async(
    scenario: str, *, retries: int = 0, streamed: bool = False, timeout_s: float = 30.0
) -> Callable[[Scene], object]:
    async def program(scene: Scene) -> None:
        async with scene.sdk.async_client(scenario, retries=retries, timeout_s=timeout_s) as client:
            with Caught():
                if streamed:
                    [chunk async for chunk in await scene.sdk.stream(client)]
                else:
                    await scene.sdk.plain(client)

    return program


def _refused(scene: Scene) -> None:
    with scene.sdk.client(url=closed_port()) as client, Caught():
        scene.sdk.plain(client)


async def _refused_async(scene: Scene) -> None:
    async with scene.sdk.async_client(url=closed_port()) as client:
        with Caught():
            await scene.sdk.plain(client)


def _reset(scene: Scene) -> None:
    with reset() as url, scene.sdk.client(url=url) as client, Caught():
        scene.sdk.plain(client)


async def _reset_async(scene: Scene) -> None:
    with reset() as url:
        async with scene.sdk.async_client(url=url) as client:
            with Caught():
                await scene.sdk.plain(client)


def _silent(scene: Scene) -> None:
    with silent() as url, scene.sdk.client(url=url, timeout_s=0.1) as client, Caught():
        scene.sdk.plain(client)


async def _silent_async(scene: Scene) -> None:
    with silent() as url:
        async with scene.sdk.async_client(url=url, timeout_s=0.1) as client:
            with Caught():
                await scene.sdk.plain(client)


def cases(sdk: TriedSdk) -> list[Case]:
    """Plain and streamed, sync and async."""
    failed, answered = Expect(failed=True), Expect(failed=False)
    found = []
    for scenario in STATUSES:
        name = scenario.partition(";")[0]
        found.append(Case(STATUS, f"{name} sync", _sync(scenario), failed))
        found.append(Case(STATUS, f"{name} stream sync", _sync(scenario, streamed=True), failed))
        if sdk.has_async:
            found.append(Case(STATUS, f"{name} async", _async(scenario), failed))
            found.append(Case(STATUS, f"{name} stream async", _async(scenario, streamed=True), failed))
    found += [
        Case(TRANSPORT, "refused sync", _refused, failed),
        Case(TRANSPORT, "reset sync", _reset, failed),
        Case(TRANSPORT, "read time-out sync", _silent, failed),
        Case(TRANSPORT, "connection dropped sync", _sync("drop"), failed),
        Case(TRANSPORT, "malformed body sync", _sync("malformed_body"), Expect()),
        Case(TRANSPORT, "malformed stream sync", _sync("malformed_stream", streamed=True), Expect()),
    ]
    if sdk.has_async:
        found += [
            Case(TRANSPORT, "refused async", _refused_async, failed),
            Case(TRANSPORT, "reset async", _reset_async, failed),
            Case(TRANSPORT, "read time-out async", _silent_async, failed),
            Case(TRANSPORT, "connection dropped async", _async("drop"), failed),
            Case(TRANSPORT, "malformed body async", _async("malformed_body"), Expect()),
            Case(TRANSPORT, "malformed stream async", _async("malformed_stream", streamed=True), Expect()),
        ]
    if sdk.has_retries:
        for name, scenario, expect in (
            ("429 twice", "rate_limit;times=2;retry_after_ms=1", answered),
            ("500 once", "error_500;times=1;retry_after_ms=1", answered),
            ("503 to the end", "error_503;retry_after_ms=1", failed),
        ):
            found.append(Case(RETRIES, f"{name} sync", _sync(scenario, retries=2), expect))
            streamed = expect if sdk.retries_streams else failed
            found.append(Case(RETRIES, f"{name} stream sync", _sync(scenario, retries=2, streamed=True), streamed))
            if sdk.has_async:
                found.append(Case(RETRIES, f"{name} async", _async(scenario, retries=2), expect))
    return found
