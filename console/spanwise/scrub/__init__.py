"""Files of any size without the secrets and personal data in them: text, JSON, lines of JSON."""

from spanwise.scrub.place import Place
from spanwise.scrub.scrubber import Cleaned, Scrubber
from spanwise.scrub.source import Unreadable, source


__all__ = ["Cleaned", "Place", "Scrubber", "Unreadable", "source"]
