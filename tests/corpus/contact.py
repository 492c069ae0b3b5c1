"""E-mail addresses and phone numbers in the forms people and programs print them."""

# ruff: noqa: E501

from __future__ import annotations

from random import Random
from typing import Final

from tests.corpus.form import numbers
from tests.corpus.person import Person
from tests.corpus.piece import Fact, fact, words


_HOSTS: Final = words(
    "gmail.com outlook.com yahoo.com proton.me icloud.com hotmail.com acme.com example.org northwind.io contoso.com "
    "mail.acme.co.uk uni-muenchen.de laposte.net web.de gmx.de orange.fr libero.it ziggo.nl uol.com.br wp.pl telia.com "
    "docomo.ne.jp corp.internal-tools.dev med.stanford.edu kpn-mail.nl studio.design startup.ai"
)
_IDN: Final = ("müller-bau.de", "xn--mller-kva.de", "bücher.example", "café-du-nord.fr")
MAIL_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("email", "e-mail address", "email address", "contact"),
    "de": ("E-Mail", "E-Mail-Adresse", "Mailadresse"),
    "fr": ("e-mail", "adresse e-mail", "courriel"),
    "es": ("correo electrónico", "correo", "email"),
    "it": ("indirizzo e-mail", "email", "posta elettronica"),
    "nl": ("e-mailadres", "e-mail"),
    "pt": ("e-mail", "endereço de e-mail"),
    "pl": ("adres e-mail", "e-mail"),
    "sv": ("e-postadress", "e-post"),
    "ja": ("メールアドレス", "メール"),
}

