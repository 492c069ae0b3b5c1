"""Write `rules.json`, which the engine loads, from the rules in `rules/*.yaml`, and check every rule on its examples.

Run as `python -m spanwise.redact.compile` (`make generate`); `--check` only checks. Needs PyYAML. `render()` is what a
test compares with the committed file. Rules are checked here, so that the engine need not: every key is known, every
pattern compiles, every example gives what is marked in it and nothing else, whichever rule wrote it.
"""

from __future__ import annotations

import json
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import re2
import yaml

from spanwise.redact.budget import Budget
from spanwise.redact.catalogue import rule_of
from spanwise.redact.dialect import literally, options, regexp
from spanwise.redact.rule import FREE, Rule
from spanwise.redact.scanner import NO_SHAPE, Hit, Scanner


Table: TypeAlias = dict[str, Any]
"""One rule as it stands in YAML: the border of this module."""

ROOT: Final = Path(__file__).with_name("rules")
OUTPUT: Final = Path(__file__).with_name("rules.json")
FAMILIES: Final = ("secret", "payment", "crypto", "national", "health", "vehicle", "birth", "network", "contact")
"""In the order in which rules are asked: the surest evidence first."""

_APART: Final = b"\n" + b"\0" * 300 + b"\n"
_LONG_TOKEN: Final = re.compile(r"(\[[A-Za-z0-9_\\\-+/%.=~]+\])\{(?:1[3-9]|[2-9]\d)\}")
_ENOUGH: Final = 12
_REPEATED: Final = re.compile(r"\{(\d*),(\d+)\}")
_LONGEST_COUNT: Final = 7
_LOOSE: Final = re.compile(r"\)\{|\{\d*,(?:[89]|[1-9]\d)\}")
_ALTERNATIVE: Final = re.compile(r"(?:\\.|\[[^\]]*\]|\([^()]*\)|[^|\\\[(])+")
_WORD_END: Final = r"(?:[^A-Za-z]|\z|key|token|secret|auth|pass|pat|ai|api|cloud|com)"
_EXACT: Final = ("pattern", "finder")
_PLACE: Final = ("literals", "gate")
_KEYS: Final = frozenset({
    "id", "kind", "brief", "source", "literals", "ignore_case", "next", "gate", "pattern", "finder", "before", "behind",
    "entropy", "validator", "unless", "keys", "across", "positive", "negative",
})  # fmt: skip
_KEPT: Final = (
    "ignore_case", "finder", "before", "behind", "entropy", "validator", "unless", "keys", "across", "brief", "source",
)  # fmt: skip
_NEEDED: Final = ("id", "brief", "source", "positive", "negative")
_COMPILED: Final = ("pattern", "gate", "next", "unless", "keys")
_OPEN, _CLOSE = "«", "»"


class Example(NamedTuple):
    """One text with what is to be taken out of it, as byte ranges of `data`."""

    rule: str
    data: bytes
    marked: tuple[tuple[int, int], ...]
    positive: bool


