"""`PriceBook`: what a call costs, by provider, model, time and context."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import orjson

from spanwise.cost import quote as answers
from spanwise.cost.match import compiled, lookable, matches
from spanwise.cost.quote import Quote, Usage
from spanwise.cost.recent import Recent
from spanwise.cost.tariff import Context, RawModel, Tariff, find
from spanwise.cost.unit import Units
from spanwise.semconv import values


RawProvider: TypeAlias = dict[str, Any]
"""One provider as it stands in `book.json`."""

_Key: TypeAlias = tuple[str | None, str, str | None]
"""Provider, model and URL as they were asked for."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_ROUTER = "litellm"
_COMPACT_DATE = re.compile(r"-(20[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?=-|:|$)")
_REMEMBERED = 4096
_EXACT = values.SPANWISE_COST_STATUS_EXACT
_ESTIMATED = values.SPANWISE_COST_STATUS_ESTIMATED
_UNPRICED = values.SPANWISE_COST_STATUS_UNPRICED


class _Entry(NamedTuple):
    """A model that was found, and whether its provider lists it itself. Request contexts hold for own models only."""

    tariff: Tariff
    own: bool


class PriceBook:
    """A price book in memory. Safe to use from several threads.

    Answers are those of genai-prices for the same data. What has been asked is remembered, at most 4096 names each of
    those that were found and those that were not, so a second call of a model costs a dict look-up and integer
    arithmetic.
    """

    def __init__(self, text: bytes) -> None:
        """Read a book.

        Raises:
            orjson.JSONDecodeError: `text` is not JSON.
            KeyError: `text` is not a price book.
        """
        raw = orjson.loads(text)
        self.name: str = raw["name"]
        self.version: str = raw["version"]
        self.date = date.fromisoformat(raw["date"])
        self._units = Units(raw["units"])
        self._providers: list[RawProvider] = raw["providers"]
        self._by_id: dict[str, RawProvider] = {provider["id"]: provider for provider in self._providers}
        self._tariffs: dict[int, Tariff] = {}
        self._found: Recent[_Key, _Entry] = Recent(_REMEMBERED)
        self._missed: Recent[_Key, str] = Recent(_REMEMBERED)
        self._hosts: Recent[str, str] = Recent(_REMEMBERED)

    @staticmethod
    def bundled() -> PriceBook:
        """The book that ships with this distribution, read once per process (about 10 ms)."""
        return _bundled()

    def quote(  # noqa: PLR0913 - these are what a price depends on
        self,
        provider: str | None,
        model: str,
        usage: Usage,
        *,
        at: datetime,
        context: Context | None = None,
        url: str | None = None,
    ) -> Quote:
        """The price of one call that started `at` (UTC when it has no zone).

        `provider` is an id of the book or a name that contains one; without it `url` decides, and without both the
        model name. `context` is how the call was made: `service_tier`, `processing`, `speed`. A context the book has no
        price for is priced as standard and the quote is `estimated`. Nothing is raised for what a caller passes in.
        """
        moment = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return self._quote((provider, model, url), usage, (moment - _EPOCH) // _SECOND, context)

    def quote_at(
        self, provider: str | None, model: str, usage: Usage, at_s: int, context: Context | None = None
    ) -> Quote:
        """`quote` with the time in whole seconds since the epoch; about 3 us for a model seen before."""
        return self._quote((provider, model, None), usage, at_s, context)

    def _quote(self, key: _Key, usage: Usage, at_s: int, context: Context | None) -> Quote:
        entry = self._found.get(key) or self._find(key)
        if isinstance(entry, str):
            return _unpriced(entry)
        tariff, own = entry
        rule, reason = tariff.rule(at_s, context, own=own)
        priced = rule.price(usage)
        if isinstance(priced, str):
            return _unpriced(priced)
        (amount, buckets), name = priced
        if not reason and rule.by_lifetime and usage.get("cache_write_tokens") and not _has_lifetime(usage):
            reason = answers.NO_LIFETIME
        return Quote(amount, _ESTIMATED if reason else _EXACT, reason, name, buckets)

    def provider_at(self, url: str) -> str | None:
        """The id of the provider whose API is at `url`, or `None` for a host the book does not know."""
        known = self._hosts.get(url)
        if known is None:
            if not lookable(url):
                return None
            provider = self._serving(url)
            known = provider["id"] if provider else ""
            self._hosts.put(url, known)
        return known or None

    def _find(self, key: _Key) -> _Entry | str:
        provider, model, url = key
        reason = self._missed.get(key)
        if reason is not None:
            return reason
        if not lookable(model):
            return answers.UNKNOWN_MODEL
        if not lookable(provider or "") or not lookable(url or ""):
            return answers.UNKNOWN_PROVIDER
        found = self._search(provider, model.lower(), url)
        if isinstance(found, str):
            self._missed.put(key, found)
        else:
            self._found.put(key, found)
        return found

    def _search(self, name: str | None, model: str, url: str | None) -> _Entry | str:
        if name is not None and name.lower() == _ROUTER and "/" in model:
            prefix, rest = model.split("/", 1)
            if prefix and self._named(prefix):
                name, model = prefix, rest
        provider = self._provider(name, model, url)
        if provider is None:
            return answers.UNKNOWN_PROVIDER
        for spelling in dict.fromkeys((model, _COMPACT_DATE.sub(_dashed, model))):
            for owner in (provider, *(self._by_id[other] for other in provider.get("fallback", ()))):
                raw = find(owner["models"], spelling)
                if raw is not None:
                    return _Entry(self._tariff(owner["id"], raw), owner is provider)
        return answers.UNKNOWN_MODEL

    def _provider(self, name: str | None, model: str, url: str | None) -> RawProvider | None:
        if name is not None:
            named = self._named(name)
            if named is not None or name.lower() != _ROUTER:
                return named
        if url is not None:
            return self._serving(url)
        for provider in self._providers:
            if "models_match" in provider and matches(provider["models_match"], model):
                return provider
        return None

    def _named(self, name: str) -> RawProvider | None:
        wanted = name.lower().strip()
        exact: RawProvider | None = self._by_id.get(wanted)
        if exact is not None:
            return exact
        for provider in self._providers:
            if "match" in provider and matches(provider["match"], wanted):
                return provider
        return None

    def _serving(self, url: str) -> RawProvider | None:
        for provider in self._providers:
            kind, pattern = provider["api"]
            if compiled(kind, pattern).match(url):
                return provider
        return None

    def _tariff(self, owner: str, raw: RawModel) -> Tariff:
        tariff = self._tariffs.get(id(raw))
        if tariff is None:
            tariff = self._tariffs[id(raw)] = Tariff(owner, raw, self._units)
        return tariff


@cache
def _bundled() -> PriceBook:
    return PriceBook(Path(__file__).with_name("book.json").read_bytes())


def _unpriced(reason: str) -> Quote:
    return Quote(None, _UNPRICED, reason, "", {})


def _has_lifetime(usage: Usage) -> bool:
    return "cache_write_1h_tokens" in usage or "cache_write_5m_tokens" in usage


def _dashed(match: re.Match[str]) -> str:
    """`-20251211` as `-2025-12-11`; a day that does not exist stays as it is."""
    year, month, day = (int(part) for part in match.groups())
    try:
        return f"-{date(year, month, day).isoformat()}"
    except ValueError:
        return match.group()
