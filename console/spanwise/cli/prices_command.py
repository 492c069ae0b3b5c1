"""`spanwise prices`: what models cost, where the prices come from, and why a call costs what it does."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.report import plain
from spanwise.semconv import environment


if TYPE_CHECKING:
    from rich.table import Table

    from spanwise.cost import PriceBook
    from spanwise.cost.difference import Change, Difference
    from spanwise.cost.listing import PriceLine
    from spanwise.cost.tariff import Tariff

WRONG_USE: Final = 2

_BUNDLED: Final = "bundled"
_ACTIVE: Final = "active"
_SHOWN: Final = 200
_NEAREST: Final = 5
_NO_MODEL: Final = "unknown model"


def update_prices(version: str | None, file: Path | None) -> int:
    """Make the user's price book of a release and print which; the exit code: 0, or 2 when there is none to use."""
    from spanwise.cost.active import choose, user_book
    from spanwise.cost.update import UpdateError, book_text, install

    if version is not None and file is not None:
        say("spanwise: found both --version and --from; accepted is one of them")
        return WRONG_USE
    before = choose(os.environ)
    target = user_book(os.environ)
    try:
        book = install(book_text(file or version, _today()), target)
    except UpdateError as error:
        say(f"spanwise: {error}", f"the prices in use stay: {_titled(before.book)} ({before.source})")
        return WRONG_USE
    sys.stdout.write(f"{_titled(book)}: {sum(1 for _ in book.tariffs())} models, in {target}\n")
    after = choose(os.environ)
    if after.source == _BUNDLED:
        say(
            f"not in use: the bundled {_titled(after.book)} is as new or newer; "
            f"to use it all the same: export {environment.SPANWISE_PRICES}={target}"
        )
    elif os.environ.get(environment.SPANWISE_PRICES):
        say(f"not in use: {environment.SPANWISE_PRICES} names {plain(after.source)}")
    else:
        say(f"in use from the next start on; next: spanwise prices diff {_BUNDLED} {_ACTIVE}")
    return 0


def show_prices(model: str, provider: str | None, at: datetime | None, *, as_json: bool) -> int:
    """Print every price of `model`, with those marked that hold at `at`; the exit code: 0, or 2 when it is unknown."""
    from spanwise.cost.active import choose
    from spanwise.cost.listing import price_lines

    choice = choose(os.environ)
    if choice.complaint:
        say(f"spanwise: {choice.complaint}")
    moment = at or datetime.now(UTC)
    tariff = _tariff(choice.book, model, provider)
    if tariff is None:
        say(f"spanwise: {_unknown(choice.book, model, provider)}")
        return WRONG_USE
    lines = price_lines(choice.book, tariff, int(moment.timestamp()))
    if as_json:
        head = {"model": tariff.name, "at": moment, **_book_document(choice.book, choice.source)}
        show_json({**head, "prices": [asdict(line) for line in lines]})
        return 0
    if lines:
        show_table(_prices_table(lines))
    else:
        sys.stdout.write(f"{tariff.name} is free\n")
    say(
        f"{tariff.name} by {_titled(choice.book)} ({choice.source}); "
        f"* holds at {moment:%Y-%m-%d %H:%M} UTC; US dollars; a tier applies to all tokens of a call"
    )
    return 0


def diff_books(old: str, new: str, *, as_json: bool) -> int:
    """Print what changed from one price book to another; the exit code: 0, or 2 when one cannot be had."""
    from spanwise.cost.difference import difference
    from spanwise.cost.update import UpdateError

    try:
        before, after = _book(old), _book(new)
    except UpdateError as error:
        say(f"spanwise: {error}")
        return WRONG_USE
    found = difference(before, after)
    if as_json:
        changed = [{**asdict(change), "percent": change.percent} for change in found.changed]
        books = {"old": _book_document(before, old), "new": _book_document(after, new)}
        show_json({**books, "added": found.added, "removed": found.removed, "changed": changed})
    else:
        _show_difference(found)
        say(
            f"{_titled(before)} -> {_titled(after)}: {len(found.added)} models added, {len(found.removed)} removed, "
            f"{len(found.changed)} prices of others changed"
        )
    return 0


def _tariff(book: PriceBook, model: str, provider: str | None) -> Tariff | None:
    """The model that these names lead to: as in a call, or written as `provider/model`."""
    ways = [(provider, model)]
    if provider is None and "/" in model:
        ways.append((model.partition("/")[0], model.partition("/")[2]))
    for owner, name in ways:
        entry = book.entry(owner, name)
        if not isinstance(entry, str):
            return entry.tariff
    return None


