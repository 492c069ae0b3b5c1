"""`Scanner`: where the values stand in a text."""

from __future__ import annotations

import functools
from typing import Final

from spanwise.redact import account, address, phone, secret, url
from spanwise.redact.fold import needs_folding
from spanwise.redact.rule import ALPHANUMERIC, Hit, Rule, compiled


RULES: Final[tuple[Rule, ...]] = url.RULES + secret.RULES + address.RULES + account.RULES + phone.RULES
_FREE: Final = rb"(?:^|[^A-Za-z0-9]|\\[nrt])"
_BASE64_RUN: Final = 192
_BASE64: Final = frozenset(ALPHANUMERIC | set(b"+/="))
_LOCAL_TO_AT: Final = compiled(rb"[A-Za-z0-9._%+'\-]{0,64}(@|%40)[A-Za-z0-9]")
_NUMERIC_KINDS: Final = frozenset({"card", "phone", "iban"})


class Exhausted(Exception):  # noqa: N818 - not an error of the program
    """A text has more candidates than may be looked at."""


class Budget:
    """How many candidates may still be looked at: text made of nothing else would cost seconds per span.

    Attributes:
        left: Candidates left.
    """

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self) -> None:
        """Counts one candidate.

        Raises:
            Exhausted: when none is left.
        """
        self.left -= 1
        if self.left < 0:
            raise Exhausted


class Scanner:
    """Finds the values of the given kinds in UTF-8 bytes.

    One pass of an RE2 alternation (the gate) finds candidates; only there exact rules and check digits are applied.
    Work is linear in the text: the gate never looks back, and each rule reads a bounded or disjoint stretch.
    """

    def __init__(self, kinds: frozenset[str]) -> None:
        rules = [rule for rule in RULES if rule.kind in kinds]
        bare = [b"(?:" + rule.gate + b")" for rule in rules if rule.bare]
        free = [b"(?:" + rule.gate + b")" for rule in rules if not rule.bare]
        gates = bare + ([_FREE + b"(?:" + b"|".join(free) + b")"] if free else [])
        # A pattern that matches nothing stands in when no kind is wanted.
        self._gate = compiled(b"|".join(gates) or rb"[^\x00-\xff]")
        self._rules = tuple(tuple(rule for rule in rules if byte in rule.triggers) for byte in range(256))
        self._email = next((rule for rule in rules if rule.kind == "email"), None)

    def suspects(self, data: bytes) -> bool:
        """Whether `data` is worth a closer look; false means that nothing in it would be taken out."""
        return self._gate.search(data) is not None or (not data.isascii() and needs_folding(data))

    def hits(self, data: bytes, budget: Budget) -> list[Hit]:
        """All values, in order and without overlap.

        A rejected candidate hides nothing: the search goes on one byte behind its start.

        Raises:
            Exhausted: when there are more candidates than `budget` has left.
        """
        found: list[Hit] = []
        position = floor = 0
        while (match := self._gate.search(data, position)) is not None:
            budget.spend()
            start = match.start()
            hit = self._decide(data, start, floor)
            if hit is None:
                position = start + 1
                continue
            found.append(hit)
            floor = hit.end
            # The last byte of a value may be the left side of the next one.
            position = max(hit.end - 1, start + 1)
        return found

    def _decide(self, data: bytes, start: int, floor: int) -> Hit | None:
        for trigger in range(start, min(start + 3, len(data))):
            for rule in self._rules[data[trigger]]:
                hit = rule.decide(data, trigger)
                if hit is not None and hit.start >= floor and not _in_base64(data, hit):
                    return self._widened(data, hit, floor)
        return None

    def _widened(self, data: bytes, hit: Hit, floor: int) -> Hit:
        """The e-mail address that `hit` is only the beginning of (`4111111111111111@example.com`), or `hit`."""
        if self._email is None or hit.kind == "email":
            return hit
        sign = _LOCAL_TO_AT.match(data, hit.end)
        wider = self._email.decide(data, sign.start(1)) if sign else None
        return wider if wider is not None and floor <= wider.start <= hit.start else hit


def _in_base64(data: bytes, hit: Hit) -> bool:
    """Whether a number stands inside a long run of base64, where digits mean nothing."""
    if hit.kind not in _NUMERIC_KINDS:
        return False
    low = max(0, hit.start - _BASE64_RUN)
    high = min(len(data), hit.end + _BASE64_RUN)
    left, right = hit.start, hit.end
    while left > low and data[left - 1] in _BASE64:
        left -= 1
    while right < high and data[right] in _BASE64:
        right += 1
    return right - left >= _BASE64_RUN


@functools.lru_cache(maxsize=32)
def scanner(kinds: frozenset[str]) -> Scanner:
    """The scanner of `kinds`, built once: compiling the gate takes about a millisecond."""
    return Scanner(kinds)
