"""Planted numbers are valid by a library that the rules do not use."""

# ruff: noqa: E501

from __future__ import annotations

import hashlib
from importlib import import_module
from random import Random

import pytest
from stdnum import bitcoin, iban, luhn
from stdnum.gb import nhs

from tests.corpus import europe, overseas
from tests.corpus.account import IBAN_COUNTRIES, card_number, iban_number
from tests.corpus.form import fill
from tests.corpus.health import nhs as nhs_fact
from tests.corpus.vendor import FORMS, KINDS, vendor_key
from tests.corpus.wallet import base58check, keccak


MODULES = {
    "us_ssn": "us.ssn", "us_ssn_plain": "us.ssn", "us_itin": "us.itin", "gb_utr": "gb.utr", "de_tax_id": "de.idnr", "fr_nir": "fr.nir",
    "fr_tax": "fr.nif", "es_dni": "es.dni", "es_nie": "es.nie", "it_codice_fiscale": "it.codicefiscale", "nl_bsn": "nl.bsn",
    "br_cpf": "br.cpf", "br_cpf_plain": "br.cpf", "pl_pesel": "pl.pesel", "pl_nip": "pl.nip", "se_personnummer": "se.personnummer",
    "jp_my_number": "jp.in_", "be_nn": "be.nn", "pt_nif": "pt.nif", "no_fodselsnummer": "no.fodselsnummer", "dk_cpr": "dk.cpr",
    "fi_hetu": "fi.hetu", "ie_pps": "ie.pps", "at_svnr": "at.vnr", "ch_ahv": "ch.ssn", "cz_rc": "cz.rc", "ro_cnp": "ro.cnp",
    "bg_egn": "bg.egn", "hr_oib": "hr.oib", "si_emso": "si.emso", "lt_asmens": "lt.asmens", "ee_ik": "ee.ik", "gr_amka": "gr.amka",
    "tr_tckimlik": "tr.tckimlik", "il_id": "il.idnr", "za_id": "za.idnr", "in_aadhaar": "in_.aadhaar", "in_pan": "in_.pan",
    "cn_ric": "cn.ric", "kr_rrn": "kr.rrn", "th_pin": "th.pin", "au_tfn": "au.tfn", "nz_ird": "nz.ird", "ca_sin": "ca.sin",
    "mx_curp": "mx.curp", "cl_rut": "cl.rut", "ar_cuit": "ar.cuit", "ru_inn": "ru.inn", "ua_rnokpp": "ua.rntrc",
}  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_national_numbers_are_valid(name: str) -> None:
    """Each number passes the checks of its country."""
    module = import_module(f"stdnum.{MODULES[name]}")
    make = getattr(europe, name, None) or getattr(overseas, name)
    chance = Random(5)
    for _ in range(40):
        number = make(chance)
        module.validate(number)


def test_accounts_and_cards_are_valid() -> None:
    """Cards pass Luhn, IBANs the check of the registry."""
    chance = Random(5)
    for country in IBAN_COUNTRIES:
        # A Belgian account may belong to a bank that the library's table does not have.
        number = iban_number(chance, country)
        assert iban.is_valid(number, check_country=country != "BE"), number
    assert all(luhn.is_valid(card_number(chance)[0]) for _ in range(100))
    assert all(nhs.is_valid(nhs_fact(chance).value) for _ in range(100))


def test_wallets_are_valid() -> None:
    """Base58Check is what a library accepts; Keccak is the one of Ethereum and not SHA-3."""
    assert bitcoin.is_valid(base58check(b"\x00", bytes(range(20))))
    assert keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak(b"") != hashlib.sha3_256(b"").digest()


def test_forms_are_filled_completely() -> None:
    """No field is left open in any vendor's key, and there are at least eighty vendors."""
    chance = Random(5)
    assert len(KINDS) >= 80
    assert all("{" not in vendor_key(chance).value for _ in range(20 * len(FORMS)))
    assert len(fill(chance, "x_{n36}-{d2-4}")) in range(41, 44)
