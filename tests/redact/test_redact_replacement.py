"""What stands in for a value: every action, what is left of a value, and that a second run finds nothing to do."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spanwise.redact import KeyRing, PseudonymConfig, RedactConfig, Redactor, Replacement
from spanwise.redact.action import ACTIONS, DROP, HASH, KEEP, MASK, PARTIAL, PSEUDONYM
from spanwise.redact.canonical import canonical
from spanwise.redact.kinds import every_kind, families, label
from spanwise.redact.partial import SHOWN
from spanwise.redact.stand_in import is_partial, is_token, tokens


RING = KeyRing("k2", bytes(range(32)), ("k1",))
OTHER_RING = KeyRing("k3", bytes(range(1, 33)))
VALUES = {
    "email": "jane.doe+tag@mail.example.org",
    "phone": "+1 415 555 2671",
    "card": "4111 1111 1111 1111",
    "iban": "DE89 3704 0044 0532 0130 00",
    "ssn": "536-22-8145",
    "ipv4": "198.51.100.23",
    "ipv6": "2001:db8:85a3::8a2e:370:7334",
    "openai_key": "sk-proj-A1b2C3d4E5f6G7h8I9j0K1l2M3n4",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "url_credentials": "admin:hunter2",
}
REDACTOR = Redactor()


def replacement(action: str, *, ring: KeyRing = RING, **settings: object) -> Replacement:
    """A replacement that does `action` with everything."""
    config = RedactConfig(actions={"default": action}, pseudonym=PseudonymConfig(ring), **settings)  # type: ignore[arg-type]
    assert config.validate() == []
    return Replacement(config)


@pytest.mark.parametrize(
    ("action", "kind", "expected"),
    [
        (MASK, "email", "[EMAIL]"),
        (KEEP, "email", VALUES["email"]),
        (DROP, "email", None),
        (PARTIAL, "email", "j***@mail.example.org"),
        (PARTIAL, "phone", "****2671"),
        (PARTIAL, "card", "****1111"),
        (PARTIAL, "iban", "****3000"),
        (PARTIAL, "ssn", "****8145"),
        (PARTIAL, "ipv4", "198.51.*.*"),
        (PARTIAL, "ipv6", "2001:db8:85a3:*"),
        (PARTIAL, "openai_key", "****M3n4"),
        (PARTIAL, "jwt", "[JWT]"),
        (PARTIAL, "url_credentials", "[URL_CREDENTIALS]"),
    ],
)
def test_each_action(action: str, kind: str, expected: str | None) -> None:
    """The forms that the documentation shows."""
    assert replacement(action).of(kind, VALUES[kind]) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "a@example.org"),
        ("email", "@example.org"),
        ("email", "joe@41111111.example"),
        ("phone", "555-1234"),
        ("openai_key", "sk-short"),
        ("ipv4", "1234.5.6.7"),
        ("ipv6", "::1"),
        ("person", "Christopher Montgomery-Smith"),
        ("birth_date", "1984-01-31"),
        ("postal_address", "1600 Amphitheatre Parkway, Mountain View"),
    ],
)
def test_partial_leaves_nothing_of_what_is_too_short_or_strange(kind: str, value: str) -> None:
    """Where four characters would be too much, or the form is not the expected one, the label stands alone."""
    left = replacement(PARTIAL).of(kind, value)
    assert left in {label(kind), "***@example.org"}


def test_a_kind_beats_its_family_and_a_family_the_default() -> None:
    """The most precise name that the policy gives decides."""
    config = RedactConfig(actions={"default": KEEP, "contact": DROP, "email": MASK})
    found = Replacement(config)
    assert found.of("email", "a@b.org") == "[EMAIL]"
    assert found.of("phone", "+1 415 555 2671") is None
    assert found.of("card", "4111111111111111") == "4111111111111111"
    assert Replacement(RedactConfig()).of("card", "4111111111111111") == "[CARD]"


def test_a_token_has_the_stated_form() -> None:
    """Kind, key and sixteen letters; of the key nothing but its id."""
    token = replacement(PSEUDONYM).of("email", "joe@example.org", tenant="acme")
    assert token is not None
    assert re.fullmatch(r"\[EMAIL~k2~[b-t]{16}\]", token)
    assert re.fullmatch(r"\[EMAIL~sha256~[b-t]{16}\]", replacement(HASH).of("email", "joe@example.org") or "")


@pytest.mark.parametrize(
    ("kind", "spellings"),
    [
        (
            "email",
            [
                "Joe@Example.ORG",
                "joe%40example.org",
                "joe@example.org.",
                "joe(at)example(dot)org",
                "joe@exam\u200bple.org",
            ],
        ),
        ("email", ["joe@bücher.example", "joe@xn--bcher-kva.example", "JOE@BÜCHER.example"]),
        ("phone", ["+1 (415) 555-2671", "001 415 555 2671", "1.415.555.2671", "+１ ４１５ ５５５ ２６７１"]),
        ("card", ["4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "٤١١١ 1111 1111 1111"]),
        ("iban", ["de89 3704 0044 0532 0130 00", "DE89370400440532013000"]),
        ("person", ["Jane Doe", "jane  doe ", "JANE DOE"]),
        ("ipv6", ["2001:DB8::1", "2001:db8:0:0:0:0:0:1"]),
    ],
)
def test_one_person_has_one_token_however_written(kind: str, spellings: list[str]) -> None:
    """Case, separators, encodings and scripts make no other person."""
    found = replacement(PSEUDONYM)
    assert len({found.of(kind, spelling, tenant="acme") for spelling in spellings}) == 1


NAMES = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
ADDRESSES = st.builds("{}@{}.org".format, NAMES, NAMES)
TENANTS = st.sampled_from(["", "a", "b", "a1"])


@given(
    st.tuples(ADDRESSES, TENANTS, st.sampled_from(["email", "phone", "value"])),
    st.tuples(ADDRESSES, TENANTS, st.sampled_from(["email", "phone", "value"])),
)
def test_tokens_are_equal_if_and_only_if_everything_is(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    """Same value, tenant, kind and key: same token. One of them different: another token."""
    made = [replacement(PSEUDONYM).of(kind, value, tenant=tenant) for value, tenant, kind in (one, other)]
    same = [(canonical(kind, value), tenant, kind) for value, tenant, kind in (one, other)]
    assert (made[0] == made[1]) == (same[0] == same[1])
    value, tenant, kind = one
    assert replacement(PSEUDONYM, ring=OTHER_RING).of(kind, value, tenant=tenant) != made[0]


def test_tenant_and_kind_and_value_cannot_be_shifted() -> None:
    """A tenant that looks like the start of a value makes no equal message."""
    found = replacement(PSEUDONYM)
    pairs = [("a", "b1:email"), ("ab", "1:email"), ("", "ab1:email"), ("a5:email", "b")]
    assert len({found.of("value", value, tenant=tenant) for tenant, value in pairs}) == len(pairs)


DIGITS = st.text(string.digits, min_size=7, max_size=30)
SEPARATED = st.lists(st.text(string.digits, min_size=1, max_size=6), min_size=2, max_size=6).map("-".join)


@given(
    st.sampled_from(sorted(set(ACTIONS) - {KEEP})),
    st.sampled_from(every_kind()),
    DIGITS | SEPARATED | ADDRESSES | st.text(max_size=40),
)
def test_little_of_a_value_survives(action: str, kind: str, value: str) -> None:
    """Whatever the action but keep: no run of digits longer than four is left, and nothing but the stated form."""
    assume(not is_token(value))
    left = replacement(action).of(kind, value)
    if left is None:
        assert action == DROP
        return
    assert is_token(left) or (action == PARTIAL and is_partial(left))
    assert not re.search(r"\d{5}", left.replace("SHA256", "").replace("sha256", ""))
    if is_token(left):
        assert not set(re.findall(r"\d{4,}", value)) & set(re.findall(r"\d{4,}", left))


@given(
    st.sampled_from(ACTIONS),
    st.sampled_from(sorted(VALUES)),
    st.sampled_from(
        ["{}", "x {} y", '{{"a": "{}"}}', "password={}", "ssn: {}", "https://h/?token={}", "tel {},", "{}@example.com"]
    ),
)
def test_the_search_finds_nothing_in_what_it_wrote(action: str, kind: str, frame: str) -> None:
    """A text in which a value was replaced holds nothing that would be replaced again."""
    assume(action not in {KEEP, DROP})
    text = frame.format(replacement(action).of(kind, VALUES[kind]))
    once = REDACTOR.text(text)
    assert REDACTOR.text(once) == once
    if "@" not in frame and "=" not in frame:
        assert once == text


@given(st.sampled_from(sorted(set(ACTIONS) - {KEEP})), st.sampled_from(every_kind()), st.text(max_size=40))
def test_a_second_replacement_changes_nothing(action: str, kind: str, value: str) -> None:
    """A collector that redacts what an application redacted leaves its tokens as they are."""
    found = replacement(action, attributes={"a": action})
    left = found.of(kind, value)
    if left is not None and is_token(left):
        assert all(replacement(again).of(other, left) == left for again in ACTIONS for other in ("card", kind))
    if action == PARTIAL and left is not None:
        assert found.of("api_key", left) == left
    whole = found.whole("a", value)
    assert found.whole("a", whole) == whole


def test_only_known_kinds_make_a_label() -> None:
    """A number in brackets is no label, and a token is known inside a text."""
    assert not is_token("[X4111111111111111]")
    assert not is_token("[4111111111111111]")
    assert not is_token("[EMAIL] joe@example.org")
    assert not is_token("[EMAIL~k2~joe@example.org]")
    assert not is_token("")
    assert is_token("[DROPPED]") and is_token("[EMAIL]") and is_token("[EMAIL~k2~bcdfghjklmnpqrst]")
    text = b"to [EMAIL] or [CARD~k1~bcdfghjklmnpqrst], [NOBODY]"
    assert [text[start:end] for start, end in tokens(text)] == [b"[EMAIL]", b"[CARD~k1~bcdfghjklmnpqrst]"]


@pytest.mark.parametrize(
    ("kind", "value", "stays"),
    [
        ("email", "Support@Example.com", True),
        ("email", "joe@example.org", False),
        ("email", "joe@example.com.evil.org", False),
        ("ipv4", "203.0.113.77", True),
        ("ipv4", "203.0.114.77", False),
        ("card", "4111 1111 1111 1111", True),
        ("card", "5555 5555 5555 4444", False),
        ("phone", "4111111111111111", False),
    ],
)
def test_allowed_values_stay(kind: str, value: str, stays: bool) -> None:
    """Exact values and patterns, without case, in every spelling of a number, for all kinds or for some."""
    allow = {"any": ("*@example.com", "203.0.113.*"), "payment": ("4111111111111111",)}
    found = Replacement(RedactConfig(allow=allow)).of(kind, value)
    assert found == (value if stays else label(kind))


def test_attributes_are_replaced_as_a_whole() -> None:
    """Names and patterns; the exact name first, then the longest pattern; what is not named is searched."""
    found = replacement(
        MASK,
        attributes={"user.*": DROP, "user.id": PSEUDONYM, "*.id": HASH, "gen_ai.tool.definitions": KEEP, "n": PARTIAL},
    )
    assert found.attribute("gen_ai.tool.definitions") == KEEP
    assert found.attribute("User.ID") == PSEUDONYM
    assert found.attribute("user.name") == DROP
    assert found.attribute("session.id") == HASH
    assert found.attribute("note") == ""
    assert found.whole("user.name", {"first": "Jane"}) == "[DROPPED]"
    assert found.whole("gen_ai.tool.definitions", [1]) == [1]
    assert found.whole("note", "x") == "x"
    assert found.whole("user.id", None) is None
    assert found.whole("n", "customer 4711") == "[VALUE]"
    assert found.whole("user.id", b"\x00") == "[DROPPED]"


def test_a_user_id_has_the_token_that_the_same_person_has_elsewhere() -> None:
    """An address as user id is the address in a text; an id is the same in every attribute, as text or number."""
    found = replacement(PSEUDONYM, attributes={"user.id": PSEUDONYM, "enduser.id": PSEUDONYM})
    as_id = found.whole("user.id", "Joe@example.org", kind=lambda _: "email", tenant="acme")
    assert as_id == found.of("email", "joe@example.org", tenant="acme")
    one, other = found.whole("user.id", 4711, tenant="a"), found.whole("enduser.id", ["4711", "4712"], tenant="a")
    assert isinstance(other, list)
    assert one == other[0] != other[1]


def test_the_tenant_is_the_policys_or_the_spans() -> None:
    """A fixed tenant comes first, then span attributes, then those of the resource."""
    spans, resource = {"spanwise.tenant": "a"}, {"spanwise.tenant": "b"}
    assert replacement(MASK).tenant(spans, resource) == "a"
    assert replacement(MASK).tenant({}, resource) == "b"
    assert replacement(MASK).tenant({}, {"spanwise.tenant": 3}) == ""
    fixed = Replacement(RedactConfig(actions={"default": PSEUDONYM}, pseudonym=PseudonymConfig(RING, "acme")))
    assert fixed.tenant(spans) == "acme"
    assert fixed.of("email", "a@b.org", tenant="x") == replacement(PSEUDONYM).of("email", "a@b.org", tenant="acme")


def test_every_kind_has_a_family() -> None:
    """The families together are all kinds."""
    assert {kind for kinds in families().values() for kind in kinds} == set(every_kind())
    assert SHOWN == 4
