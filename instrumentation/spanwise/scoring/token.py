"""`feedback_token`: the right of a page to score one answer."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Final

from spanwise.record.score import said
from spanwise.scoring.target import About, Target
from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.redact import KeyRing

_making: Final = threading.Lock()
_rings: Final[dict[tuple[str, str, str], KeyRing]] = {}


def feedback_token(
    *names: str,
    trace: str | None = None,
    span: About | None = None,
    response_id: str | None = None,
    valid_s: int = 86_400,
    user: str | None = None,
) -> str:
    """A token for a page that may then score what is named, for `names` only and until it ends.

    The page sends it with its score to `POST /v1/feedback` of the collector. It is about 200 characters that are safe
    in a URL; whoever holds it can read the ids, names and user in it, and can give 20 scores with it. The key is that
    of `SPANWISE_FEEDBACK_KEY`, or of the policy's section `feedback`, read once. About 30 us.

    Args:
        names: the criteria, as `helpful`; 1 to 16.
        trace: what the scores are about, as for `spanwise.score`, and so are the next two.
        span: a span; by default the current one.
        response_id: the provider's id of the answer.
        valid_s: seconds until it ends; at most 90 days.
        user: an id of the person who will give the scores; the page cannot change it.

    Raises:
        TypeError: an argument is of another type.
        ValueError: an argument has another form, nothing is named and no span is current, or there is no usable key.
    """
    from spanwise.feedback.token import LONGEST_LIFE_S, MOST_NAMES, Token

    if not 0 < len(names) <= MOST_NAMES:
        raise ValueError(f"feedback_token: found {len(names)} names; accepted are 1 to {MOST_NAMES}.")
    for name in names:
        said(name, 1, user=user)
    if type(valid_s) is not int or not 0 < valid_s <= LONGEST_LIFE_S:
        raise ValueError(f"valid_s: accepted is a whole number of seconds from 1 to {LONGEST_LIFE_S}.")
    target = Target.of(trace, span, response_id)
    if not target:
        raise ValueError("feedback_token: there is no current span; name a trace, a span or a response_id.")
    token = Token(
        names=names,
        expires_unix_s=int(time.time()) + valid_s,
        trace_id=target.trace_id,
        span_id=target.span_id,
        response_id=target.response_id,
        user=user or "",
    )
    return token.signed(_keys())


def _keys() -> KeyRing:
    """The key, read again only when what names it has changed."""
    named = (
        os.environ.get(environment.SPANWISE_FEEDBACK_KEY, ""),
        os.environ.get(environment.SPANWISE_POLICY, ""),
        os.getcwd(),
    )
    with _making:
        ring = _rings.get(named)
        if ring is None:
            _rings.clear()
            ring = _rings[named] = _read()
        return ring


def _read() -> KeyRing:
    from spanwise.feedback import FeedbackConfig
    from spanwise.policy import PolicyError
    from spanwise.redact import KeyRingError

    try:
        config = FeedbackConfig.of(os.environ)
    except PolicyError as error:
        raise ValueError(str(error)) from None
    except KeyRingError as error:
        raise ValueError(f"{environment.SPANWISE_FEEDBACK_KEY}: {error}") from None
    if config.keys is None:
        raise ValueError(
            f"feedback_token: there is no key. Set {environment.SPANWISE_FEEDBACK_KEY}, or feedback.key_file in the "
            "policy, for the application and for the collector; spanwise redact --new-key makes one."
        )
    return config.keys
