"""`spanwise.deploy.check`: whose file it is, who judges it, and on which line the mistake is."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from spanwise.deploy.check import TOOLS, Kind, Report, check_file, files_of
from spanwise.deploy.check.document import Documents, parse
from spanwise.deploy.check.kind import kind_of


COLLECTOR = """\
receivers:
  otlp: {protocols: {grpc: {}}}
processors:
  memory_limiter: {}
  batch:
    timout: 1s
exporters: {debug: {}}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [debug]}
"""

COMPOSE = """\
services:
  a:
    image: x:1
    enviroment: {A: b}
    ports: ["127.0.0.1:80:80", "nonsense port"]
"""

SAMPLES = {
    Kind.COLLECTOR: COLLECTOR,
    Kind.CONTRIB_COLLECTOR: "# For the OpenTelemetry Collector 0.165.0, the contrib image.\n" + COLLECTOR,
    Kind.JAEGER: "extensions: {jaeger_storage: {}}\nreceivers: {}\nservice: {pipelines: {}}\n",
    Kind.TEMPO: "server: {http_listen_port: 3200}\nstorage: {trace: {}}\n",
    Kind.PROMETHEUS: "scrape_configs: []\n",
    Kind.RULES: "groups: []\n",
    Kind.RULE_TESTS: "rule_files: [a.yaml]\ntests: []\n",
    Kind.ALERTMANAGER: "route: {receiver: a}\nreceivers: [{name: a}]\n",
    Kind.DASHBOARD: '{"title": "t", "panels": [], "schemaVersion": 40}',
    Kind.PROVISIONING: "apiVersion: 1\ngroups: []\n",
    Kind.COMPOSE: COMPOSE,
    Kind.KUBERNETES: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {}\n",
    Kind.POLICY: "budgets: []\nretention: {content: 7d}\n",
    Kind.YAML: "a: 1\n",
}


def program(directory: Path, name: str, script: str) -> dict[str, str]:
    """An environment in which only the program `name` is found, which is the shell script."""
    folder = directory / "bin"
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return {"SPANWISE_ENGINES": str(directory), "PATH": "/nowhere"}


def checked(directory: Path, text: str, environ: dict[str, str], name: str = "f.yaml") -> Report:
    """The report on a file with this text."""
    file = directory / name
    file.write_text(text)
    return check_file(file, environ)


def parsed(text: str, name: str = "f.yaml") -> Documents:
    """The documents of a text without mistakes."""
    documents = parse(text.encode(), is_json=name.endswith(".json"))
    assert isinstance(documents, Documents)
    return documents


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.name)
def test_a_file_is_known_by_what_stands_in_it(kind: Kind) -> None:
    """Whatever its name is."""
    assert kind_of("f.yaml", parsed(SAMPLES[kind]).values, beginning=SAMPLES[kind].encode()) is kind


def test_an_engine_that_is_content_finds_nothing(tmp_path: Path) -> None:
    """Its exit code decides, not what it prints; it got the file as one argument."""
    environ = program(tmp_path, "otelcol", 'test "$1 $2" = "validate --config" && test -f "$3" && echo error: none')
    report = checked(tmp_path, COLLECTOR, environ, "a file.yaml")
    assert (report.kind, report.tool, report.findings, report.missing) == (Kind.COLLECTOR, "otelcol validate", (), "")


def test_what_an_engine_says_has_the_line_of_the_setting(tmp_path: Path) -> None:
    """The Collector names a path and no line."""
    said = "Error: processors::batch: decoding failed: '' has invalid keys: timout"
    report = checked(tmp_path, COLLECTOR, program(tmp_path, "otelcol-contrib", f'echo "{said}" >&2; exit 1'))
    assert [(finding.line, finding.message) for finding in report.findings] == [(5, said)]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ('  $3: 4:12: group "g", rule 1, "x": could not parse expression: 1:5: parse error', 4),
        ("yaml: unmarshal errors: line 3: field foo not found in type config.plain", 3),
        ('references undefined receiver "debug"', 7),
        ("nothing that names a place", None),
    ],
)
def test_a_line_is_read_from_what_is_said(tmp_path: Path, said: str, line: int | None) -> None:
    """As promtool and amtool write it, or by a quoted name that is a key; else none is invented."""
    environ = program(tmp_path, "otelcol", f"/bin/cat <<END\n{said}\nEND\nexit 1")
    assert [finding.line for finding in checked(tmp_path, COLLECTOR, environ).findings] == [line]


def test_an_engine_that_fails_in_silence_is_a_finding(tmp_path: Path) -> None:
    """An exit code is never lost."""
    report = checked(tmp_path, COLLECTOR, program(tmp_path, "otelcol", "exit 3"))
    assert [finding.message for finding in report.findings] == ["otelcol validate ended with 3 and said nothing"]


@pytest.mark.parametrize("kind", TOOLS, ids=lambda kind: kind.name)
def test_a_missing_program_is_named_with_how_to_get_it(tmp_path: Path, kind: Kind) -> None:
    """And it is not taken for a file without mistakes."""
    report = checked(tmp_path, SAMPLES[kind], {"PATH": "/nowhere"})
    assert report.kind is kind
    assert report.missing.startswith(f"{TOOLS[kind].programs[0]} was not found: ")
    assert report.missing.endswith(TOOLS[kind].source)


def test_docker_without_its_plug_in_is_no_judge(tmp_path: Path) -> None:
    """It would call a right file wrong; the schema looks instead, and the file is still not judged by Compose."""
    environ = program(tmp_path, "docker", 'echo "docker: unknown command: docker compose" >&2; exit 1')
    report = checked(tmp_path, COMPOSE, environ)
    assert report.tool == "schema"
    assert "compose plug-in" in report.missing
    assert [finding.line for finding in report.findings] == [4, 5]
    assert "not a key: enviroment. Did you mean environment?" in report.findings[0].message


def test_docker_with_its_plug_in_judges(tmp_path: Path) -> None:
    """It is asked about this file and prints nothing when it is right."""
    script = 'test "$2" = version && exit 0\ntest "$1 $2 $4 $5" = "compose --file config --quiet"'
    report = checked(tmp_path, COMPOSE, program(tmp_path, "docker", script))
    assert (report.tool, report.findings) == ("docker compose config", ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a:\n  - b\n c: d\n", 3),
        ("a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)), 1),
        ("a: " + "[" * 200 + "]" * 200, 1),
        ("a: 1\nb: \x07\n", None),
        ("a: !!python/object:os.system x\n", 1),
        ("a: *b\n", 1),
    ],
    ids=["indentation", "aliases", "depth", "control", "tag", "alias"],
)
def test_what_is_no_document_is_said_with_its_line(tmp_path: Path, text: str, line: int | None) -> None:
    """No engine is asked, nothing is built, nothing is run."""
    report = checked(tmp_path, text, {"PATH": "/nowhere"})
    assert report.tool == "parser"
    assert [finding.line for finding in report.findings] == [line]


def test_wrong_json_is_said_with_its_line(tmp_path: Path) -> None:
    """A dashboard that somebody edited by hand."""
    report = checked(tmp_path, '{\n "title": "t",\n "panels": [],\n}\n', {"PATH": "/nowhere"}, "d.json")
    assert [finding.line for finding in report.findings] == [4]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replica: 1}\n", 4, "replica"),
        ("apiVersion: v1\nkind: Deployment\nmetadata: {name: a}\nspec: {}\n", 1, "apps/v1"),
        ("---\n# nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: A}\ndata: {}\n", 6, "does not match"),
        ("apiVersion: example.org/v1\nkind: Other\nmetadata: {}\n", 3, "name"),
        ("apiVersion: 1\ndatasources:\n  - type: prometheus\n", 3, "name"),
        ('{"title": "t", "schemaVersion": 40,\n"panels": [{"type": "x"}]}', 2, "gridPos"),
    ],
)
def test_files_without_a_program_are_checked_by_schema(tmp_path: Path, text: str, line: int, words: str) -> None:
    """What no engine judges offline has at least the form that its documentation asks for."""
    report = checked(tmp_path, text, {"PATH": "/nowhere"})
    assert (report.tool, report.missing) == ("schema", "")
    assert report.findings[0].line == line
    assert words in " ".join(finding.message for finding in report.findings)


def test_a_manifest_of_another_kind_passes(tmp_path: Path) -> None:
    """Only what all kinds have is asked of it."""
    report = checked(tmp_path, "apiVersion: a/v1\nkind: B\nmetadata: {name: c}\nanything: 1\n", {"PATH": "/nowhere"})
    assert report.findings == ()


def test_a_policy_is_read_as_everything_reads_it(tmp_path: Path) -> None:
    """Each mistake of the policy is a finding with its own line in it."""
    report = checked(tmp_path, "retention: {contents: 7d}\n", {"PATH": "/nowhere"})
    assert report.tool == "spanwise policy check"
    assert [f"{tmp_path}/f.yaml:1: retention.contents" in finding.message for finding in report.findings] == [True]


def test_folders_are_searched_and_nothing_is_checked_twice(tmp_path: Path) -> None:
    """YAML and JSON below a folder; hidden folders and what is behind links are somebody else's."""
    for name in ("b.yaml", "a/c.json", "a/d.txt", ".git/e.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [str(path.relative_to(tmp_path)) for path in files_of([tmp_path / "a/c.json", tmp_path])]
    assert found == ["a/c.json", "b.yaml"]


def test_what_is_not_there_is_not_passed_over(tmp_path: Path) -> None:
    """A mistyped name is an error."""
    with pytest.raises(FileNotFoundError):
        files_of([tmp_path / "x.yaml"])


def test_a_secret_that_is_elsewhere_is_stood_in_for(tmp_path: Path) -> None:
    """The engine is asked for the rest of the file, its lines where they are; a secret that is here is read."""
    (tmp_path / "here").write_text("value")
    file = tmp_path / "agent.yaml"
    file.write_text(
        COLLECTOR
        + "x: '${file:/nowhere/password}'\n"
        + "y: '${file:${env:SECRET_FILE:-/nowhere/other}}'\n"
        + f"z: '${{file:{tmp_path}/here}}'\n"
    )
    environ = program(tmp_path, "otelcol", f'/bin/cp "$3" {tmp_path}/asked; echo "$3: wrong" >&2; exit 1')
    report = check_file(file, environ)
    assert [finding.message for finding in report.findings] == ["wrong"]
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[-3:] == ["x: 'stand-in'", "y: 'stand-in'", f"z: '${{file:{tmp_path}/here}}'"]
    assert asked[:-3] == COLLECTOR.splitlines()
    check_file(file, {**environ, "SECRET_FILE": f"{tmp_path}/here"})
    assert "y: '${file:${env:SECRET_FILE:-/nowhere/other}}'" in (tmp_path / "asked").read_text()


def test_a_file_for_the_contrib_image_is_not_judged_by_another_build(tmp_path: Path) -> None:
    """Its components are not in the slim distribution, so that one is not asked; the contrib release is."""
    file = tmp_path / "gateway.yaml"
    file.write_text("# For the OpenTelemetry Collector 0.165.0, the contrib image.\n" + COLLECTOR)
    report = check_file(file, program(tmp_path, "otelcol", "exit 1"))
    assert (report.kind, report.findings) == (Kind.CONTRIB_COLLECTOR, ())
    assert "otelcol-contrib was not found" in report.missing
    assert check_file(file, program(tmp_path, "otelcol-contrib", "exit 0")).missing == ""
