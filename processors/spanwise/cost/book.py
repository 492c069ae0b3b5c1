"""`PriceBook`: what a call costs, by provider, model, time and context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from spanwise.cost import quote as answers
from spanwise.cost.arithmetic import Quoting
from spanwise.cost.match import compiled, lookable, matches
from spanwise.cost.quote import Quote, Usage, unpriced
from spanwise.cost.recent import Recent
from spanwise.cost.rule import Rule
from spanwise.cost.tariff import ALWAYS, Context, Prices, RawModel, Tariff, find
from spanwise.cost.unit import Unit, Units


RawBook: TypeAlias = dict[str, Any]
"""A whole book as it stands in `book.json`."""
RawProvider: TypeAlias = dict[str, Any]
"""One provider as it stands in `book.json`."""

_Key: TypeAlias = tuple[str | None, str, str | None]
"""Provider, model and URL as they were asked for."""

_Asked: TypeAlias = tuple[Any, ...]
"""Provider and model, then what else was asked for."""

_Way: TypeAlias = tuple[int, int, int, Quoting]
"""How usages of one shape are priced, after the seconds since and until when, and the number of keys; -1 where usages
of another shape would not be noticed. A plain tuple is unpacked fastest."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_ROUTER = "litellm"
_TIER = "service_tier"
_COMPACT_DATE = re.compile(r"-(20[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?=-|:|$)")
_REMEMBERED = 4096


class Entry(NamedTuple):
    """A model that was found, and whether its provider lists it itself. Request contexts hold for own models only."""

    tariff: Tariff
    own: bool


