"""A provider emulator: the wire formats of OpenAI and Anthropic over loopback HTTP, with faults on request."""

from tests.emulator.scenario import Scenario
from tests.emulator.server import Emulator, ReceivedRequest


__all__ = ["Emulator", "ReceivedRequest", "Scenario"]
