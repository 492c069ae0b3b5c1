"""Every question finds what its alert is about in the store, and nothing where there is too little to say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.trace import SpanKind

from spanwise.alert import ALERTS
from spanwise.alerting import evaluate, evaluation, not_applicable, rules
from spanwise.alerting.asker import Asker, UnansweredError
from spanwise.alerting.finding import Finding
from spanwise.alerting.spend_questions import begin_ns, pattern
from spanwise.budget import Budget
from spanwise.plan import Plan
from spanwise.record import AttributeValue, ScoreRecord, SpanRecord
from spanwise.store import Store
from spanwise.store.connection import opened
from tests.alerting.asked import findings, ringing, rule, stored
from tests.alerting.traffic import NOON_S, call, calls, scored
from tests.store.template import KEEPS


SHOP = {"service_name": "shop", "deployment_environment_name": "prod"}
PROVIDER = {"deployment_environment_name": "prod", "gen_ai_provider_name": "openai"}
MODEL = {**SHOP, "gen_ai_provider_name": "openai", "gen_ai_request_model": "gpt-5"}
HOUR_S = 3_600


def test_every_alert_is_evaluated_or_has_a_reason() -> None:
    """None of the catalogue is left out silently."""
    plan = Plan(budgets=(Budget("all", Decimal(1), "day"),))
    asked = {each.alert.id for each in rules(plan)}
    beyond = not_applicable(plan)
    assert asked | set(beyond) == set(ALERTS)
    assert not asked & set(beyond)
    assert all(beyond.values())
    assert "budget_spent" in not_applicable(Plan())


def test_a_disabled_alert_is_not_evaluated_and_says_so() -> None:
    """The policy's word is the reason."""
    plan = Plan(alerts=replace(Plan().alerts, disabled=frozenset({"spend_rate"})))
    assert not [each for each in rules(plan) if each.alert.id == "spend_rate"]
    assert not_applicable(plan)["spend_rate"] == "the policy disables it"


def test_an_empty_store_and_a_missing_one_ring_nothing(tmp_path: Path) -> None:
    """No traffic is no alert."""
    assert ringing(tmp_path / "nowhere.duckdb") == set()
    assert ringing(stored(tmp_path, [])) == set()


def test_spend_rate_sums_an_hour_by_model(tmp_path: Path) -> None:
    """What is older, of another model, a duplicate, or in another currency is not in the sum."""
    records = [
        *calls(60, NOON_S - HOUR_S, NOON_S, usd=2.0),
        call(NOON_S - 2 * HOUR_S, usd=500.0),
        call(NOON_S - 60, usd=90.0, gen_ai__request__model="gpt-4.1"),
        call(NOON_S - 60, usd=90.0, spanwise__duplicate_of="00"),
        call(NOON_S - 60, usd=90.0, gen_ai__usage__cost__currency="EUR"),
        call(NOON_S + 60, usd=500.0),
    ]
    found = {each.labels["gen_ai_request_model"]: each for each in findings(stored(tmp_path, records), "spend_rate")}
    assert found["gpt-5"].labels == MODEL
    assert (found["gpt-5"].value, found["gpt-5"].holds) == (120.0, True)
    assert (found["gpt-4.1"].value, found["gpt-4.1"].holds) == (90.0, False)


def test_a_limit_itself_does_not_ring(tmp_path: Path) -> None:
    """As in Prometheus, only what is beyond it does."""
    path = stored(tmp_path, calls(60, NOON_S - HOUR_S, NOON_S - 1_800, usd=100 / 30))
    (found,) = findings(path, "spend_rate")
    assert found.value == pytest.approx(100)
    assert not found.holds


def test_errors_are_shared_between_outages_limits_and_callers(tmp_path: Path) -> None:
    """A rate limit is no outage, and a call that its caller ended is neither."""
    kinds = ["APIError"] * 30 + ["RateLimitError"] * 20 + ["429"] * 10 + ["CancelledError"] * 20 + [None] * 20
    records = [call(NOON_S - at, error__type=kind) for at, kind in enumerate(kinds)]
    path = stored(tmp_path, records)
    (errors,), (limits,) = findings(path, "provider_errors"), findings(path, "rate_limits")
    assert (errors.labels, errors.value, errors.holds) == (PROVIDER, 0.3, True)
    assert (limits.labels, limits.value, limits.holds) == (PROVIDER, 0.3, True)
    (slo,) = findings(path, "errors_burn_fast/errors")
    assert (slo.labels, slo.value, slo.holds) == (SHOP, 0.6, True)


