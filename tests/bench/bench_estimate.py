"""How far estimated token counts are from those of tokenizers, on texts that lie on this machine.

The tokenizers are those that the wheel of `litellm` carries: `cl100k_base` and `o200k_base` of OpenAI and the one that
Anthropic published for Claude 2. The texts: topics of Python's own help (English), messages of programs in their German
and Chinese translations, Python's library (code) and JSON files of installed packages. Passages of 2000 characters, at
most 150 of a kind, every second one, which the weights were not fitted to.
"""

from __future__ import annotations

import gettext
import importlib.util
import os
import pydoc_data.topics
import random
import statistics
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path

from spanwise.instrument.core.estimate import estimated_tokens


LENGTH = 2000
Count = Callable[[str], int]


def tokenizers() -> dict[str, Count]:
    """What counts, by name."""
    found = importlib.util.find_spec("litellm")
    assert found is not None
    assert found.origin is not None
    home = Path(found.origin).parent / "litellm_core_utils" / "tokenizers"
    os.environ["TIKTOKEN_CACHE_DIR"] = str(home)
    import tiktoken
    from tokenizers import Tokenizer

    claude = Tokenizer.from_file(str(home / "anthropic_tokenizer.json"))
    older, newer = (tiktoken.get_encoding(name) for name in ("cl100k_base", "o200k_base"))
    return {
        "cl100k_base": lambda text: len(older.encode(text, disallowed_special=())),
        "o200k_base": lambda text: len(newer.encode(text, disallowed_special=())),
        "claude 2": lambda text: len(claude.encode(text, add_special_tokens=False).ids),
    }


def texts() -> dict[str, str]:
    """A long text of each kind."""
    library, packages = Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("purelib"))
    return {
        "English": "\n\n".join(pydoc_data.topics.topics.values()),
        "German": "\n".join(_messages("de")),
        "Chinese": "\n".join(_messages("zh_CN")),
        "code": _read(sorted(library.glob("[a-f]*.py"))[:60]),
        "JSON": _read(sorted(packages.rglob("*.json"))[:60]),
    }


def _messages(language: str) -> Iterable[str]:
    homes = (f"share/locale/{language}", f"share/vim/vim90/lang/{language}", f"share/vim/vim90/lang/{language}.UTF-8")
    for home in homes:
        for path in sorted(Path("/usr", home, "LC_MESSAGES").glob("*.mo")):
            if path.name.startswith("iso_"):
                continue  # names of places and languages, not sentences
            try:
                with path.open("rb") as file:
                    catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            except (OSError, UnicodeDecodeError):
                continue  # a catalogue in another encoding than it says
            yield from (said for said in catalogue.values() if isinstance(said, str) and len(said) > 15)


def _read(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text("utf-8", "replace")[:60_000] for path in paths)


def main() -> None:
    """Print, for each kind of text and tokenizer, the bias, the median and the 95th percentile of the error."""
    counts = tokenizers()
    order = random.Random(1)
    for kind, text in texts().items():
        passages = [text[start : start + LENGTH] for start in range(0, min(len(text), 400_000), LENGTH)]
        passages = [passage for passage in passages if len(passage) > LENGTH // 2]
        order.shuffle(passages)
        tested = passages[:150][1::2]
        if len(tested) < 10:
            print(f"{kind}: too little text on this machine")
            continue
        for name, count in counts.items():
            errors = sorted(estimated_tokens(passage) / count(passage) - 1 for passage in tested)
            sizes = sorted(map(abs, errors))
            bound = sizes[int(0.95 * len(sizes))]
            print(
                f"{kind:8} {name:12} bias {statistics.fmean(errors):+4.0%}, "
                f"median error {statistics.median(sizes):3.0%}, "
                f"95 of 100 within {bound:3.0%} ({len(sizes)} passages)"
            )


if __name__ == "__main__":
    main()
