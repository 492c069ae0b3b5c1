"""Keys and tokens of providers, JSON web tokens and private keys."""

from __future__ import annotations

import binascii
from typing import Final

import orjson
import re2

from spanwise.redact.rule import Hit, Rule, compiled, left_free, right_free


_WINDOW: Final = 1024  # bytes read before a token is accepted; an accepted one is read to its end
_RUN: Final = compiled(rb"[A-Za-z0-9_\-]*")
_SK: Final = compiled(rb"sk-[A-Za-z0-9_\-]{10,}")
_SK_PREFIXES: Final = (b"sk-proj-", b"sk-svcacct-", b"sk-admin-", b"sk-None-", b"sk-or-v1-", b"sk-lf-")
_DIGIT: Final = compiled(rb"\d")
_SOLID: Final = compiled(rb"[A-Za-z0-9]{16}")
_AWS_ID: Final = compiled(rb"(?:AKIA|ASIA)[A-Z0-9]{16}")
_AWS_BESIDE: Final = compiled(rb"[^A-Za-z0-9/+]{1,12}([A-Za-z0-9/+]{40})")
_AWS_WORD: Final = rb"(?i)secret[ _.\-]?(?:access[ _.\-]?)?key"
_AWS_NAMED: Final = compiled(
    _AWS_WORD + rb"[^A-Za-z0-9/+]{0,12}(?:[A-Za-z]{1,8}[^A-Za-z0-9/+]{1,8}){0,2}([A-Za-z0-9/+]{40})"
)
_GITHUB: Final = compiled(rb"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}")
_SLACK: Final = compiled(rb"xox[a-z]-[A-Za-z0-9\-]{10,}|xapp-[A-Za-z0-9\-]{10,}")
_SLACK_HOOK: Final = compiled(
    rb"(?i)hooks\.slack\.com(?:/|%2F)(?:services|workflows|triggers)(?:/|%2F)([A-Za-z0-9/_%\-]{8,})"
)
_GOOGLE: Final = compiled(rb"AIza[A-Za-z0-9_\-]{30,}|ya29\.[A-Za-z0-9_\-]{20,}|GOCSPX-[A-Za-z0-9_\-]{20,}")
_JWT_HEADER: Final = compiled(rb"eyJ[A-Za-z0-9_\-]{8,}\.")
_JWT_REST: Final = compiled(rb"[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*){1,3}")
_BEGIN: Final = compiled(rb"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_END: Final = compiled(rb"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_BREAK: Final = rb"(?:\s|\\+[rnt]|[\"',+>|])"
_TRUNCATED: Final = compiled(
    (
        rb"(?:BREAK{1,6}[A-Za-z\-]{1,20}: ?[A-Za-z0-9 ,.<>@\-]{1,80})*"
        rb"(?:BREAK{1,12}[A-Za-z0-9+/=]{16,})*(?:(?:[\r\n]|\\+[rn])BREAK{0,12}[A-Za-z0-9+/=]+)?"
    ).replace(b"BREAK", _BREAK)
)
_LONGEST_BLOCK: Final = 16 * 1024


def _token(pattern: re2._Regexp, kind: str, data: bytes, start: int) -> Hit | None:
    """The token `pattern` finds at `start`; reads on to the end of the run when the window was too short."""
    match = pattern.match(data, start, start + _WINDOW) if left_free(data, start) else None
    if match is None:
        return None
    end = match.end()
    if end == start + _WINDOW:
        end = _RUN.match(data, end).end()
    return Hit(start, end, kind) if right_free(data, end) else None


def anthropic(data: bytes, start: int) -> Hit | None:
    """A key of Anthropic: `sk-ant-` and what follows."""
    return _token(_SK, "anthropic_key", data, start) if data.startswith(b"sk-ant-", start) else None


def openai(data: bytes, start: int) -> Hit | None:
    """A key of OpenAI, or of a service that took over its form: `sk-` and a long run that is no slug of words."""
    if data.startswith(b"sk-ant-", start) or not left_free(data, start):
        return None
    match = _SK.match(data, start, start + _WINDOW)
    if match is None or _DIGIT.search(match.group()) is None:
        return None
    if not match.group().startswith(_SK_PREFIXES) and _SOLID.search(match.group()) is None:
        return None
    return _token(_SK, "openai_key", data, start)


def aws_id(data: bytes, start: int) -> Hit | None:
    """An access key id; a secret access key directly beside it is taken with it."""
    match = _AWS_ID.match(data, start) if left_free(data, start) else None
    if match is None or not right_free(data, match.end()):
        return None
    beside = _AWS_BESIDE.match(data, match.end())
    end = beside.end() if beside and _is_aws_secret(data, beside.start(1), beside.end(1)) else match.end()
    return Hit(start, end, "aws_key")


def aws_named(data: bytes, start: int) -> Hit | None:
    """A secret access key behind the words that name it; the words stay."""
    match = _AWS_NAMED.match(data, start)
    if match is None or not _is_aws_secret(data, match.start(1), match.end(1)):
        return None
    return Hit(match.start(1), match.end(1), "aws_key")


def _is_aws_secret(data: bytes, start: int, end: int) -> bool:
    """Forty characters that mix cases and stop there: no SHA-1 and no piece of base64."""
    text = data[start:end]
    ends = data[end : end + 1] not in (b"/", b"+", b"=") and right_free(data, end)
    return ends and text.lower() != text and text.upper() != text


def github(data: bytes, start: int) -> Hit | None:
    """A token of GitHub."""
    return _token(_GITHUB, "github_token", data, start)


def slack(data: bytes, start: int) -> Hit | None:
    """A token of Slack."""
    return _token(_SLACK, "slack_token", data, start)


def slack_hook(data: bytes, start: int) -> Hit | None:
    """The secret path of a webhook of Slack; the host stays."""
    match = _SLACK_HOOK.match(data, start)
    return Hit(match.start(1), match.end(1), "slack_token") if match else None


def google(data: bytes, start: int) -> Hit | None:
    """An API key, OAuth access token or client secret of Google."""
    return _token(_GOOGLE, "google_key", data, start)


def jwt(data: bytes, start: int) -> Hit | None:
    """A JSON web token: the header must decode to an object with `alg` (RFC 7515)."""
    header = _JWT_HEADER.match(data, start, start + 2 * _WINDOW) if left_free(data, start) else None
    if header is None or not _names_algorithm(header.group()[:-1]):
        return None
    rest = _JWT_REST.match(data, header.end())
    return Hit(start, rest.end(), "jwt") if rest else None


def _names_algorithm(header: bytes) -> bool:
    try:
        decoded = binascii.a2b_base64(header.translate(bytes.maketrans(b"-_", b"+/")) + b"=" * (-len(header) % 4))
        parsed = orjson.loads(decoded)
    except ValueError:  # covers binascii.Error and orjson.JSONDecodeError
        return False
    return isinstance(parsed, dict) and "alg" in parsed


def private_key(data: bytes, start: int) -> Hit | None:
    """A PEM block with a private key. Without its end the base64 that follows is taken."""
    begin = _BEGIN.match(data, start)
    if begin is None:
        return None
    limit = data.find(b"-----BEGIN", begin.end(), begin.end() + _LONGEST_BLOCK)
    end = _END.search(data, begin.end(), begin.end() + _LONGEST_BLOCK if limit < 0 else limit)
    if end is None:
        end = _TRUNCATED.match(data, begin.end())
    return Hit(start, end.end(), "private_key")


RULES: Final = (
    Rule("anthropic_key", rb"sk-ant-[A-Za-z0-9_\-]{10}", b"s", anthropic),
    Rule("openai_key", rb"sk-[A-Za-z0-9_\-]{16}", b"s", openai),
    Rule("aws_key", rb"A[KS]IA[A-Z0-9]{16}", b"A", aws_id),
    Rule("aws_key", _AWS_WORD + rb"[^A-Za-z0-9/+]{0,12}(?:[A-Za-z]{1,8}[^A-Za-z0-9/+]{1,8}){0,2}[A-Za-z0-9/+]{40}",
         b"sS", aws_named, bare=True),
    Rule("github_token", rb"gh[pousr]_[A-Za-z0-9]{20}|github_pat_[A-Za-z0-9_]{20}", b"g", github),
    Rule("slack_token", rb"xox[a-z]-[A-Za-z0-9\-]{10}|xapp-[A-Za-z0-9\-]{10}", b"x", slack),
    Rule("slack_token", rb"(?i)hooks\.slack\.com", b"hH", slack_hook),
    Rule("google_key", rb"AIza[A-Za-z0-9_\-]{30}|ya29\.[A-Za-z0-9_\-]{20}|GOCSPX-[A-Za-z0-9_\-]{20}", b"AyG", google),
    Rule("jwt", rb"eyJ[A-Za-z0-9_\-]{8}", b"e", jwt),
    Rule("private_key", rb"-----BEGIN [A-Z0-9 ]{0,50}PRIVATE KEY", b"-", private_key, bare=True),
)  # fmt: skip
