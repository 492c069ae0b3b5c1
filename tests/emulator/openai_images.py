"""OpenAI images, whole and streamed. An image is the head of a PNG and as much noise as is asked for."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from tests.emulator.call import CREATED_AT, Call
from tests.emulator.document import Json
from tests.emulator.provider_error import openai_error_body
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb, frame


_PNG = b"\x89PNG\r\n\x1a\n"
_OUTPUT_TOKENS = {"low": 272, "medium": 1056, "high": 4160}


def image(number: int, characters: int | None) -> str:
    """An image as base64 of about `characters` characters; equal numbers give equal images."""
    noise = hashlib.shake_128(str(number).encode()).digest((characters or 2048) * 3 // 4)
    return base64.b64encode(_PNG + noise).decode()


def reply(call: Call) -> Reply:
    """The answer to POST /images/generations, /images/edits and /images/variations."""
    size = call.scenario.characters
    if call.streams:
        return StreamReply(disturb(_frames(call), call.scenario, _failure))
    number = max(1, int(call.body.get("n") or 1))
    body: Json = {"created": CREATED_AT}
    if call.model.startswith("gpt-image"):
        body |= _looks(call) | {
            "data": [{"b64_json": image(index, size)} for index in range(number)],
            "usage": call.billed(_usage(call, number)),
        }
    else:
        asked = call.body.get("response_format") == "b64_json"
        body["data"] = [
            {"b64_json": image(index, size)} if asked else {"url": f"https://images.test/{index}.png"}
            for index in range(number)
        ]
        if call.model == "dall-e-3":
            body["data"] = [entry | {"revised_prompt": "A parcel, in oil."} for entry in body["data"]]
    return json_reply(body)


def _looks(call: Call) -> Json:
    def asked(key: str, otherwise: str) -> str:
        value = str(call.body.get(key) or "auto")
        return otherwise if value == "auto" else value

    return {
        "background": "opaque",
        "output_format": asked("output_format", "png"),
        "quality": asked("quality", "high"),
        "size": asked("size", "1024x1024"),
    }


def _usage(call: Call, number: int) -> Json:
    given = call.body.get("image")
    images = 323 * (len(given) if isinstance(given, list) else 1) if given else 0
    text = max(1, -(-len(str(call.body.get("prompt") or "")) // 4))
    made = _OUTPUT_TOKENS.get(_looks(call)["quality"], 1056) * number
    made = made if call.scenario.output_tokens is None else call.scenario.output_tokens
    return {
        "input_tokens": images + text,
        "input_tokens_details": {"image_tokens": images, "text_tokens": text},
        "output_tokens": made,
        "total_tokens": images + text + made,
    }


def _frames(call: Call) -> Iterator[Frame]:
    kind = "image_edit" if "image" in call.body else "image_generation"
    size = call.scenario.characters
    for index in range(int(call.body.get("partial_images") or 0)):
        yield _frame(
            call, f"{kind}.partial_image", {"b64_json": image(100 + index, size), "partial_image_index": index}
        )
    for index in range(max(1, int(call.body.get("n") or 1))):
        whole = {"b64_json": image(index, size), "usage": call.billed(_usage(call, 1))}
        yield _frame(call, f"{kind}.completed", whole)


def _frame(call: Call, kind: str, fields: Json) -> Frame:
    return frame({"type": kind, "created_at": CREATED_AT} | _looks(call) | fields, event=kind, content=True)


def _failure(_sent: int) -> list[Frame]:
    return [frame({"type": "error"} | openai_error_body("error_500"), event="error")]
