"""`Refusal`: a request that gets no answer, and why."""

from __future__ import annotations

from http import HTTPStatus


class Refusal(Exception):  # noqa: N818 - an answer, not a defect
    """Ends a request with `status`; the message is one sentence for a person and never holds a stored value."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
