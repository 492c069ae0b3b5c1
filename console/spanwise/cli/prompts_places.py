"""Where a version of a prompt is: in a file, in the registry, or in both and whether they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spanwise.prompts import Prompt
from spanwise.prompts.document import is_same
from spanwise.store.prompt_registry import StoredPrompt


@dataclass(frozen=True, slots=True)
class Place:
    """One version.

    Attributes:
        file: what a file has of it.
        stored: what the registry has of it; one of the two is there.
    """

    file: Prompt | None
    stored: StoredPrompt | None

    @property
    def prompt(self) -> Prompt:
        """What an application gets: the file's, or else the registry's."""
        if self.file is not None:
            return self.file
        assert self.stored is not None
        return self.stored.prompt

    @property
    def where(self) -> str:
        """`file`, `registry` or `both`."""
        if self.file is not None and self.stored is not None:
            return "both"
        return "file" if self.stored is None else "registry"

    @property
    def differs(self) -> tuple[str, ...]:
        """What the two say otherwise: `text`, `settings`, `labels`."""
        if self.file is None or self.stored is None:
            return ()
        other = self.stored.prompt
        text = self.file.hash != other.hash
        found = (text, not text and not is_same(self.file, other), set(self.file.labels) != set(other.labels))
        return tuple(name for name, is_so in zip(("text", "settings", "labels"), found, strict=True) if is_so)

    def said(self) -> str:
        """The place in words, with what differs."""
        if not self.differs:
            return self.where
        words = f"both; differs in {' and '.join(self.differs)}"
        if "labels" in self.differs and self.stored is not None:
            words += f" (registry: {', '.join(self.stored.prompt.labels) or 'none'})"
        return words


def places_of(files: Sequence[Prompt], stored: Sequence[StoredPrompt]) -> list[Place]:
    """A place for each version: those of files in their order, then what only the registry has."""
    there = {(kept.prompt.name, kept.prompt.version): kept for kept in stored}
    places = [Place(prompt, there.pop((prompt.name, prompt.version), None)) for prompt in files]
    return places + [Place(None, kept) for kept in there.values()]
