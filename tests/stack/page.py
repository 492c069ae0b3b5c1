"""`Page`: how long it took from a fault until somebody was told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.stack.deadline import until
from tests.stack.stack import Stack
from tests.stack.webhook import Post


WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page that reached the webhook.

    Attributes:
        post: The notification.
        seen_s: When the stored series first showed the fault, by `time.time`.
    """

    post: Post
    seen_s: float

    @property
    def delay_s(self) -> float:
        """Seconds from there to the webhook."""
        return self.post.at_s - self.seen_s

    def alert(self, name: str) -> dict[str, dict[str, str]]:
        """The first firing alert of that name in it."""
        alert: dict[str, dict[str, str]] = self.post.alerts(name)[0]
        return alert


def page_of(stack: Stack, seed: Callable[[], object], *, shows: str, alert: str, **labels: str) -> Page:
    """The page that follows on what `seed` does.

    `shows` is PromQL over stored series alone, no recorded ones: it has a value from the moment at which a rule could
    know. The page is also written to the stack's folder, as JSON.

    Raises:
        AssertionError: the series did not show it, or no page came, within a minute each.
    """
    assert stack.webhook.first(alert, **labels) is None, f"{alert} rang before there was a reason"
    thread = threading.Thread(target=seed, name=f"seed of {alert}", daemon=True)
    thread.start()
    until(lambda: stack.prometheus.api.query(shows), within_s=WITHIN_S, what=f"the series show {shows}")
    seen_s = time.time()
    post = until(
        lambda: stack.webhook.first(alert, **labels),
        within_s=WITHIN_S,
        what=f"{alert} {labels} reaches the webhook",
        last_words=lambda: f"pending or firing: {stack.prometheus.api.alerts()}",
    )
    thread.join(WITHIN_S)
    (stack.folder / f"page-{alert}.json").write_text(json.dumps(post.body, indent=2) + "\n", encoding="utf-8")
    return Page(post, seen_s)
