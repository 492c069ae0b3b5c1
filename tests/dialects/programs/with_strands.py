"""A Strands agent with a tool."""

import recorder
from strands import Agent, tool
from strands.models.openai import OpenAIModel


recorder.provider()


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


agent = Agent(model=OpenAIModel(model_id="gpt-4.1-mini"), tools=[get_weather], callback_handler=None, name="helper")
agent("What is the weather in Paris?")
recorder.write()
