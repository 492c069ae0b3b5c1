"""What the page is told: calls, traces, sessions, prompts, reports, alerts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spanwise.record import Event, ScoreRecord, SpanRecord
from spanwise.store import Dimension, Store
from tests.store.calls import call, failed, unpriced
from tests.view.served import Served, served


def ids(found: Any) -> list[int]:
    """The numbers of the calls in an answer."""
    return [int(it["span_id"], 16) for it in found["calls"]]


def test_a_store_that_is_not_there_is_an_empty_page(page: Served) -> None:
    """Every list is empty and nothing fails before the first span arrives."""
    assert page.ask("calls") == {"calls": []}
    assert page.ask("traces") == {"traces": []}
    assert page.ask("sessions") == {"sessions": []}
    assert page.ask("prompts") == {"prompts": []}
    assert page.ask("reports")["steps"] == []
    assert page.ask("overview")["store"].endswith("spanwise.duckdb")
    assert page.get("/api/trace/last").status == 404


def test_calls_come_newest_first_and_page_by_page(store: Store, page: Served) -> None:
    """Pages neither repeat nor leave out a call, also where many begin in the same nanosecond."""
    spans = [call(number, number, ago_s=number // 4) for number in range(1, 24)]
    for span in spans:
        span.start_unix_nano = spans[0].start_unix_nano - (int(span.span_id) // 4) * 1000
    store.write(spans)
    seen: list[int] = []
    query = "calls?limit=5"
    while True:
        found = page.ask(query)
        seen += ids(found)
        if "next" not in found:
            break
        query = f"calls?limit=5&before={found['next']['before']}&span={found['next']['span']}"
    assert seen == sorted(range(1, 24), key=lambda number: (number // 4, number))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status=error", [3]),
        ("status=ok", [1, 2, 4, 5, 6]),
        ("status=unpriced", [2, 3]),
        ("status=refused", [4]),
        ("status=redacted", [5]),
        ("status=estimated", [6]),
        ("model=gpt-4.1&user=u-9", [5]),
        ("model=another", []),
        ("q=RATELIMIT", [3]),
        ("q=blue%20suede", [6]),
        ("q=she%20said%20%22no%22", [6]),
        ("q=gr%C3%BCn", [6]),
        ("q=%25", []),
        ("q=0000000000000004", [4]),
        ("tenant=north", [4]),
        ("prompt=triage&version=3", [4]),
        ("feature=desk", [5]),
        ("session=s-1", [5]),
    ],
)
def test_a_filter_lets_through_what_it_says(varied: Served, query: str, numbers: list[int]) -> None:
    """Each filter alone, and text found in names and in stored content, with quotes and without regard to case."""
    assert sorted(ids(varied.ask(f"calls?{query}"))) == numbers


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Six calls that differ."""
    store = Store(tmp_path_factory.mktemp("varied") / "spanwise.duckdb")
    said = '[{"role":"user","parts":[{"type":"text","content":"Blue suede, grün; she said \\"no\\""}]}]'
    store.write(
        [
            call(1),
            unpriced(2),
            failed(3),
            call(4, 4, spanwise__response__refused=True, spanwise__tenant="north", gen_ai__prompt__name="triage",
                 gen_ai__prompt__version="3"),
            call(5, 5, user__id="u-9", session__id="s-1", spanwise__redaction__count=2, spanwise__feature="desk"),
            call(6, 6, spanwise__cost__status="estimated", gen_ai__input__messages=said),
        ]
    )  # fmt: skip
    with served(store) as page:
        yield page


def test_a_call_that_a_budget_refused_needs_no_price(store: Store, page: Served) -> None:
    """It was never made: no list, sum or report counts it among those without a price."""
    refused = failed(1)
    refused.attributes["spanwise.budget.action"] = "block"
    store.write([refused, unpriced(2, 2)])
    assert page.ask("overview")["unpriced"] == 1
    assert ids(page.ask("calls?status=unpriced")) == [2]
    assert [it["unpriced"] for it in page.ask("traces")["traces"]] in ([0, 1], [1, 0])
    assert [it["unpriced"] for it in page.ask(f"trace/{1:032x}")["spans"]] == [False]


def test_duplicates_are_no_calls(store: Store, page: Served) -> None:
    """A call that two suites saw is listed once."""
    store.write([call(1), call(2, spanwise__duplicate_of="0000000000000001")])
    assert ids(page.ask("calls")) == [1]


