"""Wire codecs: one API dialect each, as pure functions over request and response JSON and over stream events.

A codec knows nothing of SDKs. The same codec serves an SDK tap, a generic HTTP tap and a proxy.
"""

from spanwise.instrument.codec.anthropic_messages import AnthropicMessages
from spanwise.instrument.codec.codec import Attributes, Codec, Json, Reducer
from spanwise.instrument.codec.openai_chat import OpenAIChat
from spanwise.instrument.codec.openai_completions import OpenAICompletions
from spanwise.instrument.codec.openai_embeddings import OpenAIEmbeddings
from spanwise.instrument.codec.openai_responses import OpenAIResponses


__all__ = [
    "AnthropicMessages",
    "Attributes",
    "Codec",
    "Json",
    "OpenAIChat",
    "OpenAICompletions",
    "OpenAIEmbeddings",
    "OpenAIResponses",
    "Reducer",
]
