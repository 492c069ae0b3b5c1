"""Keccak-256, the hash of Ethereum and Monero: SHA-3 before its padding was changed, so `hashlib` has none."""

from __future__ import annotations

from typing import Final


_MASK: Final = (1 << 64) - 1
_RATE: Final = 136  # bytes taken in per round of the sponge: 1600 bits without twice 256
_ROUNDS: Final = 24


def keccak_256(data: bytes) -> bytes:
    """The 32 bytes of Keccak-256 (the submission of 2011, version 3) of `data`; about 0.2 ms per 136 bytes."""
    padded = bytearray(data)
    padded += b"\x01" + bytes(-(len(data) + 1) % _RATE)
    padded[-1] |= 0x80
    state = [0] * 25
    for block in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            place = block + 8 * lane
            state[lane] ^= int.from_bytes(padded[place : place + 8], "little")
        state = _permuted(state)
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def _rotated(lane: int, bits: int) -> int:
    bits %= 64
    return ((lane << bits) | (lane >> (64 - bits))) & _MASK


def _constants() -> tuple[int, ...]:
    """The constants of the iota step, from the linear feedback shift register of the specification."""
    found = []
    register = 1
    for _ in range(_ROUNDS):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << ((1 << power) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        found.append(constant)
    return tuple(found)


def _steps() -> tuple[tuple[int, int, int], ...]:
    """Source lane, target lane and rotation of the rho and pi steps."""
    steps = [(0, 0, 0)]
    x, y = 1, 0
    for step in range(24):
        steps.append((x + 5 * y, y + 5 * ((2 * x + 3 * y) % 5), (step + 1) * (step + 2) // 2))
        x, y = y, (2 * x + 3 * y) % 5
    return tuple(steps)


_IOTA: Final = _constants()
_RHO_PI: Final = _steps()


def _permuted(state: list[int]) -> list[int]:
    """The permutation Keccak-f[1600] of 25 lanes."""
    for constant in _IOTA:
        columns = [state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)]
        mixed = [columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1) for x in range(5)]
        moved = [0] * 25
        for source, target, bits in _RHO_PI:
            moved[target] = _rotated(state[source] ^ mixed[source % 5], bits)
        state = [
            moved[lane] ^ (~moved[lane - lane % 5 + (lane + 1) % 5] & moved[lane - lane % 5 + (lane + 2) % 5])
            for lane in range(25)
        ]
        state[0] ^= constant
    return state
