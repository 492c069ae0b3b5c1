"""Texts that programs write: JSON, CSV, HTML, SQL, logs, tracebacks, commands, settings, code, URLs."""

# ruff: noqa: E501

from __future__ import annotations

import html as markup
import json
from urllib.parse import quote

from tests.corpus import decoy
from tests.corpus.piece import Fact, Piece, fixed, mapped, plain
from tests.corpus.scene import Scene


def quoted(text: str) -> str:
    """`text` as it stands inside a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _fields(scene: Scene, count: int) -> list[tuple[str, str]]:
    return [(name, make(scene.chance)) for name, make in scene.chance.sample(decoy.FIELDS, count)]


def _members(scene: Scene, facts: list[Fact], gap: str) -> list[Piece]:
    """Members of a JSON object: the facts among harmless ones. A number of digits only may stand without quotes."""
    chance = scene.chance
    members: list[list[Piece]] = []
    for fact in facts:
        bare = (
            fact.value.isascii()
            and fact.value.isdigit()
            and fact.value[0] != "0"
            and len(fact.value) < 17
            and chance.random() < 0.3
        )
        mark = "" if bare else '"'
        members.append([fixed(f'"{chance.choice(fact.keys)}":{gap}{mark}'), *mapped(fact.pieces, quoted), fixed(mark)])
    members += [[plain(f'"{name}":{gap}"{quoted(value)}"')] for name, value in _fields(scene, chance.randint(2, 6))]
    chance.shuffle(members)
    pieces: list[Piece] = []
    for member in members:
        pieces += [*member, plain(f",{gap}")]
    return pieces[:-1]


def tool_call(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """The arguments of a tool call, with nesting."""
    gap = scene.chance.choice(("", " "))
    middle = len(facts) // 2
    return [plain("{"), *_members(scene, facts[:middle], gap), plain(f',{gap}"customer":{gap}{{'), *_members(scene, facts[middle:], gap),
            plain("}}")]  # fmt: skip


def tool_result(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """The rows a tool returned."""
    pieces = [plain('{"rows": [')]
    for fact in [*facts, None]:
        pieces += [plain("{"), *_members(scene, [fact] if fact else [], " "), plain("}, ")]
    return [*pieces[:-1], plain("}]}")]


def messages(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A chat history in JSON, as spans carry it."""
    pieces = [plain('[{"role": "user", "parts": [{"type": "text", "content": "'), plain(quoted(scene.prose().text))]
    for fact in facts:
        pieces += [plain("\\n"), *mapped(scene.sentence(fact), quoted)]
    return [*pieces, plain('"}]}, {"role": "assistant", "parts": [{"type": "text", "content": "'), plain(quoted(scene.prose().text)),
            plain(f'"}}], "finish_reason": "stop", "id": "{decoy.call_id(scene.chance)}"}}]')]  # fmt: skip


def _cell(text: str) -> str:
    return text.replace('"', '""')


