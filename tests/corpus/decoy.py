"""What only looks like a value: ids, hashes, versions, prices, times, code, mathematics, tables."""

# ruff: noqa: E501

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random
from typing import Final

from tests.corpus.account import card_number
from tests.corpus.form import digits, fill, grouped, uuid


_MODELS: Final = (
    "gpt-4.1-2025-04-14", "gpt-4o-mini-2024-07-18", "claude-sonnet-4-5-20250929", "claude-3-5-haiku-20241022", "gemini-2.5-pro",
    "mistral-large-2411", "text-embedding-3-small", "o3-mini", "llama-3.3-70b-instruct", "amazon.nova-pro-v1:0",
    "meta-llama/Llama-3.1-8B-Instruct", "deepseek-r1-distill-qwen-32b", "command-r-plus-08-2024", "whisper-1",
)  # fmt: skip
_PACKAGES: Final = ("numpy==2.1.3", "opentelemetry-sdk>=1.45,<2", "react@18.3.1", "torch==2.5.1+cu124", "left-pad@1.3.0",
                    "org.slf4j:slf4j-api:2.0.16", "golang.org/x/net v0.31.0", "serde = \"1.0.215\"")  # fmt: skip
_CODE: Final = (
    "api_key = os.environ[\"OPENAI_API_KEY\"]", "password=os.getenv('DB_PASSWORD')", "token = request.headers.get(\"Authorization\")",
    "client = OpenAI(api_key=settings.openai_api_key)", "const { email, phone } = req.body;", "if (card.number.length !== 16) return;",
    "assert luhn(\"4111111111111112\") is False", "def mask(ssn: str) -> str:", "SELECT email, phone FROM users WHERE id = $1;",
    "for i in range(1000, 9999, 7):", "let x = 0xDEADBEEF;", "@app.route(\"/users/<int:user_id>\")", "secret_name: my-app-secrets",
    "password: ${DB_PASSWORD}", "API_KEY=<your-api-key>", "token: ***", "Authorization: Bearer <token>", "password = \"********\"",
    "std::vector<int> v{1, 2, 3};", "a[::2], b[1:-1]", "git checkout -b fix/iban-validation", "max_tokens=4096, temperature=0.2",
    "export PATH=$HOME/.local/bin:$PATH", "docker run -p 8080:8080 app:1.4.2", "from secrets import token_hex", "type Email = string;",
    "key = lambda row: row[0]", "public_key = load_key('id_ed25519.pub')", "password_hash = bcrypt.hash(pw, 12)",
    "raise ValueError(f\"bad phone number: {phone!r}\")", "credentials: include", "secretKeyRef: {name: db, key: password}",
)  # fmt: skip
_MATH: Final = (
    "3.14159265358979", "E = mc^2", "(a + b)^2 = a^2 + 2ab + b^2", "1,234,567 + 7,654,321 = 8,888,888", "2^64 = 18446744073709551616",
    "x = (-b ± sqrt(b^2 - 4ac)) / 2a", "0.1 + 0.2 = 0.30000000000000004", "12 * 34 - 56 / 7", "p < 0.0001, n = 1204",
    "6.02214076e23", "[0.0123, -0.4456, 0.7789, 0.0012]", "1 000 000 000", "log2(4096) = 12", "100-200-300", "ratio 16:9",
)  # fmt: skip
_PLACES: Final = (
    "/usr/lib/python3.11/site-packages/httpx/_client.py", "src/components/UserCard.tsx", "C:\\Program Files\\App\\app.exe",
    "https://docs.example.org/guide/v1.2.3#step-4", "https://example.com/a/b?page=2&sort=asc", "s3://bucket/2024/11/03/part-00017.parquet",
    "http://localhost:8080/healthz", "https://example.com/users/42/orders/1009", "git@github.com:acme/app.git", "image@sha256",
    "arn:aws:lambda:eu-west-1:123456789012:function:resize", "icon@2x.png", "ghcr.io/acme/app:sha-9fceb02", "../shared/readme.md",
)  # fmt: skip


