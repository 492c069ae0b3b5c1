"""The schema for editors: it says what the readers say, because they made it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from jsonschema import Draft202012Validator

from spanwise.plan.example import EXAMPLES, example_text
from spanwise.plan.generate import FOLDER, generated
from spanwise.plan.outline import lines
from spanwise.plan.schema import schema
from spanwise.policy.document import parse
from spanwise.policy.entry import ANY_NAME
from spanwise.semconv import environment
from tests.plan.drawing import Json, policies
from tests.plan.form_reader import refusals


VALIDATOR = Draft202012Validator(schema())


def test_the_schema_is_one() -> None:
    """It is valid by the meta-schema of its draft."""
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", sorted(generated()))
def test_generated_files_are_those_of_the_readers(name: str) -> None:
    """Schema and reference page are what `python -m spanwise.plan.generate` writes."""
    assert (FOLDER / name).read_text(encoding="utf-8") == generated()[name], "run python -m spanwise.plan.generate"


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples_are_valid(name: str) -> None:
    """An editor finds nothing to mark in a worked example."""
    assert [error.message for error in VALIDATOR.iter_errors(parse(example_text(name).encode()).value)] == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(policies())
def test_schema_and_readers_refuse_the_same(policy: Json) -> None:
    """What an editor marks the readers refuse, and what they refuse by form an editor marks."""
    refused = refusals(policy)
    marked = [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(policy)]
    event("refused" if refused else "accepted")
    assert bool(refused) == bool(marked), (refused, marked)


@pytest.mark.parametrize(
    "policy",
    [
        {"budget": []},
        {"budgets": [{"name": "a", "per": "month"}]},
        {"budgets": [{"name": "a", "per": "month", "limit_usd": 1e-86}]},
        {"budgets": [{"name": "a", "per": "month", "limit_usd": 1e300}]},
        {"budgets": [{"name": "A b", "limit_usd": 1, "per": "month"}]},
        {"budgets": [None]},
        {"sampling": {"keep": {"slower_than_s": True}}},
        {"retention": {"traces": "36h"}},
        {"sinks": {"traces": {"jaeger": {"endpoint": "http://jaeger:4317"}}}},
        {"sinks": {"traces": {"otlp": {}}}},
        {"alerts": {"receivers": {"team": None}}},
        {"alerts": {"receivers": {"team": {"webhook": {"url": "https://user:word@host/"}}}}},
        {"budget_collector": {}},
        {"budget_collector": {"url": "http://10.0.0.1:4318", "token_env": "TOKEN"}},
        {"budget_collector": {"token": "secret", "token_env": "TOKEN"}},
        {"prices": {"discounts": [{"percent": 3, "rate": "0.9"}]}},
        {"redact": {"actions": {"emial": "mask"}}},
        {"measure": {"flavours": []}},
    ],
)
def test_mistakes_that_both_see(policy: Json) -> None:
    """Unknown keys, missing ones, wrong words, forms, counts: an editor marks them, the readers refuse them."""
    assert refusals(policy) != []
    assert not VALIDATOR.is_valid(policy)


@pytest.mark.parametrize("policy", [{"feedback": None}, {"retention": None}, {"feedback": {"key_env": "KEY"}}])
def test_nothing_where_nothing_is_needed(policy: Json) -> None:
    """A key of the policy with nothing after it is an empty section, in an editor and to the readers."""
    assert refusals(policy) == []
    assert VALIDATOR.is_valid(policy)


def test_every_key_says_what_it_is_for() -> None:
    """No key is without a sentence, which begins with a capital letter and ends with a full stop."""
    for line in lines():
        if line.keys[-1] != ANY_NAME or line.entry.inner is None:
            assert line.entry.about.endswith("."), line.dotted
            assert line.entry.about[0].isupper(), line.dotted


def test_variables_are_those_of_the_conventions() -> None:
    """A setting names no environment variable that the registry does not have."""
    known = {value for name, value in vars(environment).items() if name.isupper()}
    named = {line.entry.variable for line in lines() if line.entry.variable}
    assert named <= known and len(named) == 4


def test_the_readme_names_all_three() -> None:
    """The policy's README says of each worked example why it is as it is."""
    readme = (Path(FOLDER) / "README.md").read_text(encoding="utf-8")
    assert all(f"examples/{name}.yaml" in readme for name in EXAMPLES)
