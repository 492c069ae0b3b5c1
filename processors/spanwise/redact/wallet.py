"""Check sums of addresses and keys of cryptocurrencies."""

from __future__ import annotations

import hashlib
from typing import Final

from spanwise.redact.keccak import keccak_256


_BASE58: Final = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE: Final = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32: Final = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_ENDS: Final = (1, 0x2BC830A3)  # BIP-173, BIP-350
_MONERO_SIZES: Final = {11: 8, 7: 5}  # bytes that a block of so many base58 characters holds
# Words of prose that no English BIP-39 list holds: a sentence about seed phrases is none.
_PROSE: Final = frozenset(
    (
        b"the and your with for are not from was but his her has had its our their which must should could would "
        b"into been than does also words phrase phrases store please used"
    ).split()
)
_PHRASE_LENGTHS: Final = (12, 15, 18, 21, 24)


def _decoded(text: bytes, alphabet: bytes) -> bytes | None:
    """The bytes that `text` means in base 58; `None` when a character is not in `alphabet`."""
    number = 0
    for letter in text:
        digit = alphabet.find(letter)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip(alphabet[:1]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58_check(text: bytes, *, alphabet: bytes = _BASE58) -> bytes | None:
    """What base58check `text` holds, version included; `None` when its double SHA-256 check sum is wrong."""
    data = _decoded(text, alphabet)
    if data is None or len(data) < 5:
        return None
    digest = hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()
    return data[:-4] if digest[:4] == data[-4:] else None


def _versioned(value: bytes, versions: bytes, *, size: int = 21, alphabet: bytes = _BASE58) -> bool:
    data = base58_check(value, alphabet=alphabet)
    return data is not None and len(data) == size and data[0] in versions


def bitcoin(value: bytes) -> bool:
    """Whether `value` is a base58 address of Bitcoin: pay to key hash or to script hash, mainnet."""
    return _versioned(value, b"\x00\x05")


def litecoin(value: bytes) -> bool:
    """Whether `value` is a base58 address of Litecoin that Bitcoin does not share."""
    return _versioned(value, b"\x30\x32")


def dogecoin(value: bytes) -> bool:
    """Whether `value` is an address of Dogecoin."""
    return _versioned(value, b"\x1e\x16")


def tron(value: bytes) -> bool:
    """Whether `value` is an address of Tron."""
    return _versioned(value, b"\x41")


def ripple(value: bytes) -> bool:
    """Whether `value` is a classic address of the XRP Ledger."""
    return _versioned(value, b"\x00", alphabet=_RIPPLE)


def private_key(value: bytes) -> bool:
    """Whether `value` is a private key in wallet import format of Bitcoin, compressed or not."""
    return _versioned(value, b"\x80", size=33) or _versioned(value, b"\x80", size=34)


def extended_key(value: bytes) -> bool:
    """Whether `value` is an extended key of BIP-32 with its check sum."""
    data = base58_check(value)
    return data is not None and len(data) == 78


def bech32(value: bytes) -> bool:
    """Whether `value` passes the check of BIP-173 or BIP-350; it is written in one case."""
    text = value.lower()
    place = text.rfind(b"1")
    if value not in (text, value.upper()) or place < 1 or len(text) - place < 7:
        return False
    digits = [_BECH32.find(letter) for letter in text[place + 1 :]]
    if min(digits) < 0:
        return False
    prefix = text[:place]
    check = 1
    for digit in [*(letter >> 5 for letter in prefix), 0, *(letter & 31 for letter in prefix), *digits]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ digit
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check in _BECH32_ENDS


def ethereum(value: bytes) -> bool:
    """Whether `value` (`0x` and 40 hexadecimal digits) is written in mixed case as EIP-55 checks it."""
    digits = value[2:]
    lower = digits.lower()
    if digits in (lower, digits.upper()):
        return False
    digest = keccak_256(lower).hex()
    return all(
        letter == (plain - 32 if nibble > "7" and plain > 0x60 else plain)
        for letter, plain, nibble in zip(digits, lower, digest, strict=False)
    )


def solana(value: bytes) -> bool:
    """Whether `value` is base 58 of 32 bytes: there is no check sum."""
    data = _decoded(value, _BASE58)
    return data is not None and len(data) == 32


def monero(value: bytes) -> bool:
    """Whether `value` is an address of Monero: base 58 in blocks, with a Keccak check sum."""
    data = b""
    for place in range(0, len(value), 11):
        block = value[place : place + 11]
        size = _MONERO_SIZES.get(len(block), 0)
        whole = _decoded(block.lstrip(b"1") or b"1", _BASE58) if size else None
        if whole is None or len(whole.lstrip(b"\0")) > size:
            return False
        data += whole.lstrip(b"\0").rjust(size, b"\0")
    return len(data) in (69, 77) and keccak_256(data[:-4])[:4] == data[-4:]


def stellar(value: bytes) -> bool:
    """Whether `value` is a public key of Stellar: base 32 with a CRC-16 (XModem) check sum."""
    import base64
    import binascii

    try:
        data = base64.b32decode(value)
    except binascii.Error:
        return False
    return len(data) == 35 and data[0] == 6 << 3 and binascii.crc_hqx(data[:-2], 0).to_bytes(2, "little") == data[-2:]


def seed_phrase(value: bytes) -> bool:
    """Whether `value` has as many words as BIP-39 allows, and none of those that only a sentence has."""
    words = [word.strip(b'",.;:\\') for word in value.split()]
    words = [word for word in words if word.isalpha()]
    return len(words) in _PHRASE_LENGTHS and len(set(words)) > 3 and _PROSE.isdisjoint(words)
