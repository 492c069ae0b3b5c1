"""National numbers of persons, with the check digits that python-stdnum or the public standards give them."""

# ruff: noqa: E501, RUF001

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple

from tests.corpus import europe, overseas
from tests.corpus.form import fill
from tests.corpus.piece import Fact, fact


class Number(NamedTuple):
    """A kind of number.

    Attributes:
        kind: Country and name: `pl_pesel`.
        make: Gives a valid number as it is mostly printed.
        words: What people call it.
        keys: What programs call it.
        bare: Whether its form alone tells it (letters in fixed places, punctuation nobody else uses).
    """

    kind: str
    make: Callable[[Random], str]
    words: tuple[str, ...]
    keys: tuple[str, ...]
    bare: bool = False


def _form(form: str) -> Callable[[Random], str]:
    return lambda chance: fill(chance, form)


NUMBERS: Final[dict[str, tuple[Number, ...]]] = {
    "US": (
        Number("us_ssn", overseas.us_ssn, ("SSN", "social security number", "Social Security No."), ("ssn", "social_security_number"),
               bare=True),
        Number("us_ssn_plain", overseas.us_ssn_plain, ("SSN", "social security number"), ("ssn", "socialSecurityNumber")),
        Number("us_itin", overseas.us_itin, ("ITIN", "individual taxpayer identification number"), ("itin",)),
        Number("us_passport", _form("{d9}"), ("passport number", "US passport", "passport no."), ("passport_number", "passport")),
        Number("us_license", _form("{A1}{d7}"), ("driver's license", "driver license number", "DL number"),
               ("drivers_license", "license_number")),
    ),
    "GB": (
        Number("gb_nino", europe.gb_nino, ("National Insurance number", "NI number", "NINO"), ("nino", "ni_number")),
        Number("gb_utr", europe.gb_utr, ("UTR", "Unique Taxpayer Reference"), ("utr",)),
        Number("gb_passport", _form("{d9}"), ("passport number", "UK passport number"), ("passport_number",)),
        Number("gb_license", europe.gb_license, ("driving licence", "driving licence number"), ("driving_licence",)),
    ),
    "DE": (
        Number("de_tax_id", europe.de_tax_id, ("Steuer-ID", "Steueridentifikationsnummer", "IdNr.", "Steuerliche Identifikationsnummer"),
               ("steuer_id", "tax_id", "steuerId")),
        Number("de_pension", europe.de_pension, ("Rentenversicherungsnummer", "Sozialversicherungsnummer", "SV-Nummer"),
               ("rvnr", "sozialversicherungsnummer")),
        Number("de_id_card", europe.de_id_card, ("Personalausweisnummer", "Ausweisnummer", "Personalausweis"), ("personalausweis",)),
        Number("de_passport", europe.de_passport, ("Reisepassnummer", "Passnummer", "passport number"), ("passport_number",)),
    ),
    "FR": (
        Number("fr_nir", europe.fr_nir, ("numéro de sécurité sociale", "NIR", "n° de sécurité sociale", "numéro INSEE"),
               ("nir", "numero_securite_sociale")),
        Number("fr_tax", europe.fr_tax, ("numéro fiscal", "numéro fiscal de référence", "SPI"), ("numero_fiscal", "spi")),
    ),
    "ES": (
        Number("es_dni", europe.es_dni, ("DNI", "NIF", "documento nacional de identidad"), ("dni", "nif")),
        Number("es_nie", europe.es_nie, ("NIE", "número de identidad de extranjero"), ("nie",)),
    ),
    "IT": (Number("it_codice_fiscale", europe.it_codice_fiscale, ("codice fiscale", "C.F.", "CF"), ("codice_fiscale", "cf"), bare=True),),
    "NL": (Number("nl_bsn", europe.nl_bsn, ("BSN", "burgerservicenummer", "BSN-nummer"), ("bsn", "burgerservicenummer")),),
    "BR": (
        Number("br_cpf", overseas.br_cpf, ("CPF", "número do CPF"), ("cpf",), bare=True),
        Number("br_cpf_plain", overseas.br_cpf_plain, ("CPF", "CPF nº"), ("cpf",)),
    ),
    "PL": (
        Number("pl_pesel", europe.pl_pesel, ("PESEL", "numer PESEL"), ("pesel",)),
        Number("pl_nip", europe.pl_nip, ("NIP", "numer NIP"), ("nip",)),
        Number("pl_id_card", europe.pl_id_card, ("numer dowodu osobistego", "dowód osobisty", "seria i numer dowodu"), ("dowod",)),
    ),
    "SE": (Number("se_personnummer", europe.se_personnummer, ("personnummer", "personnr", "pnr"), ("personnummer", "pnr")),),
    "JP": (Number("jp_my_number", overseas.jp_my_number, ("マイナンバー", "個人番号", "My Number"), ("my_number", "mynumber")),),
    "BE": (Number("be_nn", europe.be_nn, ("rijksregisternummer", "numéro de registre national", "NISS", "INSZ"), ("niss", "insz")),),
    "PT": (Number("pt_nif", europe.pt_nif, ("NIF", "número de contribuinte", "contribuinte"), ("nif",)),),
    "NO": (Number("no_fodselsnummer", europe.no_fodselsnummer, ("fødselsnummer", "personnummer"), ("fodselsnummer", "fnr")),),
    "DK": (Number("dk_cpr", europe.dk_cpr, ("CPR-nummer", "CPR", "CPR-nr."), ("cpr", "cpr_nummer")),),
    "FI": (Number("fi_hetu", europe.fi_hetu, ("henkilötunnus", "HETU", "hetu"), ("hetu", "henkilotunnus")),),
    "IE": (Number("ie_pps", europe.ie_pps, ("PPS number", "PPSN", "PPS No."), ("ppsn", "pps_number")),),
    "AT": (Number("at_svnr", europe.at_svnr, ("Sozialversicherungsnummer", "SVNR", "SV-Nummer"), ("svnr",)),),
    "CH": (Number("ch_ahv", europe.ch_ahv, ("AHV-Nummer", "AHV", "numéro AVS", "AVS"), ("ahv", "avs"), bare=True),),
    "CZ": (Number("cz_rc", europe.cz_rc, ("rodné číslo", "r.č."), ("rodne_cislo", "rc")),),
    "RO": (Number("ro_cnp", europe.ro_cnp, ("CNP", "cod numeric personal"), ("cnp",)),),
    "BG": (Number("bg_egn", europe.bg_egn, ("ЕГН", "EGN"), ("egn",)),),
    "HR": (Number("hr_oib", europe.hr_oib, ("OIB", "osobni identifikacijski broj"), ("oib",)),),
    "SI": (Number("si_emso", europe.si_emso, ("EMŠO", "EMSO"), ("emso",)),),
    "LT": (Number("lt_asmens", europe.lt_asmens, ("asmens kodas",), ("asmens_kodas",)),),
    "EE": (Number("ee_ik", europe.ee_ik, ("isikukood",), ("isikukood",)),),
    "GR": (Number("gr_amka", europe.gr_amka, ("ΑΜΚΑ", "AMKA"), ("amka",)),),
    "TR": (Number("tr_tckimlik", europe.tr_tckimlik, ("T.C. Kimlik No", "TC kimlik numarası", "TCKN"), ("tckn", "tc_kimlik_no")),),
    "IL": (Number("il_id", overseas.il_id, ("Teudat Zehut", "Israeli ID", "תעודת זהות"), ("teudat_zehut", "israeli_id")),),
    "ZA": (Number("za_id", overseas.za_id, ("South African ID", "RSA ID number", "SA ID number"), ("sa_id", "rsa_id_number")),),
    "IN": (
        Number("in_aadhaar", overseas.in_aadhaar, ("Aadhaar", "Aadhaar number", "UIDAI number"), ("aadhaar", "aadhaar_number")),
        Number("in_pan", overseas.in_pan, ("PAN", "PAN card", "PAN number"), ("pan", "pan_card")),
    ),
    "CN": (Number("cn_ric", overseas.cn_ric, ("身份证号", "身份证", "resident identity card"), ("id_card", "shenfenzheng")),),
    "KR": (Number("kr_rrn", overseas.kr_rrn, ("주민등록번호", "RRN", "resident registration number"), ("rrn", "jumin")),),
    "SG": (Number("sg_nric", overseas.sg_nric, ("NRIC", "FIN", "NRIC/FIN"), ("nric", "fin")),),
    "TH": (Number("th_pin", overseas.th_pin, ("เลขประจำตัวประชาชน", "Thai national ID"), ("thai_id", "citizen_id")),),
    "AU": (Number("au_tfn", overseas.au_tfn, ("TFN", "tax file number"), ("tfn", "tax_file_number")),),
    "NZ": (Number("nz_ird", overseas.nz_ird, ("IRD number", "IRD"), ("ird", "ird_number")),),
    "CA": (Number("ca_sin", overseas.ca_sin, ("SIN", "social insurance number", "numéro d'assurance sociale"), ("sin", "social_insurance_number")),),
    "MX": (Number("mx_curp", overseas.mx_curp, ("CURP",), ("curp",), bare=True),),
    "CL": (Number("cl_rut", overseas.cl_rut, ("RUT", "RUN"), ("rut",), bare=True),),
    "AR": (Number("ar_cuit", overseas.ar_cuit, ("CUIT", "CUIL"), ("cuit", "cuil")),),
    "PE": (Number("pe_dni", overseas.pe_dni, ("DNI", "documento de identidad"), ("dni",)),),
    "RU": (Number("ru_inn", europe.ru_inn, ("ИНН", "INN"), ("inn",)), Number("ru_snils", europe.ru_snils, ("СНИЛС", "SNILS"), ("snils",))),
    "UA": (Number("ua_rnokpp", europe.ua_rnokpp, ("РНОКПП", "ІПН", "RNOKPP"), ("rnokpp", "ipn")),),
}  # fmt: skip
COUNTRIES: Final = tuple(NUMBERS)


def national(chance: Random, country: str) -> Fact:
    """A number of a person of `country`, sometimes without the spaces and dashes it is printed with."""
    number = chance.choice(NUMBERS[country])
    return fact(number.make(chance), "national", number.kind, number.words, number.keys, bare=number.bare)