# `#` is a digit. The first forms of a country are told by their shape; those behind the bar only by a word.
_PHONES: Final[dict[str, str]] = {
    "US": "+1 (%A) 4##-####;+1-%A-5##-####;+1%A6######;%A-7##-####;(%A) 2##-####;(%A)3##-####;%A.8##.####;"
          "1-%A-9##-####;+1 %A 3## ####;+1.%A.4##.####;001 %A 5## ####;tel:+1-%A-6##-####|"
          "%A7######;%A 4## ####;1%A8######",
    "GB": "+44 20 7### ####;+44 (0)20 7### ####;020 7### ####;(020) 8### ####;+4479########;07### ######;"
          "+44 7### ######;0044 161 4## ####;0161 4## ####;+44-7###-######;(01632) 96####|079########;0207#######",
    "DE": "+49 30 ########;+49 (0)30 #######;+49 171 #######;+49171########;0049 89 #######;030 #######;0171 #######;"
          "0171-#######;030/#######;(089) ######;+49 (89) ####-####;0151 ## ## ## ##;089 / ## ## ###|0171#######;"
          "030########",
    "FR": "06 ## ## ## ##;07 ## ## ## ##;+33 6 ## ## ## ##;+336########;01.##.##.##.##;0033 1 ## ## ## ##;"
          "+33 (0)1 ## ## ## ##;01-##-##-##-##|06########",
    "ES": "+34 6## ### ###;+34 91 ### ## ##;+346########;0034 6## ## ## ##;+34-93-###-####;(+34) 6## ### ###|"
          "6########;6## ### ###;91 ### ## ##",
    "IT": "+39 3## ### ####;+39 06 #### ####;+393#########;0039 02 #######;+39 347-#######|3## ### ####;347#######;"
          "06 ########;02/#######",
    "NL": "+31 6 ########;+316########;06-########;06 ########;020-#######;+31 (0)20 ### ####;0031 6 ########;"
          "+31 20 ### ####;06 ## ## ## ##|06########",
    "BR": "+55 11 9####-####;+55 (21) 9####-####;(11) 9####-####;(21) 3###-####;+55119########;+55 31 3###-####|"
          "11 9####-####;119########",
    "PL": "+48 5## ### ###;+48 22 ### ## ##;+485########;0048 6## ### ###;+48-601-###-###;(22) ### ## ##|"
          "5## ### ###;6########;601-###-###",
    "SE": "+46 70 ### ## ##;+4670#######;070-### ## ##;08-### ### ##;+46 (0)8 ### ### ##;0046 73 ### ## ##;031-### ## ##|"
          "070#######",
    "JP": "+81 90-####-####;+81 3 #### ####;090-####-####;080-####-####;03-####-####;+8190########;06-####-####|"
          "090########",
    "IN": "+91 98### #####;+91-98###-#####;+9198########|98########;98### #####",
    "AU": "+61 4## ### ###;04## ### ###;+61 2 9### ####;(02) 9### ####|04########",
    "CH": "+41 44 ### ## ##;044 ### ## ##;+41 79 ### ## ##;0041 79 ### ## ##|079#######",
    "AT": "+43 1 #######;+43 664 #######;0664 #######|0664#######",
    "BE": "+32 2 ### ## ##;+32 47# ## ## ##;0470 ## ## ##;02 ### ## ##|0470######",
    "CN": "+86 138 #### ####;+86 13########;+86-10-8###-####|138########",
    "KR": "+82 10-####-####;010-####-####;02-###-####|010########",
    "MX": "+52 55 #### ####;+52 1 55 #### ####|55 #### ####",
    "ZA": "+27 82 ### ####;082 ### ####;+2782#######|082#######",
    "AE": "+971 50 ### ####;+97150#######|050 ### ####",
    "TR": "+90 532 ### ## ##;0532 ### ## ##|0532#######",
    "IL": "+972 50-###-####;050-###-####|050#######",
    "SG": "+65 8### ####;+65 6### ####|8### ####",
    "IE": "+353 87 ### ####;087 ### ####;+353 1 ### ####|087#######",
    "DK": "+45 ## ## ## ##;+45 2### ####|2# ## ## ##",
    "NO": "+47 4## ## ###;+47 22 ## ## ##|4## ## ###",
    "FI": "+358 40 ### ####;040 ### ####|040#######",
    "PT": "+351 912 ### ###;+351 21 ### ####|912 ### ###",
    "CZ": "+420 60# ### ###;+420 2## ### ###|60# ### ###",
}  # fmt: skip
_AREAS: Final = words("212 415 312 206 617 713 305 404 503 702 646 818 408 512 303 813 916 615")
_CUT: Final = {country: tuple(part.split(";") for part in forms.split("|")) for country, forms in _PHONES.items()}
PHONE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("phone", "phone number", "mobile", "cell", "telephone", "WhatsApp"),
    "de": ("Telefon", "Telefonnummer", "Handynummer", "Mobil", "Tel."),
    "fr": ("téléphone", "numéro de téléphone", "portable", "tél."),
    "es": ("teléfono", "número de teléfono", "móvil"),
    "it": ("telefono", "numero di telefono", "cellulare"),
    "nl": ("telefoonnummer", "telefoon", "mobiel", "tel."),
    "pt": ("telefone", "celular", "número de telefone"),
    "pl": ("telefon", "numer telefonu", "tel.", "komórka"),
    "sv": ("telefon", "telefonnummer", "mobil"),
    "ja": ("電話番号", "電話", "携帯"),
}
COUNTRY_CODES: Final = tuple(_PHONES)


def email(chance: Random, who: Person, language: str) -> Fact:
    """An e-mail address of `who`."""
    first, last = who.handle(chance)
    number = chance.randint(1, 99)
    local = chance.choice((
        f"{first}.{last}", f"{first}{number}", f"{first[0]}.{last}", f"{first}_{last}", f"{last}.{first}", f"{first}-{last}",
        f"{first}.{last}+news", f"{first[0]}{last}{number}", f"{first}.{last}{number}", first, f"{last}_{first[0]}",
    ))  # fmt: skip
    if chance.random() < 0.01:
        local = f"{last}%{first}"
    host = chance.choice(_IDN) if chance.random() < 0.03 else chance.choice(_HOSTS)
    return fact(
        f"{local}@{host}", "contact", "email", MAIL_WORDS[language], ("email", "user_email", "from", "contactEmail")
    )


def phone(chance: Random, country: str, language: str) -> Fact:
    """A phone number of `country`, national or international; some forms mean something only beside a word."""
    shaped, worded = _CUT[country]
    bare = chance.random() < 0.8
    form = chance.choice(shaped if bare else worded)
    value = numbers(chance, form.replace("%A", chance.choice(_AREAS)))
    keys = ("phone", "phone_number", "mobile", "tel", "contactPhone")
    return fact(value, "contact", "phone", PHONE_WORDS[language], keys, bare=bare)
