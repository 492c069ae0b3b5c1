"""`NameFinder`: names of people and places, which no rule can tell from other words and a language model can.

An extra: `pip install 'spanwise[ner]'` and a spaCy model. Off unless it is asked for, and it runs only where redaction
runs (the exporter's thread, the collector): 1 KB of text takes it tens of milliseconds, where the rules need tens of
microseconds. It guesses. Take it for a help, never for a guarantee, and take a model of the language of the texts:
an English one takes most capitals of a German sentence for names.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, Final


PERSON: Final = "person"
PLACE: Final = "place"
UNREAD: Final = "unread"
"""Not a kind of value: the span of what was not read because the text is longer than `MAX_CHARACTERS`."""

MAX_CHARACTERS: Final = 50_000
"""Characters read per call: one or two seconds of work with a small model."""

_KINDS: Final = {"PERSON": PERSON, "LOCATION": PLACE}
_SIZES: Final = ("lg", "md", "sm")
_WORD_BREAK: Final = 200
# They cost more than the recogniser itself and say nothing about names.
_NOT_NEEDED: Final = frozenset(
    {"tagger", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "trainable_lemmatizer"}
)
# Models trained on newspapers take identifiers, paths and markup for names.
_NO_NAME: Final = re.compile(r"[0-9_@/\\=<>{}\[\]()|#$%&*+:;\"`^~]|[a-z][A-Z]|\.[a-z]")
_EDGES: Final = " \t\r\n.,;:!?'\"-\u2019\u201c\u201d\u00ab\u00bb"
_POSSESSIVE: Final = ("'s", "\u2019s")

_Pipeline = Any
"""A spaCy `Language`, whose package is not there to be imported when types are checked."""

_Spans = list[tuple[int, int, str, float]]
_Recogniser = Callable[[str], _Spans]


class MissingExtra(ImportError):  # noqa: N818 - it names what is missing
    """presidio-analyzer, spaCy or a model is not installed; the message has the line that installs it."""


class NameFinder:
    """Finds names of people (`person`) and places (`place`) in a text of one language.

    Nothing heavy is imported before the first call, which loads the model (a second or so, and 100 MB or more).
    Thread-safe; one text at a time, since a spaCy pipeline is not made for several threads.
    """

    def __init__(self, *, language: str = "en", model: str | None = None, least_score: float = 0.6) -> None:
        """A finder for `language` (two letters) with `model`: the name of an installed spaCy package, or a folder.

        Without `model` the largest installed one of the language is taken that spaCy publishes. Results below
        `least_score` (0 to 1) are left out; spaCy's own models give every result 0.85.

        Raises:
            MissingExtra: when presidio-analyzer, spaCy or the model is not installed.
            ValueError: when `least_score` is not a number from 0 to 1.
        """
        if not 0 <= least_score <= 1:
            raise ValueError(f"least_score: found {least_score!r}, accepted is a number from 0 to 1.")
        _require("presidio-analyzer", "spacy")
        self.language = language
        self.model = _model(language, model)
        self._least_score = least_score
        self._lock = threading.Lock()
        self._recognise: _Recogniser | None = None

    def __call__(self, text: str) -> list[tuple[int, int, str]]:
        """Where names stand, as `(start, end, kind)` in characters, in order and without overlaps.

        The last span has the kind `unread` when `text` is longer than 50,000 characters: it covers the rest, of which
        nothing is known, and the caller should drop it.
        """
        end = _readable(text)
        unread = [(end, len(text), UNREAD)] if end < len(text) else []
        with self._lock:
            if self._recognise is None:
                self._recognise = _load(self.language, self.model)
            found = self._recognise(text[:end])
        spans = [_trimmed(text, start, stop, _KINDS[kind]) for start, stop, kind, sure in found
                 if kind in _KINDS and sure >= self._least_score]  # fmt: skip
        return _apart([span for span in spans if _plausible(text, span)]) + unread


def _require(*packages: str) -> None:
    for package in packages:
        if not _installed(package):
            raise MissingExtra(f"Names cannot be found: {package} is not installed. Run: pip install 'spanwise[ner]'")


def _installed(package: str) -> bool:
    try:
        metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def _model(language: str, model: str | None) -> str:
    """The model to load; presidio would try to download a missing one, which a process that exports must not."""
    if model is not None:
        if _installed(model) or Path(model).is_dir():
            return model
        raise MissingExtra(
            f"Names cannot be found: model: {model!r} is neither an installed spaCy package nor a folder. "
            f"Run: python -m spacy download {model}"
        )
    names = [f"{language}_core_{genre}_{size}" for size in _SIZES for genre in ("web", "news")]
    for name in names:
        if _installed(name):
            return name
    wanted = f"{language}_core_{'web' if language in ('en', 'zh') else 'news'}_sm"
    raise MissingExtra(
        f"Names cannot be found: no spaCy model of language {language!r} is installed. "
        f"Run: python -m spacy download {wanted} (or give the name of another one as model)"
    )


def _load(language: str, model: str) -> _Recogniser:
    """The recogniser of presidio around the spaCy `model`, and nothing else of either."""
    presidio = import_module("presidio_analyzer")
    engine = import_module("presidio_analyzer.nlp_engine").SpacyNlpEngine(
        models=[{"lang_code": language, "model_name": model}]
    )
    engine.load()
    pipeline = engine.nlp[language]
    pipeline.disable_pipes(*_NOT_NEEDED.intersection(pipeline.pipe_names), *_unheard(pipeline))
    recogniser = import_module("presidio_analyzer.predefined_recognizers").SpacyRecognizer(supported_language=language)
    registry = presidio.RecognizerRegistry(recognizers=[recogniser], supported_languages=[language])
    analyzer = presidio.AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[language])

    def recognise(text: str) -> _Spans:
        # Without a zone the vocabulary keeps every new word for the life of the process.
        with pipeline.memory_zone():
            found = analyzer.analyze(text, language=language, entities=list(_KINDS))
            return [(one.start, one.end, one.entity_type, one.score) for one in found]

    return recognise


def _unheard(pipeline: _Pipeline) -> list[str]:
    """The layer that components share, where the one for names has its own, as in spaCy's small models."""
    if "tok2vec" not in pipeline.pipe_names or "ner" in pipeline.get_pipe("tok2vec").listener_map:
        return []
    return ["tok2vec"]


