"""A Microsoft Agent Framework agent with a tool."""

import asyncio

import recorder
from agent_framework import Agent
from agent_framework.observability import enable_instrumentation
from agent_framework.openai import OpenAIChatCompletionClient


recorder.provider()
enable_instrumentation(enable_sensitive_data=True)


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"sunny in {city}"


async def main() -> None:
    """One question."""
    agent = Agent(OpenAIChatCompletionClient("gpt-4.1-mini"), "Be brief.", name="helper", tools=[get_weather])
    await agent.run("What is the weather in Paris?")


asyncio.run(main())
recorder.write()
