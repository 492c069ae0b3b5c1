"""`python -m tests.stack.engines [NAME...]`: build the named engines, or all, unless they are there.

Exit code 0 when all are there, 1 when one could not be built, 2 for a name that is none.
"""

from __future__ import annotations

import sys

from tests.stack.engines import RECIPES, Cache, EngineError


def main(arguments: list[str]) -> int:
    """Build what `arguments` name; one line an engine on standard output, failures on standard error."""
    unknown = [name for name in arguments if name not in RECIPES]
    if unknown:
        sys.stderr.write(f"No such engine: {', '.join(unknown)}. There are: {', '.join(RECIPES)}.\n")
        return 2
    cache = Cache.of_environment()
    failed = 0
    for recipe in RECIPES.values():
        if arguments and recipe.name not in arguments:
            continue
        try:
            took_s = cache.ensure(recipe)
        except EngineError as error:
            sys.stderr.write(f"{recipe.name} {recipe.version}: {error}\n")
            failed += 1
            continue
        state = "already there" if took_s is None else f"built in {took_s:.0f} s"
        sys.stdout.write(f"{recipe.name} {cache.note(recipe)}: {state}, {cache.bin}\n")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
