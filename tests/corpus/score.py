"""How well an engine did: what it found, what it took by mistake, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tests.corpus.align import Taken
from tests.corpus.text import Label, Text


_SURVIVES: Final = 4
"""Letters and digits in a row that are enough to say that a value got through."""

GROUPS: Final[dict[str, Callable[[Text, Label], str]]] = {
    "family": lambda text, label: label.family,
    "kind": lambda text, label: f"{label.family}/{label.kind}",
    "locale": lambda text, label: text.locale,
    "noise": lambda text, label: text.noise,
    "template": lambda text, label: text.template,
}


@dataclass
class Tally:
    """Counts of one group.

    Attributes:
        planted: Values that had to be found.
        found: Those of which nothing is left.
        right: Redactions that overlap something planted.
        wrong: Redactions that overlap nothing planted.
    """

    planted: int = 0
    found: int = 0
    right: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        """Share of planted values that were found; 1 when there were none."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Share of redactions that hit something planted; 1 when there were none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0


class Miss(NamedTuple):
    """Something that went wrong: a value that got through, or a redaction of nothing."""

    what: str
    kind: str
    value: str
    around: str
    text: Text


@dataclass
class Score:
    """The result of one engine on one corpus.

    Attributes:
        total: All values together.
        groups: By the group asked for.
        texts: Texts judged, and `clean` ones among them; `altered` is how many of these were changed.
        outside: Characters outside planted values; `over` is how many of these were taken.
        size: Bytes of text (UTF-8).
        seconds: Time in the engine.
        misses: What went wrong.
    """

    total: Tally = field(default_factory=Tally)
    groups: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    texts: int = 0
    clean: int = 0
    altered: int = 0
    outside: int = 0
    over: int = 0
    size: int = 0
    seconds: float = 0.0
    misses: list[Miss] = field(default_factory=list)


def score(texts: Sequence[Text], taken: Iterable[list[Taken]], *, by: str, family: Callable[[str], str]) -> Score:
    """The score of what was `taken` out of `texts`; `family` gives the family of an engine's kind."""
    result = Score()
    for text, found in zip(texts, taken, strict=True):
        _count(result, text, found, by, family)
        result.texts += 1
        result.size += len(text.text.encode("utf-8", "surrogatepass"))
        result.clean += text.clean
        result.altered += text.clean and any(not _allowed(text, one) for one in found)
    return result


def _count(result: Score, text: Text, found: list[Taken], by: str, family: Callable[[str], str]) -> None:
    for label in text.labels:
        if label.scored:
            gone = not survives(text.text, label, found)
            for tally in (result.total, result.groups[GROUPS[by](text, label)]):
                tally.planted += 1
                tally.found += gone
            if not gone:
                result.misses.append(_miss("missed", text, label.start, label.end, f"{label.family}/{label.kind}"))
    for one in found:
        hit = next((label for label in text.labels if label.start < one.end and one.start < label.end), None)
        wrong = hit is None
        group = _group_of(text, one, hit, by, family)
        for tally in (result.total, *([result.groups[group]] if group else [])):
            tally.right += not wrong
            tally.wrong += wrong
        if wrong:
            result.misses.append(_miss("false", text, one.start, one.end, one.kind))
    result.outside += len(text.text) - sum(label.end - label.start for label in text.labels)
    result.over += sum(end - start for start, end in _uncovered(found, text.labels))


def _group_of(text: Text, one: Taken, hit: Label | None, by: str, family: Callable[[str], str]) -> str:
    """Where a redaction counts: with the value it hit, or with what the engine took it for."""
    if by not in ("family", "kind"):
        return getattr(text, by)  # type: ignore[no-any-return]
    if hit is None:
        return family(one.kind) if by == "family" else f"{family(one.kind)}/{one.kind}"
    return GROUPS[by](text, hit) if hit.scored else ""


def survives(text: str, label: Label, found: Iterable[Taken]) -> bool:
    """Whether four letters or digits in a row of the value (or all of a shorter one) are still there."""
    least = min(_SURVIVES, sum(map(str.isalnum, text[label.start : label.end])))
    return any(sum(map(str.isalnum, text[start:end])) >= least for start, end in _uncovered([label], found))


def _uncovered(spans: Iterable[Taken | Label], cover: Iterable[Taken | Label]) -> Iterator[tuple[int, int]]:
    """The parts of `spans` that no member of `cover` reaches."""
    covers = sorted((one.start, one.end) for one in cover)
    for span in spans:
        place = span.start
        for start, end in covers:
            if start >= span.end:
                break
            if end > place:
                if start > place:
                    yield place, start
                place = end
        if place < span.end:
            yield place, span.end


def _allowed(text: Text, one: Taken) -> bool:
    return any(label.start < one.end and one.start < label.end for label in text.labels)


def _miss(what: str, text: Text, start: int, end: int, kind: str) -> Miss:
    around = f"{text.text[max(0, start - 50) : start]}«{text.text[start:end]}»{text.text[end : end + 25]}"
    return Miss(what, kind, text.text[start:end], around, text)
