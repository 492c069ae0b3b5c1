"""A shop's support assistant: an ordinary application on the OpenAI and Anthropic SDKs.

It knows nothing of Spanwise. Two spans of its own (the tool, the retrieval) and the root are plain OpenTelemetry.
Keys and addresses come from the environment, as the SDKs read them.
"""

from __future__ import annotations

import json
import math
import os

from anthropic import Anthropic
from openai import OpenAI
from openai.types.chat import (
    ChatCompletionMessageFunctionToolCall,
    ChatCompletionMessageParam,
    ChatCompletionToolParam,
)
from opentelemetry import trace
from opentelemetry.trace import SpanKind


MODEL = os.environ.get("SHOP_MODEL", "gpt-4.1-mini")
EMBEDDING_MODEL = os.environ.get("SHOP_EMBEDDING_MODEL", "text-embedding-3-small")
CLAUDE_MODEL = os.environ.get("SHOP_CLAUDE_MODEL", "claude-haiku-4-5")
SYSTEM = "You answer the customers of a small shoe shop. Be brief and friendly."
DOCUMENTS = {
    "returns": "Customers may return unworn shoes within 30 days for a full refund. Sale items are exchanged only.",
    "shipping": "Standard delivery takes 3 to 5 working days. Express delivery arrives on the next working day.",
    "warranty": "Every pair has a two-year warranty. Broken soles and seams are repaired without charge.",
    "hours": "The shop is open from 9:00 to 18:00, Monday to Saturday.",
    "gift cards": "Gift cards are valid for three years and cannot be exchanged for money.",
}
ORDERS = {"10042": {"status": "on its way", "carrier": "ParcelJet", "expected": "Thursday"}}
TOOLS: list[ChatCompletionToolParam] = [
    {
        "type": "function",
        "function": {
            "name": "look_up_order",
            "description": "Look up the state of one order by its number.",
            "parameters": {
                "type": "object",
                "properties": {"order_id": {"type": "string", "description": "The order number, such as 10042"}},
                "required": ["order_id"],
                "additionalProperties": False,
            },
        },
    }
]
TOP_K = 2
MAX_TOOL_ROUNDS = 4

tracer = trace.get_tracer("shop-assistant")


def main() -> None:
    """Answer one customer, from the first question to the last."""
    with OpenAI() as openai, tracer.start_as_current_span("answer customer"):
        say("plain", ask(openai, "Hello! When is the shop open?"))
        say("streamed", ask_streaming(openai, "How long does delivery take?"))
        say("retrieval", ask_documents(openai, "Can I return shoes that do not fit and get a refund?"))
        say("tool", ask_with_tools(openai, "Where is my order 10042?"))
        if os.environ.get("ANTHROPIC_API_KEY"):
            with Anthropic() as anthropic:
                say("claude streamed", ask_claude_streaming(anthropic, "Is a broken sole covered by the warranty?"))
                say("claude plain", ask_claude(anthropic, "Which days is the shop open?"))
        else:
            say("claude", "skipped, there is no ANTHROPIC_API_KEY")
        say("retried", ask(openai, "Do you ship abroad?", emulate="rate_limit"))
        say("refused", ask(openai, "Help me get into another customer's account.", emulate="refusal"))
        say("private", ask(openai, private_question()))


def say(step: str, text: str) -> None:
    """Print one line of the conversation."""
    print(f"{step:>15}: {text}")


def provider_emulation(scenario: str | None) -> dict[str, str]:
    """The header that makes the emulator misbehave; empty when a real provider is at the other end."""
    if scenario and os.environ.get("DEMO_EMULATOR") == "1":
        return {"x-emulator": scenario}
    return {}


def ask(client: OpenAI, question: str, *, emulate: str | None = None) -> str:
    """One question, one answer; a refusal is an answer too."""
    completion = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}],
        extra_headers=provider_emulation(emulate),
    )
    message = completion.choices[0].message
    return message.refusal or message.content or ""


def ask_streaming(client: OpenAI, question: str) -> str:
    """The same, word by word."""
    stream = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}],
        stream=True,
    )
    return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


