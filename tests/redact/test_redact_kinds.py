"""What is taken for a value of each kind, and what is not."""

from __future__ import annotations

import base64

import orjson
import pytest

from spanwise.redact import ALL, PERSONAL, RedactConfig, Redactor
from spanwise.redact.kinds import label


REDACTOR = Redactor()


def segment(value: object) -> str:
    """`value` as a part of a JSON web token."""
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


JWT = f"{segment({'alg': 'HS256', 'typ': 'JWT'})}.{segment({'sub': '1234567890'})}.dBjftJeZ4CVPmB92K27uhbUJU1p"
BODY = "MIIEowIBAAKCAQEA0Z3VS5JJcds3xfnygWyF8PbnGy0AHB7MbqVPIJSe3k9L3aQ1"
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n{BODY}\nabc=\n-----END RSA PRIVATE KEY-----"

POSITIVES = {
    "email": [
        "joe@example.com", "joe.smith+news@mail.example.co.uk", "JOE_SMITH@EXAMPLE.COM", "o'brien@example.ie",
        "müller@example.de", "joe@müller.de", "joe%40example.com", "joe&#64;example.com", "a@b.co", "1@2.io",
        "joe@xn--mller-kva.de", "root@sub.sub.sub.example.museum",
    ],
    "phone": [
        "+1 415 555 0132", "+14155550132", "(415) 555-0132", "415-555-0132", "415.555.0132", "1-800-555-0199",
        "+44 20 7946 0958", "+442079460958", "+49 (30) 1234-5678", "020 7946 0958", "06 12 34 56 78", "0171 1234567",
        "+91-98765-43210", "0049 30 12345678", "(020) 7946 0958",
    ],
    "card": [
        "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "378282246310005", "3782 822463 10005",
        "5555555555554444", "2223003122003222", "6011111111111117", "30569309025904", "3530111333300000",
        "4222222222222", "6304000000000000",
    ],
    "iban": [
        "DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19",
        "FR14 2004 1010 0505 0001 3M02 606", "NO9386011117947", "de89370400440532013000",
        "MT84MALT011000012345MTLCAST001S",
    ],
    "ssn": ["123-45-6789", "078-05-1120"],
    "ipv4": ["192.168.1.20", "8.8.8.8", "203.0.113.255", "10.0.0.1"],
    "ipv6": [
        "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "2001:db8::8a2e:370:7334", "fe80::1ff:fe23:4567:890a",
        "::ffff:192.168.1.20", "2001:DB8::1", "64:ff9b::192.0.2.33",
    ],
    "openai_key": [
        "sk-" + "aB3dE5gH7jK9" * 4, "sk-proj-" + "aB3_dE5-gH7" * 8, "sk-svcacct-" + "aB3dE5gH7" * 5,
        "sk-0123456789abcdef0123456789abcdef",
    ],
    "anthropic_key": ["sk-ant-api03-" + "aB3_dE5-gH7" * 8 + "AA", "sk-ant-admin01-abcdefghij"],
    "aws_key": ["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"],
    "github_token": [
        "ghp_" + "aB3dE5gH7" * 4, "gho_" + "a1" * 18, "ghu_" + "a1" * 18, "ghs_" + "a1" * 18, "ghr_" + "a1" * 18,
        "github_pat_11ABCDEFG0" + "aB3_" * 10,
    ],
    "slack_token": ["xoxb-123456789012-abcdefABCDEF", "xoxp-1234567890-abcdef", "xapp-1-A0123456-789-abcdef"],
    "google_key": ["AIza" + "SyD3x_9-kLmNoPqRsTuVwXyZ0123456789a", "ya29.a0AfH6SMBx" + "aB3_" * 10,
                   "GOCSPX-" + "aB3_" * 7],
    "jwt": [JWT, JWT.rsplit(".", 1)[0] + "."],
    "private_key": [PEM, PEM.replace("\n", "\\n"), "-----BEGIN PRIVATE KEY----- -----END PRIVATE KEY-----",
                    PEM.replace("RSA ", "PGP ").replace("KEY", "KEY BLOCK")],
}  # fmt: skip

FRAMES = (
    "{}",
    "see {} now",
    "({})",
    '"{}"',
    "<{}>",
    "x={};",
    "a\n{}\nb",
    "{},{}",
    "値は{}です",
    "first\\n{}",
    "[id {}]",
)

