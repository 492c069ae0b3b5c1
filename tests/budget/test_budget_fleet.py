"""Budgets of several machines: one collector adds up, who asks it shows a token, and nothing is counted twice."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast
from weakref import WeakSet

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, NumberDataPoint

from spanwise.budget import Budget, BudgetStep, instruments
from spanwise.budget.account import Account, Entry
from spanwise.budget.document import SumsError, read, written
from spanwise.budget.fleet import Fleet
from spanwise.budget.period import calendar_of
from spanwise.budget.sums import Sums
from spanwise.budget.sums_file import SumsFile
from spanwise.budget.telling import REST, Telling
from spanwise.cli.budgets_command import show_budgets
from spanwise.cli.check import Verdict
from spanwise.cli.command import CommandError
from spanwise.cli.fleet_check import fleet_checks
from spanwise.cli.run_budgets import bearer
from spanwise.collector import Bearer, Collector
from spanwise.pipeline import Pipeline, PipelineConfig, fleet_question
from spanwise.pipeline.budgets import keep_budgets
from spanwise.pipeline.fleet_sums import MOST_WAIT_S, FleetSums
from spanwise.pipeline.fleet_token import FleetTokenError, fleet_tokens
from spanwise.pipeline.keeper import Keeper
from spanwise.semconv import environment, metrics
from tests.measure.everything import metered


TOKEN = "T0ken-of-the-fleet.0123456789_abcdef~"
OTHER = "0ther-of-the-fleet.0123456789_abcdef~"
ENVIRON = {"FLEET": TOKEN}
ALL = Budget("all", Decimal(1), "month", action="block")
ENTRY: dict[str, object] = json.loads(written([Entry("all", (), 0, Sums())], 0.0))["sums"][0]
NOBODY = "http://127.0.0.1:9"


NO_ATTRIBUTES: dict[str, object] = {}


def step() -> BudgetStep:
    """The budgets of one process."""
    return BudgetStep([ALL])


def spend(of: BudgetStep, usd: str) -> None:
    """A call ends now."""
    of.ledger.add(NO_ATTRIBUTES.get, Sums(usd=Decimal(usd), calls=1), time.time())


def spent(of: BudgetStep) -> Decimal:
    """What all have spent, as a process knows it."""
    return sum((line.sums.usd for line in of.ledger.lines()), Decimal(0))


def is_refused(of: BudgetStep) -> bool:
    """Whether a call that begins now is refused."""
    return of.ledger.refusal(NO_ATTRIBUTES.get) is not None


def asks(of: BudgetStep, url: str, **environ: str) -> FleetSums:
    """What asks for a process; a test makes its rounds."""
    return FleetSums(of, Fleet(url, token_env="FLEET"), environ or ENVIRON)


def telling(ledgers: BudgetStep, *tokens: str, port: int = 0) -> Collector:
    """The collector of the fleet."""
    return Collector(
        lambda _: None,
        http_port=port,
        budgets=lambda: written(ledgers.ledger.entries(), 0.0),
        bearer=Bearer(tokens or (TOKEN,)),
    )


def answer(url: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    """What the collector says to a request."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    connection.putrequest(method, "/v1/budgets", skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


