"""Secrets without a vendor: passwords, connection strings, tokens, keys, headers."""

# ruff: noqa: E501

from __future__ import annotations

import base64
import json
from random import Random
from typing import Final

from tests.corpus.form import fill, uuid
from tests.corpus.piece import FREE, Fact, Piece, fact, fixed, words


_WORDLIST: Final = words(
    "Sommer dragon hunter purple Monkey winter Falcon tiger Welcome ocean Kestrel bamboo Zephyr marble"
)
_USERS: Final = words("admin app-user svc-billing postgres root readonly deploy analytics")
_HOSTS: Final = words("db.internal.acme.com prod-db-01.acme.net cache.acme.io cluster0.x7k2p.mongodb.net mq.acme.com")
_PASSWORD_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("password", "Password", "passwd", "passphrase", "root password"),
    "de": ("Passwort", "Kennwort"),
    "fr": ("mot de passe", "Mot de passe"),
    "es": ("contraseña", "Contraseña"),
    "it": ("password", "parola d'ordine"),
    "nl": ("wachtwoord", "Wachtwoord"),
    "pt": ("senha", "Senha"),
    "pl": ("hasło", "Hasło"),
    "sv": ("lösenord", "Lösenord"),
    "ja": ("パスワード",),
}
_URLS: Final = (
    ("postgres://", "5432/orders"), ("postgresql+psycopg://", "5432/app?sslmode=require"), ("mysql://", "3306/shop"),
    ("mongodb+srv://", "27017/admin?retryWrites=true"), ("redis://", "6379/0"), ("amqp://", "5672/vhost"),
    ("https://", "8443/repo.git"), ("ftp://", "21/incoming"), ("mssql://", "1433/crm"),
)  # fmt: skip


def password_text(chance: Random) -> str:
    """A password somebody thought up, or one that a program made."""
    word = chance.choice(_WORDLIST)
    return chance.choice((
        f"{word}{chance.randint(10, 2030)}{chance.choice('!#$?*')}", f"{word}-{chance.choice(_WORDLIST)}-{chance.randint(1, 99)}",
        fill(chance, "{n12}"), fill(chance, "{n8}{d2}!{A1}"), fill(chance, "{w20}"), f"{word[0].upper()}{word[1:]}_{fill(chance, '{d3}')}",
        f"P@ss{fill(chance, '{d4}')}{word}",
    ))  # fmt: skip


def password(chance: Random, language: str) -> Fact:
    """A password beside the word for it."""
    return fact(password_text(chance), "secret", "password", _PASSWORD_WORDS[language],
                ("password", "passwd", "pwd", "DB_PASSWORD", "admin_password", "userPassword"), bare=False)  # fmt: skip


def database_url(chance: Random) -> Fact:
    """A URL with user and password; the user may stay, the password may not."""
    scheme, rest = chance.choice(_URLS)
    secret = password_text(chance).replace("@", "%40").replace("#", "%23").replace("?", "%3F")
    pieces = (fixed(scheme), Piece(chance.choice(_USERS), FREE, "user"), fixed(":"), Piece(secret, "secret", "url_password"),
              fixed(f"@{chance.choice(_HOSTS)}:{rest}"))  # fmt: skip
    return Fact(
        pieces,
        ("database URL", "connection string", "DATABASE_URL", "DSN"),
        ("DATABASE_URL", "db_url", "connectionString"),
    )


def connection_string(chance: Random) -> Fact:
    """The semicolon form of .NET and Azure."""
    if chance.random() < 0.5:
        key = base64.b64encode(chance.getrandbits(512).to_bytes(64, "big")).decode()
        name = fill(chance, "{l12}")
        parts = (fixed(f"DefaultEndpointsProtocol=https;AccountName={name};AccountKey="), Piece(key, "secret", "azure_storage"),
                 fixed(";EndpointSuffix=core.windows.net"))  # fmt: skip
        return Fact(parts, ("Azure storage connection string",), ("AZURE_STORAGE_CONNECTION_STRING",))
    pieces = (fixed(f"Server=tcp:{chance.choice(_HOSTS)},1433;Database=crm;User ID="), Piece(chance.choice(_USERS), FREE, "user"),
              fixed(";Password="), Piece(password_text(chance), "secret", "dsn_password"), fixed(";Encrypt=True"))  # fmt: skip
    return Fact(pieces, ("connection string",), ("ConnectionStrings__Default", "connection_string"))


