"""`spanwise redact`: files without their secrets and personal data, or where those are."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from spanwise.cli.command import CommandError
from spanwise.cli.output import say, show_json, show_table
from spanwise.cli.redact_options import WRONG_USE, RedactOptions, redactor_of
from spanwise.report import plain
from spanwise.scrub import Cleaned, Place, Scrubber, Unreadable, source


MOST_PLACES: Final = 10_000
"""Places that a table or a JSON document holds; the counts are of all."""

_VALUE_CHARACTERS: Final = 80


@dataclass(slots=True)
class _File:
    """What was found in one file."""

    name: str
    kinds: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    places: list[Place] = field(default_factory=list)
    left_out: int = 0
    unreadable: str = ""

    def add(self, done: Cleaned) -> None:
        self.kinds += done.kinds
        self.dropped += done.dropped
        room = MOST_PLACES - len(self.places)
        self.places += done.places[:room]
        self.left_out += len(done.places[room:])


def redact_files(paths: Sequence[str], options: RedactOptions) -> int:
    """Print the text of files without its values, or with `explain` or `check` where they are; the exit code.

    It is 2 when a file cannot be read (the others are read all the same) or something had to be dropped unread, else
    with `check` 1 when a value was found, else 0.

    Raises:
        CommandError: no file was named, a kind does not exist, or values are to be shown and nobody is at a terminal.
        PolicyError: the policy has mistakes; nothing was read.
    """
    if not paths:
        raise CommandError("redact what? Name files, or - for standard input", WRONG_USE)
    if options.show_values and not (options.explain and sys.stdout.isatty()):
        raise CommandError("--show-values is for --explain on a terminal: values must not reach a file", WRONG_USE)
    places = options.explain or options.check
    scrubber = Scrubber(redactor_of(options), explain=places)
    files = [_read(scrubber, path, options) for path in paths]
    if options.as_json:
        _show_document(files, options)
    else:
        if options.explain:
            _show_places(files, options)
        say(*_sentences(files))
    if any(file.unreadable or (options.check and file.dropped) for file in files):
        return WRONG_USE
    return int(options.check and any(file.kinds or file.places for file in files))


def _read(scrubber: Scrubber, path: str, options: RedactOptions) -> _File:
    file = _File(path)
    places = options.explain or options.check
    try:
        with source(path) as stream:
            for done in scrubber.clean(stream):
                file.add(done)
                if not places:
                    sys.stdout.buffer.write(done.data)
                elif options.check and not options.explain and not options.as_json:
                    sys.stdout.write("".join(f"{line}\n" for line in _lines(path, done.places)))
    except Unreadable as reason:
        file.unreadable = str(reason)
    return file


def _lines(path: str, places: Sequence[Place]) -> Iterator[str]:
    for place in places:
        by = f" (rule {place.rule})" if place.rule else ""
        yield f"{plain(path)}:{place.line}:{place.column}: {place.kind}{by}"


def _sentences(files: Sequence[_File]) -> Iterator[str]:
    for file in files:
        name = "standard input" if file.name == "-" else plain(file.name)
        if file.unreadable:
            yield f"spanwise: {name}: {plain(file.unreadable)}"
            continue
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(file.kinds.items()))
        yield f"{name}: {file.kinds.total()} found: {kinds}" if kinds else f"{name}: nothing found"
        if file.dropped:
            yield f"{name}: {file.dropped} texts were dropped whole: the policy says so, or they were over a bound"
        if file.left_out:
            yield f"{name}: {file.left_out} more are not shown"


def _show_document(files: Sequence[_File], options: RedactOptions) -> None:
    """JSON on standard output, or on standard error when the text itself is on standard output."""
    with_places = options.explain or options.check
    document = {"files": [_document(file, options) for file in files]}
    if with_places:
        show_json(document)
        return
    from spanwise.report import json_document

    sys.stdout.flush()
    say(json_document(document))


def _document(file: _File, options: RedactOptions) -> dict[str, object]:
    found: dict[str, object] = {"file": file.name}
    if file.unreadable:
        return {**found, "unreadable": file.unreadable}
    found |= {"count": file.kinds.total(), "kinds": dict(sorted(file.kinds.items())), "dropped": file.dropped}
    if options.explain or options.check:
        found |= {"places": [_place(place, options) for place in file.places], "left_out": file.left_out}
    return found


def _place(place: Place, options: RedactOptions) -> dict[str, object]:
    shown = place._asdict()
    if not options.show_values:
        del shown["value"]
    return {**shown, "source": _sources().get(place.rule, "")}


def _sources() -> dict[str, str]:
    from spanwise.redact.catalogue import entries

    return {entry["id"]: entry.get("source", "") for entry in entries()}


def _show_places(files: Sequence[_File], options: RedactOptions) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    headings = ["place", "kind", "rule", "stands in", *(["value"] if options.show_values else []), "source"]
    for heading in headings:
        table.add_column(heading, overflow="fold")
    sources = _sources()
    for file in files:
        for place in file.places:
            value = [plain(place.value, _VALUE_CHARACTERS)] if options.show_values else []
            rule = place.rule or "across strings"
            where = f"{plain(file.name)}:{place.line}:{place.column}"
            table.add_row(where, place.kind, rule, _stands(place), *value, sources.get(place.rule, ""))
    if table.row_count:
        show_table(table)


def _stands(place: Place) -> str:
    if place.stands is None:
        return "the text is dropped" if place.rule else "-"
    return plain(place.stands) or "it is kept"
