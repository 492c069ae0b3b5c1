"""What goes wrong in calls of Bedrock: the error's own code on one span, and the caller's exception untouched."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from opentelemetry.trace import StatusCode

from tests.emulator import Emulator
from tests.instrument.bedrock.client import MESSAGES, MODEL, UNCLOSED, Sdk, client
from tests.instrument.telemetry import Telemetry


def stream(sdk: Sdk) -> Sdk:
    """A stream nobody has read yet."""
    return sdk.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"]


def assert_failed(telemetry: Telemetry, error_type: str, status: int | None = None) -> None:
    """One span, in error, of this class."""
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == error_type
    assert found["error.type"] == error_type
    assert found.get("http.response.status_code") == status


@pytest.mark.parametrize(
    ("scenario", "code", "status"),
    [
        ("error_400", "ValidationException", 400),
        ("error_401", "UnrecognizedClientException", 401),
        ("error_403", "AccessDeniedException", 403),
        ("error_404", "ResourceNotFoundException", 404),
        ("quota", "ServiceQuotaExceededException", 429),
        ("error_500", "InternalServerException", 500),
        ("error_503", "ServiceUnavailableException", 503),
    ],
)
def test_errors_have_the_code_of_aws(
    telemetry: Telemetry, emulator: Emulator, scenario: str, code: str, status: int
) -> None:
    """An error is known by the code AWS gives it, also where botocore has no class for it."""
    with client(emulator, scenario) as sdk, pytest.raises(sdk.exceptions.ClientError) as caught:
        sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert caught.value.response["Error"]["Code"] == code
    assert_failed(telemetry, code, status)
    assert "http.request.resend_count" not in telemetry.attributes()


@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_retries_are_inside_one_span(telemetry: Telemetry, emulator: Emulator, mode: str) -> None:
    """Two throttled attempts and an answer are one span that counts both."""
    with client(emulator, "rate_limit;times=2", retries={"total_max_attempts": 3, "mode": mode}) as sdk:
        sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert len(emulator.requests) == 3
    found = telemetry.attributes()
    assert found["http.request.resend_count"] == 2
    assert telemetry.one().status.status_code is StatusCode.UNSET


def test_retries_that_do_not_help(telemetry: Telemetry, emulator: Emulator) -> None:
    """An error after three attempts is one span that counts the two that were repeated."""
    with (
        client(emulator, "error_500", retries={"total_max_attempts": 3}) as sdk,
        pytest.raises(sdk.exceptions.ClientError),
    ):
        sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert_failed(telemetry, "InternalServerException", 500)
    assert telemetry.attributes()["http.request.resend_count"] == 2


@contextmanager
def refusing() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    yield f"http://127.0.0.1:{port}"


def test_connection_refused(telemetry: Telemetry, emulator: Emulator) -> None:
    """An endpoint that cannot be reached is botocore's own error."""
    with refusing() as url, client(emulator, url=url) as sdk, pytest.raises(Exception, match="Could not connect"):
        sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert_failed(telemetry, "EndpointConnectionError")


def test_connection_lost(telemetry: Telemetry, emulator: Emulator) -> None:
    """A connection that closes before the first byte is botocore's own error."""
    with client(emulator, "drop") as sdk, pytest.raises(Exception, match="Connection was closed"):
        sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert_failed(telemetry, "ConnectionClosedError")


def test_read_time_out(telemetry: Telemetry, emulator: Emulator) -> None:
    """An answer that does not come in time is botocore's own error."""
    with (
        client(emulator, "slow_first_byte;delay_s=0.5", read_timeout=0.05) as sdk,
        pytest.raises(Exception, match="Read timeout"),
    ):
        sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert_failed(telemetry, "ReadTimeoutError")


def test_malformed_body(telemetry: Telemetry, emulator: Emulator) -> None:
    """botocore makes an empty answer of a body that is cut off: the span says what was wrong with it."""
    with client(emulator, "malformed_body") as sdk:
        assert "output" not in sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert_failed(telemetry, "malformed_response")
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


