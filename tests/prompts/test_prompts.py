"""Prompts in files: found by name, label and version, compiled with clear errors, and never lost to a broken file."""

from __future__ import annotations

import json
import pickle
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.prompts import Prompt, PromptError, PromptText, get, prompts
from spanwise.prompts import folder as folders
from spanwise.prompts.prompt import Message


TRIAGE = """\
---
name: triage
version: 3
labels: [production]
model: {name: gpt-4.1-mini, temperature: 0}
variables: {tone: friendly}
---
Sort this e-mail, in a {{ tone }} voice. Answer as {"kind": "..."}.

{{email}}
"""

CHAT = """\
name: desk
version: b
messages:
  - {role: system, content: "You are {{who}}."}
  - {role: user, content: "{{question}}"}
"""


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of prompts that is looked at each time it is asked."""
    monkeypatch.setattr(folders, "FRESH_S", 0.0)
    (tmp_path / "triage.md").write_text(TRIAGE)
    (tmp_path / "desk.yaml").write_text(CHAT)
    yield tmp_path
    folders._folders.clear()


def test_a_text_prompt(directory: Path) -> None:
    """Its variables are filled, its default holds, other braces stay, and the text says where it is from."""
    prompt = get("triage", directory=directory)
    text = prompt.compile(email="Where is it? {{tone}}")
    assert text == 'Sort this e-mail, in a friendly voice. Answer as {"kind": "..."}.\n\nWhere is it? {{tone}}'
    assert (text.prompt, text.variables["tone"]) == (prompt, "friendly")
    assert (prompt.version, prompt.labels, prompt.model) == (
        "3",
        ("production",),
        {"name": "gpt-4.1-mini", "temperature": 0},
    )
    assert prompt.variables == ("tone", "email")


def test_a_chat_prompt(directory: Path) -> None:
    """Messages as chat APIs take them; a text is a message of the user."""
    desk = get("desk", version="b", directory=directory)
    assert desk.compile_chat(who="a clerk", question=7) == [
        {"role": "system", "content": "You are a clerk."},
        {"role": "user", "content": "7"},
    ]
    assert [message["role"] for message in get("triage", directory=directory).compile_chat(email="a")] == ["user"]
    with pytest.raises(PromptError, match="is a chat prompt; accepted is compile_chat"):
        desk.compile(who="a", question="b")


def test_a_chat_in_markdown(directory: Path) -> None:
    """Comments name the roles, so that the file reads as Markdown."""
    (directory / "agent.md").write_text(
        "---\nversion: 1\n---\n<!-- system -->\nBe kind.\n\n<!-- user -->\n{{question}}\n"
    )
    found = get("agent", directory=directory)
    assert found.messages == (Message("system", "Be kind."), Message("user", "{{question}}"))


def test_a_text_is_a_str_in_all_it_does(directory: Path) -> None:
    """Equality, hashing, JSON and pickling are those of its text."""
    text = get("triage", directory=directory).compile(email="a")
    plain = str(text)
    assert type(plain) is str
    assert (text, hash(text), json.dumps(text)) == (plain, hash(plain), json.dumps(plain))
    assert type(pickle.loads(pickle.dumps(text))) is str
    assert isinstance(text, PromptText)
    assert type(text + "!") is str


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "prompt triage@3 ({file}): no value for email; found: none."),
        ({"tone": "a"}, "prompt triage@3 ({file}): no value for email; found: tone."),
        (
            {"emial": "a"},
            "prompt triage@3 ({file}): emial is not a variable of it. Did you mean email? Accepted: tone, email.",
        ),
        (
            {"email": ["a"]},
            "prompt triage@3 ({file}): email: found a value of type list; accepted is text or a number.",
        ),
        ({"email": True}, "prompt triage@3 ({file}): email: found a value of type bool; accepted is text or a number."),
    ],
)
def test_wrong_variables(directory: Path, values: Any, said: str) -> None:
    """One sentence says prompt, file, variable, what was found and what is accepted; never a value."""
    with pytest.raises(PromptError) as caught:
        get("triage", directory=directory).compile(**values)
    assert str(caught.value) == said.replace("{file}", str(directory / "triage.md"))


def test_versions_and_labels(directory: Path) -> None:
    """The one asked for; else the one in production; else the latest, by number."""
    for version, labels in ((9, "[]"), (10, "[staging]"), (2, "[production]")):
        (directory / f"mail@{version}.md").write_text(
            f"---\nname: mail\nversion: {version}\nlabels: {labels}\n---\n{version}\n"
        )
        (directory / f"plain@{version}.md").write_text(f"---\nname: plain\nversion: {version}\n---\n{version}\n")
    assert [prompt.version for prompt in prompts(directory) if prompt.name == "mail"] == ["2", "9", "10"]
    assert get("mail", directory=directory).version == "2"
    assert get("mail", label="staging", directory=directory).version == "10"
    assert get("mail", version=9, directory=directory).version == "9"
    assert get("plain", directory=directory).version == "10"
    with pytest.raises(
        PromptError, match=r"prompt mail has no label beta; found: 2 \(production\), 9 \(no label\), 10"
    ):
        get("mail", label="beta", directory=directory)


def test_a_prompt_that_is_not_there(directory: Path) -> None:
    """The nearest name is offered, broken files are named, and a fallback is taken instead."""
    (directory / "broken.md").write_text("---\nname: [\n---\n")
    with pytest.raises(PromptError) as caught:
        get("triag", directory=directory)
    assert (
        f"no prompt 'triag' in {directory}. Did you mean triage? Found: desk, triage.\n{directory / 'broken.md'}:"
        in str(caught.value)
    )
    fallback = Prompt("triag", (Message("", "a"),))
    assert get("triag", fallback=fallback, directory=directory) is fallback


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\nversoin: 3\n---\na", ":2: versoin: not a key. Did you mean version?"),
        ("---\nname: 'a b'\n---\na", ":2: name: found 'a b'"),
        ("---\n\nlabels: [1]\n---\na", ":3: labels[0]: found 1"),
        (
            "---\nvariables: {emial: x}\n---\n{{email}}",
            ":2: variables.emial: no template has this variable. Accepted: email.",
        ),
        ("---\nname: a\n", ":1: front matter: found no line --- that ends it"),
        ("---\nname: {\n---\na", ":2: not YAML"),
    ],
)
def test_a_broken_file(directory: Path, text: str, said: str) -> None:
    """File, line, key, what was found and what is accepted."""
    file = directory / "broken.md"
    file.write_text(text)
    (error,) = folders.folder(directory).errors()
    assert f"{file}{said}" in error


def test_a_yaml_prompt_has_one_form(directory: Path) -> None:
    """Either a text or messages."""
    for text in ("name: a\n", "text: a\nmessages: [{role: user, content: b}]\n"):
        (directory / "two.yaml").write_text(text)
        (error,) = folders.folder(directory).errors()
        assert "accepted is either text, the template, or messages" in error


def test_a_file_that_breaks_leaves_its_last_good_prompt(directory: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The application goes on; the log has one line; a good file is taken up again."""
    assert get("triage", directory=directory).version == "3"
    file = directory / "triage.md"
    file.write_text("---\nname: [\n---\n")
    assert get("triage", directory=directory).version == "3"
    assert get("triage", directory=directory).version == "3"
    assert [("its last good prompt stays in use" in record.getMessage()) for record in caplog.records] == [True]
    file.write_text(TRIAGE.replace("version: 3", "version: 44"))
    assert get("triage", directory=directory).version == "44"


