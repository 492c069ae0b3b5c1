"""Writes the page of all views: `python -m spanwise.store.views.generate`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from spanwise.store.views.catalogue import VIEWS
from spanwise.store.views.view import View


PAGE: Final = Path(__file__).with_name("VIEWS.md")

_HEAD: Final = """# Views of the store

Written by `python -m spanwise.store.views.generate`; do not edit.

```console
$ spanwise sql "SELECT model, calls, cost_usd, unpriced_calls FROM cost_by_model ORDER BY cost_usd DESC"
$ spanwise sql "SELECT feature, sum(cost_usd) FROM calls WHERE start >= now() - INTERVAL 7 DAY GROUP BY feature" --csv
```

- A call that was told twice counts once. Calls that only judge others (`spanwise evaluate`) are in no view.
- Money is exact, a DECIMAL with 12 places. A call without a price is in no sum and is counted beside it; estimates are
  in the sum, and how much of it they are stands beside it, too. Amounts in other currencies are never added.
- NULL is unknown, never zero. Times are UTC.
- `spanwise sql` makes the views anew, for files of earlier releases as well. `spanwise run` also writes them into the
  file, for other programs that open it.
- A statement may run for 8 s and use 512 MB; it reads the store and nothing else.
"""


def views_page() -> str:
    """The page: every view with what a row is and what its columns mean."""
    return _HEAD + "".join(map(_section, VIEWS))


def _section(view: View) -> str:
    rows = "".join(f"| `{column.name}` | {column.unit} | {column.about} |\n" for column in view.columns)
    return f"\n## {view.name}\n\n{view.about}\n\n| column | unit | what it is |\n|---|---|---|\n{rows}"


if __name__ == "__main__":
    PAGE.write_text(views_page(), encoding="utf-8")
