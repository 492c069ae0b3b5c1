"""The rules for secrets: how many services they know, and what they leave alone."""

from __future__ import annotations

import functools

import pytest

from spanwise.redact import compile as rulebook
from spanwise.redact.budget import Budget
from spanwise.redact.rule import Rule
from spanwise.redact.scanner import Scanner


SHA512 = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DIGEST = "sha256:9b2a28ebdf4b3e0d6f6c1a0f1d2c3b4a5968778695a4b3c2d1e0f9a8b7c6d5e4"
SCHEMA = (
    '{"type":"object","properties":{"password":{"type":"string","minLength":8,"description":"the password of the user"},'
    '"api_key":{"type":"string","format":"password"},"token":{"$ref":"#/definitions/token"}},"required":["password"]}'
)
DIFF = """diff --git a/src/auth.py b/src/auth.py
index 3b18e51..9fceb02 100644
--- a/src/auth.py
+++ b/src/auth.py
@@ -12,7 +12,7 @@ def login(user: str, password: str) -> Token:
-    return client.login(user=user, password=password)
+    return client.login(user=user, password=password.strip(), token=self.token)
commit 9fceb02d0ae598e95dc970b74767f19372d61af8
"""

STAYS = {
    "uuid": "id 550e8400-e29b-41d4-a716-446655440000, request_id=550e8400-e29b-41d4-a716-446655440000",
    "session uuid": "session_id: 550e8400-e29b-41d4-a716-446655440000 sessionid=550e8400-e29b-41d4-a716-446655440000",
    "trace": "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "hashes": f"d41d8cd98f00b204e9800998ecf8427e 9fceb02d0ae598e95dc970b74767f19372d61af8 {DIGEST}",
    "named hashes": "md5=d41d8cd98f00b204e9800998ecf8427e etag: 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "models": "gpt-4.1-2025-04-14 claude-sonnet-4-5-20250929 mistral-large-2411 text-embedding-3-small o3-mini-2025-01-31",
    "model of a vendor": "mistral/codestral-2501 together_ai/meta-llama/Llama-3.3-70B fireworks/models/llama-v3p1-405b",
    "ids of answers": "chatcmpl-AbC123dEf456GhI789jKl msg_01XFDUDYJgAACzvnptvVoYEL call_abc123DEF456ghi789JKL012",
    "more ids": "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b toolu_01A09q90qw90lq917835lq9 file-AbC123dEf456",
    "token counts": '{"prompt_tokens": 120, "completion_tokens": 35, "total_tokens": 155, "max_tokens": 4096}',
    "token words": "token: a unit of text; token_type: bearer; eos_token='<|endoftext|>' pad_token=\"[PAD]\"",
    "log probabilities": '{"token": " Hello", "logprob": -0.31725305, "bytes": [32, 72, 101], "top_logprobs": []}',
    "cursor": '"next_page_token": "CAUQAA8B1c2d3E4f5G6h7I8j9K0l", "nextPageToken": "CAUQAA8B1c2d3E4f5G6h7I8j9K0l"',
    "cursor in url": "https://x.org/items?page_token=CAUQAA8B1c2d3E4f5G6h7I8j9K0l&pageToken=CAUQAA8B1c2d3E4f5G6&limit=10",
    "idempotency": 'aws ec2 run --client-token 550e8400e29b41d4 "clientRequestToken": "a1b2c3d4e5f6a7b8c9d0"',
    "lockfile": f'"resolved": "https://registry.npmjs.org/a/-/a-1.0.2.tgz", "integrity": "{SHA512}"',
    "image": f"data:image/png;base64,{IMAGE}",
    "bare image": IMAGE,
    "docker": f"FROM python@{DIGEST} as base; image: ghcr.io/acme/app:sha-9fceb02",
    "pod": "api-server-7d9f8b6c5d-x2k4q coredns-565d847f94-8pmz7 job-27894561-abcde secretName: db-creds-7f9c",
    "git diff": DIFF,
    "schema": SCHEMA,
    "schema in text": SCHEMA.replace('"', '\\"'),
    "annotations": "def login(user: str, password: str, token: Optional[str] = None, api_key: str | None = None) -> None:",
    "calls": "client = Client(api_key=get_api_key(), password=getpass.getpass(), token=load_token('a', 1))",
    "environment": 'api_key=os.environ["OPENAI_API_KEY"], secret=os.getenv("APP_SECRET"), password=env.str("DB_PASSWORD")',
    "node": "const apiKey = process.env.OPENAI_API_KEY; const token = config.get('token'); password: this.password,",
    "shell": 'export API_KEY=$OPENAI_API_KEY PASSWORD="${DB_PASSWORD}" curl -H "Authorization: Bearer $TOKEN" -u "$U:$P"',
    "names": "self.password = password; user.api_key = settings.openai_api_key_2; secret_key = derive_secret_key_v2",
    "nothing": "password=None, api_key=null, token: undefined, secret=false, password: nil, client_secret = ''",
    "readme": "export OPENAI_API_KEY=<your-key>\nexport ANTHROPIC_API_KEY=sk-ant-...\nAPI_KEY=your-api-key-here\nTOKEN=xxxx",
    "readme keys": "OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "readme urls": "postgres://user:password@localhost:5432/db redis://<user>:<password>@host https://${U}:${P}@host",
    "placeholders": 'password: changeme, password="********", api_key: "<API_KEY>", secret: "{{ vault_secret }}"',
    "yaml": "password: !vault |\n  secret: /run/secrets/db1\n  tls: {secretName: web-tls-2024}\n  token: !Ref ApiToken1",
    "arn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:MySecret1-a1b2c3",
    "validation": '{"password": ["must be at least 8 characters"], "token": "is invalid", "secret": "required"}',
    "prose": "The password is required. A token is a unit of text. Her secret: she reads. The API key is on page 42.",
    "prose numbers": "the password is 10 characters long; password is base64-encoded; password 8-64 characters; key 3: 12345678",
    "bearer": "Bearer of bad news, the bearer token authentication of RFC 6750, Authorization: required, Basic training",
    "paths": "/home/joe/password1.txt https://docs.x.org/api-key-2024/secret-scanning?page=2 ./secrets/token_v2.json",
    "slugs": "task-management-system-2024 risk-adjusted-return-2024 desk-1234567890123456 sk-learn fc-barcelona-2024-25",
    "sql": "ALTER USER joe PASSWORD NULL; SELECT password_hash, token_count FROM users WHERE password = ? AND token = :token",
    "form": '<input type="password" name="password" placeholder="Password" autocomplete="current-password">',
    "headers": "x-request-id: req_011CSHoEeqs5C35K2UUqR7Fy x-ratelimit-remaining-tokens: 149984 x-api-version: 2024-10-21",
    "certificate": "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
    "public key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl joe@laptop public_key=abc",
    "labels": "password=[PASSWORD] Authorization: Bearer [BEARER_TOKEN] api_key: [API_KEY] https://[URL_CREDENTIALS]@h",
}

