"""`spanwise prices` as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spanwise.record import AttributeValue, SpanRecord
from spanwise.store import Store
from tests.cli.typed import typed
from tests.cost.wheels import SMALL, wheel


AT_NS = 1_793_491_200 * 10**9
CALL: dict[str, AttributeValue] = {
    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.usage.input_tokens": 1240, "gen_ai.usage.cache_read.input_tokens": 1024, "gen_ai.usage.output_tokens": 310,
}  # fmt: skip


def prices(directory: Path, *arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """`spanwise prices` with a data directory of its own and no way to a network."""
    offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null", "XDG_DATA_HOME": str(directory / "data")}
    return typed(directory, "prices", *arguments, **{**offline, **variables})


def given(directory: Path, text: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`spanwise prices explain -` with `text` on standard input."""
    return typed(directory, "prices", "explain", "-", *arguments, given=text, **variables)


def test_show(tmp_path: Path) -> None:
    """Every price of a model stands in the table with its context, date and unit; the book is named."""
    done = prices(tmp_path, "show", "gpt-5")
    assert done.returncode == 0
    for words in (
        "service_tier flex",
        "2026-10-12",
        "cache read tokens, per million",
        "0.625",
        "web searches, per thousand",
    ):
        assert words in done.stdout
    assert "openai/gpt-5 by genai-prices 0.2.3 of 2026-11-10 (bundled)" in done.stderr


