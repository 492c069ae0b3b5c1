"""Scores in the store: kept once, and joined late to what they are about."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spanwise.record import Event, ScoreRecord
from spanwise.record.score import said
from spanwise.store import Store, StoreConfig
from tests.store.calls import call


def given(
    value: object, *, name: str = "helpful", trace: int = 0, span: int = 0, response: str = "", ago_s: float = 0
) -> ScoreRecord:
    """A score as it comes to the store."""
    attributes = said(name, value, source="human", user="u-7", comment="why")
    if response:
        attributes["gen_ai.response.id"] = response
    return ScoreRecord(trace, span, time.time_ns() - int(ago_s * 1e9), attributes)


def test_a_score_before_its_call(tmp_path: Path) -> None:
    """A score that names only a response is about no span until a call with that response is stored, then it is."""
    store = Store(tmp_path / "s.duckdb")
    assert store.write_scores([given(1, response="r-1")]) == 1
    (lonely,) = store.scores()
    assert (lonely.trace_id, lonely.span_id, lonely.response_id, lonely.value) == (None, None, "r-1", 1.0)
    store.write([call(5, 9, gen_ai__response__id="r-1", gen_ai__prompt__name="triage", gen_ai__prompt__version="12")])
    (found,) = store.scores()
    assert (found.trace_id, found.span_id) == (f"{9:032x}", f"{5:016x}")
    assert (found.model, found.prompt_name, found.prompt_version) == ("gpt-4.1", "triage", "12")
    assert (found.source, found.user, found.comment) == ("human", "u-7", "why")


def test_targets(tmp_path: Path) -> None:
    """A score of a trace is of no span; one of a response in another trace is not moved to it."""
    store = Store(tmp_path / "s.duckdb")
    store.write([call(5, 9, gen_ai__response__id="r-1"), call(6, 9)])
    store.write_scores([given(0.25, trace=9), given("good", trace=9, span=6), given(False, trace=8, response="r-1")])
    found = [(it.trace_id, it.span_id, it.value, it.label) for it in store.scores()]
    assert sorted(found, key=repr) == sorted(
        [
            (f"{9:032x}", None, 0.25, None),
            (f"{9:032x}", f"{6:016x}", None, "good"),
            (f"{8:032x}", None, 0.0, "false"),
        ],
        key=repr,
    )
    assert [it.value for it in store.scores(trace_id=f"{8:032x}")] == [0.0]


def test_events_of_spans_are_scores(tmp_path: Path) -> None:
    """Evaluation events on stored spans are read with the others, also from a file that never had the table."""
    store = Store(tmp_path / "s.duckdb")
    span = call(5, 9)
    now = time.time_ns()
    span.events = [
        Event(
            "gen_ai.evaluation.result", now, {"gen_ai.evaluation.name": "refusal", "gen_ai.evaluation.score.value": 1}
        ),
        Event("gen_ai.evaluation.result", now, {"gen_ai.evaluation.score.value": 1}),
        Event("exception", now, {"exception.message": "gen_ai.evaluation.result"}),
    ]
    store.write([span])
    assert [(it.name, it.value, it.span_id, it.source) for it in store.scores()] == [
        ("refusal", 1.0, f"{5:016x}", None)
    ]
    store.write_scores([given(0.5, trace=9, span=5)])
    assert sorted(it.name for it in store.scores()) == ["helpful", "refusal"]


def test_sent_again(tmp_path: Path) -> None:
    """A score that is sent again, in the same batch or a later one, is there once; another moment is another score."""
    store = Store(tmp_path / "s.duckdb")
    score = given(1, trace=9)
    assert store.write_scores([score, score]) == 1
    assert store.write_scores([score]) == 0
    assert store.write_scores([given(1, trace=9)]) == 1
    assert len(store.scores()) == 2


def test_since_and_limit(tmp_path: Path) -> None:
    """The last ones are kept of more than the limit; older ones than asked for are left out."""
    store = Store(tmp_path / "s.duckdb")
    store.write_scores([given(number, trace=9, ago_s=100 * (100 - number)) for number in range(10)])
    assert [it.value for it in store.scores(limit=3)] == [7.0, 8.0, 9.0]
    assert len(store.scores(since=datetime.now(UTC) - timedelta(seconds=9550))) == 5
    assert Store(tmp_path / "none.duckdb").scores() == []


def test_age(tmp_path: Path) -> None:
    """Scores go when they are as old as the spans that go."""
    store = Store(tmp_path / "s.duckdb", StoreConfig(keep_days=1))
    store.write_scores([given(0, trace=9, ago_s=2 * 86400), given(1, trace=9)])
    store.write([call(5, 9)])
    assert [it.value for it in store.scores()] == [1.0]


def test_hostile_texts(tmp_path: Path) -> None:
    """Unpaired surrogates and a comment beyond the bound are stored without an error."""
    store = Store(tmp_path / "s.duckdb")
    score = given("\ud800x", trace=9)
    score.attributes["gen_ai.evaluation.explanation"] = "c" * 10_000
    store.write_scores([score])
    (found,) = store.scores()
    assert found.label == "?x" and len(found.comment or "") == 4096
