"""One target under atheris: started by the harness, with a Python that has atheris and the packages of this one."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path


_MOST = 50


def main(name: str, found: str, corpus: str, seconds: str, seed: str) -> None:
    """Play the target `name` for so many seconds, and write to `found` what was found and how many runs there were."""
    import atheris  # type: ignore[import-untyped]

    with atheris.instrument_imports(include=["spanwise.redact"], enable_loader_override=False):
        from tests.fuzz.broken import Broken
        from tests.fuzz.chance import BytesRandom
        from tests.fuzz.targets import play

    seen: set[str] = set()
    file = Path(found).open("a", encoding="utf-8")  # noqa: SIM115 - open to the end of the process
    runs = 0
    end_s = time.monotonic() + float(seconds)

    def write(entry: dict[str, object]) -> None:
        file.write(json.dumps(entry) + "\n")
        file.flush()

    def one(data: bytes) -> None:
        nonlocal runs
        runs += 1
        try:
            play(name, BytesRandom(data))
        except Broken as broken:
            if broken.promise + broken.detail not in seen and len(seen) < _MOST:
                seen.add(broken.promise + broken.detail)
                write({"promise": broken.promise, "detail": broken.detail, "input": broken.text, "data": data.hex()})
        if time.monotonic() > end_s:
            write({"runs": runs})
            os._exit(0)

    def give_up() -> None:
        write({"runs": runs})
        os._exit(1)

    # One input that never ends must not keep the process.
    threading.Timer(float(seconds) + 60, give_up).start()
    options = ["-max_len=600", "-len_control=0", "-rss_limit_mb=3000", f"-seed={abs(hash(seed)) % (1 << 31) or 1}"]
    atheris.Setup([sys.argv[0], *options, corpus], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
