"""Who a call is for crosses processes: what the policy allows, to whom it allows, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import trace

from spanwise import context
from spanwise.application import AsgiContext
from spanwise.application.outgoing import OUTGOING
from spanwise.baggage import MOST_BYTES, BaggageConfig, read_header, write_header
from spanwise.policy import PolicyError
from spanwise.policy.policy import policy_of
from spanwise.semconv import attributes as attr
from tests.application.conftest import Spans


ROOT = Path(__file__).parents[2]
WHO = {
    "user": "ü 7,;=",
    "session": "s-1",
    "tenant": "acme",
    "tags": ["beta", "x"],
    "metadata": {"plan": "pro", "key": "k"},
}
SEND = "baggage: {send: [user, tenant, tags, metadata.plan]%s}"
ACCEPT = "baggage: {accept: [user, tenant, metadata.plan]}"


def process(directory: Path, policy: str, *arguments: str) -> subprocess.Popen[str]:
    """A process of `baggage_process` with a policy of its own."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "spanwise.yaml").write_text(f"version: 1\n{policy}\n")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("SPANWISE_", "OTEL_"))}
    environ |= {"PYTHONPATH": str(ROOT), "SPANWISE_RAISE": "1", "NO_PROXY": "*"}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.application.baggage_process", *arguments],
        cwd=directory,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The port of a server that accepts user, tenant and one key of metadata."""
    running = process(tmp_path_factory.mktemp("server"), ACCEPT, "server")
    with running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        running.communicate(timeout=20)


def asked(directory: Path, policy: str, url: str, library: str = "httpx") -> dict[str, Any]:
    """What the server answers to a client with `policy`."""
    with process(directory, policy, "client", url, library, json.dumps(WHO)) as running:
        out, _ = running.communicate(timeout=60)
    answer: dict[str, Any] = json.loads(out)
    return answer


@pytest.mark.parametrize("library", ["httpx", "requests", "aiohttp"])
def test_two_processes(tmp_path: Path, server: str, library: str) -> None:
    """What both policies allow is on the spans of the server; what one does not is not, nor in the header."""
    answer = asked(tmp_path, SEND % "", f"http://127.0.0.1:{server}/", library)
    assert answer["attributes"] == {
        "user.id": "ü 7,;=",
        "spanwise.tenant": "acme",
        "spanwise.metadata.plan": "pro",
    }
    assert "session" not in answer["header"]
    assert "metadata.key" not in answer["header"]


def test_nothing_is_sent_without_a_policy_that_says_so(tmp_path: Path, server: str) -> None:
    """Contexts alone put nothing on a request."""
    assert asked(tmp_path, ACCEPT, f"http://127.0.0.1:{server}/") == {"attributes": {}, "header": ""}


@pytest.mark.parametrize("library", ["httpx", "requests", "aiohttp"])
def test_a_host_that_is_not_listed_is_sent_nothing(tmp_path: Path, server: str, library: str) -> None:
    """Neither when it is called, nor when a host that is listed redirects to it."""
    policy = SEND % ", hosts: [127.0.0.1]"
    assert "acme" in asked(tmp_path, policy, f"http://127.0.0.1:{server}/", library)["header"]
    assert asked(tmp_path, policy, f"http://127.0.0.1:{server}/to/localhost", library)["header"] == ""


def test_which_hosts_may_know() -> None:
    """Those that are listed; without a list those of one's own network, which APIs of models are not."""
    inside = BaggageConfig(send=("user",))
    assert all(map(inside.may_know, ("localhost", "127.0.0.1", "10.1.2.3", "desk", "a.svc.cluster.local", "[::1]")))
    assert not any(map(inside.may_know, ("api.openai.com", "8.8.8.8", "", "local.example.com")))
    listed = BaggageConfig(send=("user",), hosts=("api.example.com", "*.corp.example"))
    assert all(map(listed.may_know, ("API.example.com", "a.corp.example", "a.b.corp.example.")))
    assert not any(map(listed.may_know, ("localhost", "corp.example", "xcorp.example", "api.example.com.evil.net")))


