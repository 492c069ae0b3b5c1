"""Kinds of steps that an application may say it takes."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

from spanwise.instrument.core.form import FORMS, Form


__all__ = ["FORMS", "KINDS", "Form", "StepKind"]

StepKind: TypeAlias = Literal["workflow", "agent", "tool", "retrieval", "rerank", "guardrail", "task"]

KINDS: Final[tuple[str, ...]] = get_args(StepKind)
