"""`spanwise run` with a budget for each user: recorded, warned of, and refused, in a program against the emulator."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.versions.overlay import environment


PROGRAM = """
import json, sys
import openai
from spanwise import BudgetExceeded, context

sdk = openai.OpenAI(max_retries=2)
said = []
for user in sys.argv[1:]:
    with context(user=user):
        try:
            sdk.chat.completions.create(model="gpt-4.1-mini", messages=[{"role": "user", "content": "Where is it?"}])
            said.append([user, "made"])
        except BudgetExceeded as error:
            said.append([user, error.budget, error.key, str(error.limit), error.spent >= error.limit, error.unit])
print(json.dumps(said))
"""

POLICY = "budgets: [{{name: each-user, limit_usd: '{limit}', per: day, by: user, action: {action}}}]\n"


@pytest.mark.slow
@pytest.mark.parametrize("action", ["record", "warn", "block"])
def test_a_budget_of_each_action(tmp_path: Path, action: str) -> None:
    """A call past the limit is made and recorded, made and warned of once, or refused before it leaves the process."""
    (tmp_path / "spanwise.yaml").write_text(POLICY.format(limit="0.000001", action=action))
    with Emulator() as emulator:
        first = ran(tmp_path, emulator, "u-1", "u-1", "u-2")
        made = len(emulator.requests)
        again = ran(tmp_path, emulator, "u-1", "u-3")
        made_again = len(emulator.requests) - made
    refused = ["u-1", "each-user", {"user": "u-1"}, "0.000001", True, "cost_usd"]
    if action == "block":
        assert json.loads(first.stdout) == [["u-1", "made"], refused, ["u-2", "made"]]
        assert json.loads(again.stdout) == [refused, ["u-3", "made"]], "a restart keeps the sum"
        assert (made, made_again) == (2, 1)
    else:
        assert [answer[1] for answer in json.loads(first.stdout)] == ["made"] * 3
        assert (made, made_again) == (3, 2)
    warned = [line for line in first.stderr.splitlines() if "100% reached" in line]
    assert len(warned) == (0 if action == "record" else 2), "one line for each user"
    told = json.loads(command(tmp_path, "budgets", "--json").stdout)
    assert {line["key"]["user"]: line["calls"] for line in told} == (
        {"u-1": 1, "u-2": 1, "u-3": 1} if action == "block" else {"u-1": 3, "u-2": 1, "u-3": 1}
    )


def ran(project: Path, emulator: Emulator, *users: str) -> subprocess.CompletedProcess[str]:
    """What the program printed."""
    variables = {"OPENAI_BASE_URL": emulator.openai_url, "OPENAI_API_KEY": "k"}
    return command(project, "run", sys.executable, "-c", PROGRAM, *users, **variables)


def command(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a command of `spanwise` printed."""
    done = subprocess.run(
        [str(Path(sys.executable).parent / "spanwise"), *arguments],
        cwd=project,
        env=environment(project / "none", **variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done
