"""Addresses and keys of cryptocurrencies, with the check sums their networks demand."""

from __future__ import annotations

import hashlib
from random import Random
from typing import Final

from tests.corpus.piece import Fact, fact


_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32M: Final = 0x2BC830A3


def base58(data: bytes, alphabet: str = _BASE58) -> str:
    """`data` as a number in base 58; leading zero bytes are leading first digits."""
    number = int.from_bytes(data, "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = alphabet[digit] + text
    return alphabet[0] * (len(data) - len(data.lstrip(b"\0"))) + text


def base58check(version: bytes, payload: bytes, alphabet: str = _BASE58) -> str:
    """`payload` behind its version byte and before four bytes of its double SHA-256."""
    data = version + payload
    return base58(data + hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4], alphabet)


def bech32(prefix: str, values: list[int], constant: int) -> str:
    """`values` (five bits each) with the six check characters of BIP 173 (`constant` 1) or BIP 350."""
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _polymod(expanded + values + [0] * 6) ^ constant
    return f"{prefix}1" + "".join(
        _BECH32[value] for value in values + [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    )


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if (top >> place) & 1 else 0
    return check


def _five_bits(data: bytes) -> list[int]:
    number, size = int.from_bytes(data, "big"), len(data) * 8
    padding = -size % 5
    number <<= padding
    return [(number >> place) & 31 for place in range(size + padding - 5, -1, -5)]


def _bytes(chance: Random, count: int) -> bytes:
    return chance.getrandbits(count * 8).to_bytes(count, "big")


def _segwit(chance: Random, prefix: str) -> str:
    if chance.random() < 0.6:
        return bech32(prefix, [0, *_five_bits(_bytes(chance, chance.choice((20, 32))))], 1)
    return bech32(prefix, [1, *_five_bits(_bytes(chance, 32))], _BECH32M)


def keccak(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it: the padding is the one from before SHA-3 was standardised."""
    block = bytearray(data + b"\x01" + bytes(135 - len(data)))
    block[135] |= 0x80
    state = [int.from_bytes(block[place : place + 8], "little") for place in range(0, 136, 8)] + [0] * 8
    for constant in _round_constants():
        state = _round(state, constant)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def _round_constants() -> list[int]:
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for bit in range(7):
            if register & 1:
                constant |= 1 << ((1 << bit) - 1)
            register = ((register << 1) ^ (0x171 if register & 0x80 else 0)) & 0xFF
        constants.append(constant)
    return constants


def _rotated(lane: int, count: int) -> int:
    return ((lane << count) | (lane >> (64 - count))) & 0xFFFFFFFFFFFFFFFF if count else lane


def _round(state: list[int], constant: int) -> list[int]:
    parity = [state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)]
    state = [lane ^ parity[(place + 4) % 5] ^ _rotated(parity[(place + 1) % 5], 1) for place, lane in enumerate(state)]
    moved = [0] * 25
    x, y, lane = 1, 0, state[1]
    moved[0] = state[0]
    for step in range(24):
        x, y = y, (2 * x + 3 * y) % 5
        moved[x + 5 * y], lane = _rotated(lane, (step + 1) * (step + 2) // 2 % 64), state[x + 5 * y]
    mixed = [moved[place] ^ (~moved[place // 5 * 5 + (place + 1) % 5] & moved[place // 5 * 5 + (place + 2) % 5])
             for place in range(25)]  # fmt: skip
    mixed[0] ^= constant
    return mixed


def ethereum(chance: Random) -> str:
    """An Ethereum address: lower case, or with the mixed case of EIP-55."""
    text = _bytes(chance, 20).hex()
    if chance.random() < 0.5:
        return f"0x{text}"
    digest = keccak(text.encode()).hex()
    return "0x" + "".join(
        letter.upper() if int(digit, 16) > 7 else letter for letter, digit in zip(text, digest, strict=False)
    )


def wallet(chance: Random) -> Fact:
    """An address of some coin, or a private key in the form wallets export."""
    roll = chance.randrange(14)
    made: tuple[str, str, bool] = (
        ("bitcoin", base58check(b"\x00", _bytes(chance, 20)), True) if roll < 2
        else ("bitcoin", base58check(b"\x05", _bytes(chance, 20)), True) if roll == 2
        else ("bitcoin", _segwit(chance, "bc"), True) if roll < 5
        else ("ethereum", ethereum(chance), True) if roll < 8
        else ("litecoin", _segwit(chance, "ltc"), True) if roll == 8
        else ("tron", base58check(b"\x41", _bytes(chance, 20)), True) if roll == 9
        else ("ripple", base58check(b"\x00", _bytes(chance, 20), _RIPPLE), True) if roll == 10
        else ("cardano", bech32("addr", _five_bits(b"\x01" + _bytes(chance, 56)), 1), True) if roll == 11
        else ("bitcoin_key", base58check(b"\x80", _bytes(chance, 32) + b"\x01"), True) if roll == 12
        else ("solana", base58(_bytes(chance, 32)), False)
    )  # fmt: skip
    kind, value, bare = made
    noun = {"bitcoin_key": "private key"}.get(kind, "address")
    name = "Bitcoin" if kind == "bitcoin_key" else kind.capitalize()
    keys = (f"{kind}_address" if noun == "address" else "wallet_private_key", "wallet", "walletAddress")
    return fact(value, "crypto", kind, (f"{name} {noun}", f"{name} wallet", "wallet address"), keys, bare=bare)
