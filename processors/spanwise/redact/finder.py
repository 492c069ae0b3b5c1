"""`finder`: the functions that find what no anchored pattern can say, by the names that rules give them."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from spanwise.redact.rule import Find


HOMES: Final = {
    "seed_phrase": "phrase",
    "email": "mailbox",
    "email_spelled": "mailbox",
    "phone_international": "telephone",
    "phone_american": "telephone",
    "phone_national": "telephone",
    "phone_named": "telephone",
    "address": "street",
    "card": "bank",
    "iban": "bank",
    "ssn": "social",
    "itin": "social",
    "ipv4": "host",
    "ipv6": "host",
    "mac": "host",
    "jwt": "credential",
    "aws_access_key": "credential",
    "aws_secret_key": "credential",
    "private_key": "credential",
    "azure_key": "credential",
    "entra_secret": "credential",
    "terraform_token": "credential",
    "mailchimp_key": "credential",
    "mailgun_key": "credential",
    "newrelic_license_key": "credential",
    "telegram_token": "credential",
    "go_dsn_password": "credential",
    "named_token": "credential",
    "url_parameter": "locator",
}
"""The module of this package in which each function stands."""


def finder(name: str) -> Find:
    """The function called `name`.

    Raises:
        KeyError: there is none.
    """
    find: Find = getattr(import_module(f"spanwise.redact.{HOMES[name]}"), name)
    return find
