"""`FleetQuestion`: what the collector of a fleet is asked, and what may come back."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from spanwise.budget.account import Entry
from spanwise.budget.document import MOST_BYTES, PATH, SumsError, read
from spanwise.budget.fleet import Fleet
from spanwise.notify.exchange import FAULTS, Reply, exchange, fault
from spanwise.pipeline.fleet_token import FleetTokenError, fleet_tokens


_TIMEOUT_S: Final = 5.0


class FleetAnswer(NamedTuple):
    """What came of a question.

    Attributes:
        entries: What all have spent; empty where there was no answer.
        trouble: Why there was none, without anything that was sent or received; empty when there was one.
        passes: Whether the next question may be answered without anybody doing something.
    """

    entries: list[Entry]
    trouble: str = ""
    passes: bool = False


class FleetQuestion:
    """Asks for the sums, within about 10 seconds and 16 MiB. The token is sent to the URL of the policy and no other.

    Args:
        fleet: whom to ask, and where the token is. It is read at first use, and anew once it was refused.
        environ: where a token in a variable is looked for.
    """

    def __init__(self, fleet: Fleet, environ: Mapping[str, str]) -> None:
        self._fleet = fleet
        self._environ = environ
        self._address = urlsplit(fleet.url.rstrip("/") + PATH)
        self._context: ssl.SSLContext | None = None
        self._token = ""

    def ask(self) -> FleetAnswer:
        """Ask once. Nothing is raised: who asks goes on without an answer."""
        began_s = time.monotonic()
        try:
            reply = self._reply()
            if reply.status == 200 and len(reply.content) <= MOST_BYTES:
                return FleetAnswer(read(reply.content))
        except FleetTokenError as error:
            return FleetAnswer([], str(error))
        except SumsError:
            return FleetAnswer([], "its answer is none of sums")
        except FAULTS as error:
            text = fault(error, _TIMEOUT_S, late=time.monotonic() - began_s >= _TIMEOUT_S)
            return FleetAnswer([], text, passes=not isinstance(error, ssl.SSLCertVerificationError))
        return self._without(reply.status)

    def _reply(self) -> Reply:
        """What the collector answers.

        Raises:
            FleetTokenError: there is no token.
            OSError: one of `FAULTS`, where nobody answers.
        """
        if not self._token:
            self._token = fleet_tokens(self._fleet, self._environ)[0]
        if self._context is None and self._address.scheme == "https":
            self._context = ssl.create_default_context()
        return exchange(
            self._address,
            {"Authorization": f"Bearer {self._token}", "Accept": "application/json"},
            timeout_s=_TIMEOUT_S,
            most_bytes=MOST_BYTES + 1,
            context=self._context,
        )

    def _without(self, status: int) -> FleetAnswer:
        """An answer that holds no sums."""
        if status in {401, 403}:
            self._token = ""
            where = self._fleet.token_file or f"the variable {self._fleet.token_env}"
            return FleetAnswer([], f"it refuses the token of {where} ({status})")
        if status == 200:
            return FleetAnswer([], f"its answer is larger than {MOST_BYTES} bytes")
        if 300 <= status < 400:
            return FleetAnswer([], f"it answers with a redirect ({status}), which is not followed")
        more = "; a collector without budgets has no such page" if status == 404 else ""
        return FleetAnswer([], f"it answers {status}{more}", passes=status >= 500 or status in {408, 425, 429})