def test_sums_are_those_of_the_reports(shop_store: Store, shop: Served) -> None:
    """The figures above the list are the store's own, to the last digit that a number holds."""
    rows = shop_store.cost(Dimension.PROVIDER)
    found = shop.ask("overview")
    assert found["calls"] == sum(row.calls for row in rows)
    assert found["errors"] == sum(row.errors for row in rows)
    assert found["unpriced"] == sum(row.unpriced for row in rows)
    assert found["cost_usd"] == float(sum(row.cost_usd for row in rows if row.cost_usd is not None))
    assert found["input_tokens"] == sum(row.input_tokens for row in rows)


def test_cost_over_time_adds_up(shop_store: Store, shop: Served) -> None:
    """What the chart stacks is the sum of the report, and every step is there."""
    found = shop.ask("reports")
    charted = sum(point.get("cost_usd") or 0 for point in found["cost"])
    assert charted == pytest.approx(float(sum(row.cost_usd or 0 for row in shop_store.cost(Dimension.MODEL))))
    assert sum(point["calls"] for point in found["time"]) == shop_store.counts().calls
    assert {point["at"] for point in found["cost"]} <= set(found["steps"])
    assert {point["model"] for point in found["cost"]} == set(found["models"])
    assert found["step"] == "day"
    assert shop.ask("reports?range=24h")["step"] == "hour"


def test_more_models_than_colours_become_one_series(store: Store, page: Served) -> None:
    """The dearest have a series of their own and the others share one; nothing is lost."""
    store.write([call(n, n, gen_ai__request__model=f"m{n}", gen_ai__usage__cost__amount=n / 10) for n in range(1, 10)])
    found = page.ask("reports")
    assert found["models"] == ["m9", "m8", "m7", "m6", "m5", "others"]
    assert sum(point["cost_usd"] for point in found["cost"]) == pytest.approx(4.5)


def test_a_trace_is_a_tree_in_order(shop: Served, showcase: list[SpanRecord]) -> None:
    """Parents come before children with their depth, and offsets begin at 0."""
    found = shop.ask("trace/last")
    assert found["trace_id"] == f"{showcase[0].trace_id:032x}"
    assert [it["depth"] for it in found["spans"]] == [0, 1, 2, 2, 2, 2, 2, 1]
    assert found["spans"][0]["offset_s"] == 0
    assert found["omitted"] == 0
    assert [(it["name"], it["value"], it["label"]) for it in found["scores"]] == [("helpfulness", 0.94, "good")]
    assert shop.ask(f"trace/{found['trace_id'][:12]}") == found


@pytest.mark.parametrize("wanted", ["zz", "a" * 33, "%00", "'", "..%2f", "0" * 32])
def test_what_is_no_trace_is_not_found(shop: Served, wanted: str) -> None:
    """One sentence, and never the id that was asked for."""
    found = shop.get(f"/api/trace/{wanted}")
    assert found.status == 404
    assert set(found.json) == {"error"}


def test_a_span_is_told_with_its_transcript(shop: Served, showcase: list[SpanRecord]) -> None:
    """Messages, calls of tools and their results are apart from other attributes."""
    answered = next(span for span in showcase if span.events)
    found = shop.ask(f"span/{answered.trace_id:032x}/{answered.span_id:016x}")
    roles = [message["role"] for message in found["transcript"]["input"]]
    assert roles == ["system", "user", "assistant", "tool"]
    assert found["transcript"]["input"][2]["parts"][0]["kind"] == "tool_call"
    assert found["transcript"]["input"][3]["parts"][0]["text"].startswith("{\n")
    assert "gen_ai.input.messages" not in {it["name"] for it in found["attributes"]}
    assert "gen_ai.input.messages" in {it["name"] for it in found["content"]}


def test_scores_that_came_later_are_at_their_span(store: Store, page: Served) -> None:
    """A score from another process is shown beside those that the span carries."""
    span = call(1)
    span.events.append(
        Event("gen_ai.evaluation.result", span.end_unix_nano,
              {"gen_ai.evaluation.name": "brief", "gen_ai.evaluation.score.value": 1.0})
    )  # fmt: skip
    store.write([span])
    assert [it["name"] for it in page.ask("trace/last")["scores"]] == ["brief"]
    late = ScoreRecord(
        time_unix_nano=time.time_ns(),
        trace_id=1,
        span_id=1,
        attributes={"gen_ai.evaluation.name": "helpful", "gen_ai.evaluation.score.label": "true"},
    )
    store.write_scores([late])
    assert sorted(it["name"] for it in page.ask("trace/last")["scores"]) == ["brief", "helpful"]