def _readable(text: str) -> int:
    """How much of `text` is read: all, or up to the last space before the bound, so that no name is cut in two."""
    if len(text) <= MAX_CHARACTERS:
        return len(text)
    space = text.rfind(" ", MAX_CHARACTERS - _WORD_BREAK, MAX_CHARACTERS)
    return space if space > 0 else MAX_CHARACTERS


def _trimmed(text: str, start: int, end: int, kind: str) -> tuple[int, int, str]:
    """The span without punctuation at its ends and without an English possessive."""
    name = text[start:end]
    if name.endswith(_POSSESSIVE):
        name = name[:-2]
    start += len(name) - len(name.lstrip(_EDGES))
    name = name.strip(_EDGES)
    return start, start + len(name), kind


def _plausible(text: str, span: tuple[int, int, str]) -> bool:
    """Whether the span can be a name: letters with a capital among them, no code, no label of a redaction."""
    start, end, _ = span
    name = text[start:end]
    if len(name) < 2 or _NO_NAME.search(name) or not any(letter.isupper() or not letter.isascii() for letter in name):
        return False
    return not (text[start - 1 : start] == "[" and text[end : end + 1] == "]" and name.isupper())


def _apart(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """`spans` in order; of two that overlap the first and longer one stays."""
    result: list[tuple[int, int, str]] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not result or span[0] >= result[-1][1]:
            result.append(span)
    return result
