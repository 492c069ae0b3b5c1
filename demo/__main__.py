"""`python -m demo`: a shop assistant and a support desk under Spanwise, then what they cost, did and were worth.

Run it from the root of the repository. With OPENAI_API_KEY and OPENAI_BASE_URL set it talks to that endpoint;
otherwise to the emulator on this machine, which needs no key and no network.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from opentelemetry.sdk.environment_variables import OTEL_SERVICE_NAME

from demo.webhook import Webhook
from spanwise.semconv import environment


ROOT = Path(__file__).resolve().parents[1]
STORE = Path(".spanwise") / "demo" / "spanwise.duckdb"
POLICY = Path("demo") / "spanwise.yaml"
WEBHOOK = "http://127.0.0.1:18099/"
"""The address in the policy; the demonstration puts that of its own webhook there."""
TIMEOUT_S = 300
REFUSED = (
    "SELECT user_id, prompt, model, source, trace_id FROM calls JOIN evaluations USING (trace_id, span_id) "
    "WHERE evaluations.name = 'refusal' AND value < 1"
)
STEPS: tuple[tuple[str, list[str]], ...] = (
    ("A shop assistant answers a customer", ["run", "--summary", sys.executable, str(Path("demo") / "app.py")]),
    ("What it did, step by step", ["trace", "last"]),
    (
        "A support desk serves seven customers, who say whether it helped; a budget warns, and an alert rings",
        ["run", "--summary", sys.executable, "-m", "demo.desk"],
    ),
    ("What it cost, by user", ["report", "cost", "--by", "user"]),
    ("Which version of the prompt is better", ["report", "prompts"]),
    ("Which answer was refused", ["sql", REFUSED]),
    ("How the budgets stand", ["budgets"]),
)
"""Headings, and what each command is given."""


def main() -> int:
    """Show the whole way of some conversations; the exit code is that of the first command that failed, or 0."""
    spanwise = find_spanwise()
    if spanwise is None:
        print("There is no `spanwise` command beside this Python. Install the project: pip install .", file=sys.stderr)
        return 127
    forget_last_run()
    with Webhook() as webhook, provider() as settings:
        settings[environment.SPANWISE_POLICY] = str(policy_with(webhook.url))
        for heading, arguments in STEPS:
            code = show(heading, spanwise, arguments, settings)
            if code:
                return code
    print_next_commands()
    return 0


def find_spanwise() -> str | None:
    """The command of this environment, or the one on the path."""
    beside = shutil.which("spanwise", path=str(Path(sys.executable).parent))
    return beside or shutil.which("spanwise")


def forget_last_run() -> None:
    """Remove the demonstration's own folder, so that every run reports on itself alone."""
    shutil.rmtree(ROOT / STORE.parent, ignore_errors=True)


def policy_with(webhook_url: str) -> Path:
    """The demonstration's policy with the address of its webhook, in its own folder."""
    policy = ROOT / STORE.parent / POLICY.name
    policy.parent.mkdir(parents=True, exist_ok=True)
    policy.write_text((ROOT / POLICY).read_text().replace(WEBHOOK, webhook_url))
    return policy


@contextlib.contextmanager
def provider() -> Iterator[dict[str, str]]:
    """The environment of the commands: with a real endpoint where one is named, with the emulator otherwise."""
    settings = dict(os.environ)
    settings[environment.SPANWISE_STORE] = str(ROOT / STORE)
    settings[environment.SPANWISE_PROMPTS] = str(ROOT / "demo" / "prompts")
    settings.setdefault(OTEL_SERVICE_NAME, "shop-assistant")
    settings.setdefault(environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT, "SPAN_ONLY")
    if os.environ.get("OPENAI_API_KEY") and os.environ.get("OPENAI_BASE_URL"):
        settings.pop("DEMO_EMULATOR", None)
        yield settings
        return
    from tests.emulator import Emulator

    with Emulator() as emulator:
        settings |= {
            "DEMO_EMULATOR": "1",
            "OPENAI_API_KEY": "no-key-needed",
            "OPENAI_BASE_URL": emulator.openai_url,
            "ANTHROPIC_API_KEY": "no-key-needed",
            "ANTHROPIC_BASE_URL": emulator.anthropic_url,
            # A company proxy must not be asked for this machine's own ports.
            "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1"])),
            "no_proxy": ",".join(filter(None, [os.environ.get("no_proxy"), "127.0.0.1"])),
        }
        yield settings


def show(heading: str, spanwise: str, arguments: list[str], settings: dict[str, str]) -> int:
    """Run one command under a heading; its exit code, or 124 where it did not end in time."""
    written = " ".join("python" if argument == sys.executable else argument for argument in arguments)
    print(f"\n{heading}\n$ spanwise {written}", flush=True)
    try:
        return subprocess.run([spanwise, *arguments], cwd=ROOT, env=settings, timeout=TIMEOUT_S, check=False).returncode
    except subprocess.TimeoutExpired:
        print(f"`spanwise {written}` did not end within {TIMEOUT_S} s.", file=sys.stderr)
        return 124


def print_next_commands() -> None:
    """Say what to try now."""
    where = f"{environment.SPANWISE_STORE}={STORE}"
    print("\nNext")
    print(f"  {where} spanwise view   # all of this as a page")
    print(f"  {where} spanwise report cost --by model --json   # for a program")
    print("  spanwise run python your_app.py                  # your own application")
    print("  spanwise doctor                                  # when you see nothing, or two of everything")


if __name__ == "__main__":
    raise SystemExit(main())