def test_few_calls_ring_no_share(tmp_path: Path) -> None:
    """Nineteen failures of nineteen calls are too few to say."""
    path = stored(tmp_path, [call(NOON_S - at, error__type="APIError") for at in range(19)])
    assert not ringing(path) & {"provider_errors", "errors_burn_fast/errors"}


def test_retries_and_slow_starts(tmp_path: Path) -> None:
    """Resends per call, and the 95th percentile of seconds to the first chunk."""
    records = [
        call(
            NOON_S - at,
            http__request__resend_count=at % 2,
            gen_ai__response__time_to_first_chunk=4.0 if at < 10 else 0.5,
        )
        for at in range(100)
    ]
    path = stored(tmp_path, records)
    (retried,), (slow,) = findings(path, "retries"), findings(path, "time_to_first_chunk")
    assert (retried.labels, retried.value, retried.holds) == (MODEL, 0.5, True)
    assert (slow.labels, slow.value, slow.holds) == (MODEL, 4.0, True)


def test_answers_are_cut_or_declined_in_the_words_of_every_provider(tmp_path: Path) -> None:
    """Each provider's word for a cut or declined answer counts, and a failed call is neither."""
    ends: list[dict[str, object]] = [
        {"gen_ai__response__finish_reasons": ("length",)},
        {"gen_ai__response__finish_reasons": ("MAX_TOKENS",)},
        {"gen_ai__response__finish_reasons": ("SAFETY",)},
        {"spanwise__response__refused": True, "gen_ai__response__finish_reasons": ("stop",)},
        {"gen_ai__response__finish_reasons": ("length",), "error__type": "APIError"},
    ]
    records = [call(NOON_S - at, **end) for at in range(10) for end in ends]  # type: ignore[arg-type]
    path = stored(tmp_path, records)
    (cut,), (declined,) = findings(path, "truncation"), findings(path, "refusals")
    assert (cut.labels, cut.value, cut.holds) == (MODEL, 0.4, True)
    assert (declined.labels, declined.value, declined.holds) == (MODEL, 0.4, True)


def test_an_objective_needs_both_windows(tmp_path: Path) -> None:
    """What was bad an hour ago and is good now does not burn any more."""
    past = calls(10, NOON_S - HOUR_S, NOON_S - 600, took_s=60.0)
    path = stored(tmp_path, [*past, *calls(10, NOON_S - 600, NOON_S)])
    (found,) = findings(path, "latency_burn_slow/latency")
    assert (round(found.value, 3), found.holds) == (0.833, True)
    (soon,) = findings(path, "errors_burn_fast/errors")
    assert not soon.holds
    later = findings(path, "latency_burn_slow/latency", at_s=NOON_S + 1_800)
    assert [each.holds for each in later] == [False]


def test_scores_on_spans_and_by_themselves_are_one_mean(tmp_path: Path) -> None:
    """A poor hour rings by service and evaluation, wherever its scores came from; negative numbers are no scores."""
    judged = [scored(call(NOON_S - at - 1, trace=7_000 + at), "faithful", 0.2) for at in range(15)]
    plain = [call(NOON_S - at - 1, trace=8_000 + at) for at in range(10)]
    path = stored(tmp_path, [*judged, *plain])
    (few,) = findings(path, "low_score")
    assert few.value == pytest.approx(0.2)
    assert not few.holds
    late = [
        ScoreRecord(
            trace_id=8_000 + at,
            span_id=plain[at].span_id,
            time_unix_nano=int((NOON_S - 5) * 1e9),
            attributes={"gen_ai.evaluation.name": "faithful", "gen_ai.evaluation.score.value": value},
        )
        for at, value in enumerate([0.4] * 5 + [-1.0])
    ]
    Store(path, KEEPS).write_scores(late)
    (found,) = findings(path, "low_score")
    assert found.labels == {**SHOP, "gen_ai_evaluation_name": "faithful"}
    assert found.value == pytest.approx(0.25)
    assert found.holds


