"""What the README of alerts shows is accepted."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from typer.main import get_command

import spanwise.alerting
from spanwise.alerting.condition import KEEP_FIRING_S
from spanwise.alerting.evaluation import QUERY_S
from spanwise.alerting.state_table import STATES, WATCH
from spanwise.cli.app import app
from spanwise.notify.retry import Retry
from spanwise.store import StoreConfig
from tests.deploy.prometheus.policy_samples import plan_of


TEXT = Path(spanwise.alerting.__file__).with_name("README.md").read_text("utf-8")


def block(language: str) -> str:
    """The block of that language."""
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_policy_has_no_mistakes() -> None:
    """Every channel, route and budget in it is read, and the numbers are those that are written."""
    plan = plan_of(block("yaml"))
    assert set(plan.alerts.receivers) == {"oncall", "team", "hook"}
    assert plan.alerts.receiver_of("page") == "oncall"
    assert plan.alerts.threshold("spend_rate_usd") == 20
    assert plan.budgets[0].name == "all-day"


def test_the_address_of_another_region_is_accepted() -> None:
    """It stands beside the key."""
    (url,) = re.findall(r"`url: (\S+)`", TEXT)
    plan = plan_of(f"alerts: {{receivers: {{a: {{pagerduty: {{routing_key_file: f, url: '{url}'}}}}}}}}")
    pagerduty = plan.alerts.receivers["a"].pagerduty
    assert pagerduty is not None
    assert pagerduty.url == url


def test_the_commands_are_there() -> None:
    """Each line begins with a command that exists, with options that it has."""
    top = get_command(app)
    for line in block("sh").splitlines():
        words = shlex.split(line, comments=True)
        assert words[0] == "spanwise"
        command = top
        for word in words[1:]:
            command = getattr(command, "commands", {}).get(word, command)
        accepted = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= accepted


def test_the_numbers_are_those_of_the_code() -> None:
    """Minutes of calm, attempts, days and tables."""
    assert KEEP_FIRING_S == 300 and "five minutes" in TEXT
    assert Retry().attempts == 6 and "six times" in TEXT
    assert StoreConfig().keep_days == 7 and "seven days" in TEXT
    assert QUERY_S == 2 and "two seconds" in TEXT
    assert f"`{STATES}`" in TEXT
    assert f"`{WATCH}`" in TEXT