def tables() -> list[Table]:
    """All rules in the order in which they are asked; each has its `family`.

    Raises:
        ValueError: a file is not as it must be; the message names file and rule.
    """
    found: list[Table] = []
    for path in sorted(ROOT.glob("*.yaml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        if document["family"] not in FAMILIES:
            raise ValueError(f"{path.name}: family {document['family']!r} is none of {', '.join(FAMILIES)}")
        for table in document["rules"]:
            problems = list(_problems(table))
            if problems:
                raise ValueError("\n".join(f"{path.name}: {table.get('id')}: {problem}" for problem in problems))
            found.append({"family": document["family"], **table})
    ids = [table["id"] for table in found]
    if len(ids) != len(set(ids)):
        raise ValueError(f"ids stand twice: {', '.join(sorted({name for name in ids if ids.count(name) > 1}))}")
    return sorted(found, key=lambda table: FAMILIES.index(table["family"]))


def render() -> str:
    """The text of `rules.json`: one line per rule, without its examples."""
    lines = ",\n".join(json.dumps(_entry(table), ensure_ascii=True) for table in tables())
    return f'{{"generated": "by `make generate` from rules/*.yaml",\n"rules": [\n{lines}\n]}}\n'


def rules() -> list[Rule]:
    """The rules as the engine would load them, from YAML."""
    return [rule_of(_entry(table)) for table in tables()]


def examples() -> list[Example]:
    """All examples of all rules."""
    return [
        example
        for table in tables()
        for positive in (True, False)
        for text in table["positive" if positive else "negative"]
        for example in (_example(table["id"], text, positive=positive),)
    ]


def failures() -> Iterator[str]:
    """What examples show to be wrong, a sentence each.

    Every rule alone is run on its own examples. Then all examples of everybody are read by each rule: what another rule
    takes out must be marked too.
    """
    every = examples()
    text, places = _together(every)
    for rule in rules():
        if any(not head for head, _ in rule.places) and regexp(rule.gate).possiblematchrange(1)[0] <= bytes(
            (NO_SHAPE,)
        ):
            yield f"{rule.id}: can begin with a byte up to {NO_SHAPE:#x}, where only words are looked for"
        hits = _shared(Scanner([rule]).hits(text, Budget(1_000_000)), places, len(every))
        for example, found in zip(every, hits, strict=True):
            own = example.rule == rule.id
            if own and example.positive and not _gives(found, example):
                yield f"{rule.id}: finds {_shown(found, example)} in {_text(example)}"
            elif not (own and example.positive) and not _within(found, example):
                yield f"{rule.id}: takes {_shown(found, example)} out of an example of {example.rule}: {_text(example)}"
    together = Scanner(rules())
    for example in every:
        found = together.hits(example.data, Budget(10_000))
        if example.positive and not _covers(found, example):
            yield f"all rules: leave something of {_text(example)} ({example.rule})"


def _together(every: Sequence[Example]) -> tuple[bytes, list[int]]:
    """All examples as one text, too far from each other for a word in one to name a value in the next."""
    places: list[int] = []
    pieces: list[bytes] = []
    length = 0
    for example in every:
        places.append(length)
        pieces += (example.data, _APART)
        length += len(example.data) + len(_APART)
    return b"".join(pieces), places


def _shared(hits: Sequence[Hit], places: Sequence[int], count: int) -> list[list[Hit]]:
    """`hits` of the text of all examples, by example, with their places in it."""
    found: list[list[Hit]] = [[] for _ in range(count)]
    for hit in hits:
        index = bisect_right(places, hit.start) - 1
        found[index].append(hit._replace(start=hit.start - places[index], end=hit.end - places[index]))
    return found


def main(arguments: Sequence[str]) -> int:
    """Check, and unless `--check` was given write `rules.json`; the exit code."""
    if "--check" not in arguments:
        OUTPUT.write_text(render(), "utf-8")
    count = 0
    for failure in failures():
        count += 1
        sys.stderr.write(failure + "\n")
    found = tables()
    kinds = {table.get("kind", table["id"]) for table in found}
    sys.stderr.write(f"{len(found)} rules of {len(kinds)} kinds; {count} failures\n")
    return int(count > 0)


def _problems(table: Table) -> Iterator[str]:
    if unknown := sorted(set(table) - _KEYS):
        yield f"unknown keys {', '.join(unknown)}"
    if missing := [key for key in _NEEDED if not table.get(key)]:
        yield f"without {', '.join(missing)}"
    for names in (_EXACT, _PLACE):
        if sum(key in table for key in names) != 1:
            yield f"needs exactly one of {', '.join(names)}"
    for key in _COMPILED:
        if key in table:
            yield from _pattern_problems(key, table[key])
    if any(len(literal.encode()) < 2 for literal in table.get("literals", ())):
        yield "a literal has one character"
    if table.get("next") and "gate" in table:
        yield "next belongs to literals"
    for key in ("before", "behind"):
        if table.get(key, FREE) not in {FREE, "any"}:
            yield f"{key}: {table[key]!r} is neither free nor any"


def _pattern_problems(key: str, pattern: str) -> Iterator[str]:
    if not pattern.isascii():
        yield f"{key} is not ASCII: write \\x.. for the bytes"
        return
    try:
        re2.compile(pattern.encode(), options())
    except re2.error as error:
        yield f"{key} does not compile: {error}"


def _entry(table: Table) -> Table:
    """`table` as it stands in `rules.json`."""
    entry: Table = {"id": table["id"], "kind": table.get("kind", table["id"]), "family": table["family"]}
    ignore_case = bool(table.get("ignore_case"))
    case = "(?i)" if ignore_case else ""
    head = _head(table)
    after = table["gate"][len(head) :] if "gate" in table else table.get("next", "")
    entry["gate"] = f"{case}(?:{table['gate']})" if "gate" in table else f"{case}{head}{after}"
    if "pattern" in table:
        entry["pattern"] = case + table["pattern"]
        if group := regexp(entry["pattern"].encode()).groupindex.get(b"value"):
            entry["value"] = group
    entry["places"] = _places(head, after, ignore_case=ignore_case) if head else [["", entry["gate"]]]
    return {**entry, **{key: table[key] for key in _KEPT if key in table}}


def _head(table: Table) -> str:
    """What the gate begins with: the literals, or the words in the first group of a shape that ignores case."""
    if "literals" in table:
        # Longer literals first: RE2 prefers the first alternative, and the rest of the gate follows it.
        literals = sorted(table["literals"], key=len, reverse=True)
        return f"(?:{'|'.join(literally(literal).decode() for literal in literals)})"
    gate: str = table["gate"]
    if not table.get("ignore_case") or not gate.startswith("(?:"):
        return ""
    depth = 0
    for index, letter in enumerate(gate):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            head = gate[: index + 1]
            return head if index + 1 < len(gate) and gate[index + 1] not in "?*+{|" else ""
    return ""


def _places(head: str, after: str, *, ignore_case: bool) -> list[list[str]]:
    """What the search for places looks for: heads, and what it asks for behind them.

    Counts are dropped, and so is what may stand between a word and its value: a search that counts, or that lets nearly
    anything stand for a while, is in another state at every letter of a text.
    """
    if not (ignore_case and _LOOSE.search(after)):
        fewer = _LONG_TOKEN.sub(lambda match: f"{match.group(1)}{{{_ENOUGH}}}", after)
        return [[head, _REPEATED.sub(_uncounted, fewer)]]
    words = [word for word in _ALTERNATIVE.findall(head[3:-1]) if word[-1].isalpha()]
    others = [word for word in _ALTERNATIVE.findall(head[3:-1]) if not word[-1].isalpha()]
    found = [[f"(?:{'|'.join(words)})", _WORD_END]] if words else []
    return [*found, [f"(?:{'|'.join(others)})", ""]] if others else found


def _uncounted(repeated: re.Match[str]) -> str:
    least, most = repeated.groups()
    if int(most) <= _LONGEST_COUNT:
        return repeated.group()
    return "*" if least in {"", "0"} else f"{{{least},}}"


def _example(rule: str, text: str, *, positive: bool) -> Example:
    pieces: list[bytes] = []
    marked: list[tuple[int, int]] = []
    length = 0
    for number, part in enumerate(text.replace(_CLOSE, _OPEN).split(_OPEN)):
        data = part.encode("utf-8")
        if number % 2:
            marked.append((length, length + len(data)))
        pieces.append(data)
        length += len(data)
    return Example(rule, b"".join(pieces), tuple(marked), positive)


def _gives(hits: Sequence[Hit], example: Example) -> bool:
    return bool(example.marked) and tuple((hit.start, hit.end) for hit in hits) == example.marked


def _within(hits: Sequence[Hit], example: Example) -> bool:
    return all(any(start <= hit.start and hit.end <= end for start, end in example.marked) for hit in hits)


def _covers(hits: Sequence[Hit], example: Example) -> bool:
    covered = {place for hit in hits for place in range(hit.start, hit.end)}
    return all(covered.issuperset(range(start, end)) for start, end in example.marked)


def _shown(hits: Sequence[Hit], example: Example) -> str:
    return ", ".join(repr(example.data[hit.start : hit.end].decode("utf-8", "replace")) for hit in hits) or "nothing"


def _text(example: Example) -> str:
    return repr(example.data.decode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
