"""Content mode: where the texts of prompts and answers are written, if anywhere."""

from spanwise.content.config import BOTH, EVENT, MODES, NONE, SPAN, ContentConfig


__all__ = ["BOTH", "EVENT", "MODES", "NONE", "SPAN", "ContentConfig"]
