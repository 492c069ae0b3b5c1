"""What the readers complain of in the form of a policy: what a schema can say too."""

from __future__ import annotations

from spanwise.plan import Plan
from spanwise.policy import Problem, Reader
from spanwise.policy.problem import Path
from tests.plan.drawing import Json


class FormReader(Reader):
    """A reader that keeps complaints of form, and leaves out those of meaning, which no schema can have."""

    def complain(self, key: str | int | None, message: str, *, item: int | None = None) -> None:
        """Nothing."""

    def complain_at(self, path: Path, message: str) -> None:
        """Nothing."""


def refusals(policy: Json) -> list[Problem]:
    """What the readers complain of in the form of `policy`."""
    reader = FormReader(policy, here=False)
    Plan.read(reader)
    return reader.problems