def test_invalid_parameters(telemetry: Telemetry, emulator: Emulator) -> None:
    """A call that botocore refuses to send is one span with its error, and nothing went over the wire."""
    with client(emulator) as sdk, pytest.raises(Exception, match="Parameter validation failed"):
        sdk.converse(modelId=MODEL, messages="none")
    assert emulator.requests == []
    assert_failed(telemetry, "ParamValidationError")


def test_error_before_a_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream that is refused at once is an error like any other."""
    with client(emulator, "error_403") as sdk, pytest.raises(sdk.exceptions.AccessDeniedException):
        stream(sdk)
    assert_failed(telemetry, "AccessDeniedException", 403)


@pytest.mark.filterwarnings(*UNCLOSED)
def test_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """An error event of a stream that began well has the name it would have had before it, and tokens stay absent."""
    with client(emulator, "stream_error") as sdk, pytest.raises(sdk.exceptions.ClientError) as caught:
        list(stream(sdk))
    assert type(caught.value).__name__ == "EventStreamError"
    assert_failed(telemetry, "ThrottlingException")
    found = telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert "gen_ai.usage.input_tokens" not in found


@pytest.mark.filterwarnings(*UNCLOSED)
@pytest.mark.parametrize("scenario", ["disconnect", "malformed_stream"])
def test_a_stream_that_breaks(telemetry: Telemetry, emulator: Emulator, scenario: str) -> None:
    """A stream cut in the middle fails with what the caller gets; one cut within a message ends without tokens."""
    with client(emulator, scenario) as sdk:
        try:
            list(stream(sdk))
        except Exception as error:
            assert_failed(telemetry, type(error).__name__)
            assert telemetry.attributes()["spanwise.stream.outcome"] == "failed"
        else:
            assert scenario == "malformed_stream"
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


def test_closed_early(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream that the caller closes is no error, and says that it was closed."""
    with client(emulator) as sdk:
        events = stream(sdk)
        next(iter(events))
        events.close()
    assert telemetry.attributes()["spanwise.stream.outcome"] == "closed"
    assert telemetry.one().status.status_code is StatusCode.UNSET


@pytest.mark.filterwarnings(*UNCLOSED)
@pytest.mark.parametrize("read", [0, 1])
def test_abandoned(telemetry: Telemetry, emulator: Emulator, read: int) -> None:
    """A stream that the caller drops, read in part or not at all, ends its span."""
    with client(emulator) as sdk:
        events = stream(sdk)
        for _ in range(read):
            next(iter(events))
        del events
        assert telemetry.attributes()["spanwise.stream.outcome"] == "abandoned"


def test_closed_after_the_last_event(telemetry: Telemetry, emulator: Emulator) -> None:
    """A caller that stops at the last event has read the whole stream."""
    with client(emulator) as sdk:
        events = stream(sdk)
        for event in events:
            if "metadata" in event:
                break
        events.close()
    assert telemetry.attributes()["spanwise.stream.outcome"] == "drained"


def test_calls_between_events_are_no_children(telemetry: Telemetry, emulator: Emulator) -> None:
    """What the caller does while it reads a stream is not inside the stream's span."""
    with client(emulator) as sdk:
        for event in stream(sdk):
            if "messageStart" in event:
                sdk.converse(modelId=MODEL, messages=MESSAGES)
    spans = telemetry.spans()
    assert len(spans) == 2
    assert all(span.parent is None for span in spans)


@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_lost_connections_are_counted(telemetry: Telemetry, emulator: Emulator, mode: str) -> None:
    """Three attempts that get no answer are one span that counts the two that were repeated."""
    retries = {"total_max_attempts": 3, "mode": mode}
    with client(emulator, "drop", retries=retries) as sdk, pytest.raises(Exception, match="Connection was closed"):
        sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert len(emulator.requests) == 3
    assert_failed(telemetry, "ConnectionClosedError")
    assert telemetry.attributes()["http.request.resend_count"] == 2


def test_lost_connection_before_an_answer_is_counted(telemetry: Telemetry, emulator: Emulator) -> None:
    """An answer at the second attempt counts the first, which got none."""
    with client(emulator, "drop;times=1", retries={"total_max_attempts": 3}) as sdk:
        sdk.converse(modelId=MODEL, messages=MESSAGES)
    assert telemetry.attributes()["http.request.resend_count"] == 1
