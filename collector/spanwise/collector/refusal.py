"""A request that is answered with an error."""

from __future__ import annotations

from http import HTTPStatus
from typing import Self

from google.rpc import code_pb2


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault
    """An error answer in the terms of both protocols.

    Attributes:
        status: the HTTP status.
        code: the `google.rpc.Code`.
        message: a fixed sentence. It never quotes a body, a header or a token.
        retry_after_s: when to try again; `None` where trying again cannot help.
    """

    def __init__(self, status: HTTPStatus, code: int, message: str, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after_s = retry_after_s

    @classmethod
    def malformed(cls, message: str) -> Self:
        """The request cannot be read; it must not be sent again."""
        return cls(HTTPStatus.BAD_REQUEST, code_pb2.INVALID_ARGUMENT, message)

    @classmethod
    def too_large(cls, limit_bytes: int) -> Self:
        """The request is larger than `limit_bytes`, before or after decompression; it must not be sent again."""
        message = f"the request is larger than {limit_bytes} bytes"
        return cls(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, code_pb2.RESOURCE_EXHAUSTED, message)

    @classmethod
    def unavailable(cls, message: str, retry_after_s: int) -> Self:
        """The collector cannot take spans now."""
        return cls(HTTPStatus.SERVICE_UNAVAILABLE, code_pb2.UNAVAILABLE, message, retry_after_s)
