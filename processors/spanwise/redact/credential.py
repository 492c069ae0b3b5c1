"""Finders of secrets that no anchored pattern describes: tokens that decode, pairs, blocks, marks inside a key."""

from __future__ import annotations

import binascii
from typing import Final

import orjson
import re2

from spanwise.redact.edge import left_free, right_free
from spanwise.redact.pattern import compiled


_LONGEST_HEADER: Final = 2048
_JWT_HEADER: Final = compiled(rb"eyJ[A-Za-z0-9_\-]{8,}\.")
_JWT_REST: Final = compiled(rb"[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*){1,3}")
_STANDARD_ALPHABET: Final = bytes.maketrans(b"-_", b"+/")

_AWS_ID: Final = compiled(rb"A(?:KI|SI|BI|CC)A[A-Z0-9]{16}")
_AWS_BESIDE: Final = compiled(rb"[^A-Za-z0-9/+]{1,12}([A-Za-z0-9/+]{40})")
_AWS_NAMED: Final = compiled(
    rb"(?i)secret[ _.\-]?(?:access[ _.\-]?)?key[^A-Za-z0-9/+]{0,12}(?:[A-Za-z]{1,8}[^A-Za-z0-9/+]{1,8}){0,2}"
    rb"([A-Za-z0-9/+]{40})"
)

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

# Forms that carry a fixed mark inside: the mark is found, and the form stands around it.
_AZURE_KEY: Final = compiled(rb"[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9]{25,33}")
_ENTRA_SECRET: Final = compiled(rb"[A-Za-z0-9_~.\-]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,34}")
_TERRAFORM_TOKEN: Final = compiled(rb"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_\-=]{60,72}")
_MAILCHIMP_KEY: Final = compiled(rb"[0-9a-f]{32}-us\d{1,2}")
_NEWRELIC_KEY: Final = compiled(rb"(?:eu01xx|[0-9a-f]{6})[0-9a-f]{26}[0-9a-fA-F]{4}NRAL")
_MAILGUN_KEY: Final = compiled(rb"key-[0-9a-f]{32}")
_TELEGRAM_TOKEN: Final = compiled(rb"\d{8,10}:AA[A-Za-z0-9_\-]{33}")
_DIGITS_BEFORE: Final = compiled(rb"\d{1,11}$")

_DSN_LEFT: Final = 160
_DSN_BEFORE: Final = compiled(rb"[A-Za-z0-9_.\-]{1,64}:([^\s\"'`@/]{1,80})$")

_LONGEST_NAME: Final = 24
# What a token is named by that opens nothing: a place in a list, one of many sent twice, a word of a model.
_OPENS_NOTHING: Final = compiled(
    rb"(?i)(?:page|paging|pagination|next|prev|previous|continue|continuation|cursor|sync|resume|scroll|skip|delta|change|"
    rb"watch|start|starting|end|from|last|first|after|before|forward|backward|client|request|idempotency|creation|lock|"
    rb"export|import|product|verification|count|max|min|num|total|input|output|prompt|completion|special|pad|bos|eos|"
    rb"unk|mask|sep|cls|new|stop|per|top)[_\- ]?$"
)
_TOKEN_VALUE: Final = compiled(
    rb"(?i)token[\"'\])\\]{0,4}\s{0,3}(?:=>|:=|[=:])\s{0,3}[\\\"']{0,3}(?:bearer\s{1,2})?"
    rb"([a-z0-9_\-./+=~|%]{16,400})(?:[^a-z0-9_\-./+=~|%(\[{]|\z)"
)


def jwt(data: bytes, start: int) -> tuple[int, int] | None:
    """A JSON web token: the header must decode to an object with `alg` (RFC 7515)."""
    header = _JWT_HEADER.match(data, start, start + _LONGEST_HEADER) if left_free(data, start) else None
    if header is None or not _names_algorithm(header.group()[:-1]):
        return None
    rest = _JWT_REST.match(data, header.end())
    return (start, rest.end()) if rest else None


def _names_algorithm(header: bytes) -> bool:
    try:
        decoded = binascii.a2b_base64(header.translate(_STANDARD_ALPHABET) + b"=" * (-len(header) % 4))
        parsed = orjson.loads(decoded)
    except ValueError:  # covers binascii.Error and orjson.JSONDecodeError
        return False
    return isinstance(parsed, dict) and "alg" in parsed


def aws_access_key(data: bytes, start: int) -> tuple[int, int] | None:
    """An access key id of AWS; a secret access key directly beside it is taken with it."""
    match = _AWS_ID.match(data, start) if left_free(data, start) else None
    if match is None or not right_free(data, match.end()):
        return None
    beside = _AWS_BESIDE.match(data, match.end())
    whole = beside is not None and _is_aws_secret(data, beside.start(1), beside.end(1))
    return (start, beside.end() if beside is not None and whole else match.end())


