"""`PromptText`: a text that knows which prompt it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from spanwise.instrument.core.prompted import Made, remember


if TYPE_CHECKING:
    from spanwise.prompts.prompt import Prompt


class PromptText(str):
    """A text made of a prompt: a `str` in all it does.

    A call that is given it, or an equal text, says which prompt that was. What is made of it, by `+` or formatting, is
    another text; then `spanwise.context(prompt=...)` says it.
    """

    __slots__ = ("prompt", "variables")

    prompt: Prompt
    """What it was made of."""

    variables: Mapping[str, str]
    """The values of the variables; content."""

    def __new__(cls, text: str, prompt: Prompt, variables: Mapping[str, str]) -> Self:
        """`text`, which `prompt` with these `variables` made."""
        made = super().__new__(cls, text)
        made.prompt = prompt
        made.variables = variables
        remember(made, Made(prompt.name, prompt.version, prompt.hash, variables))
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """In another process it is the text."""
        return str, (str(self),)
