"""Prompts in files of the application's repository: `spanwise.prompts.get("triage").compile(email=...)`."""

from spanwise.prompts.error import PromptError
from spanwise.prompts.folder import get, prompts
from spanwise.prompts.prompt import Message, Prompt
from spanwise.prompts.text import PromptText


__all__ = ["Message", "Prompt", "PromptError", "PromptText", "get", "prompts"]
