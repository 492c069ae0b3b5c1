"""The contrib instrumentation of openai, which preceded the GenAI ones."""

import calls
import recorder
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor


provider = recorder.provider()
OpenAIInstrumentor().instrument(tracer_provider=provider)
calls.openai_calls()
recorder.write()
