"""What a self-test is made of: values that are new and right, disguises that hide them, a search that sees through."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

import pytest

from spanwise.proof.canary import Canary, Mint
from spanwise.proof.carrier import CARRIERS, PIECES
from spanwise.proof.disguise import SPLIT, WHOLE, disguised
from spanwise.proof.example import Example, examples
from spanwise.proof.matrix import Leak, Matrix, Seen
from spanwise.proof.planting import Planner, Planting
from spanwise.proof.receiver import Receiver
from spanwise.proof.search import Search
from spanwise.proof.self_test import judge, needles
from spanwise.redact import Redactor


JUDGE = judge(Redactor())
EXAMPLES = examples()


def canary(value: str = "jane4711@mail.example.org") -> Canary:
    """A canary with `value`."""
    return Canary("email", "email", "contact", "write to ", value, " now")


@pytest.fixture(scope="module")
def plantings() -> list[Planting]:
    """What a self-test plants into the first application."""
    chance = random.Random(7)
    return list(Planner(EXAMPLES, Mint(JUDGE, chance), chance).thorough())


def test_every_rule_has_examples() -> None:
    """Each marked value of each positive example of each rule is one; nothing is left of the marks."""
    assert len({example.rule for example in EXAMPLES}) > 400
    assert all(example.value and "«" not in example.text and "»" not in example.text for example in EXAMPLES)


def test_new_values_are_new_and_of_the_same_form() -> None:
    """A minted value is none that was there before, has the length and signs of the example, and is a value."""
    card = Example("card", "card", "payment", "my card ", "4111 1111 1111 1111", ".")
    mint = Mint(JUDGE, random.Random(3))
    made = [made for made in (mint.fresh(card) for _ in range(20)) if made is not None]
    values = {each.value for each in made}
    assert len(made) == len(values) >= 10
    for value in values:
        assert [letter for letter in value if not letter.isdigit()] == [" "] * 3
        digits = [int(digit) for digit in value if digit.isdigit()]
        total = sum(sum(divmod(digit * (2 - place % 2), 10)) for place, digit in enumerate(digits))
        assert total % 10 == 0, value


def test_what_chance_cannot_make_is_planted_once() -> None:
    """Where no new value is right, the example's own is used a single time, so that its carrier is known."""
    mint = Mint(lambda _example: False, random.Random(1))
    example = Example("x", "x", "crypto", "", "AbCdEfGh12345678", "")
    assert mint.fresh(example) == Canary(*example)
    assert mint.fresh(example) is None


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("value", ["jane4711@mail.example.org", "4000 0012 3456 7899", "sk-ant-Ä1b2c3d4e5f6g7h8i9j0"])
def test_a_disguise_hides_a_value_and_the_search_sees_it(name: str, value: str) -> None:
    """The value does not stand in the disguised text (but for letters nobody widens), and is found in it."""
    hidden = disguised(canary(value), name).text
    for data in (hidden, json.dumps({"a": hidden}), json.dumps([json.dumps({"a": hidden})])):
        if name not in {"full-width digits", "JSON in JSON in JSON"}:
            assert value not in data
        assert Search([value, "nothing else"]).found(data.encode()) == {value}


def test_the_search_says_nothing_of_what_is_not_there() -> None:
    """Values that are not in the data are not found, however many are looked for; those at its ends are."""
    values = [f"value-{number:05d}@example.org" for number in range(3000)]
    data = f"{values[3]} and {values[2999]}".encode()
    assert Search(values).found(data) == {values[3], values[2999]}
    assert Search(values).found(b"[EMAIL] " * 1000) == set()
    assert Search([]).found(b"x") == set()


def test_everything_is_planted_somewhere(plantings: list[Planting]) -> None:
    """Every carrier, family and disguise, nearly every kind, every value and every mark only once."""
    families = {example.family for example in EXAMPLES}
    plain = {(planting.carrier.name, planting.canary.family) for planting in plantings if not planting.canary.disguise}
    accepting = [carrier for carrier in CARRIERS if carrier.accepts("several words")]
    assert plain >= {(carrier.name, family) for carrier in accepting for family in families}
    assert {planting.canary.disguise for planting in plantings} == {"", SPLIT, *WHOLE}
    assert {planting.carrier.name for planting in plantings} == {carrier.name for carrier in (*CARRIERS, *PIECES)}
    kinds = {example.kind for example in EXAMPLES if len(example.value) >= 6}
    assert {planting.canary.kind for planting in plantings} >= kinds
    assert len({planting.canary.value for planting in plantings}) == len(plantings)
    assert len({planting.mark for planting in plantings}) == len(plantings)


def test_marks_are_left_alone(plantings: list[Planting]) -> None:
    """The word by which an arrival is known is not itself taken out."""
    engine = Redactor()
    assert all(engine.text(f"proof.mark: {planting.mark}").endswith(planting.mark) for planting in plantings)


@pytest.mark.parametrize(
    ("before", "value", "after", "family", "needle"),
    [
        ("one-time code: ", "382004", ".", "secret", "code: 382004"),
        ("", "382004", " is the code", "secret", "382004 is th"),
        ("my card ", "4111 1111 1111 1111", "", "payment", "4111 1111 1111 1111"),
        ("key ", "sk-ant-abcdefghijklmnopqrstuvwxyz", "", "secret", "jklmnopqrstuvwxyz"),
    ],
)
def test_what_is_looked_for_is_nothing_that_chance_makes(
    before: str, value: str, after: str, family: str, needle: str
) -> None:
    """Six digits are looked for with the words beside them; of a long key its second half is enough."""
    planting = Planting(Canary("rule", "kind", family, before, value, after), CARRIERS[0], "plantbbplant")
    assert needles(planting)[0].removeprefix(" ") == needle


def test_a_sink_that_saw_nothing_proves_nothing() -> None:
    """A self-test in which telemetry did not arrive has failed, also without a leak."""

    def matrix(arrived: int, leaks: list[Leak]) -> Matrix:
        seen = [Seen("OTLP", 10, 2, arrived), Seen("log", 0, 0, 0)]
        return Matrix(3, ["contact"], 1, 1, 1, [], seen, leaks)

    leak = Leak("OTLP", "span name", "", "contact", "email", "email")
    assert matrix(2, []).ok
    assert not matrix(1, []).ok
    assert not matrix(2, [leak]).ok
    assert matrix(2, [leak, leak]).count("OTLP", "contact") == 2
    assert matrix(2, [leak]).count("log", "contact") == 0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that listens."""
    with Receiver() as receiver:
        yield receiver


def test_the_receiver_keeps_bodies_and_headers(receiver: Receiver) -> None:
    """Whatever was posted is there as it came, path by path."""
    import http.client

    connection = http.client.HTTPConnection(receiver.url.removeprefix("http://"))
    for body in (b"\x00one", b"two"):
        connection.request("POST", "/v1/traces", body, {"X-Secret": "seen"})
        assert connection.getresponse().read() == b""
    connection.close()
    data = receiver.received("/v1/traces")
    assert b"\x00one" in data
    assert b"two" in data
    assert b"X-Secret: seen" in data
    assert receiver.received("/v1/logs") == b""