def _unknown(book: PriceBook, model: str, provider: str | None) -> str:
    """That a model has no price, and what is near it."""
    import difflib

    shown = plain(model, 80)
    if provider is not None and isinstance(book.entry(provider, ""), str) and book.entry(provider, "") != _NO_MODEL:
        near = difflib.get_close_matches(provider.lower(), book.providers(), _NEAREST)
        guess = f" Did you mean {', '.join(near)}?" if near else f" Known: {', '.join(book.providers())}."
        return f"{_titled(book)} has no provider {plain(provider, 80)}.{guess}"
    names = [tariff.name for tariff in book.tariffs(_provider_id(book, provider))]
    wanted = model if "/" in model and provider is None else f"{provider or '*'}/{model}"
    near = difflib.get_close_matches(wanted.lower(), names, _NEAREST, 0.5)
    if provider is None:
        ends = {name.partition("/")[2]: name for name in reversed(names)}
        close = difflib.get_close_matches(model.lower(), ends, _NEAREST, 0.6)
        near = [_home(book, end) or ends[end] for end in close] or near
        exact = [name for name in names if name.partition("/")[2] == model.lower()]
        near = exact[:_NEAREST] or near
    guess = f" Did you mean {', '.join(near)}?" if near else " Name its provider with --provider."
    return f"{_titled(book)} has no price for {shown}.{guess}"


def _home(book: PriceBook, model: str) -> str | None:
    """The name of `model` at the provider that made it, where the name alone leads there."""
    entry = book.entry(None, model)
    return None if isinstance(entry, str) else entry.tariff.name


def _provider_id(book: PriceBook, provider: str | None) -> str | None:
    """The id behind a provider's name; `None`, which stands for all, when it is no id."""
    return provider.lower() if provider is not None and provider.lower() in book.providers() else None


def _book(named: str) -> PriceBook:
    """The book that `named` leads to: bundled, active, a file, or a version, which is downloaded.

    Raises:
        UpdateError: there is none.
    """
    from spanwise.cost import PriceBook
    from spanwise.cost.active import choose
    from spanwise.cost.update import VERSION, UpdateError, book_text

    if named == _BUNDLED:
        return PriceBook.bundled()
    if named == _ACTIVE:
        return choose(os.environ).book
    path = Path(named).expanduser()
    if path.exists():
        return PriceBook(book_text(path, _today()))
    if VERSION.fullmatch(named):
        return PriceBook(book_text(named, _today()))
    accepted = f"{_BUNDLED}, {_ACTIVE}, a price book or wheel, a version such as 0.2.3"
    raise UpdateError(f"found {plain(named, 80)!r}; accepted: {accepted}")


def _prices_table(lines: list[PriceLine]) -> Table:
    table = _table("", "context", "from (UTC)", "price", "input tokens")
    table.add_column("USD", justify="right", no_wrap=True)
    last = ("", "")
    for line in lines:
        head = (line.context, line.since)
        shown = ("", "", "") if head == last else ("*" if line.holds else "", line.context, line.since or "always")
        last = head
        above = f"above {line.above:,}" if line.above else ""
        table.add_row(*map(plain, shown), plain(line.unit), above, f"{line.usd:f}")
    return table


def _show_difference(found: Difference) -> None:
    if found.changed:
        table = _table("model", "context", "from (UTC)", "price", "input tokens")
        for name in ("old USD", "new USD", "change"):
            table.add_column(name, justify="right", no_wrap=True)
        for change in found.changed[:_SHOWN]:
            above = f"above {change.above:,}" if change.above else ""
            cells = (change.model, change.context, change.since or "always", change.key, above)
            table.add_row(*map(plain, cells), _usd(change.old), _usd(change.new), _percent(change))
        show_table(table)
    for sign, names in (("+", found.added), ("-", found.removed)):
        sys.stdout.write("".join(f"{sign} {plain(name)}\n" for name in names[:_SHOWN]))
    if max(len(found.changed), len(found.added), len(found.removed)) > _SHOWN:
        say(f"the first {_SHOWN} of each are shown; --json has all")


def _usd(amount: object) -> str:
    return "-" if amount is None else f"{amount:f}"


def _percent(change: Change) -> str:
    if change.percent is None:
        return "new" if change.old is None else "gone" if change.new is None else ""
    return f"{change.percent:+}%"


def _table(*names: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _titled(book: PriceBook) -> str:
    """`genai-prices 0.2.3 of 2026-11-10`."""
    fetched = " (the day it was fetched)" if book.is_fetched else ""
    return f"{book.name} {book.version} of {book.date}{fetched}"


def _book_document(book: PriceBook, source: str) -> dict[str, str]:
    return {"book": f"{book.name} {book.version}", "book_date": book.date.isoformat(), "source": source}


def _today() -> date:
    return datetime.now(UTC).date()
