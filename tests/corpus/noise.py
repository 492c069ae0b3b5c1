"""What happens to a text on its way: case, punctuation, disguises, encodings. Labels stay exact."""

# ruff: noqa: E501

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable
from random import Random
from typing import Final
from urllib.parse import quote

from tests.corpus.piece import FREE, NAME, Piece, fixed, mapped, plain


_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SPACES: Final = ("\u00a0", "\u202f", "\u2009", "\u2007")
_DASHES: Final = ("\u2011", "\u2010", "\u2013", "\u2212")
_UNCASED: Final = ("email", "iban", "ipv6", "mac")
_GROUPED: Final = ("contact", "payment", "national", "health")

_DIGIT: Final = re.compile(r"\d")

Noise = Callable[[Random, list[Piece]], list[Piece]]
"""Changes the pieces of a text; never the words that are `fixed`, never a value beyond what its reader would accept."""


def _planted(piece: Piece) -> bool:
    return bool(piece.family) and piece.family not in (FREE, NAME)


def untouched(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Nothing."""
    return pieces


def casing(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Everything that has no case of its own in capitals or in small letters: words, and values such as e-mail addresses."""
    change = chance.choice((str.upper, str.lower))
    return [
        piece if piece.family and piece.kind not in _UNCASED else piece.with_text(_same_length(piece.text, change))
        for piece in pieces
    ]


def _same_length(text: str, change: Callable[[str], str]) -> str:
    return "".join(new if len(new) == 1 else letter for letter in text for new in (change(letter),))


def punctuation(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Quotes, brackets and sentence marks directly around values."""
    result: list[Piece] = []
    for piece in pieces:
        if _planted(piece) and "\n" not in piece.text:
            left, right = chance.choice((('"', '"'), ("'", "'"), ("(", ")"), ("[", "]"), ("<", ">"), ("\u201c", "\u201d"), ("", "."), ("", ","),
                                         ("", ";"), ("", "!"), ("\u00ab", "\u00bb"), ("{", "}"), ("", "?")))  # fmt: skip
            result += [fixed(left), piece, fixed(right)]
        else:
            result.append(piece)
    return result


def breaks(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Lines broken at spaces outside values, with other line ends and indentation."""
    end = chance.choice(("\n", "\r\n", "\n    ", "\n> ", "\n\t"))
    return [piece if piece.family or piece.fixed else piece.with_text("".join(
        end if letter == " " and chance.random() < 0.15 else letter for letter in piece.text)) for piece in pieces]  # fmt: skip


def separators(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Spaces and dashes inside numbers in the forms that word processors make of them."""
    space, dash = chance.choice(_SPACES), chance.choice(_DASHES)
    return [piece.with_text(piece.text.replace(" ", space).replace("-", dash))
            if piece.family in _GROUPED and piece.kind not in ("email", "postal_address") else piece for piece in pieces]  # fmt: skip


def typos(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Letters swapped, doubled and lost in the words around values."""
    result: list[Piece] = []
    for piece in pieces:
        if piece.family or piece.fixed or len(piece.text) < 8:
            result.append(piece)
            continue
        letters = list(piece.text)
        for _ in range(max(1, len(letters) // 30)):
            place = chance.randint(1, len(letters) - 2)
            # A wrong letter in `version 1.2.3.4` would make something else of the number.
            if (
                letters[place].isalpha()
                and letters[place + 1].isalpha()
                and not _DIGIT.search(piece.text, place, place + 14)
            ):
                letters[place : place + 2] = chance.choice(
                    ([letters[place + 1], letters[place]], [letters[place]] * 2, [letters[place]])
                )
        result.append(piece.with_text("".join(letters)))
    return result


def zero_width(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Characters without width inside values, as copying from web pages leaves them."""
    result: list[Piece] = []
    for piece in pieces:
        if _planted(piece) and len(piece.text) > 3:
            text = piece.text
            for _ in range(chance.randint(1, 3)):
                place = chance.randint(1, len(text) - 1)
                text = text[:place] + chance.choice(_INVISIBLE) + text[place:]
            result.append(piece.with_text(text))
        else:
            result.append(piece)
    return result


def full_width(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Digits of numbers in the wide form of East Asian keyboards."""
    return [piece.with_text("".join(chr(ord(letter) + 0xFEE0) if letter in "0123456789" else letter for letter in piece.text))
            if piece.family and piece.family not in ("secret", "crypto", FREE, NAME) else piece for piece in pieces]  # fmt: skip


def json_string(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """The text as a string in JSON, up to three deep, with or without escapes for what is not ASCII."""
    ascii_only = chance.random() < 0.4
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        pieces = mapped(pieces, lambda text: json.dumps(text, ensure_ascii=ascii_only)[1:-1])
        pieces = [plain(chance.choice(('{"content": "', '{"role":"tool","result":"', '["'))), *pieces, plain('"')]
        pieces.append(plain("]" if pieces[0].text.startswith("[") else "}"))
    return pieces


def unicode_escapes(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """The text as a JSON string in which signs, or all characters of values, are written as escapes."""
    everything = chance.random() < 0.3

    def escaped(text: str) -> str:
        return "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 and (everything or letter in "@<>&'+=") else json.dumps(letter)[1:-1]
                       for letter in text)  # fmt: skip

    return [plain('{"text": "'), *(piece.with_text(escaped(piece.text) if piece.family else json.dumps(piece.text)[1:-1]) for piece in pieces),
            plain('"}')]  # fmt: skip


def percent(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """The text as a parameter of a URL."""
    plus = chance.random() < 0.5
    inner = mapped(pieces, lambda text: quote(text, safe="").replace("%20", "+") if plus else quote(text, safe=""))
    return [plain("https://api.example.com/search?q="), *inner, plain("&lang=en")]


def base64_text(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """The text in base64, as Kubernetes secrets, mail bodies and API payloads hold it; labels cover the groups that hold a value."""
    data, places, length = [], [], 0
    for piece in pieces:
        encoded = piece.text.encode("utf-8")
        if _planted(piece):
            places.append((length // 3 * 4, -(-(length + len(encoded)) // 3) * 4, piece))
        data.append(encoded)
        length += len(encoded)
    text = base64.b64encode(b"".join(data)).decode()
    result = [plain(chance.choice(("data: ", "body=", '{"payload": "')))]
    last = 0
    for start, end, piece in places:
        begin = max(start, last)
        result += [plain(text[last:begin]), Piece(text[begin:end], piece.family, piece.kind)]
        last = max(last, end)
    return [*result, plain(text[last:]), plain('"}' if result[0].text.startswith("{") else "\n")]


def entities(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """HTML entities: named ones where they must stand, numeric ones for signs."""
    numeric = chance.random() < 0.5

    def escaped(text: str) -> str:
        text = html.escape(text)
        if numeric:
            text = text.replace("@", chance.choice(("&#64;", "&#x40;")))
        return text

    return [piece.with_text(escaped(piece.text)) for piece in pieces]


def emphasis(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Markdown around values: bold, code, links, quotes."""
    result: list[Piece] = []
    for piece in pieces:
        if _planted(piece) and "\n" not in piece.text:
            left, right = chance.choice((("**", "**"), ("`", "`"), ("*", "*"), ("[", "](https://example.com/x)"), ("\n> ", "\n"), ("~~", "~~"),
                                         ("__", "__")))  # fmt: skip
            result += [fixed(left), piece, fixed(right)]
        else:
            result.append(piece)
    return result


def decomposed(chance: Random, pieces: list[Piece]) -> list[Piece]:
    """Accents as characters of their own (NFD), as file systems and some keyboards write them."""
    return mapped(pieces, lambda text: unicodedata.normalize("NFD", text))


NOISES: Final[dict[str, Noise]] = {
    "plain": untouched, "casing": casing, "punctuation": punctuation, "breaks": breaks, "separators": separators, "typos": typos,
    "zero_width": zero_width, "full_width": full_width, "json": json_string, "unicode_escape": unicode_escapes, "percent": percent,
    "base64": base64_text, "entities": entities, "markdown": emphasis, "decomposed": decomposed,
}  # fmt: skip
ENCODINGS: Final = ("json", "unicode_escape", "percent", "base64", "entities")
"""Noises that write the whole text in another notation."""
