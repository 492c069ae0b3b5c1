"""Tokens: those that were spent, whatever the caller asked for."""

from __future__ import annotations

from collections.abc import Callable

from tests.torture.case.case import Case, Expect, Scene
from tests.torture.sdk import TriedSdk


RIGHT = "tokens are those the provider counted"
UNASKED = "tokens of a stream nobody asked the usage of"

SPENT = "text;text=ok;chunks=3;input_tokens=1500;cached_tokens=600;output_tokens=70;reasoning_tokens=30"
INPUT = {"gen_ai.usage.input_tokens": 1500}
OUTPUT = {"gen_ai.usage.output_tokens": 70}
CACHED = {"gen_ai.usage.cache_read.input_tokens": 600}
REASONING = {"gen_ai.usage.reasoning.output_tokens": 30}
FIGURES = {"input": INPUT, "output": OUTPUT, "cached": CACHED, "reasoning": REASONING}


def _plain(scene: Scene) -> None:
    with scene.sdk.client(SPENT) as client:
        scene.sdk.plain(client)


async def _plain_async(scene: Scene) -> None:
    async with scene.sdk.async_client(SPENT) as client:
        await scene.sdk.plain(client)


def _stream(*, usage: bool) -> Callable[[Scene], object]:
    def program(scene: Scene) -> None:
        with scene.sdk.client(SPENT) as client:
            list(scene.sdk.stream(client, usage=usage))

    return program


def _stream_async(*, usage: bool) -> Callable[[Scene], object]:
    async def program(scene: Scene) -> None:
        async with scene.sdk.async_client(SPENT) as client:
            [chunk async for chunk in await scene.sdk.stream(client, usage=usage)]

    return program


def cases(sdk: TriedSdk) -> list[Case]:
    """Each figure on its own: a suite may know some and not others."""
    programs: list[tuple[str, str, Callable[[Scene], object]]] = [(RIGHT, "plain sync", _plain)]
    programs.append((RIGHT, "stream sync", _stream(usage=True)))
    if sdk.has_async:
        programs += [(RIGHT, "plain async", _plain_async), (RIGHT, "stream async", _stream_async(usage=True))]
    if sdk.asks_for_usage:
        programs.append((UNASKED, "sync", _stream(usage=False)))
        if sdk.has_async:
            programs.append((UNASKED, "async", _stream_async(usage=False)))
    return [
        Case(promise, f"{figure} {name}", program, Expect(tokens=tokens))
        for promise, name, program in programs
        for figure, tokens in FIGURES.items()
        if figure in sdk.figures
    ]
