"""Names of hosts, providers and models, looked up when a Collector's configuration is written instead of by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from spanwise.cost.book import PriceBook, RawProvider
from spanwise.cost.match import Clause
from spanwise.cost.search import PROVIDERS
from spanwise.cost.tariff import RawModel
from spanwise.deploy.collector.ottl.expression import both, either, matches, text
from spanwise.deploy.collector.ottl.portable_pattern import longest_part
from spanwise.deploy.collector.ottl.tariff_table import TariffTable


_LITERAL: Final = re.compile(r"https://((?:[a-z0-9\-]|\\\.)+)(?:\(\?:/\|\$\)|\(/\|\$\))?")
_SHORTEST_PART: Final = 4
_DASHED_DATE: Final = re.compile(r"-(20[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(?=-|:|$)")

HOSTS: Final = (
    "generativelanguage.googleapis.com",
    "aiplatform.googleapis.com",
    *(f"{area}-aiplatform.googleapis.com" for area in ("us-central1", "us-east5", "europe-west1", "europe-west4")),
    *(
        f"bedrock-runtime.{area}.amazonaws.com"
        for area in ("us-east-1", "us-east-2", "us-west-2", "eu-central-1", "eu-west-1", "eu-west-3", "ap-northeast-1")
    ),
    "api.cohere.com", "api.cohere.ai", "api.moonshot.ai", "api.moonshot.cn", "api.minimax.io", "api.minimaxi.com",
    "openrouter.ai",
)  # fmt: skip
"""Hosts that a pattern of the book matches and that are looked up first, because calls to them are many."""


class NameTable:
    """What names lead to, by the price book itself: every name that a clause of the book is equal to is asked of it.

    Attributes:
        numbers: Providers by id, two digits each.
        hosts: Numbers of providers by host.
        providers: Numbers of providers by name, as spans and the book write them.
        models: Numbers of tariffs by provider's number and name, `07|gpt-4o`.
    """

    def __init__(self, book: PriceBook, raw: list[RawProvider], tariffs: TariffTable) -> None:
        self._book, self._raw, self._tariffs = book, raw, tariffs
        self._by_id = {provider["id"]: provider for provider in raw}
        self.numbers = {name: f"{index:02d}" for index, name in enumerate(self._by_id)}
        self.hosts = dict(self._hosts())
        self.providers = {**self.numbers, **{name: self.numbers[owner] for name, owner in PROVIDERS.items()}}
        self.models = {f"{self.numbers[name]}|{model}": to for name in self._by_id for model, to in self._models(name)}

    def url_patterns(self) -> list[tuple[str, str]]:
        """Patterns of the addresses of APIs, in the order of the book, each with its provider's number."""
        return [(f"^(?:{provider['api'][1]})", self.numbers[provider["id"]]) for provider in self._raw]

    def url_parts(self) -> list[str]:
        """Texts of which one stands in all that one of those patterns is for, but for those without such a text."""
        parts = {longest_part(provider["api"][1].removeprefix("https://")) for provider in self._raw}
        long = {part for part in parts if len(part) >= _SHORTEST_PART}
        return sorted(part for part in long if not any(other != part and other in part for other in long))

    def urls_without_parts(self) -> list[str]:
        """The patterns that have no text in common with all they match."""
        return [
            pattern
            for provider, (pattern, _) in zip(self._raw, self.url_patterns(), strict=True)
            if len(longest_part(provider["api"][1].removeprefix("https://"))) < _SHORTEST_PART
        ]

    def name_conditions(self, path: str) -> list[tuple[str, str]]:
        """Conditions on a provider's name, in lower case at `path`, in the order of the book."""
        return [
            (condition(provider["match"], path), self.numbers[provider["id"]])
            for provider in self._raw
            if "match" in provider
        ]

    def guesses(self, path: str) -> list[tuple[str, str]]:
        """Conditions on a model's name, in lower case at `path`, that tell the provider."""
        return [
            (condition(provider["models_match"], path), self.numbers[provider["id"]])
            for provider in self._raw
            if "models_match" in provider
        ]

    def patterns(self) -> dict[str, list[tuple[Clause, str]]]:
        """Clauses that are no equality, by the provider's number, in the order of the book, with tariffs.

        They are for names that are not in `models`.
        """
        found: dict[str, list[tuple[Clause, str]]] = {}
        for name, provider in self._by_id.items():
            for owner, model in self._sold_by(provider):
                clause = unequal(model[1])
                if clause is not None:
                    entry = self._book.listed(owner, model, own=owner == name)
                    found.setdefault(self.numbers[name], []).append((clause, self._tariffs.address(name, entry)))
        return found

    def _hosts(self) -> Iterator[tuple[str, str]]:
        literals = (_LITERAL.fullmatch(provider["api"][1]) for provider in self._raw)
        for host in (*(found[1].replace("\\.", ".") for found in literals if found), *HOSTS):
            provider = self._book.provider_at(f"https://{host}")
            if provider is not None:
                yield host, self.numbers[provider]

    def _models(self, name: str) -> Iterator[tuple[str, str]]:
        names = {model for _, raw in self._sold_by(self._by_id[name]) for model in _equals(raw[1])}
        compact = {_DASHED_DATE.sub(r"-\1\2\3", model) for model in names}
        for model in sorted(names | compact):
            entry = self._book.entry(name, model)
            if not isinstance(entry, str) and not {"\n", "|"} & set(model):
                yield model, self._tariffs.address(name, entry, model)

    def _sold_by(self, provider: RawProvider) -> Iterator[tuple[str, RawModel]]:
        for owner in (provider["id"], *provider.get("fallback", ())):
            yield from ((owner, model) for model in self._by_id[owner]["models"])


def _equals(clause: Clause) -> Iterator[str]:
    kind, operand = clause
    if kind == "equals":
        yield operand
    elif kind in {"or", "and"}:
        for part in operand:
            yield from _equals(part)


def unequal(clause: Clause) -> Clause | None:
    """What is left of a clause for names that no clause is equal to; `None` where it never holds."""
    kind, operand = clause
    if kind == "equals":
        return None
    if kind == "or":
        parts = [left for part in operand if (left := unequal(part)) is not None]
        return ["or", parts] if parts else None
    if kind in {"and", "not"} and any(True for _ in _equals(clause)):
        raise ValueError(f"found {clause!r}; an equality inside of {kind} is not known here")
    return clause


def condition(clause: Clause, path: str) -> str:
    """A clause as a condition on the name at `path`, in lower case."""
    kind, operand = clause
    if kind in {"or", "and"}:
        parts = list(dict.fromkeys(condition(part, path) for part in operand))
        return either(*parts) if kind == "or" else f"({both(*parts)})"
    if kind == "not":
        return f"not ({condition(operand, path)})"
    if kind == "equals":
        return f"{path} == {text(operand)}"
    if kind == "starts":
        return f"HasPrefix({path}, {text(operand)})"
    if kind == "ends":
        return f"HasSuffix({path}, {text(operand)})"
    return matches(path, re.escape(operand) if kind == "contains" else operand)
