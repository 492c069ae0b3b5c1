"""`PolicyError`: every mistake of a policy, one per line."""

from __future__ import annotations

from collections.abc import Sequence

from spanwise.policy.problem import Problem, dotted


class PolicyError(ValueError):
    """A policy that cannot be used. Its text has one line per problem: `spanwise.yaml:4: redact.kind: not a key. ...`.

    Attributes:
        problems: the complaints, in the order of their lines.
        lines: each complaint as text, with file, line and path.
    """

    def __init__(self, source: str, problems: Sequence[tuple[int | None, Problem]]) -> None:
        ordered = sorted(problems, key=lambda problem: problem[0] or 0)
        self.problems: tuple[Problem, ...] = tuple(problem for _, problem in ordered)
        self.lines: tuple[str, ...] = tuple(_line(source, number, problem) for number, problem in ordered)
        super().__init__("\n".join(self.lines))


def _line(source: str, number: int | None, problem: Problem) -> str:
    place = source if number is None else f"{source}:{number}"
    parts = (place, dotted(problem.path), problem.message)
    return ": ".join(part for part in parts if part)