def test_a_folder_that_is_gone_leaves_its_prompts(directory: Path) -> None:
    """As while a deployment replaces it."""
    assert get("triage", directory=directory).version == "3"
    directory.rename(directory.with_name("away"))
    assert get("triage", directory=directory).version == "3"


def test_the_folder_of_the_environment(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`SPANWISE_PROMPTS` says where the files are, else `prompts` in the working directory."""
    monkeypatch.setenv("SPANWISE_PROMPTS", str(directory))
    assert get("triage").name == "triage"
    monkeypatch.delenv("SPANWISE_PROMPTS")
    (directory / "work").mkdir()
    monkeypatch.chdir(directory / "work")
    with pytest.raises(PromptError, match="Found: none"):
        get("triage")


def test_the_hash_changes_with_the_template_alone() -> None:
    """So that a change shows where nobody versions; version and labels do not change it."""
    one = Prompt("a", (Message("", "x {{y}}"),))
    assert one.hash == Prompt("b", (Message("", "x {{y}}"),), "2", ("l",)).hash
    assert (
        len({one.hash, Prompt("a", (Message("", "x {{z}}"),)).hash, Prompt("a", (Message("user", "x {{y}}"),)).hash})
        == 3
    )
    assert len(one.hash) == 16


NAMES = st.text(string.ascii_letters + "_", min_size=1, max_size=8)


@given(
    st.lists(st.one_of(st.text(max_size=20), NAMES.map(lambda name: f"{{{{ {name} }}}}")), max_size=8).map("".join),
    st.text(),
)
def test_any_template_is_filled_once(template: str, value: str) -> None:
    """Every variable is replaced, nothing else is, and values are not read as templates."""
    prompt = Prompt("a", (Message("", template),))
    text = prompt.compile(**dict.fromkeys(prompt.variables, value))
    rest, pieces = str(text), template
    for name in prompt.variables:
        for form in (f"{{{{ {name} }}}}", f"{{{{{name}}}}}"):
            pieces = pieces.replace(form, value) if value.isalnum() else pieces
    if value.isalnum():
        assert rest == pieces
