"""Write `dialects.json` from the dialect tables of the conventions.

Run as `python -m spanwise.normalise.compile` (`make generate`). Needs PyYAML, which only developers have. `render()` is
what the test compares with the committed file. Tables are checked here, so that the engine need not: every target is a
name of the registry, every shared value table exists, every key of a table is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml


Json: TypeAlias = dict[str, Any]
"""One parsed YAML mapping: the JSON border of this module."""

ROOT = Path(__file__).parents[3]
TABLES = ROOT / "conventions" / "spanwise" / "semconv" / "dialects"
REGISTRY = ROOT / "conventions" / "spanwise" / "semconv" / "registry"
OUTPUT = Path(__file__).with_name("dialects.json")

_KEYS = {
    "dialect", "brief", "scopes", "markers", "needs", "provider", "operation", "attributes", "sums", "lists",
    "variables", "status", "constants", "content",
}  # fmt: skip
_RULE_KEYS = {"to", "values", "with", "operations", "scale", "time", "url", "drop", "only", "json", "sums"}
_CONTENT_KEYS = {"to", "from", "indexed", "events", "parts", "path", "role", "operations"}


def render() -> str:
    """The text of `dialects.json`.

    Raises:
        ValueError: a table is wrong; the message names the dialect and what was found.
    """
    shared = yaml.safe_load((TABLES / "values.yaml").read_text("utf-8"))
    types = _types()
    names = sorted(path.stem for path in TABLES.glob("*.yaml") if path.stem != "values")
    dialects = [_dialect(yaml.safe_load((TABLES / f"{name}.yaml").read_text("utf-8")), shared, types) for name in names]
    if [dialect["dialect"] for dialect in dialects] != names:
        raise ValueError("a table's dialect is the name of its file")
    document = {
        "generated": "by `make generate` from the dialect tables",
        "registered": sorted(types),
        "values": shared,
        "dialects": dialects,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _types() -> dict[str, str]:
    files = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(REGISTRY.glob("*.yaml"))]
    return {entry["name"]: entry["type"] for file in files for entry in file.get("attributes", [])}


def _dialect(table: Json, shared: Json, types: Mapping[str, str]) -> Json:
    name = table.get("dialect", "?")
    _known(name, table, _KEYS)
    rules: list[Json] = []
    for source, rule in table.get("attributes", {}).items():
        if isinstance(rule, dict) and ("json" in rule or "sums" in rule):
            _known(name, rule, _RULE_KEYS)
            rules.append(_document(name, source, rule, shared, types))
        else:
            rules += _moves(name, source, rule, shared, types)
    for rule in table.get("content", []):
        _known(name, rule, _CONTENT_KEYS)
    _targets(name, [rule["to"] for rule in table.get("content", [])], types)
    _targets(name, [*table.get("sums", {}), *table.get("lists", {}), *table.get("constants", {})], types)
    return {
        "dialect": name,
        "scopes": table["scopes"],
        "markers": table["markers"],
        "needs": table.get("needs", []),
        "operation": table.get("operation", []),
        "provider": table.get("provider", []),
        "rules": rules,
        "sums": table.get("sums", {}),
        "lists": [_list(name, target, rule, shared) for target, rule in table.get("lists", {}).items()],
        "variables": table.get("variables", {}),
        "status": table.get("status"),
        "constants": table.get("constants", {}),
        "content": table.get("content", []),
    }


def _document(name: str, source: str, rule: Json, shared: Json, types: Mapping[str, str]) -> Json:
    found = [move for path, to in rule.get("json", {}).items() for move in _moves(name, path, to, shared, types)]
    _targets(name, rule.get("sums", {}), types)
    return {"from": source, "moves": found, "sums": rule.get("sums", {}), "operations": rule.get("operations")}


def _moves(name: str, source: str, rule: Any, shared: Json, types: Mapping[str, str]) -> Iterator[Json]:
    """One move per target: what an entry of `attributes` says, spelled out."""
    options: Json = rule if isinstance(rule, dict) else {"to": rule}
    _known(name, options, _RULE_KEYS)
    if options.get("url"):
        yield {"from": source, "url": True}
        return
    to = options["to"]
    pairs: list[tuple[str, list[str] | None]]
    if isinstance(to, dict):
        pairs = [(target, [operation]) for operation, target in to.items()]
    else:
        pairs = [(target, options.get("operations")) for target in ([to] if isinstance(to, str) else to)]
    _targets(name, [target for target, _ in pairs] + list(options.get("with", {})), types)
    for target, operations in pairs:
        move: Json = {"from": source, "to": target, "type": types[target]}
        if operations:
            move["operations"] = operations
        if "values" in options:
            move["values"] = _table(name, options["values"], shared)
        move |= {key: options[key] for key in ("with", "scale", "time", "drop", "only") if key in options}
        yield move


def _list(name: str, target: str, rule: Json, shared: Json) -> Json:
    prefix, star, suffix = rule["each"].partition("*")
    if not star:
        raise ValueError(f"{name}: {rule['each']} has no *")
    return {"prefix": prefix, "suffix": suffix, "to": target, "values": _table(name, rule["values"], shared)}


def _table(name: str, values: Any, shared: Json) -> Any:
    """The name of a shared table, or a table of the rule's own."""
    if isinstance(values, str) and values not in shared:
        raise ValueError(f"{name}: there is no value table {values}")
    return values


def _known(name: str, found: Iterable[str], accepted: set[str]) -> None:
    if unknown := sorted(set(found) - accepted):
        raise ValueError(f"{name}: {', '.join(unknown)} is no key; accepted: {', '.join(sorted(accepted))}")


def _targets(name: str, targets: Iterable[str], types: Mapping[str, str]) -> None:
    if unknown := sorted(set(targets) - set(types)):
        raise ValueError(f"{name}: {', '.join(unknown)} is not in the registry")


def main() -> None:
    """Write the file beside this one."""
    OUTPUT.write_text(render(), "utf-8")


if __name__ == "__main__":
    main()
