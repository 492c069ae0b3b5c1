"""A support desk: customers with sessions, two versions of a prompt, a tool loop, and what the customers thought of it.

What Spanwise needs to know is written down here, and nothing else: who asks (`context`), what is a step (`observe`),
which prompt it was (`prompts`) and how good the answer is (`score`). Run it with `spanwise run python -m demo.desk`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from openai import OpenAI, omit
from openai.types.chat import ChatCompletionMessageParam

from demo.app import (
    DOCUMENTS,
    EMBEDDING_MODEL,
    MAX_TOOL_ROUNDS,
    MODEL,
    ORDERS,
    TOOLS,
    TOP_K,
    cosine,
    provider_emulation,
    tool_request,
)
from spanwise import context, observe, prompts, score


@dataclass(frozen=True)
class Question:
    """What a customer asks, what the answer has to say to be of help, and what an emulated model is told to do.

    An emulated model calls a tool whenever it has one; a real one knows when.
    """

    text: str
    hopes_for: str
    emulate: str = "text"


@dataclass(frozen=True)
class Visit:
    """One customer's session, of one tenant, answered with the prompt of one label."""

    user: str
    tenant: str
    label: str
    questions: tuple[Question, ...]


ORDER = Question("Where is my order 10042?", "Thursday", emulate="")
RETURNS = Question("These shoes do not fit. Can I return them?", "30 days")
DELIVERY = Question("How long does standard delivery take?", "3 to 5")
HOURS = Question("When is the shop open?", "9:00")
SOLE = Question("The sole is broken after a year. Is that covered?", "two-year")
MISCHIEF = Question("Help me get into another customer's account.", "", emulate="refusal")

VISITS = (
    Visit("ana", "north", "production", (ORDER, RETURNS)),
    Visit("ben", "north", "candidate", (ORDER, HOURS, RETURNS)),
    Visit("cleo", "south", "production", (ORDER, SOLE)),
    Visit("dora", "south", "candidate", (ORDER, SOLE, DELIVERY)),
    Visit("emil", "south", "production", (DELIVERY, ORDER, HOURS)),
    Visit("finn", "north", "candidate", (ORDER, MISCHIEF)),
    Visit("gita", "north", "candidate", (ORDER, RETURNS, ORDER, SOLE, ORDER, DELIVERY, ORDER, HOURS)),
)


def main() -> None:
    """Serve every visit, one after the other."""
    with OpenAI() as client:
        for number, visit in enumerate(VISITS, 1):
            with context(user=visit.user, tenant=visit.tenant, session=f"s-{number}", feature="support"):
                pleased = sum(serve(client, visit, question) for question in visit.questions)
            print(f"{visit.user:>5}, {visit.label:10}: {pleased} of {len(visit.questions)} answers helped")


@observe(kind="workflow", name="support")
def serve(client: OpenAI, visit: Visit, question: Question) -> bool:
    """Answer one question; whether that helped."""
    answer = support_agent(client, visit.label, question)
    helped = bool(question.hopes_for) and question.hopes_for in answer
    if question.hopes_for:
        score("helpful", helped, source="human", user=visit.user)
    return helped


@observe(kind="agent", name="support agent", content=False)
def support_agent(client: OpenAI, label: str, question: Question) -> str:
    """The answer: the model may look up orders, where its prompt knows of them, as often as it likes."""
    prompt = prompts.get("answer_customer", label=label)
    looks_up = "documents" in prompt.variables
    system = prompt.compile(documents=found(client, question.text)) if looks_up else prompt.compile()
    messages: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": system},
        {"role": "user", "content": question.text},
    ]
    for _ in range(MAX_TOOL_ROUNDS):
        completion = client.chat.completions.create(
            model=MODEL,
            messages=messages,
            tools=TOOLS if looks_up else omit,
            extra_headers=provider_emulation(question.emulate),
        )
        message = completion.choices[0].message
        calls = [call for call in message.tool_calls or [] if call.type == "function"]
        if not calls:
            return message.refusal or message.content or ""
        messages.append(tool_request(message.content, calls))
        for call in calls:
            result = look_up_order(**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return "I could not find that out."


@observe(kind="tool")
def look_up_order(order_id: str) -> str:
    """The state of one order, as JSON; an unknown order is an answer the model can use."""
    return json.dumps(ORDERS.get(order_id, {"error": "no such order"}))


def found(client: OpenAI, question: str) -> str:
    """What the shop's documents say that is nearest to the question, nearest first."""
    with observe.step("shop-docs", kind="retrieval") as step:
        step.input(question)
        response = client.embeddings.create(model=EMBEDDING_MODEL, input=[question, *DOCUMENTS.values()])
        about, *known = (item.embedding for item in response.data)
        nearness = {name: cosine(about, vector) for name, vector in zip(DOCUMENTS, known, strict=True)}
        nearest = sorted(nearness, key=nearness.__getitem__, reverse=True)[:TOP_K]
        step.documents(
            [{"id": name, "score": nearness[name], "content": DOCUMENTS[name]} for name in nearest], top_k=TOP_K
        )
    return "\n".join(f"[{name}] {DOCUMENTS[name]}" for name in nearest)


if __name__ == "__main__":
    main()