def hexadecimal(chance: Random) -> str:
    """A hash, a trace id, a span id, a commit, a digest."""
    size = chance.choice((7, 12, 16, 32, 32, 40, 40, 64, 128))
    text = f"{chance.getrandbits(size * 4):0{size}x}"
    return chance.choice((text, text, text.upper() if size > 12 else text, f"sha256:{text}" if size == 64 else text))


def trace(chance: Random) -> str:
    """A W3C traceparent header value."""
    return f"00-{chance.getrandbits(128):032x}-{chance.getrandbits(64):016x}-01"


def call_id(chance: Random) -> str:
    """An id that a model API or a payment API gives to a call or an object."""
    return fill(chance, chance.choice((
        "call_{n24}", "toolu_01{n22}", "chatcmpl-{n29}", "msg_01{n22}", "resp_{h48}", "req_{n24}", "run_{n24}", "thread_{n24}",
        "asst_{n24}", "file-{n22}", "cus_{n14}", "pi_3{n23}", "in_1{n23}", "evt_1{n23}", "batch_{h32}", "ft-{n24}",
    )))  # fmt: skip


def order(chance: Random) -> str:
    """An order, invoice, ticket, tracking or part number."""
    return fill(chance, chance.choice((
        "ORD-{d8}", "#{d6}", "INV-20{d2}-{d5}", "{d5}-{d4}", "PO{d7}", "1Z{u6}{d2}{d8}", "SKU-{A3}-{d4}", "JIRA-{d4}", "{d7}", "{d8}",
        "{d10}", "RMA{d9}", "LOT {d6}", "DE-{d4}-{A2}", "T-{d5}/{d2}", "{A2}{d9}{A2}",
    )))  # fmt: skip


def price(chance: Random) -> str:
    """A price or an amount."""
    whole = chance.choice((chance.randint(1, 999), chance.randint(1000, 9_999_999)))
    cents = chance.randint(0, 99)
    return chance.choice((f"${whole:,}.{cents:02d}", f"{whole}.{cents:02d} USD", f"EUR {whole},{cents:02d}", f"£{whole:,}",
                          f"{whole:,}".replace(",", ".") + f",{cents:02d} €", f"{whole:,}".replace(",", " ") + f",{cents:02d} zł",
                          f"¥{whole:,}", f"{cents}.5 %", f"R$ {whole},{cents:02d}"))  # fmt: skip


def moment(chance: Random) -> str:
    """A timestamp, a date of business, a time, a duration."""
    year, month, day = chance.randint(2019, 2026), chance.randint(1, 12), chance.randint(1, 28)
    hour, minute, second = chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59)
    stamp = chance.randint(1_600_000_000, 1_790_000_000)
    return chance.choice((
        f"{year}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}Z", f"{year}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d},123",
        f"{year}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}.{chance.randint(0, 999999):06d}+02:00", f"{year}-{month:02d}-{day:02d}",
        f"{day:02d}.{month:02d}.{year}", f"{month}/{day}/{year}", f"{stamp}", f"{stamp}{chance.randint(0, 999):03d}", f"{stamp}000000000",
        f"{hour:02d}:{minute:02d}", f"{minute} min {second} s", f"{year}{month:02d}{day:02d}", f"{chance.random() * 9:.6f} s",
    ))  # fmt: skip


def version(chance: Random) -> str:
    """A version, a range of versions, a dotted number that is no address."""
    a, b, c, d = (chance.randint(0, 30) for _ in range(4))
    return chance.choice((f"{a}.{b}.{c}", f"v{a}.{b}.{c}-rc{d}", f"version {a}.{b}.{c}.{d}", f"Chrome/{a + 100}.0.{c * 100}.{d}", f">={a}.{b},<{a + 1}",
                          f"{a}.{b}.{c}+build.{d}", f"section {a}.{b}.{c}.{d}", f"1.3.6.1.4.1.{a}.{b}",
                          f"Windows NT 10.0; build 19045.{c}", f"HTTP/1.1 {chance.choice((200, 404, 503))}"))  # fmt: skip


