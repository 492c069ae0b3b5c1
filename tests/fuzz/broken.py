"""`Broken`: a promise that does not hold for some input."""

from __future__ import annotations

from collections.abc import Callable


class Broken(AssertionError):
    """A promise that does not hold.

    Attributes:
        promise: Which one.
        text: The input.
        detail: What tells this failure from others of the same promise, such as a rule.
        still: Whether a smaller text breaks it, too; `None` where the input is no text.
    """

    def __init__(
        self, promise: str, text: str, still: Callable[[str], bool] | None = None, *, detail: str = ""
    ) -> None:
        super().__init__(f"{promise} ({detail}): {text[:300]!r}" if detail else f"{promise}: {text[:300]!r}")
        self.promise = promise
        self.text = text
        self.detail = detail
        self.still = still


def smallest(text: str, still: Callable[[str], bool], *, tries: int = 2_000) -> str:
    """A text as short as can be found in so many tries for which `still` is true, by leaving out parts of `text`."""
    size = max(1, len(text) // 2)
    while size >= 1 and tries > 0:
        start = 0
        shrunk = False
        while start < len(text) and tries > 0:
            shorter = text[:start] + text[start + size :]
            tries -= 1
            if still(shorter):
                text = shorter
                shrunk = True
            else:
                start += size
        if not shrunk:
            size //= 2
    return text
