"""Where message content goes: upstream's switch, read at each call so that it can be changed at run time."""

from __future__ import annotations

import os
from enum import Flag

from spanwise.semconv import environment


class Capture(Flag):
    """Carriers of message content."""

    NOWHERE = 0
    SPAN = 1
    EVENT = 2


_MODES = {
    "NO_CONTENT": Capture.NOWHERE,
    "SPAN_ONLY": Capture.SPAN,
    "EVENT_ONLY": Capture.EVENT,
    "SPAN_AND_EVENT": Capture.SPAN | Capture.EVENT,
    # Spellings of the older conventions, which meant events.
    "TRUE": Capture.EVENT,
    "FALSE": Capture.NOWHERE,
}


def capture() -> Capture:
    """What the environment asks for; nothing for an unset or unknown value, so that a typing error leaks nothing."""
    mode = os.environ.get(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT)
    if not mode:
        return Capture.NOWHERE
    return _MODES.get(mode) or _MODES.get(mode.strip().upper(), Capture.NOWHERE)
