"""The local page over the store: calls, traces, sessions, prompts, reports, alerts, in a browser on this machine.

The server is the standard library's and the page is plain modules without a build step; nothing is asked of the
network.
"""

from spanwise.view.browser import has_browser
from spanwise.view.gate import Gate
from spanwise.view.refusal import Refusal
from spanwise.view.server import ViewServer
from spanwise.view.source import Source
from spanwise.view.still import still


__all__ = ["Gate", "Refusal", "Source", "ViewServer", "has_browser", "still"]
