"""The Langfuse SDK and its drop-in for openai."""

import os


os.environ |= {"LANGFUSE_PUBLIC_KEY": "k", "LANGFUSE_SECRET_KEY": "k", "LANGFUSE_HOST": "http://127.0.0.1:9"}

import recorder
from langfuse import Langfuse


provider = recorder.provider()
client = Langfuse(tracer_provider=provider, flush_at=1000, flush_interval=1000)
from langfuse.openai import openai  # noqa: E402 - it patches the SDK for the client that is there


sdk = openai.OpenAI(max_retries=0)
messages = [{"role": "user", "content": "Say hello."}]
sdk.chat.completions.create(model="gpt-4.1-mini", messages=messages, temperature=0.5)
options = {"include_usage": True}
list(sdk.chat.completions.create(model="gpt-4.1-mini", messages=messages, stream=True, stream_options=options))
with client.start_as_current_observation(as_type="tool", name="get_weather", input={"city": "Paris"}) as observation:
    observation.update(output={"weather": "sunny"})
recorder.write()
os._exit(0)  # its exporter would wait for a server that is not there
