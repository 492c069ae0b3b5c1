"""Texts that people and models write: chats, tickets, e-mails, documents, answers in Markdown."""

# ruff: noqa: E501

from __future__ import annotations

from tests.corpus import decoy
from tests.corpus.piece import Fact, Piece, fixed, plain
from tests.corpus.scene import Scene


def _shuffled(scene: Scene, facts: list[Fact], fillers: int, gap: str) -> list[Piece]:
    """Sentences around `facts` among `fillers` that hold nothing."""
    sentences: list[list[Piece]] = [scene.sentence(fact) for fact in facts]
    sentences += [[scene.prose()] for _ in range(fillers)]
    scene.chance.shuffle(sentences)
    pieces: list[Piece] = []
    for sentence in sentences:
        pieces += [*sentence, plain(gap)]
    return pieces[:-1]


def chat(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """One turn of a chat."""
    gap = scene.chance.choice((" ", " ", "\n"))
    pieces = _shuffled(scene, facts, scene.chance.randint(1, 5), gap)
    return [scene.hello(), plain(gap), *pieces] if scene.chance.random() < 0.4 else pieces


def ticket(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A support ticket with a head and a body."""
    chance = scene.chance
    head = [
        plain(
            f"Ticket {decoy.order(chance)}\nOpened: {decoy.moment(chance)}\nPriority: {chance.choice(('low', 'high', 'P1'))}\nCustomer: "
        )
    ]
    return [
        *head,
        scene.name(),
        plain("\n\n"),
        *_shuffled(scene, facts, chance.randint(2, 6), "\n"),
        plain("\n"),
        scene.bye(),
    ]


def mail(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """An e-mail with a signature."""
    chance = scene.chance
    stamp = decoy.moment(chance)
    return [plain(f"Subject: {chance.choice(('Refund', 'Invoice', 'Re: your request', 'Access'))} {decoy.order(chance)}\nDate: {stamp}\n\n"),
            scene.hello(), plain("\n\n"), *_shuffled(scene, facts, chance.randint(2, 6), " "), plain("\n\n"), scene.bye(), plain("\n"),
            scene.name(), plain("\n")]  # fmt: skip


def document(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A long passage as a retriever returns it; what it holds stands far apart."""
    chance = scene.chance
    pieces: list[Piece] = [
        plain(
            f"[{chance.randint(1, 9)}] {chance.choice(('Handbook', 'Policy', 'Report', 'FAQ'))} v{chance.randint(1, 9)}.{chance.randint(0, 9)}\n\n"
        )
    ]
    values: list[Fact | None] = [*facts] or [None]
    for fact in values:
        for _ in range(chance.randint(1, 3)):
            pieces += [plain(" ".join(scene.prose().text for _ in range(chance.randint(2, 6)))), plain("\n\n")]
        if fact is not None:
            pieces += [*scene.sentence(fact), plain(" ")]
    return [*pieces, scene.prose(), plain("\n")]


def markdown(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A model's answer: heading, list, table, code."""
    chance = scene.chance
    pieces: list[Piece] = [
        plain(f"## {chance.choice(('Summary', 'Result', 'Next steps'))}\n\n"),
        scene.prose(),
        plain("\n\n"),
    ]
    for fact in facts:
        mark = chance.choice(("**", "`", "", "_"))
        if mark == "_" and (not fact.value.isalnum() or not fact.value.isascii()):
            mark = "**"
        pieces += [fixed(f"- **{chance.choice(fact.words)}**: {mark}"), *fact.pieces, fixed(f"{mark}\n")]
    pieces += [plain("\n| id | when | total |\n|---|---|---|\n")]
    for _ in range(chance.randint(1, 4)):
        pieces += [plain(f"| {decoy.order(chance)} | {decoy.moment(chance)} | {decoy.price(chance)} |\n")]
    if chance.random() < 0.5:
        pieces += [plain(f"\n```python\n{decoy.code(chance)}\n{decoy.code(chance)}\n```\n")]
    return [*pieces, plain("\n"), scene.prose()]


def table(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A Markdown table with one value to a row, its word in the first column."""
    chance = scene.chance
    rows: list[list[Piece]] = [
        [fixed(f"| {chance.choice(fact.words)} | "), *fact.pieces, fixed(" |\n")] for fact in facts
    ]
    for _ in range(chance.randint(3, 8)):
        name, make = chance.choice(decoy.FIELDS)
        rows.append([plain(f"| {name} | {make(chance)} |\n")])
    chance.shuffle(rows)
    return [plain("| field | value |\n|:--|--:|\n"), *(piece for row in rows for piece in row)]


def mathematics(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """Arithmetic and measurements, with a value somewhere between when there is one."""
    chance = scene.chance
    pieces: list[Piece] = []
    for _ in range(chance.randint(3, 9)):
        pieces += [
            plain(f"{decoy.mathematics(chance)}\n"),
            plain(f"{decoy.near_miss(chance)}; {decoy.price(chance)}\n"),
        ]
    for fact in facts:
        pieces += [*scene.sentence(fact), plain("\n")]
    return pieces