def test_a_score_that_names_a_response_alone_is_placed(tmp_path: Path) -> None:
    """It counts for the service of the call whose response it names."""
    answered = call(NOON_S - 60, gen_ai__response__id="resp-1")
    path = stored(tmp_path, [answered])
    attributes: dict[str, AttributeValue] = {
        "gen_ai.evaluation.name": "thumbs",
        "gen_ai.evaluation.score.value": 0.0,
        "gen_ai.response.id": "resp-1",
    }
    Store(path, KEEPS).write_scores([ScoreRecord(time_unix_nano=int((NOON_S - 5) * 1e9), attributes=attributes)])
    (found,) = findings(path, "low_score")
    assert found.labels == {**SHOP, "gen_ai_evaluation_name": "thumbs"}


def run_of(trace: int, span: int, name: str, at_s: float, parent: int = 0) -> SpanRecord:
    """A run of an agent."""
    record = call(at_s, trace=trace, parent=parent, gen_ai__operation__name="invoke_agent", gen_ai__agent__name=name)
    record.span_id, record.kind = span, SpanKind.INTERNAL
    return record


def test_a_run_that_goes_in_circles_is_counted_and_one_around_it_is_not(tmp_path: Path) -> None:
    """Calls belong to the innermost agent, through whatever lies between."""
    outer, inner = run_of(5, 500_001, "planner", NOON_S - 10), run_of(5, 500_002, "searcher", NOON_S - 20, 500_001)
    step = call(NOON_S - 30, trace=5, parent=500_002, gen_ai__operation__name=None)
    made = [call(NOON_S - 100 + at, trace=5, parent=step.span_id) for at in range(60)]
    own = [call(NOON_S - 100 + at, trace=5, parent=500_001) for at in range(10)]
    path = stored(tmp_path, [outer, inner, step, *made, *own])
    (found,) = findings(path, "agent_loop")
    assert (found.labels, found.value) == ({**SHOP, "gen_ai_agent_name": "searcher"}, 1.0)
    assert not findings(path, "agent_loop", at_s=NOON_S + 2_000)


def test_spans_that_are_their_own_parents_end(tmp_path: Path) -> None:
    """A circle of parents is nobody's run, and no endless loop."""
    agent = run_of(6, 600_001, "a", NOON_S - 10)
    one, two = call(NOON_S - 9, trace=6, parent=2), call(NOON_S - 9, trace=6)
    one.parent_span_id, two.parent_span_id = two.span_id, one.span_id
    looped = [call(NOON_S - 8, trace=6, parent=one.span_id) for _ in range(60)]
    assert not findings(stored(tmp_path, [agent, one, two, *looped]), "agent_loop")


def test_tools_that_fail(tmp_path: Path) -> None:
    """The share of failed runs by tool; a message of MCP is not a run."""
    tool = {"gen_ai__operation__name": "execute_tool", "gen_ai__tool__name": "search"}
    runs = [call(NOON_S - at, error__type="ToolError" if at < 4 else None, **tool) for at in range(12)]  # type: ignore[arg-type]
    messages = [call(NOON_S - at, mcp__method__name="tools/call", **tool) for at in range(12)]  # type: ignore[arg-type]
    (found,) = findings(stored(tmp_path, [*runs, *messages]), "tool_failures")
    assert found.labels == {**SHOP, "gen_ai_tool_name": "search"}
    assert (round(found.value, 3), found.holds) == (0.333, True)


def test_unpriced_calls(tmp_path: Path) -> None:
    """One call without a known price is enough; one that was never to be priced is none."""
    records = [call(NOON_S - 5, spanwise__cost__status="unpriced"), call(NOON_S - 5)]
    (found,) = findings(stored(tmp_path, records), "unpriced")
    assert (found.labels, found.value, found.holds) == (MODEL, 1.0, True)


def test_an_unusual_hour(tmp_path: Path) -> None:
    """Twenty times the spend of the day before rings; the same spend in a new service does not."""
    steady = calls(300, NOON_S - 26 * HOUR_S, NOON_S - HOUR_S, usd=0.1)
    dear = calls(60, NOON_S - HOUR_S, NOON_S, usd=0.4)
    fresh = calls(60, NOON_S - HOUR_S, NOON_S, usd=0.4, service="new")
    (found,) = findings(stored(tmp_path, [*steady, *dear, *fresh]), "spend_anomaly")
    assert found.labels == SHOP
    # The hour cost 24 USD, those before 1.2; they never moved, so a tenth of that is one deviation.
    assert found.value == pytest.approx((24 - 1.2) / 0.12, rel=0.01)
    assert found.holds


