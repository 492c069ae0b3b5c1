"""What a fingerprint costs, and how often it is wrong: `python -m tests.bench.bench_fingerprint`.

The corpus is made with a seed: templates of sentences with slots, filled with values of a kind each; among them names,
which no rule can tell from the words of a template. A template writes its dates in one form. A miss is two fillings of
one template that disagree; a clash is two templates, one a copy of the other with a changed word, that agree.
"""

from __future__ import annotations

import json
import random
import time
import timeit
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256

from spanwise.instrument.core import fingerprint as room
from spanwise.instrument.core.fingerprint import fingerprint, fingerprint_of


SENTENCES = (
    "You are the support assistant of the shop and you answer in a friendly voice.",
    "Don't promise refunds, discounts or anything else that only a person may decide.",
    "Use the tools you have; if none fits, say so (and never invent one).",
    "Cite the passage that an answer comes from, or say that there is none!",
    "Answer in the language of the customer: German, French or English.",
    'Return JSON with the keys "kind": and "reason": and nothing else.',
)
SLOTS = {
    "number": "The customer has bought {} things so far.",
    "id": "The order is {} and the ticket belongs to it.",
    "date": "Today is {} and deadlines count from it.",
    "quoted": "The title of the page is {} as the customer sees it.",
    "e-mail": "Escalate to {} when nothing helps.",
    "url": "The page is {} at this moment.",
    "name": "The customer is called {} and likes to be greeted.",
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NAMES = ["Anna Schmidt", "Bo", "Maria de la Cruz", "Jan Kowalski", "Chen Wei", "Olu Adeyemi"]
_TITLES = ["Blue shoes", "Return policy", "How do I pay?", "Über uns", "Sizes and fits, all of them", "x"]


def value(kind: str, order: random.Random, form: int) -> str:
    """A value of a kind, a date in one of five forms."""
    digits = order.randrange(1, 10**6)
    made: dict[str, Callable[[], str]] = {
        "number": lambda: order.choice([f"{digits:,}", f"{digits / 100:.2f}", str(digits % 9 + 1)]),
        "id": lambda: order.choice([f"ord_{order.getrandbits(64):x}1", f"#{digits}", f"A-{digits}-B"]),
        "date": lambda: _date(order, form),
        "quoted": lambda: '"' + order.choice(_TITLES) + '"',
        "e-mail": lambda: f"{order.choice(['desk', 'ann.b'])}@example{order.choice(['', '-two'])}.com",
        "url": lambda: f"https://example.com/{order.choice(['a', 'b/c', 'shop?q=x'])}",
        "name": lambda: order.choice(_NAMES),
    }
    return made[kind]()


def _date(order: random.Random, form: int) -> str:
    year, month, day = order.randrange(2020, 2030), order.randrange(1, 13), order.randrange(1, 29)
    word = _MONTHS[month - 1]
    forms = (
        f"{year}-{month:02}-{day:02}",
        f"{day}.{month}.{year}",
        f"{order.choice(_DAYS)}, {day} {word} {year}",
        f"{word} {day}, {year} at {day % 12 + 1}:30 pm",
        f"{order.choice(_DAYS)[:3]} {word[:3]} {day} 10:00:00 UTC {year}",
    )
    return forms[form % len(forms)]


def template(order: random.Random, kinds: list[str]) -> list[str]:
    """Sentences, some of them with a slot."""
    sentences = [*order.sample(SENTENCES, 3), *(SLOTS[kind] for kind in kinds)]
    order.shuffle(sentences)
    return sentences


def filled(sentences: list[str], order: random.Random, form: int = 2) -> str:
    """The template with values."""
    kinds = {said: kind for kind, said in SLOTS.items()}
    return "\n".join(
        said.replace("{}", value(kinds[said], order, form)) if said in kinds else said for said in sentences
    )


def misses(kind: str, count: int, seed: int = 7) -> float:
    """Share of pairs of fillings with values of `kind` that disagree."""
    order = random.Random(seed)
    wrong = 0
    for form in range(count):
        sentences = template(order, [kind])
        wrong += fingerprint(filled(sentences, order, form)) != fingerprint(filled(sentences, order, form))
    return wrong / count


def clashes(count: int, seed: int = 7) -> float:
    """Share of changed words that do not show. Values and what is in quotation marks are not changed."""
    order = random.Random(seed)
    wrong = 0
    for _ in range(count):
        text = filled(template(order, ["number", "date"]), order)
        words = text.split(" ")
        places = [index for index, word in enumerate(words) if word.isalpha() and word not in {*_MONTHS, *_DAYS, "pm"}]
        words[order.choice(places)] = order.choice(["sometimes", "never", "politely"]) + "x"
        wrong += fingerprint(text) == fingerprint(" ".join(words))
    return wrong / count


def cost_us(call: Callable[[], object], number: int = 500) -> float:
    """Microseconds of processor time of a call, the best of seven rounds."""
    return min(timeit.repeat(call, number=number, repeat=7, timer=time.process_time)) / number * 1e6


def text_of(size: int) -> str:
    """An instruction of so many characters."""
    order = random.Random(1)
    text = ""
    while len(text) < size:
        text += filled(template(order, list(SLOTS)), order) + "\n"
    return text[:size]


def main() -> None:
    """Print the costs, then the rates."""
    for size in (256, 1024, 16_384):
        text = text_of(size)
        request = {"model": "m", "messages": [{"role": "system", "content": text}, {"role": "user", "content": "a"}]}

        def fresh(request: Mapping[str, object] = request) -> str:
            room._KNOWN.clear()
            return fingerprint_of(request)

        new, known = cost_us(fresh), cost_us(partial(fingerprint_of, request))
        parse, hashed = cost_us(partial(json.loads, json.dumps(request))), cost_us(partial(sha256, text.encode()))
        print(
            f"{size:6} characters: new {new:6.1f} us, known {known:5.2f} us; "
            f"json.loads of the request {parse:6.1f} us (ratio {new / parse:4.1f}), sha256 {hashed:5.1f} us"
        )
    for kind in SLOTS:
        print(f"{kind:8} {misses(kind, 2000):6.2%} of 2,000 pairs of values disagree")
    print(f"changed word: {clashes(5000):6.2%} of 5,000 do not show")


if __name__ == "__main__":
    main()