NEGATIVES = [
    "550e8400-e29b-41d4-a716-446655440000", "12345678-1234-4234-8234-123456789012", "d41d8cd98f00b204e9800998ecf8427e",
    "9fceb02d0ae598e95dc970b74767f19372d61af8", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7",
    "gpt-4.1-2025-04-14", "claude-sonnet-4-5-20250929", "o3-mini", "text-embedding-3-small", "1.2.3", "10.15.7",
    "v1.2.3.4", "version 1.2.3.4", "Version: 4.0.30319.42000", "requests==2.31.0.1", "Chrome/120.0.0.0 Safari/537.36",
    "1.2.3.4.5", "1.2.3.4-rc1", "section 4.1.2.1", "2025-04-14T12:30:00.123456Z", "2025-04-14 12:30:00", "2024-11-03",
    "04-12-2024 10:30", "1732406400", "1732406400000", "1732406400000000000", "$1,299.00", "1,234,567,890",
    "ORD-12345678", "ORD-415-555-0132", "3.141592653589793", "0.4111111111111111", "4111111111111112",
    "4111 1111 1111 1112", "1234567890123456", "0000000000000000", "256 512 1024", "200 300 4000",
    'File "app.py", line 412, in main', "chatcmpl-AbC123dEf456GhI789jKl", "msg_01XFDUDYJgAACzvnptvVoYEL",
    "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b", "toolu_01A09q90qw90lq917835lq9", "call_abc123DEF456",
    "req_011CSHoEeqs5C35K2UUqR7Fy", "000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000",
    "1123-45-6789", "123-45-67890", "DE00370400440532013000", "XX89370400440532013000", "@app.route", "user@host",
    "pkg@1.2.3", "icon@2x.png", "actions/checkout@v4", "image@sha256", "256.1.1.1", "01.02.03.04", "127.0.0.1",
    "0.0.0.0", "::1", "a[::2]", "std::vector", "12:34:56", "aa:bb:cc:dd:ee:ff", "http://[::1]:8080/v1",
    "task-management-system-for-teams", "risk-adjusted-return-2024", "sk-learn", "sk-2024-05-12-a-long-page-slug-here",
    "desk-1234567890123456", "AKIA123", "xAKIAIOSFODNN7EXAMPLE", "ghp_short", "eyJhbGciOiJIUzI1NiJ9",
    "eyJmb29vb29vIjoxfQ.eyJzdWIiOiIxIn0.abc", "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----",
    "https://example.com/a/b?page=2&sort=asc#top", "https://medium.com/@joe/title", "http://127.0.0.1:8080/v1/chat",
    "12/25", "DFARS 252.227-7014", "+384/371 (1.13 M)", "/news/0104/010417.html", "1035,267.764 1040",
    "1e10", "+0000", "+01:00", "+12%", "1 + 12345678", "0123456789", "port 8080", "HTTP/1.1 200 OK",
    "arn:aws:iam::123456789012:role/x", "x86_64", "AB12", "utf-8", "key=value", "tokens=123",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in POSITIVES.items() for value in values])
def test_value_is_replaced_by_its_label(kind: str, value: str) -> None:
    """Each form of each kind is taken out whole, whatever stands around it, and counted as its kind."""
    for frame in FRAMES:
        text = frame.replace("{}", value)
        found = REDACTOR.find(text)
        # An address may begin with the letter of an escaped line break: it is taken as well.
        expected = frame.replace("\\n", "\\") if kind == "email" else frame
        assert found.text == expected.replace("{}", label(kind)), text
        assert found.kinds == {kind: frame.count("{}")}


CUT_KEYS = [
    f"-----BEGIN PRIVATE KEY-----\n{BODY}\n{BODY[:20]}",
    f"-----BEGIN PRIVATE KEY-----\r\n{BODY}\r\nMII",
    f"-----BEGIN EC PRIVATE KEY-----\\n{BODY}\\n{BODY[:3]}",
    f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0F1E\n\n{BODY}\n{BODY[:9]}",
    f"-----BEGIN PRIVATE KEY----- {BODY} {BODY}",
]