def test_calls_that_grow_and_a_cache_that_is_lost(tmp_path: Path) -> None:
    """Now against the six hours before, both with enough traffic."""
    size = {"gen_ai__usage__input_tokens": 1_000, "gen_ai__usage__output_tokens": 100}
    past = calls(60, NOON_S - 8 * HOUR_S, NOON_S - 1_800, gen_ai__usage__cache_read__input_tokens=800, **size)
    size["gen_ai__usage__input_tokens"] = 3_000
    now = calls(60, NOON_S - 1_800, NOON_S, gen_ai__usage__cache_read__input_tokens=300, **size)
    path = stored(tmp_path, [*past, *now])
    (tokens,), (cache,) = findings(path, "tokens_per_call"), findings(path, "cache_hit_collapse")
    assert (tokens.labels, round(tokens.value, 2), tokens.holds) == (MODEL, 2.82, True)
    assert (cache.labels, round(cache.value, 2), cache.holds) == (MODEL, 0.1, True)
    assert not ringing(path, at_s=NOON_S - 2_000) & {"tokens_per_call", "cache_hit_collapse"}


def budget(**settings: object) -> Plan:
    """A plan with one budget of 10 USD."""
    return Plan(budgets=(Budget("b", Decimal(10), **settings),))  # type: ignore[arg-type]


def test_a_budget_counts_from_the_beginning_of_its_period(tmp_path: Path) -> None:
    """A day begins at midnight UTC, a month on its first day, an hour slides."""
    midnight_s = NOON_S - 12 * HOUR_S
    records = [call(midnight_s - 1, usd=9.0), call(midnight_s + 1, usd=9.0), call(NOON_S - 10, usd=2.0)]
    path = stored(tmp_path, records)
    for per, spent in (("hour", 0.2), ("day", 1.1), ("month", 2.0)):
        (found,) = findings(path, "budget_spent/b", plan=budget(per=per))
        assert found.value == pytest.approx(spent)
        assert (found.labels, found.holds) == ({}, spent >= 1)
    (near,) = findings(path, "budget_near/b", plan=budget(per="day"), at_s=NOON_S - 100)
    assert near.value == pytest.approx(0.9)
    assert near.holds
    (over,) = findings(path, "budget_near/b", plan=budget(per="day"))
    assert not over.holds
    (fast,) = findings(path, "budget_burn/b", plan=budget(per="hour"))
    assert fast.value == pytest.approx(2.4)
    assert fast.holds


def test_a_budget_of_tenants_leaves_out_what_is_nobodys(tmp_path: Path) -> None:
    """Each has the whole limit; a call without a tenant is in none, and `where` chooses by pattern."""
    records = [
        call(NOON_S - 10, usd=12.0, spanwise__tenant="acme"),
        call(NOON_S - 10, usd=3.0, spanwise__tenant="tiny"),
        call(NOON_S - 10, usd=99.0),
        call(NOON_S - 10, usd=99.0, spanwise__tenant="tiny", gen_ai__request__model="claude-5"),
    ]
    plan = budget(per="day", by=("tenant",), where={"model": "gpt-*"})
    found = {
        each.labels["spanwise_tenant"]: each
        for each in findings(stored(tmp_path, records), "budget_spent/b", plan=plan)
    }
    assert {tenant: (each.value, each.holds) for tenant, each in found.items()} == {
        "acme": (1.2, True),
        "tiny": (0.3, False),
    }


def test_patterns_of_budgets_have_one_wild_sign() -> None:
    """Signs that LIKE would read stand for themselves."""
    assert pattern("50%_*\\") == "50\\%\\_%\\\\"


def test_periods_of_utc() -> None:
    """The day and the month of the moment, whatever the machine's zone is."""
    assert begin_ns("day", NOON_S * 10**9) == (NOON_S - 12 * HOUR_S) * 10**9 - 1
    assert begin_ns("month", NOON_S * 10**9) == (NOON_S - 12 * HOUR_S - 17 * 24 * HOUR_S) * 10**9 - 1


