"""`spanwise redact --self-test`: silent when redaction works, and a witness when it does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from spanwise.proof.carrier import CARRIERS, LOGS, METRICS, SPANS
from tests.cli.command import spanwise


Document: TypeAlias = dict[str, Any]
"""JSON as the command prints it."""

pytestmark = pytest.mark.slow
CLEANED_ELSEWHERE = {"exporter plug-in", "store file", "spanwise trace --json"}
"""Sinks that other hosts clean for, whatever the application does."""


def self_tested(directory: Path, *arguments: str, **variables: str) -> tuple[int, Document]:
    """Exit code and report of a self-test in `directory`."""
    ran = spanwise(directory, "redact", "--self-test", "--json", *arguments, **variables)
    assert ran.returncode in {0, 1}, ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def leaks(document: Document) -> set[tuple[str, str, str]]:
    """Sink, carrier and family of every leak."""
    return {(leak["sink"], leak["carrier"], leak["family"]) for leak in document["leaks"]}


def test_no_sink_sees_a_value(tmp_path: Path) -> None:
    """Out of the box nothing leaks, everything arrives, and the run is no longer than a person waits."""
    code, document = self_tested(tmp_path)
    assert document["leaks"] == []
    assert [sink["sink"] for sink in document["sinks"] if sink["arrived"] < sink["expected"]] == []
    assert (code, document["ok"]) == (0, True)
    assert document["planted"] > 1000
    assert document["kinds"] > 400
    assert document["carriers"] > 35


def test_without_redaction_every_carrier_of_every_signal_leaks(tmp_path: Path) -> None:
    """With the pipeline switched off the self-test names each carrier, in each sink it leads to, for each family."""
    code, document = self_tested(tmp_path, SPANWISE_PIPELINE="off")
    assert (code, document["ok"]) == (1, False)
    found = leaks(document)
    families = {family for _, _, family in found}
    assert len(families) == 9
    for carrier in (carrier for carrier in CARRIERS if carrier.accepts("several words")):
        signals = {SPANS: "spans", LOGS: "log records", METRICS: "metrics"}
        for signal, name in signals.items():
            if carrier.signal in {signal, "resources"}:
                missing = {family for family in families if (f"OTLP/HTTP {name}", carrier.name, family) not in found}
                assert not missing, carrier.name
    assert not {sink for sink, _, _ in found} & CLEANED_ELSEWHERE


def test_a_kind_that_is_kept_is_seen_and_named(tmp_path: Path) -> None:
    """With one kind kept the self-test fails for that kind only, and says sink, carrier and rule, not the value."""
    (tmp_path / "keep.yaml").write_text("redact: {actions: {email: keep}}\n")
    ran = spanwise(tmp_path, "redact", "--self-test", "--policy", "keep.yaml")
    assert ran.returncode == 1
    lines = [line for line in ran.stderr.splitlines() if line.startswith("leak: ")]
    assert lines
    assert all(" saw email (rule " in line and " planted in " in line for line in lines)
    assert "@" not in ran.stdout + ran.stderr


def test_a_wrong_policy_is_not_tested(tmp_path: Path) -> None:
    """Mistakes in the policy are told, with exit code 2, before anything is sent."""
    (tmp_path / "wrong.yaml").write_text("redact: {kind: []}\n")
    ran = spanwise(tmp_path, "redact", "--self-test", "--policy", "wrong.yaml")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "wrong.yaml:1: redact.kind" in ran.stderr