def csv(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A table with a head line; the words for the values stand only there."""
    chance = scene.chance
    columns: list[tuple[Fact | None, str, str]] = [(fact, chance.choice(fact.keys), "") for fact in facts]
    columns += [(None, name, value) for name, value in _fields(scene, chance.randint(2, 4))]
    chance.shuffle(columns)
    pieces: list[Piece] = [plain(",".join(name for _, name, _ in columns) + "\n")]
    for place, (fact, _, value) in enumerate(columns):
        mark = '"' if any(letter in (fact.value if fact else value) for letter in ',"\n ') else ""
        inner = mapped(fact.pieces, _cell) if fact else [plain(_cell(value))]
        pieces += [plain(("," if place else "") + mark), *inner, plain(mark)]
    return [*pieces, plain("\n")]


def html(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A page or a form."""
    chance = scene.chance
    pieces: list[Piece] = [
        plain(
            f'<div class="card" id="c-{chance.randint(1, 999)}"><h2>{decoy.order(chance)}</h2><p>{markup.escape(scene.prose().text)}</p>'
        )
    ]
    for fact in facts:
        word, inner = markup.escape(chance.choice(fact.words)), mapped(fact.pieces, markup.escape)
        shape = chance.randrange(4)
        opening, closing = (
            (f"<tr><th>{word}</th><td>", "</td></tr>"), (f"<dt>{word}</dt><dd>", "</dd>"), (f"<p>{word}: <b>", "</b></p>"),
            (f'<label>{word}</label><input name="{chance.choice(fact.keys)}" value="', '">'),
        )[shape]  # fmt: skip
        pieces += [fixed(opening), *inner, fixed(closing + "\n")]
    return [
        *pieces,
        plain(
            f'<a href="/orders/{chance.randint(1, 9999)}">{decoy.price(chance)}</a><time>{decoy.moment(chance)}</time></div>'
        ),
    ]


def sql(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A statement with its values."""
    chance = scene.chance
    columns: list[tuple[Fact | None, str, str]] = [(fact, chance.choice(fact.keys), "") for fact in facts]
    columns += [(None, name, value) for name, value in _fields(scene, chance.randint(1, 3))]
    chance.shuffle(columns)
    insert = chance.random() < 0.5
    pieces: list[Piece] = [plain(f"INSERT INTO customers ({', '.join(name for _, name, _ in columns)}) VALUES (" if insert
                                 else "SELECT id FROM customers WHERE ")]  # fmt: skip
    for place, (fact, name, value) in enumerate(columns):
        inner = mapped(fact.pieces, lambda text: text.replace("'", "''")) if fact else [plain(value.replace("'", "''"))]
        lead = "'" if insert else f"{name} = '"
        pieces += [plain((", " if insert else " AND ") if place else ""), fixed(lead), *inner, fixed("'")]
    return [*pieces, plain(");" if insert else " LIMIT 10;")]


def _one_line(text: str) -> str:
    return text.replace("\n", "\\n")


def log(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """Lines of a log."""
    chance = scene.chance
    lines: list[list[Piece]] = []
    for fact in facts:
        key, mark = chance.choice(fact.keys), chance.choice(("", '"', "'"))
        separator = chance.choice(("=", ": ", "="))
        lines.append([fixed(f"{chance.choice(('lookup', 'rejected', 'user login', 'retry'))} {key}{separator}{mark}"), *mapped(fact.pieces, _one_line),
                      fixed(mark), plain(f" took {chance.randint(1, 999)} ms")])  # fmt: skip
    for _ in range(chance.randint(2, 6)):
        name, value = _fields(scene, 1)[0]
        lines.append([plain(f"{chance.choice(('GET /v1/items', 'cache hit', 'queued', 'model call'))} {name}={value}")])
    chance.shuffle(lines)
    pieces: list[Piece] = []
    for line in lines:
        head = (f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}T{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}:"
                f"{chance.randint(0, 59):02d}.{chance.randint(0, 999):03d}Z {chance.choice(('INFO', 'WARN', 'ERROR'))} [{chance.randint(100, 99999)}] app.core: ")  # fmt: skip
        pieces += [plain(head), *line, plain("\n")]
    return pieces


def traceback(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """An exception with its frames; the values stand in messages and local variables."""
    chance = scene.chance
    pieces: list[Piece] = [plain("Traceback (most recent call last):\n")]
    for _ in range(chance.randint(1, 4)):
        pieces += [plain(f'  File "/srv/app/{chance.choice(("main", "billing", "tools"))}.py", line {chance.randint(1, 900)}, in {chance.choice(("run", "call", "lookup"))}\n'
                         f"    {decoy.code(chance)}\n")]  # fmt: skip
    for fact in facts[1:]:
        pieces += [fixed(f"    {chance.choice(fact.keys)} = '"), *mapped(fact.pieces, _one_line), fixed("'\n")]
    pieces.append(fixed(f"{chance.choice(('ValueError', 'KeyError', 'psycopg.OperationalError'))}: "))
    if facts:
        return [*pieces, *mapped(scene.sentence(facts[0]), _one_line), plain("\n")]
    return [*pieces, plain(f"bad row {chance.randint(1, 999)}\n")]


def curl(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A command line with headers and a body."""
    chance = scene.chance
    pieces: list[Piece] = [
        plain(
            f"curl -sS -X POST https://api.example.com/v{chance.randint(1, 3)}/orders/{chance.randint(1, 9999)} \\\n  -H 'Content-Type: application/json'"
        )
    ]
    body: list[Fact] = []
    for fact in facts:
        kind = fact.pieces[-1].kind
        if kind in ("bearer", "basic", "api_key_header", "cookie"):
            pieces += [plain(" \\\n  -H '"), *fact.pieces, plain("'")]
        elif fact.pieces[0].family == "secret" and fact.bare and chance.random() < 0.6:
            pieces += [fixed(" \\\n  -H 'Authorization: Bearer "), *fact.pieces, plain("'")]
        else:
            body.append(fact)
    return [*pieces, plain(" \\\n  -d '{"), *_members(scene, body, " "), plain("}'\n")]


def env(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """An environment file."""
    chance = scene.chance
    lines: list[list[Piece]] = []
    for fact in facts:
        mark = chance.choice(("", '"', "'", "")) if " " not in fact.value else '"'
        key = chance.choice(fact.keys).upper().replace(" ", "_")
        lines.append(
            [
                fixed(f"{chance.choice(('', '', 'export '))}{key}={mark}"),
                *mapped(fact.pieces, _one_line),
                fixed(f"{mark}\n"),
            ]
        )
    lines += [[plain(line)] for line in chance.sample((
        "LOG_LEVEL=info\n", "PORT=8080\n", "# copied from .env.example\n", "REGION=eu-west-1\n", "MODEL=gpt-4.1-2025-04-14\n", "DEBUG=false\n",
        "OPENAI_API_KEY=\n", "DB_PASSWORD=\n", "MAX_TOKENS=4096\n", "TOKEN_URL=https://auth.example.com/oauth/token\n",
        "API_KEY=${API_KEY}\n", "SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:app\n", "TIMEOUT_S=2.5\n",
    ), chance.randint(3, 7))]  # fmt: skip
    chance.shuffle(lines)
    return [piece for line in lines for piece in line]


def yaml(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A settings file."""
    chance = scene.chance
    pieces: list[Piece] = [
        plain(
            f"app:\n  image: ghcr.io/acme/app:{chance.randint(1, 9)}.{chance.randint(0, 20)}.0\n  replicas: {chance.randint(1, 9)}\n"
        )
    ]
    for fact in facts:
        mark = chance.choice(("", '"', "'"))
        if any(letter in fact.value for letter in ":#'\"\\{}[]&*!|>%@"):
            mark = '"'
        pieces += [
            fixed(f"  {chance.choice(fact.keys)}: {mark}"),
            *(mapped(fact.pieces, quoted) if mark == '"' else fact.pieces),
            fixed(f"{mark}\n"),
        ]
    for name, value in _fields(scene, chance.randint(1, 4)):
        pieces.append(plain(f'  {name}: "{quoted(value)}"\n'))
    return pieces


def code(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """Source code with values in it."""
    chance = scene.chance
    pieces: list[Piece] = [plain(f"import os\nfrom app import client  # {decoy.version(chance)}\n\n")]
    for fact in facts:
        key = chance.choice(fact.keys)
        opening = chance.choice(
            (
                f'{key} = "',
                f'const {key} = "',
                f'client.configure({key}="',
                f'    "{key}": "',
                f'String {key} = "',
                f'{key} := "',
            )
        )
        closing = '")\n' if "(" in opening else '",\n' if opening.startswith(" ") else '"\n'
        pieces += [fixed(opening), *mapped(fact.pieces, quoted), fixed(closing)]
    pieces += [plain(f"{decoy.code(chance)}\n") for _ in range(chance.randint(2, 6))]
    return [*pieces, plain(f"# see {decoy.place(chance)} ({decoy.hexadecimal(chance)})\n")]


def url(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """Links whose queries hold values, percent-encoded."""
    chance = scene.chance
    pieces: list[Piece] = [
        plain(
            f"https://shop.example.com/v{chance.randint(1, 3)}/orders/{chance.randint(1, 99999)}?page={chance.randint(1, 30)}"
        )
    ]
    for fact in facts:
        pieces += [fixed(f"&{chance.choice(fact.keys)}="), *mapped(fact.pieces, lambda text: quote(text, safe=""))]
    pieces.append(plain(f"&utm_source=mail&ts={chance.randint(1_600_000_000, 1_790_000_000)}"))
    return [plain("GET "), *pieces, plain(" 200\n")] if chance.random() < 0.5 else pieces


def ids(scene: Scene, facts: list[Fact]) -> list[Piece]:
    """A list of identifiers of every sort."""
    chance = scene.chance
    lines = (
        f"{chance.choice(('- ', '* ', '', '  '))}{decoy.inline(chance)}{chance.choice((',', ';', '', '.'))}\n"
        for _ in range(chance.randint(4, 16))
    )
    pieces = [plain(line) for line in lines]
    for fact in facts:
        pieces += [*scene.sentence(fact), plain("\n")]
    if chance.random() < 0.3:
        pieces.append(plain(f"{decoy.blob(chance)}\n{decoy.trace(chance)}\n"))
    return pieces
