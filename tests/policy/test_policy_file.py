"""A policy file: what is read of YAML, where mistakes are said to be, and that nothing hostile costs more than time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.policy import Policy, PolicyError, Reader, document, find_policy, read_policy
from spanwise.policy.document import MAX_BYTES, parse
from spanwise.policy.policy import policy_of
from tests.steps import steps


def policy(text: str) -> Policy:
    """The policy that `text` holds."""
    return policy_of(text.encode(), source="spanwise.yaml", directory=Path())


def some_section(reader: Reader) -> dict[str, object]:
    """A section with a nested one, as a config class would read it."""
    redact = reader.section("redact")
    actions = redact.section("actions")
    found: dict[str, object] = {
        "email": actions.choice("email", ("mask", "keep"), "mask"),
        "size": redact.integer("size", 5, least=1, most=10),
        "kinds": redact.texts("kinds"),
    }
    for each in (actions, redact, reader):
        each.finish()
    return found


def complaints(text: str) -> list[str]:
    """What is wrong with `text`, line by line."""
    with pytest.raises(PolicyError) as error:
        policy(text).read(some_section)
    return str(error.value).split("\n")


def test_a_good_file_is_read() -> None:
    """Values arrive, and what is absent has its default."""
    found = policy("redact:\n  actions: {email: keep}\n  kinds: [a, b]\n").read(some_section)
    assert found == {"email": "keep", "size": 5, "kinds": ("a", "b")}


def test_every_mistake_is_named_with_its_line_in_the_order_of_the_file() -> None:
    """File, line, path, what was found, what is accepted; sorted by line whatever order they were noticed in."""
    assert complaints("redcat: {}\nredact:\n  size: 99\n  actions:\n    emial: mask\n  kinds:\n    - a\n    - 3\n") == [
        "spanwise.yaml:1: redcat: not a key. Did you mean redact? Accepted: redact.",
        "spanwise.yaml:3: redact.size: found 99; accepted: a whole number from 1 to 10.",
        "spanwise.yaml:5: redact.actions.emial: not a key. Did you mean email? Accepted: email.",
        "spanwise.yaml:8: redact.kinds[1]: found 3; accepted is text of at most 1024 characters.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("redact:\n  size: 1\n  size: 2\n", "spanwise.yaml:3: redact.size: given twice, first in line 2."),
        ("redact: !!python/object/apply:os.system ['true']\n", "spanwise.yaml:1: redact: found the tag"),
        ("!secret redact: {}\n", "spanwise.yaml:1: found the tag '!secret'"),
        ("redact:\n  <<: {size: 1}\n", "spanwise.yaml:2: redact: found the merge key <<"),
        ("? [a]\n: 1\n", "spanwise.yaml:1: found a key that is a list or mapping"),
        ("redact: [1\n", "spanwise.yaml:2: not YAML: "),
        ("a: b: c\n", "spanwise.yaml:1: not YAML: mapping values are not allowed here."),
        ("a: 1\n---\nb: 1\n", "spanwise.yaml:2: not YAML: expected a single document"),
        ("a: 1\nb: \x07\n", "spanwise.yaml:2: not YAML: a control character."),
        ('a: "\\UFFFFFFFF"\n', "spanwise.yaml:1: not YAML: "),
        ("- 1\n", "spanwise.yaml:1: found a list or text; accepted is a mapping of keys."),
        ("redact: 3\n", "spanwise.yaml:1: redact: found 3; accepted is a mapping of keys."),
    ],
)
def test_what_is_no_policy_is_refused_with_its_line(text: str, message: str) -> None:
    """Duplicate keys, tags, merge keys and broken YAML are one clear line each."""
    assert any(line.startswith(message) for line in complaints(text)), complaints(text)


@pytest.mark.parametrize("word", ["no", "yes", "on", "off", "1:30", "1_000", "0x1F", "2026-01-31", ".nan", "1e999x"])
def test_words_stay_words(word: str) -> None:
    """What YAML 1.1 would make booleans, base-60 numbers or dates is the text that was written, as key and value."""
    assert parse(f"{word}: {word}\n".encode()).value == {word: word}


def test_bytes_that_are_no_utf8_are_named() -> None:
    """Another encoding is one line."""
    with pytest.raises(PolicyError, match=r"^f:2: not UTF-8"):
        policy_of(b"a: 1\nb: \xff\n", source="f", directory=Path())


def test_files_that_are_too_large_or_missing_are_one_line(tmp_path: Path) -> None:
    """A bound on the size, and the reason of the system."""
    file = tmp_path / "spanwise.yaml"
    with pytest.raises(PolicyError, match=r"spanwise\.yaml: cannot be read \(No such file or directory\)\.$"):
        read_policy(file)
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(PolicyError, match=r"larger than 1048576 bytes"):
        read_policy(file)
    file.write_bytes(b"\xef\xbb\xbfredact:\n")
    assert read_policy(file).read(some_section)["size"] == 5


def bomb(size: int) -> str:
    """So many lists, each of ten times the one before."""
    return "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}' if n else '1'] * 10)}]\n" for n in range(size))


def keys(size: int) -> str:
    """So many keys that nobody asks for."""
    return "".join(f"k{n}: {n}\n" for n in range(size))


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 5000,
        "a: " + "{b: " * 5000,
        bomb(9),
        "a: &a [*a, *a, *a]\n",
        "a: &a {b: *a}\n",
        keys(20_000),
        "? " * 3000,
        "- " * 3000,
        "'" + "\n" * 100_000,
    ],
)
def test_hostile_files_end(text: str) -> None:
    """Depth, alias bombs and masses of keys are refused, and do not take all memory."""
    with pytest.raises(PolicyError):
        policy(text).read(some_section)


def steps_to_refuse(text: str) -> int:
    """The steps it takes to say what is wrong with `text`."""

    def refuse() -> None:
        with pytest.raises(PolicyError):
            policy(text).read(some_section)

    steps(refuse)  # what is done the first time only does not count
    return steps(refuse)


@pytest.mark.parametrize(
    "text",
    [
        lambda size: "a: " + ("[" + " " * 19) * size,  # the parser looks for the end of a key in 1024 characters
        lambda size: "a: " + "{b: " * size,
        lambda size: "? " * size,
        lambda size: "- " * size,
    ],
)
def test_what_is_too_deep_is_not_read_on(text: Callable[[int], str]) -> None:
    """Sixteen times as deep a file takes as many steps: those to the depth that is accepted."""
    assert steps_to_refuse(text(8_000)) == steps_to_refuse(text(500)) < 300_000


@pytest.mark.parametrize(("text", "size"), [(keys, 80), (lambda size: "'" + "\n" * size, 2_000)])
def test_the_steps_grow_with_the_file(text: Callable[[int], str], size: int) -> None:
    """A file of twice the size, however hostile, takes twice the steps; none looks back at what it has read."""
    assert steps_to_refuse(text(2 * size)) < 2.1 * steps_to_refuse(text(size))


@pytest.mark.parametrize("text", [bomb(9), bomb(18), "a: &a [*a, *a, *a]\n"])
def test_aliases_cost_what_values_cost(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb is read as far as a file of plain values is, and a bound of twice as many takes twice the steps."""
    monkeypatch.setattr(document, "MAX_NODES", 400)
    once, plain = steps_to_refuse(text), steps_to_refuse("a: [" + "1," * 400 + "]")
    monkeypatch.setattr(document, "MAX_NODES", 800)
    assert steps_to_refuse(text) < 2.1 * once
    assert once < 2 * plain


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Whatever a file holds, reading it ends in values or in `PolicyError`."""
    try:
        policy_of(data, source="f", directory=Path()).read(some_section)
    except PolicyError as error:
        assert all(line.startswith("f:") for line in error.lines)
        assert all(line.isprintable() for line in error.lines)


YAMLISH = st.lists(st.sampled_from([*"abn01:-[]{}&*!|>'\"#%,? \n\t\\", "<<", "\n  ", "---", "~", "é"]), max_size=60)


@given(YAMLISH.map("".join))
def test_nothing_like_yaml_breaks_the_reader(text: str) -> None:
    """The same for texts made of YAML's own signs."""
    document = parse(text.encode())
    assert all(line >= 1 for line, _ in document.problems)


def test_where_the_policy_is(tmp_path: Path) -> None:
    """The variable comes first, even when its file is missing; then the working directory's file; then none."""
    assert find_policy({}, tmp_path) is None
    (tmp_path / "spanwise.yaml").touch()
    assert find_policy({"SPANWISE_POLICY": " "}, tmp_path) == tmp_path / "spanwise.yaml"
    assert find_policy({"SPANWISE_POLICY": "/not/there"}, tmp_path) == Path("/not/there")


def test_a_policy_can_be_read_twice() -> None:
    """Two readers of one policy do not see each other's complaints."""
    given_twice = policy("redact: {size: 99}\n")
    for _ in range(2):
        with pytest.raises(PolicyError) as error:
            given_twice.read(some_section)
        assert len(error.value.problems) == 1
