"""LiteLLM with its OpenTelemetry callback."""

import contextlib

import litellm
import recorder
from litellm.integrations.opentelemetry import OpenTelemetry


provider = recorder.provider()
litellm.telemetry = False
litellm.callbacks = [OpenTelemetry(tracer_provider=provider)]
messages = [{"role": "user", "content": "Say hello."}]
litellm.completion(model="openai/gpt-4.1-mini", messages=messages, temperature=0.5, num_retries=0)
list(litellm.completion(model="openai/gpt-4.1-mini", messages=messages, stream=True, num_retries=0))
litellm.embedding(model="openai/text-embedding-3-small", input=["hello"])
with contextlib.suppress(litellm.exceptions.APIError, litellm.BadRequestError):
    litellm.completion(
        model="openai/gpt-4.1-mini", messages=messages, num_retries=0, extra_headers={"x-emulator": "error_400"}
    )
recorder.write()
