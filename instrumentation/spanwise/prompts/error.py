"""`PromptError`: a prompt that is not there, is broken, or was given the wrong variables."""

from __future__ import annotations


class PromptError(ValueError):
    """What is wrong with a prompt: file, line and key where there are any, what was found, and what is accepted."""
