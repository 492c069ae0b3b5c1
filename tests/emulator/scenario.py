"""What the emulator does with one call: a name and a few options."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from urllib.parse import quote, unquote


NAMES = frozenset(
    {
        "default",
        "text",
        "echo",
        "tool_calls",
        "thinking",
        "refusal",
        "content_filter",
        "length",
        "rate_limit",
        "quota",
        "error_400",
        "error_401",
        "error_403",
        "error_404",
        "error_408",
        "error_409",
        "error_500",
        "error_502",
        "error_503",
        "error_504",
        "error_529",
        "stream_error",
        "malformed_body",
        "malformed_stream",
        "slow_first_byte",
        "slow_chunks",
        "disconnect",
        "drop",
        "gzip",
        "crlf",
    }
)
ERROR_STATUS = {"rate_limit": 429, "quota": 429} | {
    f"error_{n}": n for n in (400, 401, 403, 404, 408, 409, 500, 502, 503, 504, 529)
}
_DEFAULT_DELAY_S = {"slow_first_byte": 0.2, "slow_chunks": 0.02}
ALWAYS = 1_000_000_000
_DEFAULT_TIMES = {"rate_limit": 1}
_TRUE = frozenset({"1", "true", "yes", "on"})


class ScenarioError(ValueError):
    """A scenario or option that does not exist, or a value that cannot be read."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One named behaviour. Options that do not concern it are ignored; `None` means "let the emulator choose".

    Text form, as in the `x-emulator` header: `name;option=value;option=value`, values percent-encoded.
    """

    name: str = "default"
    text: str | None = None
    """The answer, word for word."""
    chunks: int | None = None
    """Content deltas in a stream, exactly this many."""
    characters: int | None = None
    """Length of the answer."""
    calls: int = 1
    """Tool calls in one answer."""
    after: int = 2
    """Content deltas sent before a fault in the middle of a stream."""
    times: int | None = None
    """Failures before success, or `ALWAYS` (`times=always`). Unless set, `rate_limit` fails once and others always."""
    retry_after_ms: int = 20
    """What a 408, 409, 429 or 5xx asks the client to wait. `Retry-After` says the same in whole seconds, rounded up."""
    delay_s: float | None = None
    """Wait before the first byte, or between two frames of `slow_chunks`."""
    kind: str | None = None
    """Which form a fault takes where there are two: `error` sends the responses API's `error` event."""
    gzip: bool = False
    crlf: bool = False
    fragment_bytes: int | None = None
    """Write the body in pieces of this many bytes, so that reads end inside an event or a character."""
    input_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_5m_tokens: int | None = None
    cache_write_1h_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    service_tier: str | None = None
    usage: str | None = None
    """A JSON object whose fields stand in the usage as well: what routers and providers add to it."""
    headers: str | None = None
    """A JSON object of headers that an answer has as well."""

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise ScenarioError(f"no scenario {self.name!r}; there are: {', '.join(sorted(NAMES))}")
        for option, written in (("usage", self.usage), ("headers", self.headers)):
            if written is not None and not _is_object(written):
                raise ScenarioError(f"{option}={written!r} is no JSON object")

    @classmethod
    def parse(cls, written: str) -> Scenario:
        """The scenario a header or a command line names.

        Raises:
            ScenarioError: An unknown name or option, or a value of the wrong type.
        """
        name, *pairs = [part.strip() for part in written.split(";") if part.strip()] or ["default"]
        options: dict[str, str | int | float | bool | None] = {}
        for pair in pairs:
            option, _, value = pair.partition("=")
            options[option.strip()] = _read(option.strip(), unquote(value.strip()))
        return cls(name=name, **options)  # type: ignore[arg-type]  # _read converted each by the field's own type

    def header(self) -> str:
        """The text form: what `parse` reads back to an equal scenario."""
        changed = [f for f in fields(self)[1:] if getattr(self, f.name) != f.default]
        return ";".join([self.name, *(f"{f.name}={quote(str(getattr(self, f.name)))}" for f in changed)])

    @property
    def status(self) -> int | None:
        """The HTTP status of the error this scenario answers with, if it does."""
        return ERROR_STATUS.get(self.name)

    @property
    def failures(self) -> int:
        """How many attempts of one call get this scenario before one gets `default`."""
        return _DEFAULT_TIMES.get(self.name, ALWAYS) if self.times is None else self.times

    @property
    def wait_s(self) -> float:
        """The wait in seconds, where this scenario has one."""
        return _DEFAULT_DELAY_S.get(self.name, 0.0) if self.delay_s is None else self.delay_s


def _is_object(written: str) -> bool:
    try:
        return isinstance(json.loads(written), dict)
    except ValueError:
        return False


_TYPES = {field.name: str(field.type) for field in fields(Scenario) if field.name != "name"}


def _read(option: str, value: str) -> str | int | float | bool | None:
    written_type = _TYPES.get(option)
    if written_type is None:
        raise ScenarioError(f"no option {option!r}; there are: {', '.join(sorted(_TYPES))}")
    if option == "times" and value == "always":
        return ALWAYS
    try:
        if written_type.startswith("bool"):
            return value.lower() in _TRUE
        if written_type.startswith("int"):
            return int(value)
        return float(value) if written_type.startswith("float") else value
    except ValueError as error:
        raise ScenarioError(f"{option}={value!r} is not a number") from error
