"""The settings a process starts with: file, environment, and what happens when the file has mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spanwise.pipeline import ConfigError, Pipeline, PipelineConfig, SpanwiseExporter, settings
from spanwise.policy import PolicyError, read_policy
from spanwise.record import SpanRecord


SETTINGS = settings.settings
CANARY = "jane.doe@example.com"


@pytest.fixture(autouse=True)
def _forget_logged() -> Iterator[None]:
    settings._logged.clear()
    yield
    settings._logged.clear()


def policy_file(directory: Path, text: str) -> Path:
    """A policy file with `text`."""
    file = directory / "policy.yaml"
    file.write_text(text)
    return file


def test_every_section_is_read(tmp_path: Path) -> None:
    """A file sets what it names and leaves the rest at its default."""
    file = policy_file(
        tmp_path,
        "semconv: released\nnormalise: {keep_originals: false}\ndedupe: {max_calls: 7, window_s: 2}\n"
        "cost: {warn_unknown: false}\nmeasure: {flavours: legacy}\nredact: {max_span_bytes: 2048}\n"
        "cap: {max_events: 3}\n",
    )
    config = PipelineConfig.from_policy(read_policy(file))
    assert config.semconv == "released"
    assert not config.normalise.keep_originals and config.normalise.enabled
    assert (config.dedupe.max_calls, config.dedupe.window_s) == (7, 2.0)
    assert not config.cost.warn_unknown
    assert config.measure.flavours == ("legacy",)
    assert config.redact.max_span_bytes == 2048
    assert config.cap.max_events == 3
    assert PipelineConfig.from_policy(read_policy(policy_file(tmp_path, ""))) == PipelineConfig()


def test_options_and_files_are_read_by_the_same_readers(tmp_path: Path) -> None:
    """A mistake is described in the same words, with a line in a file and without one in options."""
    with pytest.raises(ConfigError) as from_options:
        PipelineConfig.from_options({"cap": {"max_events": 1}, "dedupe": {"window_s": 0, "usage_names": ["a*b"]}})
    file = policy_file(tmp_path, "cap: {max_events: 1}\ndedupe:\n  window_s: 0\n  usage_names: ['a*b']\n")
    with pytest.raises(PolicyError) as from_file:
        PipelineConfig.from_policy(read_policy(file))
    prefixes = (f"{file}:{line}: " for line in (1, 3, 4))
    words = [line.removeprefix(prefix) for line, prefix in zip(from_file.value.lines, prefixes, strict=True)]
    assert all(word in str(from_options.value) for word in words)


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    """The convention that a variable asks for wins over the file's; what no variable names is the file's."""
    file = policy_file(tmp_path, "semconv: released\nmeasure: {flavours: [released]}\n")
    assert SETTINGS({"SPANWISE_POLICY": str(file)}).semconv == "released"
    both = SETTINGS({"SPANWISE_POLICY": str(file), "SPANWISE_SEMCONV": "legacy"})
    assert (both.semconv, both.measure.flavours) == ("legacy", ("released",))
    latest = SETTINGS({"SPANWISE_POLICY": str(file), "OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental"})
    assert latest.semconv == "current"


def test_the_file_of_the_working_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a variable `spanwise.yaml` in the working directory is the policy."""
    monkeypatch.chdir(tmp_path)
    assert SETTINGS({}) == PipelineConfig()
    (tmp_path / "spanwise.yaml").write_text("cap: {max_events: 3}\n")
    assert SETTINGS({}).cap.max_events == 3


def test_mistakes_withhold_content(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file with mistakes is one log line however often it is read; no text of a span or log gets out, numbers do."""
    file = policy_file(tmp_path, "redact:\n  acions: {email: drop}\n  kinds: 3\n")
    for _ in range(2):
        config = SETTINGS({"SPANWISE_POLICY": str(file)})
    (line,) = caplog.messages
    assert f"{file}:2: redact.acions: not a key." in line and "(and 1 more)" in line
    assert "content is withheld" in line
    pipeline = Pipeline(config)
    span = SpanRecord("to Bob", 1, 2, attributes={"gen_ai.operation.name": "chat", "note": "Bob", "n": 3})
    done = pipeline.process(span)
    assert done is not None
    assert "Bob" not in repr(done)
    assert done.attributes["n"] == 3
    assert done.attributes["spanwise.content.dropped"] == "the policy has mistakes"
    assert pipeline.clean_value("anything") is None
    assert pipeline.clean_text("gpt-4.1-mini") == "gpt-4.1-mini"
    assert pipeline.clean_text(CANARY) == "[DROPPED]"


def test_the_exporter_plug_in_takes_the_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sections that declarative options leave out are those of the file; its mistakes withhold content."""
    monkeypatch.setenv("SPANWISE_POLICY", str(policy_file(tmp_path, "cap: {max_events: 3}\nredact: {kinds: [card]}\n")))
    exporter = SpanwiseExporter(forward={"console": {}}, redact={"kinds": ["email"]})
    assert exporter._pipeline._config.cap.max_events == 3
    assert exporter._pipeline._config.redact.kinds == ("email",)
    policy_file(tmp_path, "cap: {max_evnets: 3}\n")
    assert SpanwiseExporter(forward={"console": {}})._pipeline._config.withheld