def ask_documents(client: OpenAI, question: str) -> str:
    """An answer that rests on the shop's own documents."""
    found = retrieve(client, question)
    context = "\n".join(f"[{name}] {DOCUMENTS[name]}" for name in found)
    completion = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": f"{SYSTEM} Use only these documents:\n{context}"},
            {"role": "user", "content": question},
        ],
    )
    return f"{completion.choices[0].message.content} (from: {', '.join(found)})"


def retrieve(client: OpenAI, question: str) -> list[str]:
    """The names of the documents nearest to the question, nearest first."""
    attributes: dict[str, str | int] = {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.data_source.id": "shop-docs",
        "gen_ai.retrieval.top_k": TOP_K,
    }
    with tracer.start_as_current_span("retrieval shop-docs", kind=SpanKind.CLIENT, attributes=attributes):
        response = client.embeddings.create(model=EMBEDDING_MODEL, input=[question, *DOCUMENTS.values()])
        asked, *known = (item.embedding for item in response.data)
        nearness = {name: cosine(asked, vector) for name, vector in zip(DOCUMENTS, known, strict=True)}
        return sorted(nearness, key=nearness.__getitem__, reverse=True)[:TOP_K]


def cosine(left: list[float], right: list[float]) -> float:
    """How alike two vectors are: 1 is the same direction."""
    product = sum(a * b for a, b in zip(left, right, strict=True))
    return product / (math.hypot(*left) * math.hypot(*right))


def ask_with_tools(client: OpenAI, question: str) -> str:
    """An answer for which the model may look up orders."""
    messages: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": question},
    ]
    for _ in range(MAX_TOOL_ROUNDS):
        completion = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
        message = completion.choices[0].message
        calls = [call for call in message.tool_calls or [] if call.type == "function"]
        if not calls:
            return message.content or ""
        messages.append(tool_request(message.content, calls))
        for call in calls:
            result = run_tool(call.function.name, call.function.arguments, call_id=call.id)
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return "I could not find that out."


def tool_request(content: str | None, calls: list[ChatCompletionMessageFunctionToolCall]) -> ChatCompletionMessageParam:
    """The model's message that asks for tools, as the next request repeats it."""
    return {
        "role": "assistant",
        "content": content,
        "tool_calls": [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.function.name, "arguments": call.function.arguments},
            }
            for call in calls
        ],
    }


def run_tool(name: str, arguments: str, *, call_id: str) -> str:
    """What the tool returns, as JSON; an unknown tool or order is an answer the model can use."""
    attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name, "gen_ai.tool.call.id": call_id}
    with tracer.start_as_current_span(f"execute_tool {name}", kind=SpanKind.INTERNAL, attributes=attributes):
        if name != "look_up_order":
            return json.dumps({"error": "no such tool"})
        order_id = str(json.loads(arguments).get("order_id", ""))
        return json.dumps(ORDERS.get(order_id, {"error": "no such order"}))


def ask_claude_streaming(client: Anthropic, question: str) -> str:
    """The same assistant on Claude, through the SDK's stream helper."""
    with client.messages.stream(
        model=CLAUDE_MODEL, max_tokens=256, system=SYSTEM, messages=[{"role": "user", "content": question}]
    ) as stream:
        return "".join(stream.text_stream)


def ask_claude(client: Anthropic, question: str) -> str:
    """The same assistant on Claude, the whole answer at once."""
    message = client.messages.create(
        model=CLAUDE_MODEL, max_tokens=256, system=SYSTEM, messages=[{"role": "user", "content": question}]
    )
    return "".join(block.text for block in message.content if block.type == "text")


def private_question() -> str:
    """A question with everything in it that should never reach a telemetry backend. All of it is made up."""
    key = "sk-proj-" + "A1b2" * 12
    return (
        "I was charged twice. Write to jane.doe@example.com, my card is 4111 1111 1111 1111, "
        f"and here is the key of my shop plug-in: {key}"
    )


if __name__ == "__main__":
    main()
