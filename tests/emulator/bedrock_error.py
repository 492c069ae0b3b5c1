"""Errors in the shape of AWS: the code in a header, a message in the body."""

from __future__ import annotations

from typing import Final

from tests.emulator.document import Json
from tests.emulator.provider_error import ErrorShape


_CODES: Final = {
    "error_400": ("ValidationException", "The provided model identifier is invalid."),
    "error_401": ("UnrecognizedClientException", "The security token included in the request is invalid."),
    "error_403": ("AccessDeniedException", "You don't have access to the model with the specified model ID."),
    "error_404": ("ResourceNotFoundException", "Could not resolve the foundation model from the model identifier."),
    "error_408": ("ModelTimeoutException", "The model took longer than allowed to process the request."),
    "error_409": ("ConflictException", "A conflict occurred when performing an operation."),
    "error_500": ("InternalServerException", "The system encountered an unexpected error during processing."),
    "error_503": ("ServiceUnavailableException", "Bedrock is unable to process your request."),
    "error_504": ("ServiceUnavailableException", "The service did not answer in time."),
    "error_529": ("ModelNotReadyException", "The model is not ready for inference."),
    "rate_limit": ("ThrottlingException", "Too many requests, please wait before trying again."),
    "quota": ("ServiceQuotaExceededException", "Your request exceeds the service quota for your account."),
}
_ORIGIN: Final = ":http://internal.amazon.com/coral/com.amazon.bedrock/"


def _body(name: str, message: str | None, request_id: str) -> Json:
    return {"message": message or _CODES[name][1]}


def _headers(name: str) -> dict[str, str]:
    return {"x-amzn-ErrorType": _CODES[name][0] + _ORIGIN, "x-amzn-RequestId": "00000000-0000-4000-8000-000000000001"}


BEDROCK_ERRORS: Final = ErrorShape(_body, headers=_headers)
