"""Tables as strings: OTTL has neither loops nor maps of constants, but it can cut a piece out of a text.

The Collector's parser takes a time that grows with the square of a literal's length, so that a table of 100 kB would
hold up a start by half a minute. Every table is therefore cut into sheets of some kilobytes, one statement each, and a
number says which one is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from spanwise.deploy.collector.ottl.expression import joined, piece, present, put, slot, text


SHEET: Final = 3072
"""Characters of a sheet: smaller ones are parsed faster, larger ones are fewer to choose from for each span."""

_NO_SHEET: Final = "-1"
_PRIME: Final = 0x100000001B3
_BASIS: Final = 0xCBF29CE484222325
_WRAP: Final = 1 << 64


class Lookup:
    """Values of one width by key.

    A row lies on the sheet that the FNV-1a hash of its key names; only that sheet is searched, so the time of a look-up
    hardly grows with the table.

    Args:
        entries: Values by key. Keys have no line ends in them, and none begins with another one and `|`.
    """

    def __init__(self, entries: Mapping[str, str]) -> None:
        self.width = len(next(iter(entries.values())))
        size = sum(len(key) + self.width + 2 for key in entries)
        self.count = size // SHEET + 1
        rows: list[list[str]] = [[] for _ in range(self.count)]
        for key, value in entries.items():
            rows[sheet_of(key, self.count)].append(f"{key}|{value}\n")
        self.sheets = ["\n" + "".join(each) for each in rows]

    def looked_up(self, key: str, found: str, *where: str) -> list[str]:
        """The statements that put the value of the key in slot `key` into slot `found`; nothing where it has none.

        Uses the slots `h`, `b` and `i`.
        """
        sheet, row, at = slot("h"), slot("b"), slot("i")
        return [
            put(sheet, _NO_SHEET),
            put(sheet, f"FNV({slot(key)})", *where),
            put(sheet, f"{sheet} - {sheet} / {self.count} * {self.count}", *where),
            # Go's remainder has the sign of the hash.
            put(sheet, f"{sheet} + {self.count}", *where, f"{sheet} < 0"),
            *_chosen(sheet, row, self.sheets),
            put(at, f"Index({row}, {joined(text(chr(10)), slot(key), text('|'))})", *where),
            put(slot(found), piece(row, f"{at} + 2 + Len({slot(key)})", self.width), *where, f"{at} >= 0"),
        ]

    def find(self, key: str) -> str | None:
        """The value of `key` by the steps that OTTL takes, for tests."""
        rows = self.sheets[sheet_of(key, self.count)]
        at = rows.find(f"\n{key}|")
        return None if at < 0 else rows[at + 2 + len(key) :][: self.width]


class Rows:
    """Rows of one width by number."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.per_sheet = SHEET // width
        self.rows: list[str] = []

    def add(self, *rows: str) -> int:
        """The number of the first of `rows`, which are new and come to stand on one sheet, one behind the other."""
        if any(len(row) != self.width for row in rows):
            raise ValueError(f"a row that has not {self.width} characters")
        while len(self.rows) // self.per_sheet != (len(self.rows) + len(rows) - 1) // self.per_sheet:
            self.rows.append(" " * self.width)
        self.rows += rows
        return len(self.rows) - len(rows)

    def read(self, number: str, row: str, *where: str) -> list[str]:
        """The statements that put the row with the number in slot `number` into slot `row`.

        Leaves the sheet in slot `b` and its number in slot `h`, for `read_on`.
        """
        sheet = slot("h")
        return [
            put(sheet, _NO_SHEET),
            put(sheet, f"{slot(number)} / {self.per_sheet}", *where),
            *_chosen(sheet, slot("b"), self.sheets()),
            self.read_on(number, row, *where),
        ]

    def read_on(self, number: str, row: str, *where: str) -> str:
        """The statement that reads another row of the same sheet."""
        start = f"({slot(number)} - {slot('h')} * {self.per_sheet}) * {self.width}"
        return put(slot(row), piece(slot("b"), start, self.width), *where)

    def sheets(self) -> list[str]:
        """The rows, as they are cut."""
        starts = range(0, len(self.rows), self.per_sheet)
        return ["".join(self.rows[start : start + self.per_sheet]) for start in starts]


class Lines:
    """Lines of any length by their address: two digits for the sheet, four for the place on it.

    A line begins with a head of one width; what follows is as long as three digits at the end of the head say.
    """

    ADDRESS: Final = 6

    def __init__(self, head: int) -> None:
        self.head = head
        self.sheets: list[str] = [""]
        self._known: dict[str, str] = {}

    def add(self, head: str, rest: str) -> str:
        """The address of the line, which is an old one where there is the same already."""
        line = f"{head}{len(rest):03d}{rest}"
        if line in self._known:
            return self._known[line]
        if len(head) + 3 != self.head:
            raise ValueError(f"a head of {len(head) + 3} characters among heads of {self.head}")
        if len(self.sheets[-1]) + len(line) > SHEET:
            self.sheets.append("")
        address = f"{len(self.sheets) - 1:02d}{len(self.sheets[-1]):04d}"
        self.sheets[-1] += line
        self._known[line] = address
        return address

    def read(self, address: str, line: str, rest: str, *where: str) -> list[str]:
        """The statements that put the head of the line at slot `address` into slot `line`, the rest into `rest`.

        Nothing is put where there is no rest. Uses the slots `h`, `i` and `b`.
        """
        sheet, place, whole = slot("h"), slot("i"), slot("b")
        length = f"Int({piece(slot(line), self.head - 3, 3)})"
        return [
            put(sheet, _NO_SHEET),
            put(sheet, f"Int({piece(slot(address), 0, 2)})", *where),
            put(place, f"Int({piece(slot(address), 2, 4)})", *where),
            *_chosen(sheet, whole, self.sheets),
            put(slot(line), piece(whole, place, self.head), *where),
            put(slot(rest), piece(whole, f"{place} + {self.head}", length), *where, f"{length} > 0"),
        ]


def _chosen(number: str, into: str, sheets: Sequence[str]) -> list[str]:
    """The statements that put the sheet with a number into a slot: one question each, because they are many."""
    return [put(into, text(rows), f"{number} == {index}") for index, rows in enumerate(sheets)]


def sheet_of(key: str, count: int) -> int:
    """The FNV-1a hash of `key`, as a signed number of 64 bits, modulo `count`."""
    hashed = _BASIS
    for byte in key.encode():
        hashed = (hashed ^ byte) * _PRIME % _WRAP
    return (hashed - _WRAP if hashed >= _WRAP // 2 else hashed) % count


def searched(rows: Mapping[str, str], key: str, found: str, *where: str) -> list[str]:
    """The statements that look a slot up in a small table, whose values have one width, by searching all of it.

    Uses the slots `b` and `i`. Nothing happens where there is nothing in slot `key`.
    """
    width = len(next(iter(rows.values())))
    table, at = slot("b"), slot("i")
    lines = text("\n" + "".join(f"{name}|{value}\n" for name, value in rows.items()))
    asked = (*where, present(slot(key)))
    return [
        put(table, lines, *asked),
        put(at, f"Index({table}, {joined(text(chr(10)), slot(key), text('|'))})", *asked),
        put(slot(found), piece(table, f"{at} + 2 + Len({slot(key)})", width), *asked, f"{at} >= 0"),
    ]
