"""`python -m tests.corpus`: the quality of a redaction engine on the corpus."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from random import Random

from tests.corpus.corpus import SEED, SIZE, corpus
from tests.corpus.engine import Engine, Spanwise
from tests.corpus.presidio import Presidio
from tests.corpus.score import GROUPS, Score, score
from tests.corpus.table import as_json, markdown, misses
from tests.corpus.text import Text


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes the corpus, runs the engine over it and prints the table."""
    options = _parser().parse_args(arguments)
    texts = list(corpus(options.texts, seed=options.seed))
    if options.sample:
        texts = sample(texts, options.sample, options.seed)
    engine: Engine = Spanwise()
    if options.engine == "presidio":
        engine = Presidio(
            options.python, which=options.recognisers, least_score=options.least_score, answers=options.answers
        )
    result: Score = score(texts, engine.taken(texts), by=options.by, family=engine.family)
    result.seconds = engine.seconds
    out = sys.stdout.write
    out(
        json.dumps(as_json(result, engine.name), indent=2) + "\n"
        if options.json
        else markdown(result, engine.name, options.by)
    )
    for line in islice(misses(result, Random(options.seed), options.only), options.misses):
        out(line)
    return 0


def sample(texts: list[Text], size: int, seed: int) -> list[Text]:
    """`size` of `texts`, the same ones for the same seed, in their order."""
    return [texts[place] for place in sorted(Random(seed).sample(range(len(texts)), size))]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.corpus", description="The quality of a redaction engine on the corpus."
    )
    parser.add_argument("--texts", type=int, default=SIZE, help="texts to make")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the corpus")
    parser.add_argument("--sample", type=int, default=0, help="judge only so many of them, drawn with the seed")
    parser.add_argument("--engine", choices=("spanwise", "presidio"), default="spanwise")
    parser.add_argument(
        "--python", type=Path, default=Path(sys.executable), help="interpreter of an environment with presidio"
    )
    parser.add_argument("--recognisers", choices=("all", "installed"), default="all", help="which of presidio's")
    parser.add_argument("--least-score", type=float, default=0.0, help="presidio's results below this do not count")
    parser.add_argument("--answers", type=Path, help="file that keeps presidio's answers")
    parser.add_argument("--by", choices=tuple(GROUPS), default="family", help="how to break the result down")
    parser.add_argument("--json", action="store_true", help="JSON instead of a table")
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="print N examples (all values are made up)")
    parser.add_argument("--only", default="", help="examples of kinds that begin with this")
    return parser


if __name__ == "__main__":
    sys.exit(main())
