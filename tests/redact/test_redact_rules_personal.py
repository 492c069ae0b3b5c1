"""The rules for personal data: the check digits behind them, the words they need, and what they leave."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.redact import compile as source
from spanwise.redact.budget import Budget
from spanwise.redact.catalogue import catalogue
from spanwise.redact.keccak import keccak_256
from spanwise.redact.mailbox import email
from spanwise.redact.rule import Rule
from spanwise.redact.scanner import Scanner
from spanwise.redact.validator import VALIDATORS


RULES = {rule.id: rule for rule in catalogue() if rule.family != "secret"}
PERSONAL = Scanner(list(RULES.values()))


def taken(rules: Scanner, text: str) -> list[str]:
    """The values that `rules` take out of `text`."""
    data = text.encode()
    return [data[hit.start : hit.end].decode() for hit in rules.hits(data, Budget(10_000))]


PUBLISHED = {
    "ae_eid": ["784-1968-6570305-0"],
    "ar_cuit": ["20-05536168-2"],
    "at_vnr": ["1237 010180"],
    "au_medicare": ["2123 45670 1"],
    "au_tfn": ["123 456 782"],
    "be_nn": ["85.07.30-033.28"],
    "bg_egn": ["7523169263"],
    "br_cnpj": ["16.727.230/0001-97"],
    "br_cpf": ["390.533.447-05"],
    "ca_sin": ["123-456-782"],
    "ch_ssn": ["7569217076985"],
    "cl_rut": ["12.531.909-2"],
    "cn_resident": ["11010519491231002X"],
    "co_nit": ["213.123.432-1"],
    "cz_rc": ["710319/2745"],
    "de_idnr": ["36 574 261 809"],
    "de_insurance": ["15070649C103"],
    "de_kvnr": ["A123456780"],
    "dea": ["AB1234563"],
    "dk_cpr_checked": ["211062-5629"],
    "do_cedula": ["00113918205"],
    "ec_ci": ["171430710-3"],
    "ee_ik": ["36805280109"],
    "es_dni": ["54362315-K"],
    "es_dni_dotted": ["12.345.678-Z"],
    "es_nie": ["x-2482300w"],
    "fi_hetu": ["131052-308T"],
    "fr_nir": ["2 95 10 99 126 111 93"],
    "gb_nhs": ["943-476-5870"],
    "gb_utr": ["1955839661"],
    "gr_amka": ["01013099997"],
    "hk_hkid": ["A123456(3)", "C123456(9)"],
    "hr_oib": ["33392005961"],
    "id_nik": ["3171011708450001"],
    "ie_pps": ["6433435F", "6433435OA"],
    "il_id": ["3933742-3"],
    "imei": ["35686800-004141-8"],
    "in_aadhaar": ["234123412346"],
    "in_pan": ["ACUPA7085R"],
    "is_kennitala": ["450401-3150"],
    "it_codice_fiscale": ["RCCMNL83S18D969H"],
    "jp_my_number": ["123456789018"],
    "kr_rrn": ["971013-9019902"],
    "lt_asmens": ["33309240064"],
    "lv_pk": ["161175-19997"],
    "mx_clabe": ["032180000118359719"],
    "mx_curp": ["BOXW310820HNERXN09"],
    "mx_rfc": ["GODE561231GR8"],
    "my_nric": ["770305-02-1234"],
    "nl_bsn": ["1112.22.333"],
    "no_fodselsnummer": ["151086 95088"],
    "npi": ["1234567893"],
    "nz_ird": ["49-098-576"],
    "pk_cnic": ["34201-0891231-8"],
    "pl_nip": ["856-734-62-15"],
    "pl_pesel": ["44051401359"],
    "pt_nif": ["PT 501 964 843"],
    "ro_cnp": ["1630615123457"],
    "ru_snils": ["112-233-445 95"],
    "se_personnummer": ["880320-0016"],
    "sg_nric": ["S1234567D"],
    "emso": ["0101006500006"],
    "th_pin": ["1-2345-45678-78-1"],
    "tr_tckimlik": ["17291716060"],
    "tw_id": ["A123456789"],
    "ua_rntrc": ["1759013776"],
    "us_itin": ["912-90-3456"],
    "us_rtn": ["111000025"],
    "uy_ci": ["1.234.567-2"],
    "vin": ["1M8GDM9AXKP042788", "1HGCM82633A004352"],
    "za_id": ["7503305044089"],
}


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, numbers in PUBLISHED.items() for number in numbers]
)
def test_published_number_is_valid(name: str, number: str) -> None:
    """The examples that registries and standards publish pass, and those of more than thirty countries are among them."""
    assert VALIDATORS[name](number.encode())


DATED = {"fi_hetu", "mx_rfc", "lk_nic", "id_nik", "in_pan", "my_nric", "pk_cnic", "us_itin", "dk_cpr", "au_medicare"}
"""Numbers without a check digit, or in which only some places can be wrong: what is checked is a date or a range."""


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name, numbers in PUBLISHED.items() for number in numbers if name not in DATED],
)
def test_mistyped_number_is_not_valid(name: str, number: str) -> None:
    """One wrong digit at the end of a number is noticed, whichever it is."""
    last = max(place for place, letter in enumerate(number) if letter.isdigit())
    others = [number[:last] + digit + number[last + 1 :] for digit in "0123456789" if digit != number[last]]
    assert sum(VALIDATORS[name](other.encode()) for other in others) <= 1


def test_fifty_countries_are_checked() -> None:
    """The numbers of at least fifty countries have check digits that are looked at."""
    countries = {rule.id[:2] for rule in RULES.values() if rule.family == "national" and rule.validate is not None}
    assert len(countries) >= 50


def test_every_validator_has_a_rule() -> None:
    """The table holds nothing that no rule asks for."""
    assert {table.get("validator") for table in source.tables()} - {None} == set(VALIDATORS)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(VALIDATORS)), st.text("0123456789ABCXYZabcxyz .-/()+", min_size=1, max_size=24))
def test_validator_answers_for_any_text(name: str, text: str) -> None:
    """A validator says yes or no to every text, and never raises."""
    assert VALIDATORS[name](text.encode()) in {True, False}


@pytest.mark.parametrize("name", sorted(VALIDATORS))
def test_repeated_digit_is_nobody(name: str) -> None:
    """Zeros and other fillings are no number of anybody."""
    assert not any(VALIDATORS[name](digit * length) for digit in (b"0", b"1", b"9") for length in range(8, 20))


def test_table_imports_nothing_heavy() -> None:
    """Who loads the rules pays for no module that only some values need."""
    code = (
        "import sys, spanwise.redact.validator, spanwise.redact.telephone;"
        "print([name for name in sys.modules if name.split('.')[0] in ('stdnum', 'phonenumbers')])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert shown.stdout.strip() == "[]"


NEEDS_WORD = [rule for rule in RULES.values() if rule.value_group]


@pytest.mark.parametrize("rule", NEEDS_WORD, ids=lambda rule: rule.id)
def test_value_without_its_word_stays(rule: Rule) -> None:
    """A rule that needs a word beside the value finds nothing in the value alone."""
    alone = Scanner([rule])
    values = [
        example.data[start:end].decode()
        for example in EXAMPLES
        if example.rule == rule.id and example.positive
        for start, end in example.marked
    ]
    assert values
    for value in values:
        assert taken(alone, f"see {value} there") == []


EXAMPLES = source.examples()

STAYS = [
    # Ids and hashes.
    "550e8400-e29b-41d4-a716-446655440000", "12345678-1234-4234-8234-123456789012", "d41d8cd98f00b204e9800998ecf8427e",
    "9fceb02d0ae598e95dc970b74767f19372d61af8", "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "sha256:9b2cf0d1e3a4", "commit 9fceb02",
    "01HZY3T8G5K2M4N6P8Q0R2S4T6", "chatcmpl-AbC123dEf456GhI789jKl", "msg_01XFDUDYJgAACzvnptvVoYEL",
    "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b", "call_abc123DEF456", "run_id: 12345678901",
    "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7", "ObjectId('507f1f77bcf86cd799439011')",
    "user_id: 48213", "order 1234567890", "Order #100-2003004", "invoice INV-2024-000123", "PO 4500012345",
    "ticket JIRA-12345", "case 00123456", "SKU 123-456-789", "part AB12-3456-78", "batch 20240115-001",
    # Times and dates that nobody was born on.
    "2025-04-14T12:30:00.123456Z", "2025-04-14 12:30:00", "2024-11-03", "04-12-2024 10:30", "14/Apr/2025:12:30:00 +0000",
    "Mon, 14 Apr 2025 12:30:00 +0200", "1732406400", "1732406400000", "1732406400000000", "1732406400000000000",
    "20250414T123000Z", "12:34:56.789", "created on 12 May 1980", "born in 1980", "aged 45", "Q3 2024", "2019-2024",
    # Versions, models, packages.
    "1.2.3", "v1.2.3.4", "10.15.7", "gpt-4.1-2025-04-14", "claude-sonnet-4-5-20250929", "text-embedding-3-small",
    "Chrome/120.0.0.0 Safari/537.36", "python 3.11.9", "requests==2.31.0.1", "lodash@4.17.21", "actions/checkout@v4",
    "image:1.25.3-alpine3.18", "linux-6.8.0-31-generic", "libssl.so.1.1.1", "release 24.04.1",
    # Money, amounts, measures, places.
    "$1,299.00", "EUR 1.234.567,89", "1 234 567,89", "1,234,567,890", "12.345.678", "3.141592653589793", "6.02e23",
    "52.520008, 13.404954", "-33.8688197, 151.2092955", "1920x1080", "99.99%", "-1.5 2.25 3.125 4.0", "10 000 000",
    "0.001 0.002 0.003", "[1, 2, 3, 4, 5, 6, 7, 8, 9]", "2 + 2 = 4", "(12 * 34567890) / 12", "1e-10", "0x1F4A9C3D",
    # Numbers of things.
    "ISBN 978-3-16-148410-0", "ISBN 0-306-40615-2", "ISSN 2049-3630", "EAN 4006381333931", "1Z999AA10123456784",
    "doi:10.1000/182.345", "arXiv:2301.12345", "RFC 7231", "CVE-2024-12345", "ISO 8601-1:2019", "IEEE 802.11ax",
    "DFARS 252.227-7014", "CAS 7732-18-5", "patent US 9,876,543 B2", "flight LH 1234", "room 12-345", "A4 210 x 297",
    "Boeing 737-800", "MX-5 2024", "RTX 4090 24 GB", "ATmega328P-PU", "LM317T 1.5A", "M3x12 DIN 912",
    # Code, logs, tables.
    'File "app.py", line 412, in main', "[2025-04-14 12:30:00] INFO 12345 --- [main] c.e.App : Started in 2.345 s",
    "GET /v1/items/12345678?page=2 HTTP/1.1 200 1234", "at com.example.App.main(App.java:42)", "for i in range(1000000):",
    "@property", "@app.route('/x')", "a[::2]", "std::vector<int>", "x = sin(123456)", "tokens=1234567 cost=0.0123",
    "def pan(card): return tin", "port 8080 pid 123456", "q@k.transpose(-2, -1)", "git@github.com:org/repo.git",
    "0930 1045 1200 1330", "| 2019 | 2020 | 2021 |\n| 1234 | 5678 | 9012 |", "id,name,total\n1001,Tea,12.50",
    "arn:aws:iam::123456789012:role/x", "s3://bucket/2024/01/15/part-00001.parquet", "x86_64", "utf-8", "127.0.0.1",
    "0.0.0.0", "::1", "aa:bb:cc:dd:ee:ff", "00:00:00:00:00:00", "SHA1 fingerprint 16:27:AC:A5:76:28:2D:36:63:1B",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    # Words that name something, with nothing to name.
    "passport.js 0.7.0", "the driving licence test costs 62", "a seed phrase has 12 or 24 words", "cell 12", "tel aviv 2024",
    "social security reform of 1983", "national identity in 19th century", "VIN decoder", "license: MIT", "pan-European",
    "routing table 10 entries", "account numbers are long", "the born rule 1926", "wallet 42", "IBAN: see letter",
    "MAC address: unknown", "license number 12", "medical records 2", "tax id: none", "phone 2024-11-03", "hotel 1234567",
]  # fmt: skip


@pytest.mark.parametrize("text", STAYS)
def test_ordinary_text_holds_nobody(text: str) -> None:
    """Ids, times, versions, amounts, code and tables stay, alone and in what usually stands around them."""
    for frame in ("{}", "see {} now", "({})", '"{}"', '{{"id": "{}"}}', "a\n{}\nb", "x={};"):
        framed = frame.replace("{}", text)
        assert taken(PERSONAL, framed) == [], framed


HELD = [
    ("My SSN is 123-45-6789 and my card is 4111 1111 1111 1111.", ["123-45-6789", "4111 1111 1111 1111"]),
    ('{"driversLicense": "D1234567", "passport_number": "X1234567"}', ["D1234567", "X1234567"]),
    ('{"tax_file_number": "123456782", "nationalInsurance": "ab123456c"}', ["123456782", "ab123456c"]),
    ("Ich wohne in der Musterstraße 12, 12345 Berlin, Tel. 030 12345678", ["Musterstraße 12, 12345 Berlin", "030 12345678"]),
    ("né le 12 mai 1980, NIR 2 95 10 99 126 111 93", ["12 mai 1980", "2 95 10 99 126 111 93"]),
    ("DNI 12345678Z, nacida el 12/05/1980", ["12345678Z", "12/05/1980"]),
    ("CPF 390.533.447-05; celular (11) 91234-5678", ["390.533.447-05", "(11) 91234-5678"]),
    ("身份证号码：11010519491231002X，电话：13800138000", ["11010519491231002X", "13800138000"]),
    ("マイナンバー：1234 5678 9018、生年月日：1980年5月12日", ["1234 5678 9018", "1980年5月12日"]),
    ("Aadhaar 2341 2341 2346, PAN ABCPE1234F", ["2341 2341 2346", "ABCPE1234F"]),
    ("write to joe [at] example [dot] com or joe@example.com", ["joe [at] example [dot] com", "joe@example.com"]),
    ("pay 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed or bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
     ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "values"), HELD)
def test_sentence_gives_all_its_values(text: str, values: list[str]) -> None:
    """Several values of one text are found side by side, in many languages and in names of code."""
    assert taken(PERSONAL, text) == values


KECCAK = {
    b"": "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    b"abc": "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    b"testing": "5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02",
}


@pytest.mark.parametrize(("data", "digest"), KECCAK.items())
def test_keccak_is_the_one_of_ethereum(data: bytes, digest: str) -> None:
    """The digests are those that Ethereum and Solidity give, not those of SHA-3."""
    assert keccak_256(data).hex() == digest


@pytest.mark.parametrize("length", [134, 135, 136, 137, 272])
def test_keccak_pads_at_the_edge_of_a_block(length: int) -> None:
    """A text that fills a block exactly, or all but a byte, gets the padding of the specification."""
    digests = {keccak_256(b"a" * size) for size in range(length - 2, length + 3)}
    assert len(digests) == 5


BECH32 = [
    "A12UEL5L", "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    "A1LQFN3A", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
]  # fmt: skip
NO_BECH32 = [
    "A12uEL5L",
    "1nwldj5",
    "A1G7SGD8",
    "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3x",
    "10a06t8",
]


def test_bech32_follows_its_vectors() -> None:
    """The valid and invalid strings of BIP-173 and BIP-350 are told apart."""
    assert all(VALIDATORS["bech32"](text.encode()) for text in BECH32)
    assert not any(VALIDATORS["bech32"](text.encode()) for text in NO_BECH32)


EIP55 = [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]  # fmt: skip


@pytest.mark.parametrize("address", EIP55)
def test_ethereum_follows_its_vectors(address: str) -> None:
    """The mixed-case addresses of EIP-55 pass, and no address with another case does."""
    assert VALIDATORS["ethereum"](address.encode())
    assert not VALIDATORS["ethereum"](address.swapcase().replace("0X", "0x").encode())


def test_email_reads_a_bounded_stretch() -> None:
    """An endless local part costs no more than 256 bytes of it."""
    text = b"a" * 10_000 + b"@example.com"
    assert email(text, 9_999) == (10_000 - 256, len(text))
