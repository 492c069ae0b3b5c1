"""`python -m tests.deploy.grafana.picture`: draw every dashboard of the current names for the README.

It starts the Prometheus that `make stack` builds, fills it with a day of a shop, asks what the dashboards ask and draws
what comes back.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from spanwise.deploy.grafana.compiler import dashboards, vocabularies
from tests.deploy.grafana.example import plan
from tests.deploy.grafana.picture.page import draw
from tests.deploy.grafana.store import filled
from tests.stack.server import program


ROOT = Path(__file__).resolve().parents[4]


def main() -> int:
    """Write the pictures; 1 when a query answered nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "deploy" / "grafana" / "pictures")
    parser.add_argument("--hours", type=float, default=27, help="how much of the past is made")
    parser.add_argument("--prometheus", type=Path, default=None, help="another Prometheus than that of make stack")
    parser.add_argument("names", nargs="*", help="only these dashboards")
    given = parser.parse_args()
    made, missing = plan(), 0
    engine = given.prometheus or program("prometheus")
    with (
        tempfile.TemporaryDirectory() as folder,
        filled(Path(folder), engine, made, hours=given.hours) as (store, until_s),
    ):
        for name, page in dashboards(made, vocabularies(made)[0]).items():
            if given.names and name not in given.names:
                continue
            path = given.out / f"{name}.png"
            asked, silent = draw(json.loads(page.text()), store, until_s, path)
            missing += len(silent)
            without = ", ".join(silent) or "none"
            size = path.stat().st_size // 1024
            sys.stdout.write(f"{path.name}: {asked} queries, without an answer: {without}; {size} KB\n")
    return int(missing > 0)


if __name__ == "__main__":
    raise SystemExit(main())
