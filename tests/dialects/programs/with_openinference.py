"""OpenInference on both SDKs."""

import calls
import recorder
from openinference.instrumentation.anthropic import AnthropicInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor


provider = recorder.provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)
AnthropicInstrumentor().instrument(tracer_provider=provider)
calls.openai_calls()
calls.anthropic_calls()
recorder.write()