def _segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()


def jwt(chance: Random) -> Fact:
    """A signed JSON web token."""
    header = _segment({"alg": chance.choice(("HS256", "RS256", "ES256")), "typ": "JWT"})
    body = _segment(
        {
            "sub": fill(chance, "{d10}"),
            "name": chance.choice(_WORDLIST),
            "iat": chance.randint(1_600_000_000, 1_790_000_000),
        }
    )
    value = f"{header}.{body}.{fill(chance, '{w43}')}"
    return fact(
        value,
        "secret",
        "jwt",
        ("JWT", "access token", "bearer token", "session token"),
        ("access_token", "id_token", "jwt"),
    )


def private_key(chance: Random) -> Fact:
    """A private key in PEM."""
    name = chance.choice(
        ("RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK")
    )
    lines = [fill(chance, "{b64}") for _ in range(chance.randint(2, 8))]
    value = "\n".join((f"-----BEGIN {name}-----", *lines, fill(chance, "{b22}=="), f"-----END {name}-----"))
    return fact(
        value,
        "secret",
        "private_key",
        ("private key", "SSH key", "key file"),
        ("private_key", "PRIVATE_KEY", "ssh_key"),
    )


def header(chance: Random) -> Fact:
    """A request header that opens a door."""
    name, before, value, kind = chance.choice((
        ("Authorization", "Bearer ", fill(chance, "{w40-80}"), "bearer"),
        ("Authorization", "Bearer ", fill(chance, "{h64}"), "bearer"),
        ("Authorization", "Basic ", base64.b64encode(f"{chance.choice(_USERS)}:{password_text(chance)}".encode()).decode(), "basic"),
        ("Authorization", "Token ", fill(chance, "{h40}"), "bearer"),
        ("X-API-Key", "", fill(chance, "{n32}"), "api_key_header"),
        ("api-key", "", fill(chance, "{h32}"), "api_key_header"),
        ("X-Auth-Token", "", fill(chance, "{w36}"), "api_key_header"),
        ("Cookie", "sessionid=", fill(chance, "{l32}"), "cookie"),
    ))  # fmt: skip
    pieces = (fixed(f"{name}: {before}"), Piece(value, "secret", kind))
    return Fact(pieces, ("header", "request header"), ("header", "headers"))


def url_secret(chance: Random) -> Fact:
    """A URL whose query holds the secret."""
    name, value = chance.choice((
        ("api_key", fill(chance, "{n32}")), ("access_token", fill(chance, "{w48}")), ("token", fill(chance, "{h40}")),
        ("key", fill(chance, "{n30}")), ("client_secret", fill(chance, "{w34}")), ("sig", fill(chance, "{n42}%3D")),
        ("X-Amz-Signature", fill(chance, "{h64}")), ("password", password_text(chance).replace("#", "").replace("?", "")),
    ))  # fmt: skip
    host = chance.choice(("api.acme.com/v1/search", "files.acme.io/report.pdf", "bucket.s3.amazonaws.com/a/b.csv"))
    page = chance.randint(1, 9)
    after = chance.choice(("", f"&page={page}", "&lang=en"))
    pieces = (fixed(f"https://{host}?page={page}&{name}="), Piece(value, "secret", "url_secret"), fixed(after))
    return Fact(pieces, ("URL", "link", "download link"), ("url", "href", "callback_url"))


def assignment(chance: Random) -> Fact:
    """A random value under a name that says it is secret."""
    name = chance.choice((
        "SECRET_KEY", "API_KEY", "APP_SECRET", "client_secret", "auth_token", "access_token", "refresh_token", "apiSecret",
        "ENCRYPTION_KEY", "JWT_SECRET", "webhook_secret", "private_token", "SERVICE_TOKEN", "X_API_KEY", "signing_key",
    ))  # fmt: skip
    value = chance.choice(
        (fill(chance, "{n32}"), fill(chance, "{h64}"), fill(chance, "{w40}"), fill(chance, "{b43}="), uuid(chance))
    )
    return fact(value, "secret", "generic", (name, name.lower().replace("_", " ")), (name,), bare=False)