def aws_secret_key(data: bytes, start: int) -> tuple[int, int] | None:
    """A secret access key of AWS behind the words that name it; the words stay."""
    match = _AWS_NAMED.match(data, start)
    if match is None or not _is_aws_secret(data, match.start(1), match.end(1)):
        return None
    span: tuple[int, int] = match.span(1)
    return span


def _is_aws_secret(data: bytes, start: int, end: int) -> bool:
    """Forty characters that mix cases and stop there: no SHA-1 and no piece of base64."""
    text = data[start:end]
    ends = data[end : end + 1] not in (b"/", b"+", b"=") and right_free(data, end)
    return ends and text.lower() != text and text.upper() != text


def private_key(data: bytes, start: int) -> tuple[int, int] | None:
    """A PEM block with a private key. Without its end the base64 that follows is taken."""
    begin = _BEGIN.match(data, start)
    if begin is None:
        return None
    limit = data.find(b"-----BEGIN", begin.end(), begin.end() + _LONGEST_BLOCK)
    end = _END.search(data, begin.end(), begin.end() + _LONGEST_BLOCK if limit < 0 else limit)
    if end is None:
        end = _TRUNCATED.match(data, begin.end())
    return start, begin.end() if end is None else end.end()


def azure_key(data: bytes, start: int) -> tuple[int, int] | None:
    """A key of an AI service of Azure, or a token of Azure DevOps: 52 characters, the mark at `start`, the rest."""
    return _around(data, start - 52, _AZURE_KEY)


def entra_secret(data: bytes, start: int) -> tuple[int, int] | None:
    """A client secret of Entra ID: three characters, a digit and `Q~` at `start`, the rest."""
    return _around(data, start - 3, _ENTRA_SECRET)


def terraform_token(data: bytes, start: int) -> tuple[int, int] | None:
    """A token of HCP Terraform: 14 characters, `.atlasv1.` at `start`, the rest."""
    return _around(data, start - 14, _TERRAFORM_TOKEN)


def mailchimp_key(data: bytes, start: int) -> tuple[int, int] | None:
    """An API key of Mailchimp: 32 hexadecimal digits and the data centre, `-us` and digits, at `start`."""
    return _around(data, start - 32, _MAILCHIMP_KEY)


def mailgun_key(data: bytes, start: int) -> tuple[int, int] | None:
    """An API key of Mailgun, `key-` and 32 hexadecimal digits; `cache-key-` and a check sum is none."""
    return None if data[max(0, start - 1) : start] in {b"-", b"_", b"/", b"."} else _around(data, start, _MAILGUN_KEY)


def newrelic_license_key(data: bytes, start: int) -> tuple[int, int] | None:
    """A license key of New Relic: 36 characters and `NRAL` at `start`."""
    return _around(data, start - 36, _NEWRELIC_KEY)


def telegram_token(data: bytes, start: int) -> tuple[int, int] | None:
    """A bot token of Telegram: the number of the bot, `:AA` at `start`, the rest. In a URL `bot` stands before it."""
    number = _DIGITS_BEFORE.search(data[max(0, start - 11) : start])
    match = _TELEGRAM_TOKEN.match(data, start - len(number.group())) if number else None
    return match.span() if match is not None and right_free(data, match.end()) else None


def _around(data: bytes, start: int, pattern: re2._Regexp) -> tuple[int, int] | None:
    match = pattern.match(data, start) if start >= 0 and left_free(data, start) else None
    return match.span() if match is not None and right_free(data, match.end()) else None


def go_dsn_password(data: bytes, start: int) -> tuple[int, int] | None:
    """The password in `user:password@tcp(host)`, the form of data source names in Go; `start` is the sign before it."""
    low = max(0, start - _DSN_LEFT)
    match = _DSN_BEFORE.search(data[low:start])
    return (low + match.start(1), start) if match is not None else None


def named_token(data: bytes, start: int) -> tuple[int, int] | None:
    """What a name that ends in `token` is set to, unless the name is that of a place in a list or of a special token.

    `session_token`, `userToken`, `token`, but not `next_page_token`, `eos_token` or `broken`.
    """
    before = data[max(0, start - _LONGEST_NAME) : start]
    begins_hump = data[start : start + 1] == b"T" and before[-1:].islower()
    if not (begins_hump or left_free(data, start)) or _OPENS_NOTHING.search(before):
        return None
    match = _TOKEN_VALUE.match(data, start)
    return match.span(1) if match is not None else None