class Stranger(ThreadingHTTPServer):
    """Something that answers as it is told and remembers who asked with what."""

    daemon_threads = True

    def __init__(self, status: int, body: bytes = b"", location: str = "") -> None:
        self.status, self.body, self.location = status, body, location
        self.shown: list[str | None] = []
        super().__init__(("127.0.0.1", 0), _Answers)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = cast("Stranger", self.server)
        server.shown.append(self.headers["Authorization"])
        self.send_response(server.status)
        if server.location:
            self.send_header("Location", server.location)
        self.send_header("Content-Length", str(len(server.body)))
        self.end_headers()
        self.wfile.write(server.body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def listening(server: Stranger) -> Iterator[Stranger]:
    """`server`, while the block lasts."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_one_machine_has_used_up_another_refuses() -> None:
    """A process hears the sum of all. Its own share of it is not added a second time, whoever is behind."""
    fleet, one, other = step(), step(), step()
    spend(one, "0.4")
    spend(other, "0.6")
    with telling(fleet) as collector:
        asking = [asks(each, collector.http_url) for each in (one, other)]
        spend(fleet, "0.4")
        for each in asking:
            each.settle()
        assert (spent(one), spent(other)) == (Decimal("0.4"), Decimal("0.6")), (
            "the collector is behind: nothing is lost"
        )
        assert not is_refused(one) and not is_refused(other)
        spend(fleet, "0.6")
        for each in asking * 2:
            each.settle()
        assert spent(one) == spent(other) == Decimal(1), "what is the own part of it is counted once"
        assert is_refused(one) and is_refused(other)


def test_what_ends_here_after_an_answer_is_on_top_of_it() -> None:
    """Without a collector the last sum of all does not hide what is spent meanwhile; a later answer may hold it."""
    fleet, one = step(), step()
    spend(fleet, "0.9")
    with telling(fleet) as collector:
        asking = asks(one, collector.http_url)
        asking.settle()
    spend(one, "0.06")
    asking.settle()
    assert spent(one) == Decimal("0.96")
    spend(one, "0.04")
    assert is_refused(one)
    with telling(fleet) as collector:
        asks(one, collector.http_url).settle()
        assert spent(one) == Decimal(1), "the same sum as before: nothing has come to the collector"
        spend(fleet, "0.06")
        asks(one, collector.http_url).settle()
        assert spent(one) == Decimal("0.96"), "how much of it has come nobody knows: it is not counted twice"
        spend(fleet, "0.04")
        asks(one, collector.http_url).settle()
        assert spent(one) == Decimal(1)


def test_a_restart_of_the_collector_keeps_the_sum(tmp_path: Path) -> None:
    """The next collector tells what the one before has written; while there is none nothing is forgotten."""
    file, one = SumsFile(tmp_path / "budgets.sqlite"), step()
    port = 0
    for round_usd in ("0.7", "0.3"):
        fleet = step()
        keeper = Keeper(fleet, file, interval_s=3600)
        keeper.start()
        with telling(fleet, port=port) as collector:
            port = int(collector.http_url.rpartition(":")[2])
            spend(fleet, round_usd)
            asking = asks(one, collector.http_url)
            asking.settle()
        keeper.close()
        asking.settle()
    assert spent(one) == Decimal(1)
    assert is_refused(one)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer "}, 401),
        ({"Authorization": TOKEN}, 401),
        ({"Authorization": f"Basic {TOKEN}"}, 401),
        ({"Authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        ({"Authorization": f"Bearer {TOKEN}{'x' * 2000}"}, 401),
        ({"authorization": f"bearer  {TOKEN} "}, 200),
        ({"Authorization": f"Bearer {TOKEN}", "Host": "telemetry.example.com"}, 200),
        ({"Authorization": f"Bearer {OTHER}", "X-Forwarded-For": "10.0.0.1"}, 200),
    ],
)
def test_who_is_told(headers: dict[str, str], status: int) -> None:
    """With a token it is asked of everybody, on this machine too: a proxy makes all requests come from here."""
    with telling(step(), TOKEN, OTHER) as collector:
        response = answer(collector.http_url, **headers)
        assert response.status == status
        assert response.headers["Cache-Control"] == "no-store"
        assert (response.headers["WWW-Authenticate"] == "Bearer") == (status == 401)
        assert answer(collector.http_url, "POST", Authorization=f"Bearer {TOKEN}").status == 404


def test_two_tokens_in_one_request_are_none() -> None:
    """What a proxy and a client say at once is not guessed at."""
    assert Bearer([TOKEN]).admits([f"Bearer {TOKEN}"])
    assert not Bearer([TOKEN]).admits([f"Bearer {TOKEN}", f"Bearer {TOKEN}"])
    assert TOKEN not in repr(Bearer([TOKEN]))
    for none in ([], [""]):
        with pytest.raises(ValueError, match="token"):
            Bearer(none)


@settings(max_examples=50)
@given(st.text(max_size=50), st.lists(st.text(min_size=1, max_size=50), min_size=1, max_size=4))
def test_a_bearer_admits_its_tokens_alone(shown: str, tokens: list[str]) -> None:
    """Whatever is shown, it opens exactly where it is one of the tokens."""
    assert Bearer(tokens).admits([f"Bearer {shown}"]) == (shown.strip() in tokens)


def test_a_wrong_token(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One warning that names the file and no token; a new one in the file is used without a restart."""
    file = tmp_path / "token"
    file.write_text(f"{OTHER}\n")
    file.chmod(0o400)
    fleet, one = step(), step()
    spend(fleet, "1")
    with telling(fleet) as collector:
        asking = FleetSums(one, Fleet(collector.http_url, str(file)), {})
        for _ in range(3):
            asking.settle()
        assert not is_refused(one) and not one.quiet
        (warning,) = caplog.messages
        assert f"it refuses the token of {file} (401)" in warning
        assert "nothing is known of others, the sums of this machine go on" in warning
        file.chmod(0o600)
        file.write_text(f"# new\n{TOKEN}\n{OTHER}\n")
        asking.settle()
    assert is_refused(one) and one.quiet
    assert len([line for line in caplog.messages if "tells its sums again" in line]) == 1
    assert not any(token in line for token in (TOKEN, OTHER) for line in caplog.messages)


def test_a_redirect_is_not_followed(caplog: pytest.LogCaptureFixture) -> None:
    """The token goes to the URL of the policy and nowhere else."""
    with listening(Stranger(200, b'{"sums": []}')) as thief, listening(Stranger(302, location=thief.url)) as moved:
        asks(step(), moved.url).settle()
        assert moved.shown == [f"Bearer {TOKEN}"]
        assert thief.shown == []
    assert "it answers with a redirect (302), which is not followed" in caplog.text


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, b"", "it answers 404; a collector without budgets has no such page"),
        (503, b"", "it answers 503"),
        (200, b"<html>", "its answer is none of sums"),
        (200, b'{"sums": []}' + b" " * 100, "its answer is larger than 64 bytes"),
        (200, written([Entry("all", (), 1, Sums(usd=Decimal(-1)))], 0.0)[:64], "none of sums"),
    ],
)
def test_something_else_answers(
    status: int, body: bytes, said: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one clear warning, and changes no sum."""
    monkeypatch.setattr(fleet_question, "MOST_BYTES", 64)
    one = step()
    spend(one, "0.5")
    with listening(Stranger(status, body)) as stranger:
        asks(one, stranger.url).settle()
    assert spent(one) == Decimal("0.5")
    assert said in caplog.text
    assert len(caplog.messages) == 1


def test_amounts_that_nobody_spends_are_refused() -> None:
    """Less than nothing would have a budget last for ever."""
    for usd in ("-1", "1e999", "1e16"):
        with pytest.raises(SumsError):
            read(written([Entry("all", (), 1, Sums(usd=Decimal(usd)))], 0.0))


SAID = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**18) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["budget", "key", "bucket", "usd", "estimated_usd", "calls", "unpriced", "tokens"]), SAID
    )
)
def test_whatever_a_document_says_it_is_read_or_refused(said: dict[str, object]) -> None:
    """No answer of a collector ends the thread that asks."""
    sums = [{**ENTRY, **said}]
    try:
        (entry,) = read(json.dumps({"sums": sums}).encode())
    except SumsError:
        return
    assert 0 <= entry.sums.usd < 10**15


def test_nobody_answers(caplog: pytest.LogCaptureFixture) -> None:
    """The sums here go on and refuse, one warning says so, shares are told of here, questions become rare."""
    one = step()
    asking = asks(one, NOBODY)
    one.ledger.heard_s = time.monotonic() - 7
    waits = [asking.settle() for _ in range(12)]
    (warning,) = caplog.messages
    assert f"{NOBODY} does not tell its sums: cannot be reached" in warning
    for number, wait_s in enumerate(waits, 1):
        longest_s = min(2.0**number, MOST_WAIT_S)
        assert longest_s / 2 <= wait_s <= longest_s
    caplog.clear()
    assert not one.quiet
    one.act(one.ledger.add(NO_ATTRIBUTES.get, Sums(usd=Decimal(1), calls=1), time.time())[1])
    assert is_refused(one)
    assert ["100% reached" in line for line in caplog.messages] == [True]


def test_a_single_question_without_an_answer_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    """Who was heard before is missed at the third time, with the age of what is known."""
    one = step()
    with telling(step()) as collector:
        asking = asks(one, collector.http_url)
        assert asking.settle() >= 1
        assert one.quiet, "the collector tells of shares"
    one.ledger.heard_s = time.monotonic() - 5000
    for told in (0, 0, 1, 1):
        asking.settle()
        assert len(caplog.messages) == told
        assert one.quiet == (not told)
    assert "what others have spent is as of 50" in caplog.text


def test_the_age_of_what_is_known_is_a_metric(monkeypatch: pytest.MonkeyPatch) -> None:
    """It grows from the first question on, begins anew with each answer, and is not there where nobody asks."""
    reader = InMemoryMetricReader()
    monkeypatch.setattr(instruments, "_watched", WeakSet())
    with metered(MeterProvider([reader])):
        alone, one = step(), step()
        assert _age(reader) is None
        one.ledger.heard_s = time.monotonic() - 100
        before_s = _age(reader)
        assert before_s is not None and before_s >= 100
        with telling(step()) as collector:
            asks(one, collector.http_url).settle()
        after_s = _age(reader)
        assert after_s is not None and after_s < before_s
        assert alone.ledger.heard_s is None


def _age(reader: InMemoryMetricReader) -> float | None:
    data = reader.get_metrics_data()
    points = [
        point
        for resource in (data.resource_metrics if data else [])
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == metrics.SPANWISE_BUDGET_AGE.name
        for point in metric.data.data_points
    ]
    return float(points[0].value) if points and isinstance(points[0], NumberDataPoint) else None


def test_a_policy_chooses_who_is_asked(tmp_path: Path) -> None:
    """A process asks the collector of the policy; below `spanwise run` the one around it; a collector asks nobody."""
    section = {"url": NOBODY, "token_env": "FLEET"}
    budgets = [{"name": "all", "limit_usd": 1, "per": "month"}]
    config = PipelineConfig.from_options({"budgets": budgets, "budget_collector": section})
    sums = tmp_path / "budgets.sqlite"
    environ = {environment.SPANWISE_BUDGETS: str(sums), **ENVIRON}
    around = {**environ, environment.SPANWISE_RUN_ENDPOINT: NOBODY}
    chosen = []
    for said, collects in ((environ, False), (around, False), (environ, True)):
        keeper = keep_budgets(Pipeline(config), said, collects=collects)
        assert keeper is not None
        keeper.close()
        chosen.append((keeper.fleet is not None, keeper._file.path.name if keeper._file else ""))
    assert chosen == [(True, "budgets-machine.sqlite"), (False, "budgets.sqlite"), (False, "budgets.sqlite")]
    without = PipelineConfig.from_options({"budgets": budgets, "budget_collector": {"token_env": "FLEET"}})
    assert Pipeline(without).fleet is None, "the policy of the collector itself names no URL"


def test_a_person_is_shown_the_sums_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`spanwise budgets` asks the collector; where it does not answer it shows this machine's, says so, and fails."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLEET", TOKEN)
    bucket = calendar_of("month").bucket(time.time())
    here = SumsFile(tmp_path / ".spanwise" / "budgets-machine.sqlite")
    here.exchange([Entry("all", (), bucket, Sums(usd=Decimal("0.25"), calls=1))], {}, time.time())
    fleet = step()
    spend(fleet, "0.75")
    policy = "budgets: [{{name: all, limit_usd: 1, per: month}}]\nbudget_collector: {{url: '{}', token_env: FLEET}}\n"
    with telling(fleet) as collector:
        (tmp_path / "spanwise.yaml").write_text(policy.format(collector.http_url))
        assert show_budgets(None, as_json=True) == 0
        shown = capsys.readouterr()
        assert json.loads(shown.out)[0]["spent_usd"] == "0.75"
        assert "these are the sums of all machines" in shown.err
    assert show_budgets(None, as_json=True) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out)[0]["spent_usd"] == "0.25"
    assert "does not tell its sums: cannot be reached" in shown.err
    assert TOKEN not in shown.err


def test_the_doctor_asks_as_a_process_does(tmp_path: Path) -> None:
    """It says how many sums are told, or why none are; without such a collector it says nothing."""
    file = tmp_path / "spanwise.yaml"
    environ = {environment.SPANWISE_POLICY: str(file), **ENVIRON}
    fleet = step()
    spend(fleet, "1")
    file.write_text("budgets: [{name: all, limit_usd: 1, per: month}]\n")
    assert fleet_checks(environ) == []
    with telling(fleet) as collector:
        file.write_text(f"{file.read_text()}budget_collector: {{url: '{collector.http_url}', token_env: FLEET}}\n")
        (told,) = fleet_checks(environ)
        (refused,) = fleet_checks({**environ, "FLEET": OTHER})
    assert told.verdict is Verdict.OK and "tells 1 sum," in told.found
    assert refused.verdict is Verdict.PROBLEM and "refuses the token of the variable FLEET (401)" in refused.found


def test_a_collector_without_its_token_does_not_start() -> None:
    """It would tell everybody or nobody; one sentence says what is missing, and it is wrong use."""
    budgets = [{"name": "all", "limit_usd": 1, "per": "month"}]
    config = PipelineConfig.from_options({"budgets": budgets, "budget_collector": {"token_env": "FLEET"}})
    with pytest.raises(CommandError, match="budget_collector: the variable FLEET is not set") as refused:
        bearer(config, {})
    assert refused.value.exit_code == 2
    found = bearer(config, ENVIRON)
    assert found is not None and found.admits([f"Bearer {TOKEN}"])
    assert bearer(PipelineConfig(), ENVIRON) is None


def test_its_thread_asks_at_once_and_ends() -> None:
    """A process hears of the others before a second has passed, and its end waits for nobody."""
    fleet, one = step(), step()
    spend(fleet, "1")
    with telling(fleet) as collector:
        asking = asks(one, collector.http_url)
        asking.start()
        deadline_s = time.monotonic() + 10
        while not is_refused(one) and time.monotonic() < deadline_s:
            threading.Event().wait(0.01)
        assert is_refused(one)
        asking.close()
        assert asking._thread is not None
        asking._thread.join(5)
        assert not asking._thread.is_alive()


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        ("", 0o400, "holds no token"),
        ("short", 0o400, "token 1 of"),
        (f"{TOKEN}\n{'ü' * 40}\n", 0o400, "token 2 of"),
        ("\n".join([TOKEN] * 9), 0o400, "9 tokens; accepted are at most 8"),
        (TOKEN, 0o444, "everybody may read or change"),
        ("x" * 20_000, 0o400, "is larger than"),
    ],
)
def test_a_file_with_no_usable_token(tmp_path: Path, content: str, mode: int, said: str) -> None:
    """What is wrong is said with the file's name, and without anything that stands in it."""
    file = tmp_path / "token"
    file.write_text(content)
    file.chmod(mode)
    with pytest.raises(FleetTokenError, match=said) as refused:
        fleet_tokens(Fleet(token_file=str(file)), {})
    assert str(file) in str(refused.value)
    assert not content or content.split("\n", maxsplit=1)[0] not in str(refused.value)


def test_where_a_token_is_not(tmp_path: Path) -> None:
    """A file that is missing or none, a variable that is not set."""
    for fleet, said in (
        (Fleet(token_file=str(tmp_path / "none")), "cannot be read"),
        (Fleet(token_file=str(tmp_path)), "is not a file|cannot be read"),
        (Fleet(token_env="NONE"), "the variable NONE is not set"),
    ):
        with pytest.raises(FleetTokenError, match=said):
            fleet_tokens(fleet, {})
    assert fleet_tokens(Fleet(token_env="FLEET"), {"FLEET": f" {TOKEN}, {OTHER} "}) == (TOKEN, OTHER)


def test_a_document_is_made_as_often_as_it_is_cheap() -> None:
    """However many ask, a collector spends a tenth of its time on telling."""
    one = step()
    now_s = iter([0.0, 0.5, 0.6, 0.5 + REST * 0.5 - 0.01, 0.5 + REST * 0.5, 5.6])
    tells = Telling(one.ledger, clock=lambda: next(now_s))
    spend(one, "0.1")
    first = tells()
    spend(one, "0.1")
    assert tells() == tells() == first
    assert tells() != first


USD = st.integers(0, 5).map(Decimal)
EVENTS = st.lists(st.tuples(st.booleans(), st.integers(0, 3), USD), max_size=30)


@settings(max_examples=50)
@given(EVENTS)
def test_a_sum_that_is_kept_is_the_sum_made_anew(events: list[tuple[bool, int, Decimal]]) -> None:
    """Minute by minute the larger of what is known here and of what was heard with what ended since, in any order."""
    account = Account(calendar_of("hour"))
    here, since = dict.fromkeys(range(4), Decimal(0)), dict.fromkeys(range(4), Decimal(0))
    heard: dict[int, Decimal] = {}
    now_s = 1_780_000_020
    for is_own, minute, usd in events:
        bucket = now_s - 60 * minute
        if is_own:
            account.add(Sums(usd=usd, calls=1), bucket, now_s, pends=False)
            here[minute] += usd
            since[minute] += usd
        else:
            account.hear(bucket, Sums(usd=usd))
            if heard.get(minute) != usd:
                heard[minute], since[minute] = usd, Decimal(0)
        known = {each: heard[each] + since[each] for each in heard}
        assert account.spent().usd == sum(max(usd, known.get(each, usd)) for each, usd in here.items())


def test_a_child_process_asks_for_itself() -> None:
    """After a fork the thread of the parent is not there: the child has its own."""
    asking = asks(step(), NOBODY)
    asking.close()
    asking._after_fork()
    assert asking._thread is None, "who has ended does not begin again"
    asking = asks(step(), NOBODY)
    asking._after_fork()
    assert asking._thread is not None and asking._thread.is_alive()
    asking.close()