def test_a_service_that_falls_silent(tmp_path: Path) -> None:
    """One that was heard of for six hours and then is not; one that was heard of for an hour is a finished job."""
    known = calls(300, NOON_S - 10 * HOUR_S, NOON_S - 2_000)
    job = calls(300, NOON_S - 2 * HOUR_S, NOON_S - HOUR_S, service="job")
    alive = calls(300, NOON_S - 10 * HOUR_S, NOON_S, service="alive")
    path = stored(tmp_path, [*known, *job, *alive])
    holding = [each for each in findings(path, "telemetry_silence") if each.holds]
    assert [each.labels for each in holding] == [SHOP]
    assert holding[0].value == pytest.approx(10 * HOUR_S - 2_000 + 900 - 300, abs=400)
    assert "telemetry_silence_all" not in ringing(path)
    assert "telemetry_silence_all" in ringing(path, at_s=NOON_S + 1_000)


def test_labels_that_are_unknown_are_absent(tmp_path: Path) -> None:
    """As a series of Prometheus would have it."""
    path = stored(tmp_path, calls(60, NOON_S - HOUR_S, NOON_S, usd=2.0, environment=None, gen_ai__provider__name=None))
    (found,) = findings(path, "spend_rate")
    assert found.labels == {"service_name": "shop", "gen_ai_request_model": "gpt-5"}


def test_a_question_that_takes_too_long_is_unanswered(tmp_path: Path) -> None:
    """It is interrupted, and says so; nothing follows from it."""
    path = stored(tmp_path, [])
    with opened(path, read_only=True, lock_timeout_s=5) as connection:
        asker = Asker(connection, NOON_S * 10**9, query_s=0.05)
        with pytest.raises(UnansweredError, match=r"longer than 0\.05 s"):
            asker.rows("SELECT count(*) FROM range(100000000) a, range(100000000) b")
        with pytest.raises(UnansweredError, match="could not answer"):
            asker.rows("SELECT * FROM nowhere")


def test_a_question_with_too_many_groups_is_unanswered(tmp_path: Path) -> None:
    """Half an answer is a wrong one."""
    with opened(stored(tmp_path, []), read_only=True, lock_timeout_s=5) as connection:
        asker = Asker(connection, NOON_S * 10**9)
        with pytest.raises(UnansweredError, match="more than 50,000 groups"):
            asker.rows("SELECT * FROM range(50001)")


def test_one_rule_without_an_answer_leaves_the_others_alone(tmp_path: Path) -> None:
    """Its reason is kept beside what the others found."""

    def refuse(_: Asker) -> list[Finding]:
        raise UnansweredError("no")

    spend = rule("spend_rate")
    broken = replace(rule("unpriced"), question=refuse)
    path = stored(tmp_path, calls(60, NOON_S - HOUR_S, NOON_S, usd=2.0))
    found = evaluate(path, [broken, spend], now_ns=NOON_S * 10**9)
    assert found.unanswered == {"unpriced": "no"}
    assert [each.holds for each in found.found["spend_rate"]] == [True]


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.lists(st.text(max_size=4), max_size=3)
)
NAMES = (
    "gen_ai__response__finish_reasons",
    "gen_ai__response__time_to_first_chunk",
    "gen_ai__usage__cost__amount",
    "gen_ai__usage__input_tokens",
    "http__request__resend_count",
    "error__type",
    "spanwise__response__refused",
    "gen_ai__tool__name",
    "gen_ai__agent__name",
)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES), ODD), min_size=1, max_size=12), st.floats())
def test_strange_values_leave_every_rule_answered(attributes: list[dict[str, AttributeValue]], value: float) -> None:
    """Whatever stands on spans of strangers, every rule has an answer, and no evaluation fails."""
    operations = ("chat", "execute_tool", "invoke_agent")
    records = [
        scored(call(NOON_S - at - 1, **{"gen_ai__operation__name": operations[at % 3], **each}), "odd", value)  # type: ignore[arg-type]
        for at, each in enumerate(attributes)
    ]
    with TemporaryDirectory() as folder:
        ringing(stored(Path(folder), records))


def test_the_store_is_given_back_between_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where questions take long, whoever writes comes in between them: each is asked of a file opened anew."""
    monkeypatch.setattr(evaluation, "_TOGETHER_S", 0.0)
    path = stored(tmp_path, [])
    connections: list[object] = []

    def asked(asker: Asker) -> list[Finding]:
        connections.append(asker.connection)
        return []

    slow = [replace(rule(key), question=asked) for key in ("spend_rate", "unpriced", "retries")]
    monkeypatch.setattr(evaluation, "monotonic", iter(range(100)).__next__)
    evaluate(path, slow, now_ns=NOON_S * 10**9)
    assert len(set(map(id, connections))) == 3
