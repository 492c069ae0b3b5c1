"""Errors of providers whose wire is OpenAI's but for these: Cerebras has no envelope, Writer one of its own."""

from __future__ import annotations

from typing import Final

from tests.emulator.document import Json
from tests.emulator.provider_error import ErrorShape, openai_error_body


def _cerebras(name: str, message: str | None = None, request_id: str = "") -> Json:
    error: Json = openai_error_body(name, message, request_id)["error"]
    return error


def _writer(name: str, message: str | None = None, request_id: str = "") -> Json:
    error = openai_error_body(name, message, request_id)["error"]
    said = {"description": error["message"], "key": f"fail.{error['code'] or error['type']}", "extras": {}}
    return {"tpe": "fail", "errors": [said], "extras": {"request_id": request_id}}


CEREBRAS_ERRORS: Final = ErrorShape(_cerebras)
WRITER_ERRORS: Final = ErrorShape(_writer)