@pytest.mark.parametrize("text", CUT_KEYS)
def test_private_key_without_its_end_is_taken_out(text: str) -> None:
    """A block that was cut off leaves neither a line of base64 nor the short last one."""
    assert REDACTOR.text(text) == "[PRIVATE_KEY]"
    assert REDACTOR.text(f"key: {text}, next") == "key: [PRIVATE_KEY], next"
    assert REDACTOR.text("-----BEGIN PRIVATE KEY----- is the header") == "[PRIVATE_KEY] is the header"


@pytest.mark.parametrize("text", NEGATIVES)
def test_ordinary_text_stays(text: str) -> None:
    """What only looks like a value is left as it is, alone and in a sentence."""
    for frame in ("{}", "see {} now", "({})", '"{}"', '{"id":"{}"}', "a\n{}\n"):
        framed = frame.replace("{}", text)
        assert REDACTOR.find(framed) == (framed, {})


NAMED = [
    ("ssn: 123456789", "ssn: [SSN]"),
    ("SSN 123 45 6789", "SSN [SSN]"),
    ("social security number is 123 45 6789.", "social security number is [SSN]."),
    ("phone: 4155550132", "phone: [PHONE]"),
    ("Mobile number 07911123456", "Mobile number [PHONE]"),
    ("tel. 030 123456", "tel. [PHONE]"),
    ("phone 2024-11-03", "phone 2024-11-03"),
    ("hotel 1234567", "hotel 1234567"),
    ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret_access_key = [AWS_KEY]"),
    ('"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"', '"SecretAccessKey": "[AWS_KEY]"'),
    ("AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "[AWS_KEY]"),
    ("secret key 9fceb02d0ae598e95dc970b74767f19372d61af8", "secret key 9fceb02d0ae598e95dc970b74767f19372d61af8"),
]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_word_beside_a_number_gives_it_its_meaning(text: str, expected: str) -> None:
    """Digits that mean nothing alone are a value behind the word that names them; the word stays."""
    assert REDACTOR.text(text) == expected


URLS = [
    ("https://joe:s3cr3t@db.example.com/x", "https://[URL_CREDENTIALS]@db.example.com/x"),
    ("redis://:p%40ss@cache:6379/0", "redis://[URL_CREDENTIALS]@cache:6379/0"),
    ("postgres://u:p@ss@h/db", "postgres://[URL_CREDENTIALS]@h/db"),
    ("https://x.org/a?api_key=abc&page=2", "https://x.org/a?api_key=[URL_SECRET]&page=2"),
    ("https://x.org/a?page=2&access_token=abc#top", "https://x.org/a?page=2&access_token=[URL_SECRET]#top"),
    ("https://x.org/cb#access_token=abc", "https://x.org/cb#access_token=[URL_SECRET]"),
    ("https://b.s3.amazonaws.com/k?X-Amz-Signature=ab12&X-Amz-Date=1",
     "https://b.s3.amazonaws.com/k?X-Amz-Signature=[URL_SECRET]&X-Amz-Date=1"),
    ("https://x.blob.core.windows.net/c?sv=2022&sig=ab%3D", "https://x.blob.core.windows.net/c?sv=2022&sig=[URL_SECRET]"),
    ("https://x.org/?key=AbC&client_secret=d&password=e",
     "https://x.org/?key=[URL_SECRET]&client_secret=[URL_SECRET]&password=[URL_SECRET]"),
    ("https://x.org/?email=joe%40example.com", "https://x.org/?email=[EMAIL]"),
    ("https://hooks.slack.com/services/T000/B000/XXXXXXXXXXXXXXXX", "https://hooks.slack.com/services/[SLACK_TOKEN]"),
    ("Server=db;Password=hunter2;Port=1", "Server=db;Password=[URL_SECRET];Port=1"),
    ("http://10.1.2.3:8080/v1", "http://[IPV4]:8080/v1"),
    ("http://[2001:db8::1]:8080/v1", "http://[[IPV6]]:8080/v1"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "expected"), URLS)
def test_url_keeps_everything_but_its_secrets(url: str, expected: str) -> None:
    """Scheme, host, path and harmless parameters stay readable."""
    assert REDACTOR.text(url) == expected
    assert REDACTOR.text(expected) == expected


NEIGHBOURS = [
    ("4111111111111111@example.com", "[EMAIL]"),
    ("john.4111111111111111@example.com", None),
    ("joe@example.com,ann@example.com", "[EMAIL],[EMAIL]"),
    ("4111111111111112 4111111111111111", "4111111111111112 [CARD]"),
    ("1234-45-6789 123-45-6789", "1234-45-6789 [SSN]"),
    ("999.1.1.1 10.1.1.1", "999.1.1.1 [IPV4]"),
    ("10.1.1.1/10.1.1.2", "[IPV4]/[IPV4]"),
    ("sk-sk-ant-api03-aB3dE5gH7jK9", "sk-[ANTHROPIC_KEY]"),
    ("4111 1111 1111 1111 12/25", "[CARD] 12/25"),
    ("+1 415 555 0132 ext 12", "[PHONE] ext 12"),
    ("(415) 555-0132, 12345678", "[PHONE], 12345678"),
    ("123-45-6789: 123456789", "[SSN]: 123456789"),
    ('{"+1 415 555 0132":1000000}', '{"[PHONE]":1000000}'),
]


@pytest.mark.parametrize(("text", "expected"), NEIGHBOURS)
def test_neighbours_do_not_hide_each_other(text: str, expected: str | None) -> None:
    """A candidate that is no value does not hide the value inside or beside it."""
    found = REDACTOR.text(text)
    assert "4111111111111111" not in found
    assert expected is None or found == expected


DISGUISED = {
    "4111\u200b1111\u200b1111\u200b1111": "[CARD]",
    "jo\u200de@exam\u2060ple.com": "[EMAIL]",
    "joe\uff20example.com": "[EMAIL]",
    "\uff14\uff11\uff11\uff11111111111111": "[CARD]",
    "4111\u20111111\u20111111\u20111111": "[CARD]",
    "4111\u00a01111\u00a01111\u00a01111": "[CARD]",
    "123\u201345\u20136789": "[SSN]",
    "\u0661\u0662\u0663-45-6789": "[SSN]",
    "+1\u202f415\u202f555\u202f0132": "[PHONE]",
    "sk-ant-\u00adapi03-aB3dE5gH7jK9": "[ANTHROPIC_KEY]",
    "192\u200b.168.1.20": "[IPV4]",
}


@pytest.mark.parametrize(("text", "expected"), DISGUISED.items())
def test_invisible_and_foreign_characters_hide_nothing(text: str, expected: str) -> None:
    """Zero-width characters, full-width letters, foreign digits, dashes and spaces do not keep a value in."""
    assert REDACTOR.text(text) == expected
    assert REDACTOR.text(f"❤️ naïve — “{text}” 👩‍💻") == f"❤️ naïve — “{expected}” 👩‍💻"


def test_only_the_kinds_asked_for_are_taken_out() -> None:
    """A configuration with one kind leaves the others alone."""
    text = "joe@example.com 192.168.1.20"
    assert Redactor(RedactConfig(kinds=("email",))).text(text) == "[EMAIL] 192.168.1.20"
    assert Redactor(RedactConfig(kinds=())).text(text) == text
    assert set(PERSONAL) < set(ALL)


def test_kinds_keep_their_names() -> None:
    """Kinds that settings and dashboards may name are still there; the cases of all others stand with their rules."""
    assert set(POSITIVES) | {"url_credentials", "url_secret"} <= set(ALL)


def test_mistakes_in_the_configuration_are_named() -> None:
    """Each complaint names the key, what was found and what is meant; a redactor is not built on a mistake."""
    problems = RedactConfig(kinds=("emial",), max_span_bytes=3).validate()
    assert "did you mean email?" in problems[0].lower()
    assert problems[1].startswith("max_span_bytes: found 3")
    assert "list" in RedactConfig(kinds="email").validate()[0]  # type: ignore[arg-type]
    assert RedactConfig().validate() == []
    with pytest.raises(ValueError, match="emial"):
        Redactor(RedactConfig(kinds=("emial",)))


def test_files_in_base64_are_not_searched_for_numbers() -> None:
    """A card number in a long run of base64 means nothing; an address outside it still does."""
    blob = "iVBORw0KGgoAAAANSUhEUgAA" * 20 + "/4111111111111111/" + "AAB3NzaC1yc2EAAAADAQABAAAB" * 20
    assert REDACTOR.text(blob) == blob
    assert REDACTOR.text(f"data:image/png;base64,{blob}") == f"data:image/png;base64,{blob}"
    assert REDACTOR.text(f"see {blob} and 4111111111111111") == f"see {blob} and [CARD]"
