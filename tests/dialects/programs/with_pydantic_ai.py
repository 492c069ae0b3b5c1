"""A Pydantic AI agent with a tool."""

import recorder
from pydantic_ai import Agent, InstrumentationSettings
from pydantic_ai.models.openai import OpenAIChatModel


Agent.instrument_all(InstrumentationSettings(tracer_provider=recorder.provider(), include_content=True))
agent = Agent(OpenAIChatModel("gpt-4.1-mini"), name="helper", instructions="Be brief.")


@agent.tool_plain
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


agent.run_sync("Say hello.")
agent.run_sync("What is the weather in Paris?")
recorder.write()