UNDER_KEYS = [
    ("password", "letmein"), ("db_password", "correct horse battery staple"), ("userPassword", "x9"), ("PGPASSWORD", "k9z"),
    ("passwd", "hunter2"), ("client_secret", "s"), ("clientSecret", "550e8400-e29b-41d4-a716-446655440000"),
    ("apiKey", "abc123"), ("x-api-key", "abc123"), ("OPENAI_API_KEY", "abc123"), ("access_token", "abc123"),
    ("refreshToken", "abc123"), ("http.request.header.authorization", "Basic am9lOmE="), ("Authorization", "abc123"),
    ("http.request.header.cookie", "sid=a1b2c3"), ("set-cookie", "sid=1; Path=/"), ("signing_key", "k9z"), ("secret", "k9z"),
]  # fmt: skip

NOT_UNDER_KEYS = [
    "gen_ai.usage.input_tokens", "max_tokens", "token", "token_type", "next_page_token", "nextPageToken", "token_count",
    "password_reset_url", "password_policy", "secret_name", "secretName", "public_key", "foreign_key", "partition_key",
    "cache_key", "idempotency_key", "key", "keys", "authorization_endpoint", "cookie_policy", "session_id", "session.id",
    "api_key_count", "pwd_path", "author", "secretary", "gen_ai.request.model", "eos_token", "stop_token", "access",
]  # fmt: skip


@functools.cache
def rules() -> tuple[Rule, ...]:
    """The rules of the family, from their YAML."""
    return tuple(rule for rule in rulebook.rules() if rule.family == "secret")


@functools.cache
def scanner() -> Scanner:
    """Finds all secrets."""
    return Scanner(rules(), base64=True)


def test_many_services_are_known() -> None:
    """There are rules for at least three hundred forms, and a kind for at least as many services as are promised."""
    kinds = {rule.kind for rule in rules()}
    assert len(rules()) >= 350
    assert len(kinds) >= 290
    assert {"openai_key", "anthropic_key", "google_key", "aws_key", "github_token", "slack_token", "jwt", "private_key",
            "url_credentials", "url_secret"} <= kinds  # fmt: skip


@pytest.mark.parametrize("name", STAYS)
def test_what_is_no_secret_stays(name: str) -> None:
    """Ids, hashes, code, placeholders and prose give no hit of any rule, plain, quoted and in JSON."""
    for frame in ("{}", "see {} now", '"{}"', "a\n{}\nb"):
        data = frame.replace("{}", STAYS[name]).encode()
        hits = scanner().hits(data, Budget(10_000))
        assert [(hit.rule, data[hit.start : hit.end]) for hit in hits] == []


@pytest.mark.parametrize(("key", "value"), UNDER_KEYS)
def test_key_makes_its_whole_value_a_secret(key: str, value: str) -> None:
    """Under a name that says what it is, a value need not look like a secret."""
    rule = scanner().keyed(key)
    assert rule is not None
    assert scanner().whole(value.encode().ljust(3, b"."), rule)


@pytest.mark.parametrize("key", NOT_UNDER_KEYS)
def test_key_that_only_sounds_like_one_says_nothing(key: str) -> None:
    """Counts, places in a list, names of things and policies about secrets are no secrets."""
    assert scanner().keyed(key) is None


@pytest.mark.parametrize("value", ["[PASSWORD]", "string", "********", "${DB_PASSWORD}", "your-password", "must be long",
                                   "Password", "<password>", "changeme", "{{ password }}", "Enter your password"])  # fmt: skip
def test_placeholder_under_a_key_stays(value: str) -> None:
    """What only stands for a password is none, whatever the key says."""
    rule = scanner().keyed("password")
    assert rule is not None
    assert not scanner().whole(value.encode(), rule)


def test_every_rule_says_where_its_form_is_documented() -> None:
    """Each rule names a public source, has a near miss, and gates without reading far."""
    for table in rulebook.tables():
        if table["family"] == "secret":
            assert table["source"].startswith("https://"), table["id"]
            assert len(table["negative"]) > 1, table["id"]
