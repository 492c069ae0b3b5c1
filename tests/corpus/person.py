"""People and where they live: names, streets and towns of each locale."""

# ruff: noqa: E501, RUF001

from __future__ import annotations

import unicodedata
from random import Random
from typing import Final, NamedTuple

from tests.corpus.form import numbers
from tests.corpus.piece import FREE, NAME, Fact, Piece, words


class Country(NamedTuple):
    """What names and addresses of a country look like.

    Attributes:
        first: Given names.
        last: Family names.
        streets: Names of streets.
        towns: Towns, with postal codes (`#` is a digit, `@` a capital letter).
        address: Order of the parts of an address: `{n}` house number, `{s}` street, `{p}` postal code, `{t}` town.
            What stands before the bar has to be taken out; behind it stands what may stay.
        word: What an address is called.
    """

    first: tuple[str, ...]
    last: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]
    address: str
    word: tuple[str, ...]


COUNTRIES: Final[dict[str, Country]] = {
    "US": Country(
        words("James Mary Robert Linda Michael Susan David Karen William Lisa Carlos Aisha Tyrone Mei Priya Noah Olivia"),
        words("Smith Johnson Williams Brown Garcia Miller Davis Martinez Lopez Wilson Anderson Nguyen Patel O'Neill Kim"),
        words("Maple_Street Oak_Avenue Washington_Blvd Sunset_Drive Elm_St. Park_Ave NW_5th_Street Lakeview_Road Cedar_Lane"),
        (("Springfield, IL", "627##"), ("Portland, OR", "972##"), ("Austin, TX", "787##"), ("Boston, MA", "021##"),
         ("Denver, CO", "802##"), ("Tampa, FL", "336##")),
        "{n} {s}|, {t} {p}", ("address", "mailing address", "shipping address", "home address"),
    ),
    "GB": Country(
        words("Oliver Amelia George Isla Harry Ava Jack Emily Nigel Fiona Rhys Siobhan Imran Chloe Alasdair"),
        words("Jones Taylor Davies Evans Thomas Roberts Walker Wright Robinson Thompson Hughes Clarke Khan MacDonald"),
        words("High_Street Station_Road Church_Lane Victoria_Road Kings_Road Mill_Lane Green_Close Queensway_Gardens"),
        (("London", "SW1A #@@"), ("Manchester", "M1 #@@"), ("Leeds", "LS## #@@"), ("Bristol", "BS# #@@"),
         ("Edinburgh", "EH# #@@"), ("Cardiff", "CF## #@@")),
        "{n} {s}|, {t} {p}", ("address", "delivery address", "home address"),
    ),
    "DE": Country(
        words("Lukas Anna Finn Lea Jonas Mia Paul Hannah Jürgen Käthe Björn Ayşe Dieter Sabine Matthias"),
        words("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schäfer Koch Yılmaz Groß Hoffmann Krüger"),
        words("Hauptstraße Bahnhofstr. Gartenweg Schulstraße Lindenallee Goethestraße Am_Markt Bergstr. Kirchplatz"),
        (("Berlin", "10###"), ("München", "80###"), ("Hamburg", "20###"), ("Köln", "50###"), ("Leipzig", "04###")),
        "{s} {n}|, {p} {t}", ("Adresse", "Anschrift", "Lieferadresse"),
    ),
    "FR": Country(
        words("Lucas Emma Hugo Léa Gabriel Chloé Louis Inès François Hélène Benoît Zoé Mamadou Nathalie"),
        words("Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Lefèvre Traoré D'Angelo Garnier"),
        words("rue_de_la_Paix avenue_Victor_Hugo boulevard_Voltaire place_de_la_République rue_du_Moulin chemin_des_Vignes"),
        (("Paris", "750##"), ("Lyon", "690##"), ("Marseille", "130##"), ("Lille", "590##"), ("Nantes", "440##")),
        "{n} {s}|, {p} {t}", ("adresse", "adresse postale", "adresse de livraison"),
    ),
    "ES": Country(
        words("Hugo Lucía Martín Sofía Pablo María Javier Carmen Íñigo Begoña Álvaro Nuria Jordi Rocío"),
        words("García Rodríguez González Fernández López Martínez Sánchez Pérez Muñoz Ibáñez Núñez Romero Serrano"),
        words("Calle_Mayor Avenida_de_la_Constitución Calle_del_Prado Paseo_de_Gracia Plaza_España C/_Alcalá Calle_Sol"),
        (("Madrid", "280##"), ("Barcelona", "080##"), ("Sevilla", "410##"), ("Valencia", "460##"), ("Bilbao", "480##")),
        "{s} {n}|, {p} {t}", ("dirección", "domicilio", "dirección de envío"),
    ),
    "IT": Country(
        words("Leonardo Giulia Francesco Sofia Alessandro Aurora Niccolò Chiara Matteo Beatrice Lorenzo Elisa"),
        words("Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco D'Amico Conti De_Luca"),
        words("Via_Roma Via_Garibaldi Corso_Italia Piazza_del_Duomo Viale_Europa Via_Dante Via_XX_Settembre"),
        (("Roma", "001##"), ("Milano", "201##"), ("Torino", "101##"), ("Napoli", "801##"), ("Firenze", "501##")),
        "{s} {n}|, {p} {t}", ("indirizzo", "residenza", "indirizzo di spedizione"),
    ),
    "NL": Country(
        words("Daan Emma Sem Tess Lars Sanne Bram Fleur Jeroen Marloes Mohammed Anouk Thijs Lotte"),
        words("De_Jong Jansen De_Vries Bakker Visser Smit Meijer Mulder Bos Hendriks Van_den_Berg Dekker"),
        words("Kerkstraat Dorpsstraat Molenweg Schoolstraat Wilhelminalaan Prinsengracht Stationsplein Julianastraat"),
        (("Amsterdam", "10## @@"), ("Rotterdam", "30## @@"), ("Utrecht", "35## @@"), ("Eindhoven", "56## @@")),
        "{s} {n}|, {p} {t}", ("adres", "bezorgadres", "postadres"),
    ),
    "BR": Country(
        words("João Maria Pedro Ana Gabriel Júlia Antônio Fernanda Thiago Letícia Caio Beatriz Luís Conceição"),
        words("Silva Santos Oliveira Souza Lima Pereira Ferreira Costa Araújo Gonçalves Conceição Ribeiro"),
        words("Rua_das_Flores Avenida_Paulista Rua_XV_de_Novembro Travessa_do_Sol Alameda_Santos Av._Brasil"),
        (("São Paulo", "01###-###"), ("Rio de Janeiro", "20###-###"), ("Curitiba", "80###-###"), ("Recife", "50###-###")),
        "{s}, {n}|, {t}, {p}", ("endereço", "endereço de entrega"),
    ),
    "PL": Country(
        words("Jakub Zofia Antoni Hanna Stanisław Małgorzata Łukasz Katarzyna Paweł Agnieszka Wojciech Ola"),
        words("Nowak Kowalski Wiśniewska Wójcik Kamiński Lewandowska Zieliński Szymański Dąbrowska Kozłowski"),
        words("ul._Mickiewicza ul._Długa al._Jerozolimskie ul._Polna ul._Słowackiego os._Kościuszki pl._Wolności"),
        (("Warszawa", "00-###"), ("Kraków", "30-###"), ("Gdańsk", "80-###"), ("Wrocław", "50-###"), ("Łódź", "90-###")),
        "{s} {n}|, {p} {t}", ("adres", "adres dostawy", "adres zamieszkania"),
    ),
    "SE": Country(
        words("William Alice Lucas Maja Oskar Elsa Göran Åsa Björn Kerstin Mikael Linnéa Anders Ebba"),
        words("Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Öberg Lindström"),
        words("Storgatan Kungsgatan Drottninggatan Skolgatan Ringvägen Björkvägen Södra_Allén Hamngatan"),
        (("Stockholm", "11# ##"), ("Göteborg", "41# ##"), ("Malmö", "21# ##"), ("Uppsala", "75# ##")),
        "{s} {n}|, {p} {t}", ("adress", "leveransadress"),
    ),
    "JP": Country(
        words("太郎 花子 健太 美咲 翔太 由美 大輔 陽子 拓也 さくら"),
        words("佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤"),
        words("銀座 本町 中央 栄 緑町 桜丘町 神南 大手町"),
        (("東京都", "10#-####"), ("大阪府", "53#-####"), ("愛知県", "46#-####"), ("福岡県", "81#-####")),
        "〒{p} |{t}{s}{n}", ("住所", "ご住所", "お届け先"),
    ),
}  # fmt: skip
_LATIN: Final = {"ł": "l", "Ł": "L", "ß": "ss", "ı": "i", "ø": "o", "æ": "ae"}
_ROMAJI: Final = words("taro.sato hanako.suzuki kenta.tanaka misaki.takahashi yumi.ito daisuke.watanabe sakura.kato")


