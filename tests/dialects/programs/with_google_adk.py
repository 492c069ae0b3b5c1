"""A Google ADK agent with a tool, its model reached through LiteLLM."""

import asyncio

import recorder
from google.adk.agents import LlmAgent
from google.adk.models.lite_llm import LiteLlm
from google.adk.runners import InMemoryRunner
from google.genai import types


recorder.provider()


def get_weather(city: str) -> dict:
    """The weather in a city."""
    return {"weather": f"sunny in {city}"}


async def main() -> None:
    """One question."""
    agent = LlmAgent(name="helper", model=LiteLlm(model="openai/gpt-4.1-mini"), tools=[get_weather])
    runner = InMemoryRunner(agent, app_name="dialect")
    session = await runner.session_service.create_session(app_name="dialect", user_id="ann")
    question = types.Content(role="user", parts=[types.Part(text="What is the weather in Paris?")])
    async for _ in runner.run_async(user_id="ann", session_id=session.id, new_message=question):
        pass


asyncio.run(main())
recorder.write()
