"""OpenTelemetry's own GenAI instrumentations of both SDKs."""

import calls
import recorder
from opentelemetry.instrumentation.genai.anthropic import AnthropicInstrumentor
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor


provider = recorder.provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)
AnthropicInstrumentor().instrument(tracer_provider=provider)
calls.openai_calls()
calls.anthropic_calls()
recorder.write()