class Person(NamedTuple):
    """Somebody's name and the country they live in."""

    first: str
    last: str
    country: str

    @property
    def name(self) -> str:
        """The full name in the order of the country."""
        return f"{self.last} {self.first}" if self.country == "JP" else f"{self.first} {self.last}"

    def handle(self, chance: Random) -> tuple[str, str]:
        """The name in ASCII, as it stands in addresses and accounts: given name and family name."""
        if self.country == "JP":
            first, _, last = chance.choice(_ROMAJI).partition(".")
            return first, last
        return ascii_letters(self.first), ascii_letters(self.last)


def person(chance: Random, country: str) -> Person:
    """Somebody of `country`."""
    table = COUNTRIES[country]
    return Person(chance.choice(table.first), chance.choice(table.last), country)


def ascii_letters(text: str) -> str:
    """`text` in lower case without accents, apostrophes and spaces."""
    text = "".join(_LATIN.get(letter, letter) for letter in text)
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if letter.isascii() and letter.isalnum()
    ).lower()


def named(who: Person) -> Piece:
    """The name of `who` as a labelled piece."""
    return Piece(who.name, NAME, "person")


def address(chance: Random, country: str) -> Fact:
    """A postal address: street and number have to go, postal code and town may."""
    table = COUNTRIES[country]
    town, code = chance.choice(table.towns)
    code = "".join(
        chance.choice("ABDEFGHJLNPQRSTUWXYZ") if letter == "@" else letter for letter in numbers(chance, code)
    )
    parts = {"n": _house(chance, country), "s": chance.choice(table.streets), "p": code, "t": town}
    own, _, rest = table.address.partition("|")
    pieces: tuple[Piece, ...] = (
        Piece(own.format(**parts).rstrip(), "contact", "postal_address"),
        Piece(rest.format(**parts), FREE, "place"),
    )
    if country == "JP":
        pieces = (Piece(own.format(**parts).rstrip(), FREE, "postcode"), Piece(" "),
                  Piece(rest.format(**parts), "contact", "postal_address"))  # fmt: skip
    return Fact(pieces, table.word, ("address", "street_address", "shipping_address", "addressLine1"))


def _house(chance: Random, country: str) -> str:
    number = str(chance.randint(1, 240))
    if country == "JP":
        return f"{chance.randint(1, 9)}-{chance.randint(1, 30)}-{chance.randint(1, 20)}"
    if country == "US":
        return str(chance.randint(100, 9999))
    return number + chance.choice(("", "", "", "a", "b")) if country in ("DE", "NL", "GB") else number
