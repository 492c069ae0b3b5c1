"""`spanwise run`: context and steps of a real program, in the store."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.emulator import Emulator
from tests.versions.overlay import environment


Json: TypeAlias = Any
"""What a command prints."""

PROGRAM = """
from concurrent.futures import ThreadPoolExecutor
import openai
from spanwise import context, observe

sdk = openai.OpenAI(max_retries=0)

@observe(kind="workflow", name="desk")
def desk(question):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(ask, [question, question]))

@observe(kind="agent", name="clerk")
def ask(question):
    asked = [{"role": "user", "content": question}]
    return "".join(chunk.choices[0].delta.content or "" for chunk in
                   sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked, stream=True) if chunk.choices)

with context(user="u-7", session="s-42", tenant="acme", prompt="triage@12", tags=["beta"], metadata={"plan": "pro"}):
    desk("Where is my parcel?")
"""


@pytest.mark.slow
def test_a_program_in_the_store(tmp_path: Path) -> None:
    """Every span of the program has who it is for; calls are children of their steps, through a thread pool too."""
    with Emulator() as emulator:
        variables = {"OPENAI_BASE_URL": emulator.openai_url, "OPENAI_API_KEY": "k"}
        spanwise(tmp_path, variables, "run", "--json", sys.executable, "-c", PROGRAM)
    (found,) = json.loads(spanwise(tmp_path, variables, "traces", "--json"))
    spans: list[Json] = json.loads(spanwise(tmp_path, variables, "trace", found["trace_id"], "--json"))
    names = {span["span_id"]: span["name"] for span in spans}
    tree = sorted((span["name"], names.get(span["parent_span_id"] or "", "")) for span in spans)
    assert tree == [
        ("chat gpt-4.1-mini", "invoke_agent clerk"),
        ("chat gpt-4.1-mini", "invoke_agent clerk"),
        ("invoke_agent clerk", "invoke_workflow desk"),
        ("invoke_agent clerk", "invoke_workflow desk"),
        ("invoke_workflow desk", ""),
    ]
    for span in spans:
        said = span["attributes"]
        assert (said["user.id"], said["session.id"], said["spanwise.tenant"]) == ("u-7", "s-42", "acme")
        assert (said["gen_ai.prompt.name"], said["gen_ai.prompt.version"]) == ("triage", "12")
        assert (said["spanwise.tags"], said["spanwise.metadata.plan"]) == (["beta"], "pro")


def spanwise(project: Path, variables: dict[str, str], *arguments: str) -> str:
    """What a command prints."""
    ran = subprocess.run(
        [str(Path(sys.executable).parent / "spanwise"), *arguments],
        cwd=project,
        env=environment(project / "none", **variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
