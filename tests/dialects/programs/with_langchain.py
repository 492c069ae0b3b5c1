"""A LangChain chat model and tool under OpenInference."""

import recorder
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openinference.instrumentation.langchain import LangChainInstrumentor


LangChainInstrumentor().instrument(tracer_provider=recorder.provider())


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


model = ChatOpenAI(model="gpt-4.1-mini", max_retries=0)
model.invoke("Say hello.")
list(model.stream("Say hello.", stream_usage=True))
model.bind_tools([get_weather]).invoke("What is the weather in Paris?")
get_weather.invoke({"city": "Paris"})
recorder.write()
