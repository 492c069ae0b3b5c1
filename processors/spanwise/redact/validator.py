"""The table of validators that rules name: each says whether a value of the right shape is a real one.

Numbers are checked by `python-stdnum` where it knows them, by our own modules otherwise. Nothing is imported before
a value of that kind stands in a text.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final, TypeAlias


Validator: TypeAlias = Callable[[bytes], bool]
"""Given the value as it stands in the text, separators included, whether it is one. Never raises for ASCII text."""

_SEPARATORS: Final = b" .-/\t"


class _Standard:
    """The check `is_valid` of a module of python-stdnum, imported at the first call."""

    __slots__ = ("_check", "_module")

    def __init__(self, module: str) -> None:
        self._module = module
        self._check: Callable[[str], bool] | None = None

    def __call__(self, value: bytes) -> bool:
        if not value.isascii():
            return False
        if self._check is None:
            self._check = import_module(f"stdnum.{self._module}").is_valid
        return self._check(value.decode("ascii"))


class _Own:
    """A function of one of our modules, imported at the first call."""

    __slots__ = ("_check", "_digits_only", "_name")

    def __init__(self, name: str, *, digits_only: bool = False) -> None:
        self._name = name
        self._digits_only = digits_only
        self._check: Validator | None = None

    def __call__(self, value: bytes) -> bool:
        if not value.isascii():
            return False
        if self._check is None:
            module, function = self._name.rsplit(".", 1)
            self._check = getattr(import_module(f"spanwise.redact.{module}"), function)
        try:
            return self._check(value.translate(None, _SEPARATORS) if self._digits_only else value)
        except (LookupError, ValueError):  # a value of another shape than the check is about
            return False


def _repeats(value: bytes) -> bool:
    """Whether a value is one character over and over: an example, a mask or padding."""
    return len(set(value.translate(None, _SEPARATORS))) < 2


class _Varied:
    """Another check, for values that are more than one character over and over."""

    __slots__ = ("_check",)

    def __init__(self, check: Validator) -> None:
        self._check = check

    def __call__(self, value: bytes) -> bool:
        return not _repeats(value) and self._check(value)


_STANDARD: Final = {
    "ar_cbu": "ar.cbu", "ar_cuit": "ar.cuit", "at_tin": "at.tin", "at_vnr": "at.vnr", "au_tfn": "au.tfn",
    "be_nn": "be.nn", "bg_egn": "bg.egn", "bg_pnf": "bg.pnf", "bic": "bic", "br_cnpj": "br.cnpj", "ca_sin": "ca.sin",
    "ch_ssn": "ch.ssn", "cl_rut": "cl.rut", "co_nit": "co.nit", "cu_ni": "cu.ni", "cz_bank_account": "cz.bankaccount",
    "cz_rc": "cz.rc", "de_idnr": "de.idnr", "de_stnr": "de.stnr", "dk_cpr": "dk.cpr", "do_cedula": "do.cedula",
    "ec_ci": "ec.ci", "ee_ik": "ee.ik", "es_ccc": "es.ccc", "es_dni": "es.dni", "es_nie": "es.nie",
    "fi_hetu": "fi.hetu", "fr_nif": "fr.nif", "fr_nir": "fr.nir", "gb_nhs": "gb.nhs", "gb_utr": "gb.utr",
    "gr_afm": "gr.vat", "gr_amka": "gr.amka", "hr_oib": "hr.oib", "id_nik": "id.nik", "id_npwp": "id.npwp",
    "ie_pps": "ie.pps", "il_id": "il.idnr", "imei": "imei", "in_aadhaar": "in_.aadhaar", "in_epic": "in_.epic",
    "in_pan": "in_.pan", "is_kennitala": "is_.kennitala", "it_codice_fiscale": "it.codicefiscale", "kr_rrn": "kr.rrn",
    "lt_asmens": "lt.asmens", "lv_pk": "lv.pvn", "md_idno": "md.idno", "mu_nid": "mu.nid", "mx_curp": "mx.curp",
    "mx_rfc": "mx.rfc", "my_nric": "my.nric", "nl_bsn": "nl.bsn", "no_fodselsnummer": "no.fodselsnummer",
    "nz_ird": "nz.ird", "pk_cnic": "pk.cnic", "pl_nip": "pl.nip", "pl_pesel": "pl.pesel", "pt_cc": "pt.cc",
    "pt_nif": "pt.nif", "ro_cnp": "ro.cnp", "ru_inn": "ru.inn", "se_personnummer": "se.personnummer",
    "th_pin": "th.pin", "tr_tckimlik": "tr.tckimlik", "ua_rntrc": "ua.rntrc", "us_ein": "us.ein", "us_rtn": "us.rtn",
    "za_id": "za.idnr",
}  # fmt: skip
_OWN: Final = {
    "ae_eid": "identity.ae_eid", "br_cpf": "identity.br_cpf", "cn_resident": "identity.cn_resident",
    "de_insurance": "identity.de_insurance", "dk_cpr_checked": "identity.dk_cpr_checked", "emso": "identity.emso",
    "es_dni_dotted": "identity.es_dni", "es_nss": "identity.es_nss", "hk_hkid": "identity.hk_hkid",
    "hu_taj": "identity.hu_taj", "hu_tax": "identity.hu_tax", "jp_my_number": "identity.jp_my_number",
    "kw_civil": "identity.kw_civil", "kz_iin": "identity.kz_iin", "lk_nic": "identity.lk_nic",
    "lu_matricule": "identity.lu_matricule", "mx_clabe": "identity.mx_clabe", "pl_id_card": "identity.pl_id_card",
    "ru_snils": "identity.ru_snils", "sa_id": "identity.sa_id", "sg_nric": "identity.sg_nric",
    "tw_id": "identity.tw_id", "uk_nino": "identity.uk_nino", "us_itin": "identity.us_itin",
    "uy_ci": "identity.uy_ci",
    "au_medicare": "medical.au_medicare", "chi": "medical.chi", "de_kvnr": "medical.de_kvnr", "dea": "medical.dea",
    "npi": "medical.npi",
    "vin": "vehicle.vin",
    "bech32": "wallet.bech32", "bitcoin": "wallet.bitcoin", "dogecoin": "wallet.dogecoin",
    "ethereum": "wallet.ethereum", "extended_key": "wallet.extended_key", "litecoin": "wallet.litecoin",
    "monero": "wallet.monero", "ripple": "wallet.ripple",
    "solana": "wallet.solana", "stellar": "wallet.stellar", "tron": "wallet.tron",
    "wallet_private_key": "wallet.private_key",
}  # fmt: skip
_DIGITS_ONLY: Final = {"luhn": "checksum.luhn", "ssn": "checksum.ssn"}

VALIDATORS: Final[dict[str, Validator]] = {
    **{name: _Varied(_Standard(module)) for name, module in _STANDARD.items()},
    **{name: _Varied(_Own(function)) for name, function in _OWN.items()},
    **{name: _Varied(_Own(function, digits_only=True)) for name, function in _DIGITS_ONLY.items()},
}
"""Every validator by the name that rules use."""
