"""A LangChain chat model under LangSmith's OpenTelemetry export."""

import os


os.environ |= {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_OTEL_ENABLED": "true",
    "LANGSMITH_OTEL_ONLY": "true",
    "LANGSMITH_API_KEY": "k",
    "LANGSMITH_ENDPOINT": "http://127.0.0.1:9",
}

import recorder
from langchain_core.tools import tool
from langchain_core.tracers.langchain import wait_for_all_tracers
from langchain_openai import ChatOpenAI


recorder.provider()


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


model = ChatOpenAI(model="gpt-4.1-mini", max_retries=0)
model.invoke("Say hello.")
model.bind_tools([get_weather]).invoke("What is the weather in Paris?")
get_weather.invoke({"city": "Paris"})
wait_for_all_tracers()
recorder.write()
