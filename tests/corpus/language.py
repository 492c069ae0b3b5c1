"""How people write around values: sentences of each language, with and without a place for a value."""

# ruff: noqa: E501, RUF001

from __future__ import annotations

from typing import Final, NamedTuple


class Language(NamedTuple):
    """Sentences of a language.

    Attributes:
        hello: How a message begins.
        bye: How it ends.
        prose: Sentences that hold no value, although some speak of passwords, cards and phones.
        told: Sentences with a value `{v}` behind the words `{c}` for it.
        bare: Sentences with a value and no word for it.
        turned: A sentence in which the words come last.
        order: A sentence with a harmless number `{v}`.
    """

    hello: tuple[str, ...]
    bye: tuple[str, ...]
    prose: tuple[str, ...]
    told: tuple[str, ...]
    bare: tuple[str, ...]
    turned: str
    order: tuple[str, ...]


LANGUAGES: Final[dict[str, Language]] = {
    "en": Language(
        ("Hi,", "Hello there,", "Good morning,", "Dear support team,", "hey"),
        ("Thanks a lot!", "Kind regards,", "Best,", "Cheers", "Please help."),
        ("The dashboard has been slow since the last release.", "I tried twice and got the same error both times.",
         "Can you explain how the retrieval step picks its passages?", "The password field on the form is too short.",
         "We never ask for your card number by e-mail.", "Phone support is open from 9 to 5.",
         "Summarise the attached report in three bullet points.", "An API key can be rotated in the console.",
         "The model answered in 2.4 s and used 1,240 tokens.", "Nothing in the invoice explains the difference.",
         "My secret to a good soup is time.", "I would like a refund for last month.", "The token budget is too small.",
         "She asked whether the address had changed.", "The meeting moved to Thursday at 14:30.",
         "Your order should arrive within 3-5 business days.", "Does the IBAN begin with the country code?"),
        ("My {c} is {v}.", "{c}: {v}", "Please update the {c} to {v}.", "The {c} on file is {v}, is that right?",
         "{c} {v}", "I entered {c} {v} and nothing happened.", "Here is my {c}: {v}", "{c} = {v}", "({c}: {v})"),
        ("You can use {v} for that.", "This one fails: {v}", "I still see {v} in the list.", "{v}", "It was {v}, I think.",
         "Try {v} instead.", "We have {v} on record."),
        "{v} is my {c}.",
        ("Order {v} has not arrived.", "See ticket {v}.", "Reference: {v}", "The run {v} failed.", "Invoice no. {v}"),
    ),
    "de": Language(
        ("Hallo,", "Guten Tag,", "Sehr geehrte Damen und Herren,"), ("Viele Grüße", "Mit freundlichen Grüßen", "Danke!"),
        ("Das Paket ist noch nicht angekommen.", "Seit dem letzten Update ist die Seite langsam.",
         "Können Sie mir das bitte erklären?", "Das Feld für das Passwort ist zu kurz.", "Wir fragen nie nach Ihrer Kartennummer.",
         "Die Rechnung stimmt nicht mit dem Angebot überein.", "Das Modell hat in 2,4 s geantwortet.",
         "Bitte fassen Sie den Bericht zusammen.", "Der Termin ist am Donnerstag um 14:30 Uhr."),
        ("Meine {c} lautet {v}.", "{c}: {v}", "Bitte ändern Sie {c} auf {v}.", "{c} {v}", "Hier ist die {c}: {v}",
         "Als {c} habe ich {v} angegeben.", "({c}: {v})"),
        ("Das ist {v}.", "Bei mir steht {v}.", "{v}", "Probieren Sie {v}."), "{v} ist meine {c}.",
        ("Bestellung {v} fehlt.", "Vorgang {v}", "Rechnung Nr. {v}"),
    ),
    "fr": Language(
        ("Bonjour,", "Bonsoir,", "Madame, Monsieur,"), ("Cordialement,", "Merci d'avance !", "Bonne journée"),
        ("Le colis n'est toujours pas arrivé.", "Le site est lent depuis hier.", "Pouvez-vous m'expliquer cette facture ?",
         "Le mot de passe doit contenir douze caractères.", "Nous ne demandons jamais votre carte bancaire.",
         "Le modèle a répondu en 2,4 s.", "Résumez ce rapport en trois points.", "La réunion est jeudi à 14h30."),
        ("Mon {c} est {v}.", "{c} : {v}", "Voici mon {c} : {v}", "{c} {v}", "J'ai saisi {c} {v} sans succès.", "({c} : {v})"),
        ("C'est {v}.", "Je vois encore {v}.", "{v}", "Essayez {v}."), "{v} est mon {c}.",
        ("Commande {v} non reçue.", "Dossier {v}", "Facture n° {v}"),
    ),
    "es": Language(
        ("Hola:", "Buenos días,", "Estimado equipo:"), ("Un saludo", "Muchas gracias", "Saludos cordiales"),
        ("El pedido no ha llegado todavía.", "La página va lenta desde ayer.", "¿Me puede explicar esta factura?",
         "La contraseña debe tener doce caracteres.", "Nunca pedimos el número de su tarjeta.", "El modelo tardó 2,4 s.",
         "Resuma el informe en tres puntos.", "La reunión es el jueves a las 14:30."),
        ("Mi {c} es {v}.", "{c}: {v}", "Aquí está mi {c}: {v}", "{c} {v}", "He puesto {c} {v} y no funciona.", "({c}: {v})"),
        ("Es {v}.", "Sigo viendo {v}.", "{v}", "Pruebe {v}."), "{v} es mi {c}.",
        ("El pedido {v} falta.", "Expediente {v}", "Factura n.º {v}"),
    ),
    "it": Language(
        ("Buongiorno,", "Salve,", "Gentile assistenza,"), ("Cordiali saluti", "Grazie mille!", "A presto"),
        ("Il pacco non è ancora arrivato.", "Il sito è lento da ieri.", "Mi può spiegare questa fattura?",
         "La password deve avere dodici caratteri.", "Non chiediamo mai il numero della carta.", "Il modello ha risposto in 2,4 s.",
         "Riassuma il rapporto in tre punti.", "La riunione è giovedì alle 14:30."),
        ("Il mio {c} è {v}.", "{c}: {v}", "Ecco il mio {c}: {v}", "{c} {v}", "Ho inserito {c} {v} ma non va.", "({c}: {v})"),
        ("È {v}.", "Vedo ancora {v}.", "{v}", "Provi {v}."), "{v} è il mio {c}.",
        ("Ordine {v} non arrivato.", "Pratica {v}", "Fattura n. {v}"),
    ),
    "nl": Language(
        ("Hallo,", "Goedemiddag,", "Beste klantenservice,"), ("Met vriendelijke groet,", "Alvast bedankt!", "Groeten"),
        ("Het pakket is nog niet aangekomen.", "De site is traag sinds gisteren.", "Kunt u deze factuur uitleggen?",
         "Het wachtwoord moet twaalf tekens hebben.", "Wij vragen nooit naar uw kaartnummer.", "Het model antwoordde in 2,4 s.",
         "Vat het rapport samen in drie punten.", "De vergadering is donderdag om 14:30."),
        ("Mijn {c} is {v}.", "{c}: {v}", "Hier is mijn {c}: {v}", "{c} {v}", "Ik heb {c} {v} ingevuld.", "({c}: {v})"),
        ("Het is {v}.", "Ik zie nog steeds {v}.", "{v}", "Probeer {v}."), "{v} is mijn {c}.",
        ("Bestelling {v} ontbreekt.", "Zaak {v}", "Factuur nr. {v}"),
    ),
    "pt": Language(
        ("Olá,", "Bom dia,", "Prezados,"), ("Obrigado!", "Atenciosamente,", "Abraços"),
        ("O pedido ainda não chegou.", "O site está lento desde ontem.", "Pode explicar esta fatura?",
         "A senha deve ter doze caracteres.", "Nunca pedimos o número do cartão.", "O modelo respondeu em 2,4 s.",
         "Resuma o relatório em três pontos.", "A reunião é na quinta às 14:30."),
        ("Meu {c} é {v}.", "{c}: {v}", "Segue meu {c}: {v}", "{c} {v}", "Informei {c} {v} e não funcionou.", "({c}: {v})"),
        ("É {v}.", "Ainda vejo {v}.", "{v}", "Tente {v}."), "{v} é meu {c}.",
        ("Pedido {v} não chegou.", "Protocolo {v}", "Nota fiscal {v}"),
    ),
    "pl": Language(
        ("Dzień dobry,", "Witam,", "Szanowni Państwo,"), ("Pozdrawiam", "Z poważaniem", "Dziękuję!"),
        ("Paczka jeszcze nie dotarła.", "Strona działa wolno od wczoraj.", "Czy mogą Państwo wyjaśnić tę fakturę?",
         "Hasło musi mieć dwanaście znaków.", "Nigdy nie pytamy o numer karty.", "Model odpowiedział w 2,4 s.",
         "Proszę streścić raport w trzech punktach.", "Spotkanie jest w czwartek o 14:30."),
        ("Mój {c} to {v}.", "{c}: {v}", "Podaję {c}: {v}", "{c} {v}", "Wpisałem {c} {v} i nic.", "({c}: {v})"),
        ("To {v}.", "Nadal widzę {v}.", "{v}", "Proszę spróbować {v}."), "{v} to mój {c}.",
        ("Zamówienie {v} nie dotarło.", "Sprawa {v}", "Faktura nr {v}"),
    ),
    "sv": Language(
        ("Hej,", "God morgon,", "Hej support,"), ("Vänliga hälsningar", "Tack på förhand!", "Mvh"),
        ("Paketet har inte kommit fram.", "Sidan är långsam sedan i går.", "Kan ni förklara fakturan?",
         "Lösenordet måste ha tolv tecken.", "Vi frågar aldrig efter ditt kortnummer.", "Modellen svarade på 2,4 s.",
         "Sammanfatta rapporten i tre punkter.", "Mötet är på torsdag kl. 14:30."),
        ("Min {c} är {v}.", "{c}: {v}", "Här är min {c}: {v}", "{c} {v}", "Jag skrev {c} {v} utan resultat.", "({c}: {v})"),
        ("Det är {v}.", "Jag ser fortfarande {v}.", "{v}", "Prova {v}."), "{v} är min {c}.",
        ("Order {v} saknas.", "Ärende {v}", "Faktura nr {v}"),
    ),
    "ja": Language(
        ("こんにちは。", "お世話になっております。", "はじめまして。"), ("よろしくお願いいたします。", "以上です。", "ありがとうございます。"),
        ("荷物がまだ届いていません。", "昨日からサイトが遅いです。", "請求書について説明してください。",
         "パスワードは12文字以上必要です。", "カード番号をお聞きすることはありません。", "モデルの応答は2.4秒でした。",
         "報告書を3点に要約してください。", "会議は木曜日の14:30です。"),
        ("{c}は{v}です。", "{c}：{v}", "{c}: {v}", "{c} {v}", "私の{c}は {v} です。", "（{c}：{v}）"),
        ("{v} です。", "まだ{v}が表示されます。", "{v}", "{v}を試してください。"), "{v}が{c}です。",
        ("注文{v}が届きません。", "案件 {v}", "請求書番号 {v}"),
    ),
}  # fmt: skip
