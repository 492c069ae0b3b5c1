"""`spanwise evaluate` as a user types it, against the provider emulator."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from opentelemetry.trace import SpanKind

from spanwise.cli import main
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.store import Dimension, Store
from tests.cli.command import spanwise as shell
from tests.emulator import Emulator


VERDICT = '{"score": 4, "reason": "It answers; ask jane@doe.org."}'
PROMPT = "Rate how helpful the answer is.\nQuestion: {input}\nAnswer: {output}\n"
ANSWERS = ("Take it to the depot. {input}", "Keep it.", "I do not know.")


class Ended(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Typed = Callable[..., Ended]


@pytest.fixture
def spanwise(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Typed:
    """The command in this process, in a directory and with further variables."""

    def typed(directory: Path, *arguments: str | Path, **variables: str) -> Ended:
        monkeypatch.chdir(directory)
        monkeypatch.setattr(sys, "argv", ["spanwise", *map(str, arguments)])
        monkeypatch.setattr(sys, "path", list(sys.path))
        monkeypatch.delitem(sys.modules, "mine", raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        capfd.readouterr()
        code = main()
        return Ended(code, *capfd.readouterr())

    return typed


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An endpoint whose judge always gives 4 of 5."""
    with Emulator(default=f"text;text={quote(VERDICT)}") as server:
        yield server


