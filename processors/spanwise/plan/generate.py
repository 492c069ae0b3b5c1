"""`python -m spanwise.plan.generate`: writes what is made of the outline beside the policy's README."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from spanwise.plan import reference, schema


FOLDER: Final = Path(__file__).parent.parent / "policy"


def generated() -> Mapping[str, str]:
    """The generated files of the policy's folder, by name."""
    return {schema.FILE: schema.schema_text(), reference.FILE: reference.reference()}


def main() -> None:
    """Write them."""
    for name, text in generated().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
