"""OpenLLMetry on both SDKs."""

import calls
import recorder
from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor
from opentelemetry.instrumentation.openai import OpenAIInstrumentor


provider = recorder.provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)
AnthropicInstrumentor().instrument(tracer_provider=provider)
calls.openai_calls()
calls.anthropic_calls()
recorder.write()