class PriceBook:
    """A price book in memory. Safe to use from several threads.

    Answers are those of genai-prices for the same data. What has been asked is remembered, at most 4096 names each of
    those that were found and those that were not, so a second call of a model costs a dict look-up and integer
    arithmetic.
    """

    def __init__(self, text: bytes | RawBook) -> None:
        """Read a book, from its text or from what the text holds.

        Raises:
            orjson.JSONDecodeError: `text` is not JSON.
            KeyError: `text` is not a price book.
        """
        raw: RawBook = orjson.loads(text) if isinstance(text, bytes) else text
        self.name: str = raw["name"]
        self.version: str = raw["version"]
        self.date = date.fromisoformat(raw["date"])
        self.is_fetched = raw.get("dated") == "fetched"
        """Whether `date` is the day the book was fetched, because the day of the release is not known."""
        self._units = Units(raw["units"])
        self._providers: list[RawProvider] = raw["providers"]
        self._by_id: dict[str, RawProvider] = {provider["id"]: provider for provider in self._providers}
        self._tariffs: dict[int, Tariff] = {}
        self._found: Recent[_Key, Entry] = Recent(_REMEMBERED)
        self._ways: Recent[_Asked, _Way] = Recent(_REMEMBERED)
        self._last_ways: Recent[_Asked, _Way] = Recent(_REMEMBERED)
        self._last_way = self._last_ways.young.get
        self._missed: Recent[_Key, str] = Recent(_REMEMBERED)
        self._hosts: Recent[str, str] = Recent(_REMEMBERED)

    @staticmethod
    def bundled() -> PriceBook:
        """The book that ships with this distribution, read once per process (about 5 ms)."""
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
        at_s = (moment - _EPOCH) // _SECOND
        if url is None:
            return self.quote_at(provider, model, usage, at_s, context)
        asked: _Asked = (provider, model, url, *(context or {}).items())
        return self._way((provider, model, url), asked, usage, at_s, context)

    def quote_at(
        self, provider: str | None, model: str, usage: Usage, at_s: int, context: Context | None = None
    ) -> Quote:
        """`quote` with the time in whole seconds since the epoch; less than 1 us for a model seen before."""
        asked: _Asked
        if not context:
            asked = (provider, model)
        elif _TIER in context and len(context) == 1:
            # The usual context: taking its items apart takes longer than all the rest of the look-up. The others are
            # told from it by their pairs.
            asked = (provider, model, context[_TIER])
        else:
            asked = (provider, model, *context.items())
        way = self._last_way(asked)
        if way is not None:
            since_s, until_s, count, quoting = way
            if count == len(usage) and since_s <= at_s < until_s:
                try:
                    return quoting(usage)
                except KeyError:  # as many keys, but others
                    pass
        return self._way((provider, model, None), asked, usage, at_s, context)

    def entry(self, provider: str | None, model: str, url: str | None = None) -> Entry | str:
        """The model that these names lead to, or the reason why they lead to none."""
        key = (provider, model, url)
        return self._found.get(key) or self._find(key)

    def unit(self, price_key: str) -> Unit:
        """The unit that `price_key` is the price of."""
        return self._units.of_price(price_key)

    def tariffs(self, provider: str | None = None) -> Iterator[Tariff]:
        """Every model of the book, or of the provider that is known by the id `provider`, in the order of the book."""
        for owner in self._providers:
            if provider in {None, owner["id"]}:
                yield from (Tariff(owner["id"], raw, self._units) for raw in owner["models"])

    def providers(self) -> list[str]:
        """The ids of the providers, in the order of the book."""
        return list(self._by_id)

    @property
    def raw(self) -> list[RawProvider]:
        """The providers as they stand in the book, for whoever writes it in another form. Not to be changed."""
        return self._providers

    def listed(self, owner: str, model: RawModel, *, own: bool) -> Entry:
        """One model of `raw`, which the provider with the id `owner` lists, as it is found by its name."""
        return Entry(self._tariff(owner, model), own)

    def rule(self, prices: Prices) -> Rule:
        """`prices`, which may be the book's with changes, as a rule."""
        return Rule(prices.name, prices.table, self._units, prices.least_audio_s)

    def _way(self, key: _Key, asked: _Asked, usage: Usage, at_s: int, context: Context | None) -> Quote:
        """The quote where the last usage of this model had other keys, or held at another time."""
        shape = tuple(usage)
        found = self._ways.get((*asked, shape))
        if found is None or not found[0] <= at_s < found[1]:
            found = self._new_way(key, shape, at_s, context)
            self._ways.put((*asked, shape), found)
        if found[2] >= 0:
            self._last_ways.put(asked, found)
        return found[3](usage)

    def _new_way(self, key: _Key, shape: tuple[str, ...], at_s: int, context: Context | None) -> _Way:
        entry = self.entry(*key)
        if isinstance(entry, str):
            answer = unpriced(entry)
            return (*ALWAYS, -1, lambda _: answer)
        prices = entry.tariff.at(at_s, context, own=entry.own)
        rule = entry.tariff.rule(prices)
        count = len(shape) if rule.is_strict(shape) else -1
        return (*entry.tariff.window(at_s), count, rule.quoting(shape, prices.reason))

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

    def _find(self, key: _Key) -> Entry | str:
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

    def _search(self, name: str | None, model: str, url: str | None) -> Entry | str:
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
                    return Entry(self._tariff(owner["id"], raw), owner is provider)
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
            if compiled(provider["api"][1]).match(url):
                return provider
        return None

    def _tariff(self, owner: str, raw: RawModel) -> Tariff:
        tariff = self._tariffs.get(id(raw))
        if tariff is None:
            tariff = self._tariffs[id(raw)] = Tariff(owner, raw, self._units)
        return tariff


BUNDLED: Final = Path(__file__).with_name("book.json")


@cache
def _bundled() -> PriceBook:
    return PriceBook(BUNDLED.read_bytes())


def _dashed(match: re.Match[str]) -> str:
    """`-20251211` as `-2025-12-11`; a day that does not exist stays as it is."""
    year, month, day = (int(part) for part in match.groups())
    try:
        return f"-{date(year, month, day).isoformat()}"
    except ValueError:
        return match.group()
