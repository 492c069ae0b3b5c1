"""What no section can know of itself: that it asks for something which another one does not give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.budget import DIMENSIONS, RECORD
from spanwise.policy import Reader
from spanwise.semconv import attributes as attr


if TYPE_CHECKING:
    from spanwise.plan.plan import Plan


ALWAYS_MEASURED: Final = frozenset({attr.GEN_AI_REQUEST_MODEL, attr.GEN_AI_PROVIDER_NAME, attr.SERVICE_NAME})
"""Attributes that every metric of a model call has."""


def complain_of_contradictions(reader: Reader, plan: Plan) -> None:
    """Add a complaint to `reader` for each place where two sections of `plan` do not go together."""
    _complain_of_labels(reader, plan)
    _complain_of_content(reader, plan)


def _complain_of_labels(reader: Reader, plan: Plan) -> None:
    """A budget is counted in metrics: what it tells calls apart by must be one of their labels.

    One that processes alone can count is theirs, whatever metrics say.
    """
    measure = plan.pipeline.measure
    labels = ALWAYS_MEASURED | set(measure.labels)
    for budget in plan.budgets:
        is_counted = budget.action == RECORD or budget.is_in_processes
        if not measure.enabled and not budget.is_in_processes:
            what = "cannot be counted, because measure.enabled is false. Take one of the two out."
            reader.complain_at(budget.path, what)
        for key, dimensions in (("by", budget.by), ("where", tuple(budget.where))):
            for dimension in dimensions:
                if what := _unmeasured(dimension, labels, is_counted=is_counted):
                    reader.complain_at((*budget.path, key), what)


def _unmeasured(dimension: str, labels: frozenset[str] | set[str], *, is_counted: bool) -> str:
    """Why no metric tells calls apart by `dimension`; empty when one does, or none has to."""
    attribute = DIMENSIONS[dimension]
    if attribute in labels or is_counted:
        return ""
    return f"found {dimension}, but no metric has the label {attribute}. Add it: measure: {{labels: [{attribute}]}}."


def _complain_of_content(reader: Reader, plan: Plan) -> None:
    """A store of content that nothing is sent to is a mistake in one of the two places."""
    if plan.sinks.content is not None and not plan.content.is_captured:
        what = f"nothing comes here, because content.mode is {plan.content.mode}."
        message = f"{what} Accepted with it are span, event and both; or take this sink out."
        reader.complain_at((*reader.path, "sinks", "content"), message)
