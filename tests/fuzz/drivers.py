"""What gives chance to a target: a seeded generator, Hypothesis, or atheris in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.broken import Broken
from tests.fuzz.chance import BytesRandom
from tests.fuzz.ledger import Ledger
from tests.fuzz.targets import play


_HYPOTHESIS_EXAMPLES: Final = 400
_GRACE_S: Final = 120


def seeded(name: str, seconds: float, seed: str, ledger: Ledger) -> None:
    """Play the target `name` with one seed after the other."""
    end_s = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end_s:
        own = f"{seed}:{name}:{number}"
        number += 1
        try:
            play(name, Random(own))
        except Broken as broken:
            ledger.found(name, "seeded", own, broken)
    ledger.ran(name, number)


def hypothesis(name: str, seconds: float, seed: str, ledger: Ledger) -> None:
    """Play the target `name` with chance out of bytes from Hypothesis."""
    end_s = time.monotonic() + seconds
    count = 0

    @settings(
        max_examples=_HYPOTHESIS_EXAMPLES, deadline=None, database=None, derandomize=False,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.target],
    )  # fmt: skip
    @given(st.binary(min_size=64, max_size=600))
    def run(data: bytes) -> None:
        nonlocal count
        if time.monotonic() < end_s:
            count += 1
            try:
                play(name, BytesRandom(data))
            except Broken as broken:
                ledger.found(name, "hypothesis", seed, broken)

    while time.monotonic() < end_s:
        run()
    ledger.ran(name, count)


def atheris(name: str, seconds: float, seed: str, ledger: Ledger, python: Path, work: Path) -> None:
    """Play the target `name` in a process of `python`, which has atheris; what it finds is written down here."""
    found = work / f"found-{name}.jsonl"
    found.unlink(missing_ok=True)
    corpus = work / f"corpus-{name}"
    corpus.mkdir(parents=True, exist_ok=True)
    command = [str(python), "-m", "tests.fuzz.atheris_child", name, str(found), str(corpus), str(int(seconds)), seed]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=seconds + _GRACE_S, check=False
        )
    except subprocess.TimeoutExpired:
        ledger.found(name, "atheris", seed, Broken("atheris: an input takes minutes", name))
        return
    runs = 0
    for line in found.read_text("utf-8").splitlines() if found.exists() else ():
        entry = json.loads(line)
        if "runs" in entry:
            runs = entry["runs"]
        else:
            ledger.found(name, "atheris", seed, _again(name, entry))
    if not runs:
        ledger.found(name, "atheris", seed, Broken("atheris: the process ended early", done.stderr[-2000:]))
    ledger.ran(name, runs)


def _again(name: str, entry: dict[str, str]) -> Broken:
    """The failure that a child wrote down, made anew here so that it can be made small."""
    try:
        play(name, BytesRandom(bytes.fromhex(entry["data"])))
    except Broken as broken:
        return broken
    return Broken(entry["promise"], entry["input"], detail=entry["detail"])