def call(number: int, answer: str | None, **attributes: Any) -> SpanRecord:
    """A stored call; its answer was captured unless it is `None`."""
    found: dict[str, Any] = {
        attr.GEN_AI_OPERATION_NAME: "chat",
        attr.GEN_AI_REQUEST_MODEL: "gpt-4.1-mini",
        attr.GEN_AI_PROVIDER_NAME: "openai",
        attr.GEN_AI_USAGE_COST_AMOUNT: 0.5,
        attr.GEN_AI_USAGE_COST_CURRENCY: "USD",
        **attributes,
    }
    if answer is not None:
        found[attr.GEN_AI_INPUT_MESSAGES] = json.dumps(
            [{"role": "user", "parts": [{"type": "text", "content": f"Where to with rake {number}?"}]}]
        )
        found[attr.GEN_AI_OUTPUT_MESSAGES] = json.dumps(
            [{"role": "assistant", "parts": [{"type": "text", "content": answer}]}]
        )
    start = time.time_ns() - 60_000_000_000 + number * 1_000_000_000
    return SpanRecord(
        "chat",
        100 + number,
        1,
        kind=SpanKind.CLIENT,
        start_unix_nano=start,
        end_unix_nano=start + 1000,
        attributes=found,
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with three calls that can be judged, one without content and one that failed."""
    made = Store(tmp_path / ".spanwise" / "spanwise.duckdb")
    made.write([
        *(call(number, answer) for number, answer in enumerate(ANSWERS)),
        call(7, None),
        call(8, "half", **{attr.ERROR_TYPE: "500"}),
    ])  # fmt: skip
    return made


def judge_file(directory: Path, emulator: Emulator, **changes: object) -> Path:
    """A judge at the emulator."""
    settings = {
        "name": "helpful",
        "model": "gpt-4o-mini",
        "endpoint": emulator.openai_url,
        "prompt": PROMPT,
        **changes,
    }
    file = directory / "judge.yaml"
    file.write_text(json.dumps(settings), "utf-8")
    return file


def test_a_judge_scores_what_is_stored(spanwise: Typed, tmp_path: Path, store: Store, emulator: Emulator) -> None:
    """Scores of 0 to 1 at the calls, reasons redacted; spans of the judge in the store, and in no report's cost."""
    before = store.cost(Dimension.MODEL)
    ended = spanwise(tmp_path, "evaluate", "--judge", judge_file(tmp_path, emulator), "--json")
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert (told["judged"], told["mean"], told["without_content"], told["failed"]) == (3, 0.75, 1, {})
    scores = [score for score in store.scores() if score.name == "helpful"]
    assert [(score.value, score.label, score.source) for score in scores] == [(0.75, "4 of 5", "llm")] * 3
    assert {score.trace_id for score in scores} == {f"{100 + number:032x}" for number in range(3)}
    assert all("jane@doe.org" not in (score.comment or "") and score.comment for score in scores)
    assert store.cost(Dimension.MODEL) == before
    spans = store.sql(
        "SELECT count(*), sum(cost), bool_or(model_call) FROM spans WHERE scope = 'spanwise.evaluate'"
    ).rows
    ((count, cost, counted),) = spans
    assert (count, counted) == (3, False)
    assert Decimal(told["spent_usd"]) == Decimal(str(cost)) > 0


def test_prompts_hold_the_call_and_nothing_of_it_is_taken_for_ours(
    spanwise: Typed, tmp_path: Path, store: Store, emulator: Emulator
) -> None:
    """The judge gets input and output as they are; a place holder in an answer is no place holder."""
    spanwise(tmp_path, "evaluate", "--judge", judge_file(tmp_path, emulator), "--concurrency", "1")
    prompts = [request.body["messages"][0]["content"] for request in emulator.requests]
    assert "Question: user: Where to with rake 0?\nAnswer: Take it to the depot. {input}" in prompts[0]
    assert len(prompts) == len(ANSWERS)


def test_a_second_run_judges_nothing_twice(spanwise: Typed, tmp_path: Path, store: Store, emulator: Emulator) -> None:
    """Calls with a score of the name are left out, unless asked for."""
    file = judge_file(tmp_path, emulator)
    spanwise(tmp_path, "evaluate", "--judge", file)
    again = spanwise(tmp_path, "evaluate", "--judge", file, "--json")
    assert json.loads(again.stdout)["scored_before"] == 3
    assert len(emulator.requests) == 3
    assert json.loads(spanwise(tmp_path, "evaluate", "--judge", file, "--again", "--json").stdout)["judged"] == 3


def test_the_limit_stops_before_it_is_exceeded(
    spanwise: Typed, tmp_path: Path, store: Store, emulator: Emulator
) -> None:
    """No call is begun that could cost more than is left; the amount known to be spent is below the limit."""
    file = judge_file(tmp_path, emulator)
    none = json.loads(spanwise(tmp_path, "evaluate", "--judge", file, "--limit-usd", "0.000001", "--json").stdout)
    assert (none["judged"], none["stopped_by_limit"], len(emulator.requests)) == (0, True, 0)
    some = json.loads(spanwise(tmp_path, "evaluate", "--judge", file, "--limit-usd", "0.0004", "--json").stdout)
    assert some["judged"] >= 1
    assert Decimal(some["spent_usd"]) <= Decimal("0.0004")


def test_a_dry_run_asks_nobody(tmp_path: Path, store: Store, emulator: Emulator) -> None:
    """It tells how many calls, and what they would cost, as an estimate."""
    ended = shell(tmp_path, "evaluate", "--judge", judge_file(tmp_path, emulator), "--dry-run")
    assert "3 calls would be judged for about $0.000" in ended.stderr
    assert "(an estimate)" in ended.stderr
    assert emulator.requests == []


def test_a_model_without_a_price_needs_a_limit_of_calls(
    spanwise: Typed, tmp_path: Path, store: Store, emulator: Emulator
) -> None:
    """Exit code 2 and what to do; with the limit it runs and says that the cost is unknown."""
    file = judge_file(tmp_path, emulator, model="house-judge", provider="ourselves")
    refused = spanwise(tmp_path, "evaluate", "--judge", file)
    assert refused.returncode == 2
    assert "no price is known for ourselves/house-judge" in refused.stderr
    assert "--limit-calls" in refused.stderr
    ended = spanwise(tmp_path, "evaluate", "--judge", file, "--limit-calls", "2")
    assert ended.returncode == 0, ended.stderr
    assert "2 calls at an unknown price" in ended.stderr
    assert len(emulator.requests) == 2


def test_messages_of_anthropic(spanwise: Typed, tmp_path: Path, store: Store, emulator: Emulator) -> None:
    """The other dialect, with its key in its header."""
    file = judge_file(
        tmp_path,
        emulator,
        dialect="anthropic",
        endpoint=emulator.anthropic_url,
        model="claude-haiku-4-5",
        key_env="KEY_OF_MINE",
    )
    ended = spanwise(tmp_path, "evaluate", "--judge", file, "--json", KEY_OF_MINE="sesame")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["judged"] == 3
    assert {request.headers["x-api-key"] for request in emulator.requests} == {"sesame"}
    assert "sesame" not in ended.stdout + ended.stderr + (tmp_path / ".spanwise/spanwise.duckdb").read_bytes().decode(
        "latin-1"
    )


def test_failures_are_counted_and_lose_nothing(
    spanwise: Typed, tmp_path: Path, store: Store, emulator: Emulator
) -> None:
    """An error of the endpoint and a judgement that cannot be read fail alone; the third call has its score."""
    emulator.enqueue("error_500")
    emulator.enqueue("text", text="Four, I would say.")
    file = judge_file(tmp_path, emulator)
    told = json.loads(spanwise(tmp_path, "evaluate", "--judge", file, "--concurrency", "1", "--json").stdout)
    assert told["failed"] == {"500": 1, "unreadable_judgement": 1}
    assert told["judged"] == 1
    assert sorted(score.error_type or "" for score in store.scores() if score.name == "helpful") == [
        "", "500", "unreadable_judgement",
    ]  # fmt: skip


def test_a_function_judges(spanwise: Typed, tmp_path: Path, store: Store) -> None:
    """Any callable: a number, a pair with a reason, nothing, or an exception of its own."""
    (tmp_path / "mine.py").write_text(
        "def short(example):\n"
        "    if example.output == 'Keep it.':\n        return None\n"
        "    if example.output.startswith('I do'):\n        raise KeyError('x')\n"
        "    return len(example.output) < 100, 'by its length'\n",
        "utf-8",
    )
    ended = spanwise(tmp_path, "evaluate", "--call", "mine:short", "--json")
    told = json.loads(ended.stdout)
    assert (told["judged"], told["silent"], told["failed"]) == (1, 1, {"KeyError": 1})
    (score,) = [score for score in store.scores() if score.name == "short" and score.value is not None]
    assert (score.value, score.label, score.source, score.comment) == (1.0, "true", "code", "by its length")


def test_a_sample_is_the_same_for_the_same_seed(spanwise: Typed, tmp_path: Path, store: Store) -> None:
    """`--sample`, `--seed` and `--where` choose."""
    (tmp_path / "mine.py").write_text("def one(example):\n    return 1\n", "utf-8")
    for seed in ("1", "1", "2"):
        spanwise(
            tmp_path, "evaluate", "--call", "mine:one", "--name", f"s{seed}", "--sample", "2", "--seed", seed, "--again"
        )
    chosen = [score.trace_id for score in store.scores() if score.name == "s1"]
    assert len(chosen) == 4
    assert len(set(chosen)) == 2
    none = spanwise(tmp_path, "evaluate", "--call", "mine:one", "--where", "model=other", "--dry-run", "--json")
    assert json.loads(none.stdout)["matched"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "accepted is one of --judge FILE and --call MODULE:FUNCTION"),
        (("--call", "nowhere"), "accepted: package.module:function"),
        (("--call", "nowhere:f"), "cannot be imported"),
        (("--call", "json:nothing"), "has no callable nothing"),
        (("--call", "json:dumps", "--where", "colour=red"), "accepted: KEY=VALUE"),
        (("--judge", "missing.yaml"), "missing.yaml"),
        (("--call", "json:dumps", "--limit-usd", "lots"), "US dollars"),
    ],
)
def test_wrong_use_is_one_sentence(spanwise: Typed, tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    """Exit code 2, what was found and what is accepted; no traceback."""
    ended = spanwise(tmp_path, "evaluate", *arguments)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"endpoint": "http://api.example.com/v1"}, "endpoint"),
        ({"prompt": "Rate it."}, "{output}"),
        ({"scale": {"least": 5, "most": 1}}, "least below most"),
        ({"key_env": "sk-live-1234"}, "never its value"),
        ({"modell": "x"}, "modell"),
        ({"endpoint": "https://api.example.com/v1"}, "key_env"),
        ({"key_env": "NOT_SET_ANYWHERE"}, "NOT_SET_ANYWHERE is not set"),
    ],
)
def test_mistakes_of_a_judge_are_told(
    spanwise: Typed, tmp_path: Path, store: Store, emulator: Emulator, change: dict[str, object], sentence: str
) -> None:
    """Each mistake of the file is named; a key in the place of a variable's name is not repeated."""
    ended = spanwise(tmp_path, "evaluate", "--judge", judge_file(tmp_path, emulator, **change))
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "sk-live" not in ended.stderr
    assert emulator.requests == []
