"""Every provider's shape has every error of HTTP that the emulator can be asked for."""

from __future__ import annotations

import json

import pytest

from tests.emulator.provider_error import ErrorShape, error_reply
from tests.emulator.scenario import ERROR_STATUS, Scenario
from tests.emulator.table import ROUTES


SHAPES = list({id(route.errors): route.errors for route in ROUTES}.values())


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", sorted(ERROR_STATUS))
def test_shape_has_every_error(name: str, shape: ErrorShape) -> None:
    """Each status comes in the provider's JSON, that of a gateway as the page of one; those that pass say when."""
    reply = error_reply(Scenario(name, retry_after_ms=7), shape, "req_1")
    assert reply.status == ERROR_STATUS[name]
    if name == "error_502":
        assert reply.headers["content-type"] == "text/html"
        assert reply.body.startswith(b"<html>")
    else:
        assert isinstance(json.loads(reply.body), dict)
    may_pass = reply.status in (408, 409) or reply.status >= 429
    assert (reply.headers.get("retry-after-ms") == "7") is may_pass
