"""Sections alerts and slos of a policy: what they accept, and what they say of the rest."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.alert import DEFAULT_SLOS, AlertConfig, Quiet, Slo, read_slos
from spanwise.alert.quiet import spans
from spanwise.alert.slo import boundaries
from spanwise.policy import Reader, dotted


def read(section: object) -> tuple[AlertConfig, list[str]]:
    """The settings, and the complaints as `path: message`."""
    reader = Reader(section)
    config = AlertConfig.read(reader)
    return config, [f"{dotted(problem.path)}: {problem.message}" for problem in reader.problems]


def slos(section: object) -> tuple[tuple[Slo, ...], list[str]]:
    """The objectives, and the complaints."""
    reader = Reader({"slos": section})
    found = read_slos(reader)
    return found, [f"{dotted(problem.path)}: {problem.message}" for problem in reader.problems]


def test_nothing_is_a_useful_default() -> None:
    """Without a section every alert is there with its default numbers, and nobody is told."""
    config, problems = read(None)
    assert not problems
    assert config == AlertConfig()
    assert config.threshold("refusal_ratio") == Decimal("0.05")
    assert config.receiver_of("page") is None


def test_a_whole_section_is_read() -> None:
    """Numbers, receivers, routes and quiet hours arrive as written."""
    config, problems = read(
        {
            "disabled": ["cache_hit_collapse"],
            "thresholds": {"refusal_ratio": 0.1, "errors_burn_fast_hold_s": 0},
            "receivers": {
                "oncall": {"pagerduty": {"routing_key_file": "/run/secrets/pd"}},
                "team": {"slack": {"webhook_url_file": "/run/secrets/slack", "channel": "#llm"}},
            },
            "routes": {"page": "oncall"},
            "quiet": {"weekdays": ["sunday", "saturday"], "times": ["22:00-07:00"], "location": "Europe/Berlin"},
        }
    )
    assert not problems
    assert config.disabled == {"cache_hit_collapse"}
    assert config.threshold("refusal_ratio") == Decimal("0.1")
    assert config.threshold("errors_burn_fast_hold_s") == 0
    assert config.receivers["team"].slack is not None
    assert config.receiver_of("ticket") == "oncall"
    assert config.quiet == Quiet(("saturday", "sunday"), ("22:00-07:00",), "Europe/Berlin")


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"disabled": ["cache_hit_colapse"]}, "Did you mean cache_hit_collapse?"),
        ({"thresholds": {"refusal_ration": 0.1}}, "Did you mean refusal_ratio?"),
        ({"thresholds": {"refusal_ratio": 5}}, "thresholds.refusal_ratio: found 5"),
        ({"thresholds": {"agent_loop_calls": 42}}, "accepted: 5, 10, 25, 50"),
        ({"receivers": {"a": {}}, "routes": {"page": "a"}}, "receivers.a:"),
        ({"routes": {"page": "nobody"}}, "routes.page: found 'nobody'"),
        ({"quiet": {"weekdays": ["saterday"]}}, "Did you mean saturday?"),
        ({"quiet": {"times": ["25:00-26:00"]}}, "quiet.times"),
        ({"quiet": {"times": ["22:00-07:00"], "location": "Mars/Olympus"}}, "quiet.location"),
        ({"interval_s": 0}, "interval_s: found 0"),
    ],
)
def test_a_mistake_is_named(section: object, said: str) -> None:
    """One complaint that says where and what is accepted."""
    _, problems = read(section)
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(
    "receiver",
    [
        {"slack": {"webhook_url": "https://hooks.example.com/hunter2"}},
        {"pagerduty": {"routing_key": "hunter2"}},
        {"email": {"to": ["a@example.com"], "from": "b@example.com", "smarthost": "m:25", "password": "hunter2"}},
        {"webhook": {"url": "https://me:hunter2@example.com/"}},
        {"webhook": {"url": "https://example.com/?token=hunter2"}},
        {"webhook": {"url": "https://example.com/", "token": "hunter2"}},
    ],
)
def test_a_secret_is_refused_and_not_repeated(receiver: object) -> None:
    """A key in the policy is a mistake, and the complaint does not print it."""
    _, problems = read({"receivers": {"a": receiver}})
    assert problems
    assert "hunter2" not in " ".join(problems)


def test_objectives_have_defaults_and_can_be_none() -> None:
    """Absent means the default ones, an empty list none."""
    assert read_slos(Reader({})) == DEFAULT_SLOS
    assert slos([]) == ((), [])


def test_a_threshold_is_a_boundary() -> None:
    """Between two boundaries of a histogram nobody can count; the nearest is named."""
    found, problems = slos([{"name": "slow", "kind": "latency", "objective": 0.99, "threshold_s": 10}])
    assert not found
    assert "10.24" in problems[0]
    found, problems = slos(
        [{"name": "slow", "kind": "latency", "objective": 0.99, "threshold_s": 10.24, "window": "7d"}]
    )
    assert not problems
    assert found == (Slo("slow", "latency", Decimal("0.99"), 7, Decimal("10.24")),)


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "errors", "objective": 0.99},
        {"name": "a", "objective": 0.99},
        {"name": "a", "kind": "errors"},
        {"name": "a", "kind": "errors", "objective": 1},
        {"name": "a", "kind": "errors", "objective": 0.99, "threshold_s": 1.28},
        {"name": "a", "kind": "latency", "objective": 0.99},
        {"name": "a", "kind": "errors", "objective": 0.99, "window": "30h"},
        {"name": "A b", "kind": "errors", "objective": 0.99},
    ],
)
def test_half_an_objective_is_none(item: object) -> None:
    """What cannot be counted is a complaint and no objective."""
    found, problems = slos([item])
    assert not found
    assert problems


def test_names_of_objectives_differ() -> None:
    """Two of one name would be one series."""
    one = {"name": "errors", "kind": "errors", "objective": 0.99}
    found, problems = slos([one, one])
    assert len(found) == 1
    assert len(problems) == 1


def test_default_thresholds_are_boundaries() -> None:
    """The defaults keep the rule that they are checked by."""
    for slo in DEFAULT_SLOS:
        assert slo.threshold_s is None or slo.threshold_s in boundaries(slo.kind)


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_hours_over_midnight_are_cut(start: int, end: int) -> None:
    """Parts never wrap, and together they are as long as the span."""
    text = f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
    parts = spans(text)
    if start == end:
        assert parts == ()
        return
    assert all(begin < stop for begin, stop in parts)
    assert sum(minutes(stop) - minutes(begin) for begin, stop in parts) == (end - start) % 1440


def minutes(time: str) -> int:
    """Minutes since midnight."""
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda x: (
            st.lists(x, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "disabled",
                        "thresholds",
                        "receivers",
                        "routes",
                        "quiet",
                        "slack",
                        "email",
                        "to",
                        "url",
                        "webhook",
                        "weekdays",
                        "times",
                        "refusal_ratio",
                        "page",
                    ]
                ),
                x,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_nothing_raises(section: object) -> None:
    """Whatever stands there is read or complained of."""
    read(section)
    slos(section)


def test_events_of_pagerduty_may_go_to_another_region_and_never_in_plain_text() -> None:
    """The key goes over TLS; a loopback address is for tests of one's own."""
    for url, accepted in (
        ("https://events.eu.pagerduty.com/v2/enqueue", True),
        ("http://127.0.0.1:9911/v2/enqueue", True),
        ("http://events.example.com/v2/enqueue", False),
        ("https://events.example.com/?key=1", False),
    ):
        config, problems = read({"receivers": {"a": {"pagerduty": {"routing_key_file": "f", "url": url}}}})
        assert bool(problems) is not accepted
        pagerduty = config.receivers["a"].pagerduty
        assert pagerduty is not None
        assert pagerduty.url == (url if accepted else None)
