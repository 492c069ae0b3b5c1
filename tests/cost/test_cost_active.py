"""Which book is used, and that a damaged one costs a line in the log and nothing else."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import date
from pathlib import Path

import orjson
import pytest

from spanwise.cost import PriceBook
from spanwise.cost.active import checksum_file, choose, user_book
from spanwise.cost.book import BUNDLED
from spanwise.cost.update import UpdateError, book_text, install
from tests.cost.wheels import SMALL, wheel
from tests.steps import steps


TODAY = date(2026, 11, 25)
ROOT = Path(__file__).parents[2]


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    """An environment with a data directory of its own."""
    return {"XDG_DATA_HOME": str(tmp_path), **more}


def installed(tmp_path: Path, version: str = "0.9.0") -> Path:
    """The user's book, made of a small release."""
    target = user_book(environment(tmp_path))
    install(book_text(wheel(tmp_path, version), TODAY), target)
    return target


def test_without_anything_the_bundled_book() -> None:
    """No variable, no file: the book of this distribution."""
    choice = choose({"XDG_DATA_HOME": "/nowhere"})
    assert (choice.source, choice.book.version, choice.complaint) == ("bundled", PriceBook.bundled().version, "")


def test_the_newer_of_two(tmp_path: Path) -> None:
    """The user's book is used while it is newer than the bundled one, by its release and not by its file's day."""
    target = installed(tmp_path)
    assert (choose(environment(tmp_path)).source, choose(environment(tmp_path)).book.version) == (str(target), "0.9.0")
    installed(tmp_path, "0.1.9")
    assert choose(environment(tmp_path)).source == "bundled"


def test_a_named_book_goes_first(tmp_path: Path) -> None:
    """`SPANWISE_PRICES` is used whatever its age, and its absence is told."""
    target = installed(tmp_path, "0.0.1")
    named = choose(environment(tmp_path, SPANWISE_PRICES=str(target)))
    assert (named.source, named.book.version) == (str(target), "0.0.1")
    missing = choose(environment(tmp_path, SPANWISE_PRICES=str(tmp_path / "none.json")))
    assert missing.source == "bundled"
    assert missing.complaint.endswith(
        "none.json cannot be read (No such file or directory); the bundled prices are used"
    )


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"{}", b"\x00" * 100])
def test_a_damaged_book_is_refused(damage: bytes, tmp_path: Path) -> None:
    """One line that names the file and the cure, and the bundled prices."""
    target = installed(tmp_path)
    target.write_bytes(damage)
    choice = choose(environment(tmp_path))
    assert choice.source == "bundled"
    assert "\n" not in choice.complaint
    assert str(target) in choice.complaint and "run: spanwise prices update" in choice.complaint


def test_one_changed_price_is_noticed(tmp_path: Path) -> None:
    """The checksum beside the book is of its bytes: what is changed by hand is checked whole, and may be right."""
    target = installed(tmp_path)
    assert checksum_file(target).is_file()
    raw = orjson.loads(target.read_bytes())
    raw["providers"][0]["models"][0][2][0][1]["input_mtok"] = "7"
    target.write_bytes(orjson.dumps(raw))
    usage = {"input_tokens": 1_000_000}
    assert choose(environment(tmp_path)).book.quote_at("openai", "gpt-4o", usage, 0).usd == 7
    raw["providers"][0]["models"][0][2][0][1]["input_mtok"] = "-7"
    target.write_bytes(orjson.dumps(raw))
    assert "price that is no number" in choose(environment(tmp_path)).complaint


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A book above the bound is not read."""
    installed(tmp_path)
    monkeypatch.setattr("spanwise.cost.active.MAX_BYTES", 100)
    assert "larger than 100 bytes" in choose(environment(tmp_path)).complaint


def test_installing_is_all_or_nothing(tmp_path: Path) -> None:
    """A release that is refused leaves the book as it was; no temporary file stays."""
    target = installed(tmp_path)
    before = target.read_bytes()
    bad = wheel(tmp_path, "1.0.0", SMALL.replace(b"Decimal('9')", b"evil()"))
    with pytest.raises(UpdateError, match=r"holds evil\(\.\.\.\)"):
        install(book_text(bad, TODAY), target)
    assert target.read_bytes() == before
    assert sorted(path.name for path in target.parent.iterdir()) == ["prices.json", "prices.json.sha256"]


def test_a_directory_that_cannot_be_written(tmp_path: Path) -> None:
    """Its name and the reason, in one line."""
    (tmp_path / "spanwise").write_text("a file where the directory would be")
    with pytest.raises(UpdateError, match="cannot be written"):
        install(book_text(wheel(tmp_path), TODAY), user_book(environment(tmp_path)))


def test_a_step_uses_the_active_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands on the span is the user's book and its day, and a damaged one is named in the log once."""
    target = installed(tmp_path)
    code = (
        "from spanwise.cost import Cost, CostConfig\nfrom spanwise.record import SpanRecord\n"
        "for _ in range(2):\n"
        "  s = SpanRecord('c', 1, 2, attributes={'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', "
        "'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 1, 'gen_ai.usage.output_tokens': 1})\n"
        "  Cost(CostConfig())(s)\n"
        "print(s.attributes['spanwise.cost.book'], s.attributes['spanwise.cost.book_date'])"
    )

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code], env={"XDG_DATA_HOME": str(tmp_path)}, capture_output=True, text=True,
            check=True, timeout=60,
        )  # fmt: skip

    assert run().stdout == "genai-prices 0.9.0 2026-11-25\n"
    target.write_bytes(b"{")
    done = run()
    assert done.stdout == "genai-prices 0.2.3 2026-11-10\n"
    assert done.stderr.count("is damaged") == 1


def test_loading_is_quick() -> None:
    """A fresh process imports and reads the book in few steps, without anything that could reach a network.

    They are 125,000, of which the book has 5,000, and take 50 ms; three times as many would be felt at every start.
    """
    code = (
        "import sys\nfrom tests.steps import steps\ndef load():\n  from spanwise.cost import PriceBook\n"
        "  PriceBook.bundled()\nprint(steps(load, most=200_000))\n"
        "assert not {'urllib.request', 'http.client', 'ssl', 'subprocess', 'zipfile', 're2'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1_000


def test_reading_a_book_takes_no_step_for_a_model() -> None:
    """Twice as many models, and as many steps as before: what a model costs is worked out when it is asked for."""
    raw = orjson.loads(BUNDLED.read_bytes())
    once = steps(lambda: PriceBook(raw))
    for provider in raw["providers"]:
        provider["models"] *= 2
    assert steps(lambda: PriceBook(raw)) == once
    assert steps(lambda: PriceBook(orjson.dumps(raw))) <= once + 10


def test_quiet_without_a_complaint(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is logged when nothing is wrong."""
    with caplog.at_level(logging.WARNING, "spanwise.cost"):
        choose({"XDG_DATA_HOME": "/nowhere"})
    assert caplog.records == []
