"""Mistral OCR: as many pages as the request names, one otherwise."""

from __future__ import annotations

import json

from tests.emulator.answer import compose
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.prompt import Prompt
from tests.emulator.reply import Reply, json_reply


def reply(call: Call) -> Reply:
    """The answer to POST /v1/ocr."""
    asked = call.body.get("pages")
    pages = asked if isinstance(asked, list) and asked else [0]
    said = compose(call, Prompt(text="")).text
    annotated = call.body.get("document_annotation_format") is not None
    body: Json = {
        "pages": [_page(index, said) for index in pages],
        "model": call.model,
        "document_annotation": json.dumps({"language": "en"}) if annotated else None,
        "usage_info": call.billed({"pages_processed": len(pages), "doc_size_bytes": 3002783}),
    }
    return json_reply(body)


def _page(index: int, said: str) -> Json:
    size = {"dpi": 200, "height": 2200, "width": 1700}
    return {"index": index, "markdown": f"# Page {index + 1}\n\n{said}", "images": [], "dimensions": size}