@pytest.mark.parametrize(
    "policy", ["send: [input]", "accept: [password]", "send: [metadata.]", "hosts: ['http://a']", "x: 1"]
)
def test_what_a_policy_may_name(policy: str) -> None:
    """Never content; one message with the place."""
    with pytest.raises(PolicyError, match=r"spanwise\.yaml:1"):
        policy_of(f"baggage: {{{policy}}}".encode(), source="spanwise.yaml", directory=Path()).read(
            BaggageConfig._section
        )


VALUES = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cf", "Co", "Cn"]), min_size=1, max_size=20
)


@given(VALUES, VALUES, VALUES)
def test_what_is_written_is_read(user: str, tenant: str, plan: str) -> None:
    """Any text that can be printed, whatever signs it has."""
    said = {attr.USER_ID: user, attr.SPANWISE_TENANT: tenant, "spanwise.metadata.plan": plan}
    names = ("user", "tenant", "metadata.plan")
    header = write_header(said, names, "other=1;p")
    assert header.startswith("other=1;p,")
    assert header.isascii()
    assert read_header(header, names) == said


@given(st.text(max_size=300))
def test_any_header_can_be_read(text: str) -> None:
    """Nothing is raised, and values are short and printable."""
    found = read_header(f"spanwise.user={text},spanwise.tags={text}", ("user", "tags"))
    for value in found.values():
        assert all(
            0 < len(each) <= 256 and each.isprintable() for each in ([value] if isinstance(value, str) else value)
        )


def test_the_limits() -> None:
    """A long value is left out of both ways; all entries together stay below the limit, with what others have sent."""
    long = {attr.USER_ID: "u" * 257, attr.SPANWISE_TENANT: "t"}
    assert write_header(long, ("user", "tenant")) == "spanwise.tenant=t"
    assert read_header(f"spanwise.user={'u' * 257},spanwise.tenant=t", ("user", "tenant")) == {"spanwise.tenant": "t"}
    names = tuple(f"metadata.k{number}" for number in range(30))
    many: dict[str, object] = {f"spanwise.{name}": "v" * 200 for name in names}
    assert 1500 < len(write_header(many, names)) <= MOST_BYTES
    assert write_header(many, names, "o" * 8190) == "o" * 8190
    assert read_header("spanwise.user=%ff%fe,spanwise.tenant=a%0Ab", ("user", "tenant")) == {}
    assert read_header("x" * 9000, ("user",)) == {}
    assert read_header("spanwise.user=a,spanwise.user=b", ("user",)) == {"user.id": "a"}


async def test_a_request_overwrites_nothing(spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `who`, a context or the span around says goes before the header."""
    monkeypatch.setattr(OUTGOING, "_config", BaggageConfig(accept=("user", "tenant", "session", "prompt")))

    async def application(scope: Any, receive: Any, send: Any) -> None:
        tracer = trace.get_tracer("app")
        with tracer.start_as_current_span("outer") as outer:
            outer.set_attribute("session.id", "mine")
            with context(tenant="mine", prompt="own"), tracer.start_as_current_span("inner"):
                pass

    header = (
        "spanwise.user=evil,spanwise.tenant=evil,spanwise.session=evil,spanwise.prompt=theirs,spanwise.prompt_version=9"
    )
    app = AsgiContext(application, who=lambda scope: {"user": "mine"})
    scope = {"type": "http", "headers": [(b"Baggage", header.encode())]}
    await app(scope, None, None)
    assert spans.said("inner") == {
        "user.id": "mine",
        "spanwise.tenant": "mine",
        "session.id": "mine",
        "gen_ai.prompt.name": "own",
    }
    assert spans.said("outer")["spanwise.tenant"] == "evil"


async def test_without_who(spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    """The header alone, as far as it is accepted; the next request is nobody's."""
    monkeypatch.setattr(OUTGOING, "_config", BaggageConfig(accept=("user",)))

    async def application(scope: Any, receive: Any, send: Any) -> None:
        with trace.get_tracer("app").start_as_current_span(scope["path"]):
            pass

    app = AsgiContext(application)
    header = (b"baggage", b"spanwise.user=u,spanwise.tenant=t")
    await app({"type": "http", "path": "a", "headers": [header]}, None, None)
    await app({"type": "http", "path": "b", "headers": []}, None, None)
    assert (spans.said("a"), spans.said("b")) == ({"user.id": "u"}, {})