def test_show_tiers_and_times(tmp_path: Path) -> None:
    """Thresholds and times of day are shown; `--at` marks what held then."""
    assert "above 200,000" in prices(tmp_path, "show", "google/gemini-2.5-pro").stdout
    peak = prices(
        tmp_path, "show", "deepseek-reasoner", "--provider", "deepseek", "--at", "2026-03-01T10:00Z", "--json"
    )
    found = json.loads(peak.stdout)
    assert found["model"] == "deepseek/deepseek-reasoner"
    assert {line["since"] for line in found["prices"] if line["holds"]} == {"00:30-16:30"}
    assert {line["since"] for line in found["prices"] if not line["holds"]} == {""}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gpt5-mni",), "Did you mean openai/gpt-5-mini"),
        (("gpt-5", "--provider", "opnai"), "has no provider opnai. Did you mean openai"),
        (("\x1b[31mx", "--provider", "openai"), "has no price for [31mx"),
        (("claude-opus-4-7", "--provider", "openai"), "has no price for claude-opus-4-7"),
    ],
)
def test_show_what_is_unknown(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """One line that says what is near; exit code 2."""
    done = prices(tmp_path, "show", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "\x1b" not in done.stderr


def test_update_from_a_file(tmp_path: Path) -> None:
    """A wheel becomes the user's book, which is used from then on; nothing in the wheel runs."""
    path = wheel(tmp_path, extra=b"open('pwned', 'w')")
    done = prices(tmp_path, "update", "--from", path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("genai-prices 0.2.4 of ")
    assert "in use from the next start on" in done.stderr
    shown = json.loads(prices(tmp_path, "show", "openai/gpt-4o", "--json").stdout)
    assert (shown["book"], {line["usd"] for line in shown["prices"]}) == ("genai-prices 0.2.4", {9, 10, 20})
    assert not (tmp_path / "pwned").exists()


def test_update_by_pip(tmp_path: Path) -> None:
    """pip finds the newest release where it is configured to look, or the one that is asked for."""
    for version in ("0.2.4", "0.3.0"):
        wheel(tmp_path, version)
    links = {"PIP_FIND_LINKS": str(tmp_path)}
    assert prices(tmp_path, "update", **links).stdout.startswith("genai-prices 0.3.0 of ")
    assert prices(tmp_path, "update", "--version", "0.2.4", **links).stdout.startswith("genai-prices 0.2.4 of ")


def test_update_to_an_older_release(tmp_path: Path) -> None:
    """It is written, and said not to be used, and how to use it."""
    done = prices(tmp_path, "update", "--from", wheel(tmp_path, "0.1.0"))
    assert done.returncode == 0
    assert "not in use: the bundled genai-prices 0.2.3" in done.stderr
    assert "export SPANWISE_PRICES=" in done.stderr


FAILURES = [
    ((), {}, "pip finds no release of genai-prices"),
    (("--version", "9.9.9"), {}, "pip finds no release of genai-prices"),
    (("--version", "; rm -rf /"), {}, "accepted is a release such as 0.2.3"),
    (("--version", "--index-url=x"), {}, "accepted is a release such as 0.2.3"),
    (("--from", "none.whl"), {}, "none.whl is no wheel of genai-prices"),
    (("--from", "none.json"), {}, "none.json cannot be read"),
    (("--from", "x.json", "--version", "0.2.3"), {}, "accepted is one of them"),
    (
        (), {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": "http://user:secret@127.0.0.1:9/simple", "PIP_RETRIES": "1"},
        "pip cannot reach its package index",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "variables", "words"), FAILURES)
def test_update_that_fails(tmp_path: Path, arguments: tuple[str, ...], variables: dict[str, str], words: str) -> None:
    """Offline, unknown, wrong: why, in one line, and that the prices in use stay; exit code 2; no secret is shown."""
    done = prices(tmp_path, "update", *arguments, **variables)
    assert done.returncode == 2
    assert words in done.stderr
    assert "secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_update_without_pip(tmp_path: Path) -> None:
    """A Python without pip is told, with what to do instead."""
    (tmp_path / "pip.py").write_text("import sys; sys.exit(f'{sys.executable}: No module named pip')")
    done = prices(tmp_path, "update", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "has no pip" in done.stderr and "--from FILE" in done.stderr


def test_update_with_a_hostile_wheel(tmp_path: Path) -> None:
    """Code where data belongs is refused, and the book stays as it was."""
    prices(tmp_path, "update", "--from", wheel(tmp_path, "0.2.4"))
    evil = wheel(tmp_path, "0.2.5", b"import os\nproviders = [os.system('touch pwned')]")
    done = prices(tmp_path, "update", "--from", evil)
    assert done.returncode == 2
    assert "genai_prices/data.py:2 holds os.system(...), which is not known; nothing of it is used" in done.stderr
    assert not (tmp_path / "pwned").exists()
    assert "genai-prices 0.2.4" in prices(tmp_path, "show", "openai/gpt-4o").stderr


def test_a_damaged_book(tmp_path: Path) -> None:
    """One line, and the bundled prices."""
    prices(tmp_path, "update", "--from", wheel(tmp_path))
    (tmp_path / "data" / "spanwise" / "prices.json").write_text("{")
    done = prices(tmp_path, "show", "gpt-4o")
    assert done.returncode == 0
    assert "is damaged (no JSON); run: spanwise prices update; the bundled prices are used" in done.stderr
    assert "(bundled)" in done.stderr


def test_diff(tmp_path: Path) -> None:
    """Added, removed and changed prices, with percent; files, versions and names of books."""
    dearer = wheel(tmp_path, "0.2.5", SMALL.replace(b"Decimal('9')", b"Decimal('12')").replace(b"'new'", b"'newer'"))
    done = prices(tmp_path, "diff", wheel(tmp_path), dearer)
    assert done.returncode == 0
    assert "+33.3%" in done.stdout
    assert "+ openai/newer" in done.stdout and "- openai/new\n" in done.stdout
    assert "1 models added, 1 removed, 1 prices of others changed" in done.stderr
    found = json.loads(prices(tmp_path, "diff", wheel(tmp_path), dearer, "--json").stdout)
    assert found["changed"] == [{
        "model": "openai/gpt-4o", "context": "standard", "since": "", "key": "input_mtok", "above": 0, "old": 9.0,
        "new": 12.0, "percent": 33.3,
    }]  # fmt: skip
    same = json.loads(prices(tmp_path, "diff", "bundled", "active", "--json").stdout)
    assert (same["added"], same["removed"], same["changed"]) == ([], [], [])


@pytest.mark.parametrize("named", ["nonsense", "0.2.9", "none.whl"])
def test_diff_with_what_is_no_book(tmp_path: Path, named: str) -> None:
    """One line; exit code 2."""
    done = prices(tmp_path, "diff", "bundled", named)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("spanwise: ") and done.stderr.count("\n") == 1


POLICY = """\
prices:
  discounts:
    - {name: not this one, provider: anthropic, percent: 5}
    - {name: our deal, provider: openai, percent: 10}
"""


def test_explain_json_on_standard_input(tmp_path: Path) -> None:
    """The rule, every line of the bill, and what was considered in order, with the lines of the policy."""
    (tmp_path / "spanwise.yaml").write_text(POLICY)
    document = json.dumps({"attributes": CALL, "start": "2026-11-01T00:00:00Z"})
    done = given(tmp_path, document)
    assert done.returncode == 0, done.stderr
    assert "price now: 0.00026568 USD, exact" in done.stdout
    assert "rule: openai/gpt-4o-mini+our deal*0.9" in done.stdout
    order = [
        done.stdout.index(words)
        for words in (
            "amount sent by the provider: none",
            "price book openai/gpt-4o-mini: applies",
            "discount not this one: another provider  [spanwise.yaml:3]",
            "discount our deal: applies  [spanwise.yaml:4]",
        )
    ]
    assert order == sorted(order)
    found = json.loads(given(tmp_path, document, "--json").stdout)
    assert [(line["usage_key"], line["units"], line["price"]) for line in found["charges"]] == [
        ("input_tokens", 216, 0.135), ("cache_read_tokens", 1024, 0.0675), ("output_tokens", 310, 0.54),
    ]  # fmt: skip
    assert sum(line["amount"] for line in found["charges"]) == pytest.approx(found["amount_usd"])


def test_explain_otlp(tmp_path: Path) -> None:
    """OTLP/JSON is read too: the first model call in it."""
    span = {
        "traceId": "1" * 32, "spanId": "2" * 16, "name": "chat", "startTimeUnixNano": str(AT_NS),
        "attributes": [
            {"key": name, "value": {"intValue": value} if isinstance(value, int) else {"stringValue": value}}
            for name, value in CALL.items()
        ],
    }  # fmt: skip
    document = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    assert "price now: 0.0002952 USD, exact" in given(tmp_path, json.dumps(document)).stdout


def test_explain_a_stored_span(tmp_path: Path) -> None:
    """By its id or the beginning of one; what stands on the span is compared with what it costs now."""
    priced = {
        **CALL, "gen_ai.usage.cost.amount": 0.5, "gen_ai.usage.cost.currency": "USD", "spanwise.cost.book": "old 1",
        "gen_ai.usage.cost.source": "local", "spanwise.cost.status": "exact",
    }  # fmt: skip
    now_ns = time.time_ns()
    store = Store(tmp_path / "s.duckdb")
    store.write([
        SpanRecord("chat", 7, 0xABC0 << 48, start_unix_nano=now_ns, end_unix_nano=now_ns, attributes=priced),
        SpanRecord("chat", 7, 0xABC1 << 48, start_unix_nano=now_ns, end_unix_nano=now_ns, attributes=dict(CALL)),
    ])  # fmt: skip
    done = prices(tmp_path, "explain", "abc0", "--store", tmp_path / "s.duckdb")
    assert done.returncode == 0, done.stderr
    assert "price now: 0.0002952 USD, exact" in done.stdout
    assert "on the span: 0.5 USD (exact, old 1)" in done.stdout
    both = prices(tmp_path, "explain", "ABC", "--store", tmp_path / "s.duckdb")
    assert both.returncode == 2
    assert "begins more than one span id: abc0000000000000, abc1000000000000" in both.stderr


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("ffff", "no span in"), ("xyz", "is no span id"), ("f" * 17, "is no span id"), ("", "is no span id")],
)
def test_explain_what_is_not_there(tmp_path: Path, wanted: str, words: str) -> None:
    """One line; exit code 2."""
    done = prices(tmp_path, "explain", wanted)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"attributes": 1}', '{"attributes": {}, "start": "soon"}', '{"resourceSpans": []}']
)
def test_explain_what_is_no_span(tmp_path: Path, text: str) -> None:
    """One line; exit code 2."""
    done = given(tmp_path, text)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("spanwise: ") and "Traceback" not in done.stderr


def test_explain_says_why_there_is_no_price(tmp_path: Path) -> None:
    """Unknown model, no usage, an estimate: the reason stands beside the status."""
    unknown = {**CALL, "gen_ai.request.model": "nobody"}
    assert "no amount, unpriced: unknown model" in given(tmp_path, json.dumps({"attributes": unknown})).stdout
    assert (
        "no amount, unpriced: no usage"
        in given(tmp_path, json.dumps({"attributes": {"gen_ai.operation.name": "chat"}})).stdout
    )
    sent = {**CALL, "gen_ai.usage.cost.amount": 0.25, "gen_ai.usage.cost.currency": "USD",
            "gen_ai.usage.cost.source": "provider"}  # fmt: skip
    shown = given(tmp_path, json.dumps({"attributes": sent})).stdout
    assert "amount sent by the provider 0.25 USD: kept, goes before every price" in shown


def test_explain_with_a_wrong_policy(tmp_path: Path) -> None:
    """The mistake is named with its line; exit code 2."""
    (tmp_path / "spanwise.yaml").write_text("prices:\n  discounts:\n    - {percnt: 5}\n")
    done = given(tmp_path, json.dumps({"attributes": CALL}))
    assert done.returncode == 2
    assert "spanwise.yaml:3: prices.discounts[0].percnt: not a key. Did you mean percent?" in done.stderr


def test_help_is_there() -> None:
    """The group and its four commands explain themselves."""
    done = subprocess.run(
        [sys.executable, "-m", "spanwise.cli", "prices", "--help"], capture_output=True, text=True, check=True
    )  # fmt: skip
    for name in ("show", "update", "diff", "explain"):
        assert name in done.stdout