def book(chance: Random) -> str:
    """An ISBN, an ISSN or an article number, with the right check digit."""
    first = f"978{digits(chance, 9)}"
    check = -sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(first)) % 10
    text = f"{first}{check}"
    return chance.choice((f"ISBN {text[:3]}-{text[3]}-{text[4:7]}-{text[7:12]}-{text[12]}", f"ISBN {text}", f"EAN {text}",
                          f"ISSN {digits(chance, 4)}-{digits(chance, 4)}", f"doi:10.{digits(chance, 4)}/j.{fill(chance, '{a5}')}.{digits(chance, 6)}"))  # fmt: skip


def near_miss(chance: Random) -> str:
    """A number with the length of a card and a wrong check digit, or digits in groups that are nobody's."""
    number, groups = card_number(chance)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    return chance.choice((wrong, grouped(wrong, groups, " "), f"0.{digits(chance, 16)}", f"{digits(chance, 4)}-{digits(chance, 4)}",
                          f"{chance.randint(100, 512)}x{chance.randint(100, 512)}", f"000-{digits(chance, 2)}-{digits(chance, 4)}",
                          f"{chance.randint(1, 99)},{digits(chance, 3)},{digits(chance, 3)}", f"{chance.randint(1, 200)}-{chance.randint(201, 400)}"))  # fmt: skip


def blob(chance: Random) -> str:
    """The beginning of an image or some other binary in base64."""
    data = base64.b64encode(chance.getrandbits(8 * 60).to_bytes(60, "big")).decode()
    return chance.choice(
        (
            f"data:image/png;base64,iVBORw0KGgo{data}",
            f'etag: W/"{fill(chance, "{h32}")}"',
            f"sha384-{fill(chance, '{b64}')}",
        )
    )


def _one_of(choices: tuple[str, ...]) -> Callable[[Random], str]:
    return lambda chance: chance.choice(choices)


model = _one_of(_MODELS)
code = _one_of(_CODE)
mathematics = _one_of(_MATH)
place = _one_of(_PLACES)
package = _one_of(_PACKAGES)

INLINE: Final = (uuid, hexadecimal, call_id, call_id, order, order, order, price, price, moment, moment, version, version, book, near_miss,
                 model, model, mathematics, place, package)  # fmt: skip
FIELDS: Final[tuple[tuple[str, Callable[[Random], str]], ...]] = (
    ("id", uuid), ("request_id", call_id), ("trace_id", lambda chance: f"{chance.getrandbits(128):032x}"),
    ("span_id", lambda chance: f"{chance.getrandbits(64):016x}"), ("order_id", order), ("total", price), ("created_at", moment),
    ("updated_at", moment), ("version", version), ("model", model), ("sha", hexadecimal), ("path", place), ("status", _one_of(("ok", "failed", "open"))),
    ("isbn", book), ("traceparent", trace), ("input_tokens", lambda chance: str(chance.randint(1, 90_000))), ("quantity", lambda chance: str(chance.randint(1, 40))),
    ("etag", hexadecimal), ("finish_reason", _one_of(("stop", "length", "tool_calls"))), ("score", lambda chance: f"{chance.random():.6f}"),
    ("card_type", _one_of(("visa", "amex"))), ("password_required", _one_of(("true", "false"))), ("phone_verified", _one_of(("true", "false"))),
    ("token_count", lambda chance: str(chance.randint(1, 9999))), ("key_id", lambda chance: str(chance.randint(1, 9999))),
)  # fmt: skip


def inline(chance: Random) -> str:
    """Something harmless that fits in a sentence."""
    return chance.choice(INLINE)(chance)
