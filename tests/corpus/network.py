"""Addresses of machines, numbers of vehicles."""

# ruff: noqa: E501

from __future__ import annotations

from ipaddress import IPv6Address
from random import Random
from typing import Final

from tests.corpus.form import fill, grouped
from tests.corpus.piece import Fact, fact


_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_LETTERS: Final = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
                           strict=True))  # fmt: skip
_MAKERS: Final = ("1HG", "1FA", "5YJ", "2T1", "1G1", "3VW", "4T1", "JHM")
_EU_MAKERS: Final = ("WVW", "WBA", "WDB", "VF1", "ZFA", "YV1", "TMB", "VSS")
_VIN_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def ipv4(chance: Random) -> Fact:
    """An IPv4 address, public or of a private network."""
    first = chance.choice((10, 192, 172, 8, 34, 52, 81, 91, 145, 203, 212, 185))
    second = 168 if first == 192 else chance.randint(1, 254)
    value = f"{first}.{second}.{chance.randint(0, 255)}.{chance.randint(1, 254)}"
    return fact(value, "network", "ipv4", ("IP address", "IP", "client IP", "source address"),
                ("ip", "client_ip", "remote_addr", "ipAddress"))  # fmt: skip


def ipv6(chance: Random) -> Fact:
    """An IPv6 address, in full, compressed, or with its zeros."""
    prefix = chance.choice((0x20010DB8, 0x2A0104F8, 0x26064700, 0x2A001450, 0xFE800000, 0xFD123456))
    number = (prefix << 96) | (chance.getrandbits(16) << 80) | chance.getrandbits(chance.choice((16, 64, 80)))
    address = IPv6Address(number)
    value = chance.choice((address.compressed, address.compressed, address.exploded, address.compressed.upper()))
    return fact(
        value, "network", "ipv6", ("IPv6 address", "IPv6", "client IP"), ("ip", "client_ip", "ipv6", "remote_addr")
    )


def mac(chance: Random) -> Fact:
    """A MAC address of a vendor: colons, dashes or Cisco's dots."""
    text = f"{chance.getrandbits(48) & 0xFCFFFFFFFFFF:012x}"
    value = chance.choice((grouped(text, (2,), ":"), grouped(text, (2,), ":").upper(), grouped(text, (2,), "-").upper(),
                           grouped(text, (4,), ".")))  # fmt: skip
    return fact(value, "network", "mac", ("MAC address", "MAC", "hardware address"), ("mac", "mac_address", "hwaddr"))


def vin_number(chance: Random) -> str:
    """A vehicle number with the check digit that North America asks for (49 CFR 565)."""
    body = chance.choice(_MAKERS) + "".join(chance.choices("ABCDEFGHJKLMNPRSTUVWXYZ", k=2)) + fill(chance, "{d3}")
    tail = (
        chance.choice("ABCDEFGHJKLMNPRSTVWXY123456789")
        + chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ")
        + fill(chance, "{d6}")
    )
    total = sum(_LETTERS.get(letter, 0) * weight if letter.isalpha() else int(letter) * weight
                for letter, weight in zip(f"{body}0{tail}", _WEIGHTS, strict=True))  # fmt: skip
    return f"{body}{'0123456789X'[total % 11]}{tail}"


def vin(chance: Random) -> Fact:
    """A vehicle identification number; a European one has no check digit and needs a word."""
    american = chance.random() < 0.7
    value = vin_number(chance)
    if not american:
        value = chance.choice(_EU_MAKERS) + "ZZZ" + "".join(chance.choices(_VIN_LETTERS, k=5)) + fill(chance, "{d6}")
    return fact(value, "vehicle", "vin", ("VIN", "vehicle identification number", "chassis number", "Fahrgestellnummer"),
                ("vin", "vehicle_vin", "VIN"), bare=american)  # fmt: skip


def plate(chance: Random) -> Fact:
    """A number plate, which only a word tells from any other code."""
    value = fill(
        chance, chance.choice(("{A2}{d2} {A3}", "{A1}-{A2} {d4}", "{A2}-{d3}-{A2}", "{d1}{A3}{d3}", "{A3}-{d4}"))
    )
    return fact(value, "vehicle", "plate", ("license plate", "licence plate", "number plate", "plate number", "Kennzeichen"),
                ("license_plate", "plate_number", "licencePlate"), bare=False)  # fmt: skip
