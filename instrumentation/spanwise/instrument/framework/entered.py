"""`Entered`: a context that a callback made current, and that another callback leaves, wherever it runs."""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakSet

from opentelemetry import context as context_api
from opentelemetry.context import Context


class Entered:
    """A context that says `values` is current from now on, until `leave`.

    Frameworks announce the end of a run from another task than its start, where the token of the start is worth
    nothing. Then the context is not left but says from now on what the one around it says, and follows that one if it
    comes to the same end.

    Args:
        values: all that the context says.
    """

    __slots__ = ("_inner", "_outer", "_token")

    def __init__(self, values: Mapping[str, object]) -> None:
        here = context_api.get_current()
        self._outer = here.follows or here if isinstance(here, _Own) else here
        self._inner = _Own(values)
        self._token = context_api.attach(self._inner)

    def leave(self) -> None:
        """The context is no longer current, here or where it was entered."""
        inner, outer = self._inner, self._outer
        if isinstance(outer, _Own):
            outer = outer.follows or outer  # it may have been left before this one
        lapsed = list(inner.followers)
        if not self._reset():
            lapsed.append(inner)
        for each in lapsed:
            each.follow(outer)

    def _reset(self) -> bool:
        if context_api.get_current() is not self._inner:
            return False
        try:
            self._token.var.reset(self._token)
        except ValueError:  # this is another task, with a copy
            return False
        return True


class _Own(Context):
    """A context that nobody else made, and so may be changed: others are read by whoever holds them."""

    __hash__ = object.__hash__  # type: ignore[assignment] # by identity, for the set

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(values)
        self.follows: Context | None = None
        self.followers: WeakSet[_Own] = WeakSet()

    def follow(self, outer: Context) -> None:
        """Say what `outer` says, now and when that changes."""
        dict.update(self, outer)
        for name in [name for name in self if name not in outer]:
            dict.pop(self, name, None)
        self.follows = outer
        if isinstance(outer, _Own):
            outer.followers.add(self)