def test_turns_of_a_session_are_in_order_with_what_was_said(store: Store, page: Served) -> None:
    """A session's traces, oldest first, each with the user's last words and the answer."""

    def said(role: str, text: str) -> str:
        return f'[{{"role":"{role}","parts":[{{"type":"text","content":"{text}"}}]}}]'

    store.write(
        [
            call(n, n, ago_s=100 - n, session__id="s", gen_ai__input__messages=said("user", f"q{n}"),
                 gen_ai__output__messages=said("assistant", f"a{n}"))
            for n in (1, 2, 3)
        ]
    )  # fmt: skip
    (row,) = page.ask("sessions")["sessions"]
    assert (row["key"], row["turns"], row["calls"]) == ("s", 3, 3)
    assert row["cost_usd"] == pytest.approx(0.3)
    turns = page.ask("session?id=s")["turns"]
    assert [(it["asked"], it["answered"]) for it in turns] == [("q1", "a1"), ("q2", "a2"), ("q3", "a3")]
    assert page.get("/api/session?id=other").status == 404


def test_versions_of_a_prompt_are_side_by_side(shop: Served, shop_store: Store) -> None:
    """Every call that names the prompt is in one version's row, and scores are with the version they judge."""
    (prompt,) = shop.ask("prompts")["prompts"]
    assert prompt["name"] == "support/answer"
    assert {it["version"] for it in prompt["versions"]} == {"3", "4"}
    assert sum(it["calls"] for it in prompt["versions"]) == shop_store.counts().calls
    assert all(0.7 < it["scores"][0]["mean"] < 1 for it in prompt["versions"])


def test_the_text_of_versions_is_compared_line_by_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: Served
) -> None:
    """Lines that both have stand beside each other; what is not known is said to be so."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    for version, text in (("1", "Be brief.\nNever promise."), ("2", "Be brief.\nBe kind.\nNever promise.")):
        head = f"---\nname: triage\nversion: '{version}'\n---\n"
        (folder / f"triage-{version}.md").write_text(head + text, encoding="utf-8")
    monkeypatch.setenv("SPANWISE_PROMPTS", str(folder))
    found = page.ask("prompt-difference?name=triage&old=1&new=2")
    assert found["known"]
    assert [(it["left"], it["right"]) for it in found["lines"] if it["left"] != it["right"]] == [(None, "Be kind.")]
    assert page.ask("prompt-difference?name=absent&old=1&new=2")["known"] is False
    assert page.get("/api/prompt-difference").status == 400


def test_budgets_and_alerts_of_the_policy_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Store, page: Served
) -> None:
    """A budget that nothing was spent of is there with 0, and every alert has a state or the reason why it has none."""
    policy = tmp_path / "spanwise.yaml"
    policy.write_text("budgets:\n  - {name: all, limit_usd: 10, per: day}\n", encoding="utf-8")
    monkeypatch.setenv("SPANWISE_POLICY", str(policy))
    store.write([call(1)])
    found = page.ask("alerts")
    assert [(it["name"], it["limit_usd"], it["spent_usd"]) for it in found["budgets"]] == [("all", 10, 0)]
    assert {it["state"] for it in found["alerts"]} == {"inactive", "not evaluated"}
    assert all(it["reason"] for it in found["alerts"] if it["state"] == "not evaluated")
    assert "spanwise serve" in found["notes"][0]


def test_a_broken_policy_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: Served) -> None:
    """The page says what is wrong with the policy, with its line, and goes on."""
    policy = tmp_path / "spanwise.yaml"
    policy.write_text("budgets: 7\n", encoding="utf-8")
    monkeypatch.setenv("SPANWISE_POLICY", str(policy))
    found = page.ask("alerts")
    assert found["alerts"] == []
    assert any("budgets" in note for note in found["notes"])


def test_what_did_not_change_is_not_sent_again(store: Store, page: Served) -> None:
    """A browser that asks again with the tag is told so until something is stored."""
    store.write([call(1)])
    first = page.get("/api/calls")
    again = page.get("/api/calls", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    store.write([call(2, 2)])
    changed = page.get("/api/calls", If_None_Match=first.headers["etag"])
    assert changed.status == 200
    assert sorted(ids(changed.json)) == [1, 2]


def test_what_others_write_is_seen_while_the_page_is_open(store: Store) -> None:
    """The page holds the file only while it reads, so that a collector can write between two questions."""
    with served(store) as page:
        for number in range(1, 6):
            store.write([call(number, number)])
            assert len(page.ask("calls")["calls"]) == number
