"""Feedback tokens: what one gives the right to, and nothing else."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise import feedback_token
from spanwise.feedback import FeedbackConfig, Token, TokenError
from spanwise.policy import PolicyError
from spanwise.redact import KeyRing


LINE = "k1 " + base64.b64encode(bytes(range(32))).decode()
KEYS = KeyRing.parse(LINE)
TRACE = "0af7651916cd43dd8448eb211c80319c"
TOKEN = Token(names=("helpful", "tone"), expires_unix_s=1000, trace_id=5, span_id=6, response_id="r-1", user="u-7")


def test_there_and_back() -> None:
    """What was signed is what is read, until the second at which it ends."""
    text = TOKEN.signed(KEYS)
    assert Token.opened(text, KEYS, 999.9) == TOKEN
    assert not set(text) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    with pytest.raises(TokenError, match="expired"):
        Token.opened(text, KEYS, 1000)


def test_another_key() -> None:
    """A token of another key, also of one with the same id, is not valid."""
    other = KeyRing.parse("k1 " + base64.b64encode(bytes(range(1, 33))).decode())
    with pytest.raises(TokenError, match="not valid"):
        Token.opened(TOKEN.signed(other), KEYS, 0)


@given(st.data())
def test_any_change_ends_it(data: st.DataObject) -> None:
    """Whatever character is changed, left out or added, the token is not valid."""
    text = TOKEN.signed(KEYS)
    place = data.draw(st.integers(0, len(text) - 1))
    change = data.draw(st.text(st.characters(codec="utf-8"), max_size=2))
    changed = text[:place] + change + text[place + 1 :]
    if changed == text:
        return
    with pytest.raises(TokenError):
        Token.opened(changed, KEYS, 0)


@given(st.text())
def test_any_text(text: str) -> None:
    """No text but a signed one is a token, and none raises anything else."""
    with pytest.raises(TokenError):
        Token.opened(text, KEYS, 0)


def test_another_purpose() -> None:
    """A signature that the key made over the same text for something else is not one of a token."""
    import hashlib
    import hmac

    message = TOKEN.signed(KEYS).rpartition(".")[0]
    mac = hmac.digest(KEYS.key, message.encode(), hashlib.sha256)
    with pytest.raises(TokenError):
        Token.opened(f"{message}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}", KEYS, 0)


def test_made_by_an_application(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application's token says what it names, and the key does not stand in it."""
    monkeypatch.setenv("SPANWISE_FEEDBACK_KEY", LINE)
    text = feedback_token("helpful", trace=TRACE, valid_s=60, user="u-7")
    token = Token.opened(text, KEYS, 0)
    assert (token.names, f"{token.trace_id:032x}", token.user) == (("helpful",), TRACE, "u-7")
    payload = text.split(".")[2]
    assert set(json.loads(base64.urlsafe_b64decode(payload + "==="))) == {"n", "e", "t", "u"}


def test_a_key_of_the_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the policy's section is used where the variable is not set."""
    key = tmp_path / "feedback.key"
    key.write_text(LINE)
    key.chmod(0o400)
    policy = tmp_path / "spanwise.yaml"
    policy.write_text("version: 1\nfeedback:\n  key_file: feedback.key\n  origins: https://app.example.com\n")
    monkeypatch.setenv("SPANWISE_POLICY", str(policy))
    assert Token.opened(feedback_token("n", response_id="r-1"), KEYS, 0).response_id == "r-1"
    config = FeedbackConfig.of({"SPANWISE_POLICY": str(policy)})
    assert config.origins == ("https://app.example.com",) and config.keys == KEYS


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("origins: ['*']", "scheme and host"),
        ("origins: [https://app.example.com/path]", "scheme and host"),
        ("key_file: none.key", "cannot be read"),
        ("key_env: NONE_SUCH", "not set"),
        ("{key_file: a, key_env: B}", "one of key_file and key_env"),
        ("per_minute: 0", "from 1"),
        ("orgins: []", "origins"),
    ],
)
def test_a_wrong_section(tmp_path: Path, section: str, message: str) -> None:
    """A mistake in the section is a line with its place."""
    policy = tmp_path / "spanwise.yaml"
    policy.write_text(f"version: 1\nfeedback:\n  {section}\n")
    with pytest.raises(PolicyError, match=message):
        FeedbackConfig.of({"SPANWISE_POLICY": str(policy)})


@pytest.mark.parametrize(
    ("names", "more", "message"),
    [
        ((), {"trace": TRACE}, "found 0 names"),
        (("n",) * 17, {"trace": TRACE}, "found 17 names"),
        (("n",), {"trace": "7"}, "32 hexadecimal"),
        (("n",), {"trace": TRACE, "valid_s": 0}, "valid_s"),
        (("n",), {"trace": TRACE, "valid_s": True}, "valid_s"),
        (("n",), {}, "no current span"),
    ],
)
def test_wrong_use_of_tokens(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], more: dict[str, object], message: str
) -> None:
    """Wrong use of its author is one clear error."""
    monkeypatch.setenv("SPANWISE_FEEDBACK_KEY", LINE)
    with pytest.raises(ValueError, match=message):
        feedback_token(*names, **more)  # type: ignore[arg-type]


def test_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a key the error says where to put one; a key that is none is not repeated."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"SPANWISE_FEEDBACK_KEY, or feedback\.key_file"):
        feedback_token("n", trace=TRACE)
    monkeypatch.setenv("SPANWISE_FEEDBACK_KEY", "hunter2-hunter2")
    with pytest.raises(ValueError, match="SPANWISE_FEEDBACK_KEY") as error:
        feedback_token("n", trace=TRACE)
    assert "hunter2" not in str(error.value)
