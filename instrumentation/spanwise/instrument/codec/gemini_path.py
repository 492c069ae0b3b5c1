"""Which codec a path of Google's API speaks, and what the path itself says of the request."""

from __future__ import annotations

from typing import ClassVar, Final

from spanwise.instrument.codec.codec import Codec, Json
from spanwise.instrument.codec.field import items, mapping
from spanwise.instrument.codec.gemini_embed import GeminiEmbed
from spanwise.instrument.codec.gemini_generate import GeminiGenerate
from spanwise.instrument.codec.gemini_image import GeminiImage


_NAMED: Final = ("models", "endpoints", "tunedModels")
_KEEPS: Final = ("endpoints", "tunedModels")
"""Collections whose name belongs to the model's: an endpoint's number says nothing by itself."""


class GeminiPath:
    """A path such as `/v1beta/models/gemini-3.5-flash:generateContent`, of AI Studio or of Vertex AI."""

    _GENERATE: ClassVar[Codec] = GeminiGenerate()
    _EMBED: ClassVar[Codec] = GeminiEmbed()
    _IMAGE: ClassVar[Codec] = GeminiImage()
    _CODECS: ClassVar[dict[str, Codec]] = {
        "generateContent": _GENERATE,
        "streamGenerateContent": _GENERATE,
        "embedContent": _EMBED,
        "batchEmbedContents": _EMBED,
    }

    def __init__(self, path: str) -> None:
        resource, _, self.method = path.partition("?")[0].rpartition(":")
        self.model = model_of(resource)

    def codec(self, body: Json) -> Codec | None:
        """The codec for a POST of `body`; `None` for what spends no tokens, or is not done when it returns."""
        return self._CODECS.get(self.method) or (self._predicts(body) if self.method == "predict" else None)

    def request(self, body: Json) -> Json:
        """`body` with what the path says of the request."""
        said: dict[str, object] = {**body, "model": self.model}
        if self.method == "streamGenerateContent":
            said["stream"] = True
        return said

    def _predicts(self, body: Json) -> Codec | None:
        """Vertex AI has one method for models of every kind; what they are given tells them apart."""
        first = mapping(next(iter(items(body.get("instances"))), None))
        if "content" in first:
            return self._EMBED
        return self._IMAGE if "prompt" in first or "image" in first else None


def model_of(resource: str) -> str:
    """The model of a resource's name: without its version, project and publisher."""
    steps = resource.strip("/").split("/")
    for place in range(len(steps) - 2, -1, -1):
        if steps[place] in _NAMED:
            return "/".join(steps[place:] if steps[place] in _KEEPS else steps[place + 1 :])
    return steps[-1]
