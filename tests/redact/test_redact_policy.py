"""The `redact:` section of a policy: what it sets, what it overrides, and what it refuses."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from spanwise.policy import PolicyError, Reader
from spanwise.policy.policy import policy_of
from spanwise.redact import PseudonymConfig, RedactConfig, Replacement
from spanwise.redact.key_ring import KeyRing
from spanwise.redact.kinds import families


KEY_LINE = f"k1 {base64.b64encode(bytes(range(32))).decode()}"


def redact(text: str, directory: Path) -> RedactConfig:
    """What the section `text` sets, in a policy that stands in `directory`."""

    def section(reader: Reader) -> RedactConfig:
        return RedactConfig.read(reader.section("redact"))

    indented = "".join(f"  {line}\n" for line in text.splitlines())
    return policy_of(f"redact:\n{indented}".encode(), source="f", directory=directory).read(section)


def complaints(text: str, directory: Path) -> list[str]:
    """What is wrong with the section `text`."""
    with pytest.raises(PolicyError) as error:
        redact(text, directory)
    return list(error.value.lines)


@pytest.fixture
def keyed(tmp_path: Path) -> Path:
    """A folder with a key."""
    file = tmp_path / "keys"
    file.write_text(KEY_LINE)
    file.chmod(0o400)
    return tmp_path


def test_nothing_set_is_the_default(tmp_path: Path) -> None:
    """An empty section masks every kind."""
    assert redact("", tmp_path) == RedactConfig()


def test_families_stand_for_their_kinds(tmp_path: Path) -> None:
    """A list of kinds may name families."""
    assert redact("kinds: [contact, card]", tmp_path).kinds == (*families()["contact"], "card")


def test_environments_override_key_by_key(keyed: Path) -> None:
    """An environment changes what it names; lists are replaced, mappings are merged, others are untouched."""
    config = redact(
        "actions: {contact: pseudonym, card: partial}\nallow: ['*@example.com']\nattributes: {note: drop}\n"
        "pseudonym: {key_file: keys, tenant: acme}\n"
        "environments:\n  production:\n    kinds: [card]\n    actions: {card: drop}\n    allow: []\n"
        "    attributes: {user.id: drop}\n  empty:\n",
        keyed,
    )
    production = config.within("production")
    assert production.kinds == ("card",)
    assert production.actions == {"contact": "pseudonym", "card": "drop"}
    assert Replacement(production).of("email", "a@example.com") != "a@example.com"
    assert production.attributes == {"user.id": "drop", "enduser.id": "pseudonym", "note": "drop"}
    assert production.pseudonym == config.pseudonym and config.pseudonym and config.pseudonym.tenant == "acme"
    for name in ("empty", "unknown", None, 3):
        assert Replacement(config.within(name)).of("card", "4111111111111111") == "****1111"
    assert config.validate() == []


def test_a_key_pseudonymises_user_ids(keyed: Path) -> None:
    """With a key, and without another word, user ids are pseudonymised; without a key nothing is."""
    assert redact("pseudonym: {key_file: keys}", keyed).attributes == {
        "user.id": "pseudonym",
        "enduser.id": "pseudonym",
    }
    assert redact("", keyed).attributes == {}
    kept = redact("pseudonym: {key_file: keys}\nattributes: {user.id: keep}", keyed)
    assert kept.attributes["user.id"] == "keep"


def test_keys_may_stand_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`key_env` names a variable."""
    assert complaints("pseudonym: {key_env: MY_KEYS}", tmp_path) == [
        "f:2: redact.pseudonym.key_env: the variable is not set."
    ]
    monkeypatch.setenv("MY_KEYS", KEY_LINE)
    config = redact("pseudonym: {key_env: MY_KEYS}", tmp_path)
    assert config.pseudonym == PseudonymConfig(KeyRing.parse(KEY_LINE))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("actions: {emial: mask}", "redact.actions.emial: not a kind or family. Did you mean email?"),
        ("actions: {email: maks}", "redact.actions.email: found 'maks'; accepted: mask, partial,"),
        ("actions: {email: pseudonym}", "redact.actions.email: a pseudonym needs a key."),
        ("attributes: {user.id: pseudonym}", "redact.attributes['user.id']: a pseudonym needs a key."),
        ("attributes: {'*': keep}", "redact.attributes['*']: keeps too much"),
        ("allow: ['*']", "redact.allow[0]: allows too much"),
        ("allow: {emial: [a]}", "redact.allow.emial: not a kind or family. Did you mean email?"),
        ("allow: {email: ['a*']}", "redact.allow.email[0]: allows too much"),
        ("kinds: [emial]", "redact.kinds[0]: found 'emial', not a kind or family. Did you mean email?"),
        ("pseudonym: {}", "redact.pseudonym: accepted is one of key_file and key_env"),
        ("pseudonym: {key_file: a, key_env: b}", "redact.pseudonym: accepted is one of key_file and key_env"),
        (
            "pseudonym: {key_file: none}",
            "redact.pseudonym.key_file: the file cannot be read (No such file or directory).",
        ),
        ("pseudonym: {key: abc}", "redact.pseudonym.key: not a key."),
        ("environments: {prod: {pseudonym: {}}}", "redact.environments.prod.pseudonym: not a key."),
        ("environments: {prod: {actions: {card: x}}}", "redact.environments.prod.actions.card: found 'x'"),
    ],
)
def test_mistakes_are_named(text: str, message: str, tmp_path: Path) -> None:
    """Each with its line and path, what was found and what is accepted."""
    assert any(line.startswith(f"f:2: {message}") for line in complaints(text, tmp_path)), complaints(text, tmp_path)


def test_a_key_in_the_policy_itself_is_not_repeated(tmp_path: Path) -> None:
    """Somebody who writes a key into the policy does not find it in the log."""
    lines = complaints(f"pseudonym: {{key_file: [{KEY_LINE}], key: '{KEY_LINE}', key_env: '{KEY_LINE}'}}", tmp_path)
    assert not any(KEY_LINE[3:20] in line for line in lines)


def test_settings_made_in_code_are_checked_the_same() -> None:
    """`validate` finds what a policy would be refused for, in environments as well."""
    config = RedactConfig(
        actions={"emial": "mask", "email": "pseudonym"},
        allow={"any": ("*",)},
        attributes={"a": "x"},
        environments={"prod": RedactConfig(max_span_bytes=3)},
    )
    problems = config.validate()
    for beginning in (
        "actions.emial:",
        "actions.email: a pseudonym",
        "allow.any[0]:",
        "attributes.a:",
        "environments.prod.max_span_bytes:",
    ):
        assert any(problem.startswith(beginning) for problem in problems), beginning
    nested = RedactConfig(environments={"a": RedactConfig(environments={"b": RedactConfig()})})
    assert nested.validate() == ["environments.a: an environment has no environments."]
