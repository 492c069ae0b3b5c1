"""Messages, nodes and results of LlamaIndex as the convention writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec import Attributes
from spanwise.semconv import attributes as attr


Thing: TypeAlias = Any
"""An object of LlamaIndex's, which need not be installed where this is checked."""

Part: TypeAlias = dict[str, Any]
"""A message, or a document, as JSON."""

_MOST: Final = 1000
_COUNTS: Final = (
    (attr.GEN_AI_USAGE_INPUT_TOKENS, ("prompt_tokens", "input_tokens", "prompt_token_count", "prompt_eval_count")),
    (
        attr.GEN_AI_USAGE_OUTPUT_TOKENS,
        ("completion_tokens", "output_tokens", "candidates_token_count", "eval_count"),
    ),
)


def messages(given: Thing) -> list[Part]:
    """Chat messages with their text; at most 1000."""
    return [message(each) for each in list(given)[:_MOST]] if isinstance(given, list | tuple) else []


def message(given: Thing) -> Part:
    """One chat message with its text."""
    role = getattr(given, "role", None)
    content = getattr(given, "content", None)
    parts = [{"type": "text", "content": content}] if isinstance(content, str) and content else []
    return {"role": str(getattr(role, "value", role)), "parts": parts}


def documents(nodes: Thing) -> list[Part]:
    """Nodes with id, score and text, as far as they have them; at most 1000."""
    found = []
    for scored in list(nodes)[:_MOST] if isinstance(nodes, list | tuple) else []:
        node = getattr(scored, "node", scored)
        score = getattr(scored, "score", None)
        made = {
            "id": getattr(node, "node_id", None),
            "score": float(score) if isinstance(score, int | float) else None,
            "content": getattr(node, "text", None),
        }
        found.append({name: value for name, value in made.items() if value is not None})
    return found


def query(value: Thing) -> str:
    """The text of a query, which may be a bundle."""
    return value if isinstance(value, str) else str(getattr(value, "query_str", ""))


def simplify(thing: Thing) -> Thing:
    """JSON of a message, a node or a response.

    Raises:
        TypeError: it is something else.
    """
    if hasattr(thing, "role") and hasattr(thing, "content"):
        return message(thing)
    if hasattr(thing, "node_id") or hasattr(thing, "node"):
        return documents([thing])[0]
    if isinstance(getattr(thing, "response", None), str):
        return thing.response
    if isinstance(getattr(thing, "query_str", None), str):
        return thing.query_str
    raise TypeError(type(thing).__name__)


def usage(response: Thing) -> Attributes:
    """The token counts of a response, as far as it or the provider's own object in it tells them."""
    raw = getattr(response, "raw", None)
    places = (getattr(response, "additional_kwargs", None), raw, _get(raw, "usage"), _get(raw, "usage_metadata"))
    found: Attributes = {}
    for target, names in _COUNTS:
        for place in places:
            value = next((each for name in names if (each := _get(place, name)) is not None), None)
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53:
                found[target] = value
                break
    model = _get(raw, "model")
    if isinstance(model, str):
        found[attr.GEN_AI_RESPONSE_MODEL] = model
    return found


def _get(place: Thing, name: str) -> Thing:
    return place.get(name) if isinstance(place, Mapping) else getattr(place, name, None)
