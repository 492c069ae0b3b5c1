"""`redaction_processors`: the redaction rules that the Collector's own expressions can carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from spanwise.deploy.collector.ottl.expression import TRUE, both, either, text
from spanwise.deploy.collector.ottl.portable_pattern import (
    Portable,
    UnportableError,
    begins_with_letters,
    portable,
    stems,
    words,
)
from spanwise.deploy.collector.ottl.refusal import Carried, Refusal
from spanwise.redact.action import DROP, KEEP, MASK
from spanwise.redact.attribute_actions import AttributeActions
from spanwise.redact.catalogue import entries
from spanwise.redact.config import ANY, RedactConfig
from spanwise.redact.kinds import DROPPED, family_of, label
from spanwise.redact.replacement import Replacement
from spanwise.redact.rule import FREE, RawRule
from spanwise.semconv import attributes as attr
from spanwise.semconv.definitions import ATTRIBUTES


if TYPE_CHECKING:
    from spanwise.plan import Plan

REDACTION: Final = "transform/spanwise_redaction"
"""The processor's name."""

_SECRET: Final = "secret"  # noqa: S105 - the name of a family
_LEAVES: Final = "the value passes; a process takes it out"
_ENVIRONMENT: Final = f"resource.attributes[{text(attr.DEPLOYMENT_ENVIRONMENT_NAME)}]"
_FREE_BEFORE: Final = r"(^|[^A-Za-z0-9]|\\[nrt])"
_WORD_BEFORE: Final = r"(^|[^A-Za-z0-9]|\\[nrt]|\b)"
"""Before a word, which may begin where the last match has ended; for words that begin with a letter of ASCII."""

_FREE_BEHIND: Final = r"($|[^A-Za-z0-9])"
# A number in a UUID or in a long run of base64 means nothing: the signs of both may not stand beside it.
_NUMBER_BEFORE: Final = r"(^|[^A-Za-z0-9+/=\-]|\\[nrt])"
_NUMBER_BEHIND: Final = r"($|[^A-Za-z0-9+/=\-])"

_NO_WORD: Final = "it has no word to look for first, and trying it everywhere takes 100 us for each kilobyte"
_TOO_MANY: Final = (
    "all rules together have too many words to look for; with fewer kinds in `redact.kinds` it is carried"
)
_FIRST: Final = frozenset({_SECRET, "payment"})
MOST_STEMS: Final = 100
"""Each is looked for in all content: about 1 us for each kilobyte."""

_BODY: Final = "body"
_MESSAGE: Final = "message"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is carried.

    Attributes:
        id, kind: As in the catalogue.
        expression: With four groups around the value.
        words: One of them stands in all that is found.
        stems: Fewer texts of which the same is true, though of more beside.
        where: A condition on the environment; empty for all of them.
    """

    id: str
    kind: str
    expression: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    where: str


def redaction_processors(plan: Plan) -> dict[str, Any]:
    """The processor that masks values in attributes that carry content, by its name; none where no rule is left.

    For traces and logs. Values that only a process can find pass: this is a second net.
    """
    return dict(carried_rules(plan).processors)


def carried_rules(plan: Plan) -> Carried:
    """The same, with what is carried and what is not."""
    return compiled(plan.pipeline.redact)


def compiled(config: RedactConfig, *, most_stems: int = MOST_STEMS) -> Carried:
    """The rules of one policy; as many as need no more than `most_stems` texts to be looked for."""
    found = [_carried(raw, config) for raw in entries()]
    able = [each for each in found if isinstance(each, Rule)]
    rules = _affordable(able, most_stems)
    refused = [each for each in found if isinstance(each, Refusal) and each.why]
    refused += [Refusal(rule.id, _TOO_MANY, _LEAVES) for rule in able if rule not in rules]
    actions = AttributeActions(config.attributes)
    refused += _refused_attributes(config)
    names = sorted(name for name in attr.CONTENT if actions.of(name) not in {KEEP, DROP})
    dropped = sorted(name for name, action in config.attributes.items() if action == DROP and "*" not in name)
    processor: dict[str, Any] = {"error_mode": "ignore"}
    for signal, contexts in (("trace_statements", ("span", "spanevent")), ("log_statements", ("log",))):
        groups = [group for context in contexts for group in _groups(context, rules, names, dropped)]
        if groups:
            processor[signal] = groups
    processors = {REDACTION: processor} if len(processor) > 1 else {}
    return Carried(processors, tuple(rule.id for rule in rules), tuple(refused))


def rules_of(config: RedactConfig, *, most_stems: int = MOST_STEMS) -> list[Rule]:
    """The rules that are carried, in the order in which they are tried."""
    rules = [rule for rule in (_carried(raw, config) for raw in entries()) if isinstance(rule, Rule)]
    return _affordable(rules, most_stems)


def _affordable(rules: Sequence[Rule], most: int) -> list[Rule]:
    """As many rules as the most stems allow: secrets and payment first, then those with the fewest; in their order."""
    wanted = sorted(rules, key=lambda rule: (family_of(rule.kind) not in _FIRST, len(rule.stems)))
    looked_for: set[str] = set()
    taken: set[str] = set()
    for rule in wanted:
        more = looked_for | set(rule.stems)
        if len(more) <= most:
            looked_for, taken = more, taken | {rule.id}
    return [rule for rule in rules if rule.id in taken]


def _carried(raw: RawRule, config: RedactConfig) -> Rule | Refusal:
    """The rule as an expression, or why it is none; without a reason where the policy does not ask for it."""
    name, kind = raw["id"], raw["kind"]
    where = _environments(kind, config)
    if where is None:
        action = Replacement(config).action(kind)
        unwanted = kind not in config.wanted() or action == KEEP
        return Refusal(name, "" if unwanted else f"the action {action}: only a process can do it", _LEAVES)
    why = _reason(raw, config)
    if why:
        return Refusal(name, why, _LEAVES)
    try:
        form = portable(raw["pattern"])
    except UnportableError as error:
        return Refusal(name, str(error), _LEAVES)
    said = _words(raw)
    if said is None:
        return Refusal(name, _NO_WORD, _LEAVES)
    return Rule(name, kind, _expression(raw, form), said, tuple(stems(said)), where)


def _reason(raw: RawRule, config: RedactConfig) -> str:
    """Why a rule needs more than an expression; empty when it does not."""
    if "finder" in raw:
        return "a function finds it"
    if "validator" in raw:
        return "check digits decide"
    if raw.get("entropy"):
        return "how random the value is decides"
    if "unless" in raw:
        return "what the value must not be decides, and expressions cannot look aside"
    if raw.get("across"):
        return "the structure of the document decides"
    if {raw["kind"], family_of(raw["kind"]), ANY} & set(config.allow):
        return "the policy has a list of values that stay"
    return ""


def _environments(kind: str, config: RedactConfig) -> str | None:
    """The environments in which `kind` is masked, as a condition; `None` where it is nowhere."""
    masked = {name: _is_masked(kind, each) for name, each in config.environments.items()}
    if _is_masked(kind, config):
        others = [f"{_ENVIRONMENT} != {text(name)}" for name, here in masked.items() if not here]
        return both(*others) if others else ""
    here = [f"{_ENVIRONMENT} == {text(name)}" for name, here in masked.items() if here]
    return either(*here) if here else None


def _is_masked(kind: str, config: RedactConfig) -> bool:
    return kind in config.wanted() and Replacement(config).action(kind) == MASK


def _expression(raw: RawRule, form: Portable) -> str:
    is_secret = raw["family"] == _SECRET
    first = _FREE_BEFORE if is_secret or form.before else _NUMBER_BEFORE
    if form.before and all(begins_with_letters(head) for head, _ in raw["places"]):
        first = _WORD_BEFORE
    last = _FREE_BEHIND if is_secret else _NUMBER_BEHIND
    return form.whole(
        first if raw.get("before", FREE) == FREE else "()",
        last if raw.get("behind", FREE) == FREE else "()",
    )


def _words(raw: RawRule) -> tuple[str, ...] | None:
    found: list[str] = []
    for head, _ in raw["places"]:
        these = words(head, raw["pattern"])
        if these is None:
            return None
        found += these
    return tuple(found)


def _refused_attributes(config: RedactConfig) -> Iterator[Refusal]:
    for name, action in config.attributes.items():
        if action not in {KEEP, DROP} or (action == DROP and "*" in name):
            why = "a whole attribute by a pattern" if action == DROP else f"the action {action} for a whole attribute"
            yield Refusal(
                f"attribute {name}", f"{why}: only a process can do it", "its value is searched, if it is content"
            )


def _groups(
    context: str, rules: Sequence[Rule], names: Sequence[str], dropped: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    held, slots = f"{context}.attributes", f"{context}.cache"
    if dropped and context != "spanevent":
        paths = [f"{held}[{text(name)}]" for name in dropped]
        yield {
            "conditions": [" or ".join(f"{path} != nil" for path in paths)],
            "statements": [f"set({path}, {text(DROPPED)}) where {path} != nil" for path in paths],
        }
    if rules and names:
        texts = {name: f"{held}[{text(name)}]" for name in names}
        extra = {"span": {_MESSAGE: "span.status.message"}, "log": {_BODY: "log.body"}}.get(context, {})
        yield {
            "conditions": [" or ".join(f"{path} != nil" for path in texts.values())],
            "statements": list(_statements(held, slots, rules, texts, extra)),
        }


def _statements(
    held: str, slots: str, rules: Sequence[Rule], texts: Mapping[str, str], extra: Mapping[str, str]
) -> Iterator[str]:
    """What is done to one span, event or record that carries content."""
    lower, copy, hit = (f'{slots}["{name}"]' for name in ("low", "c", "hit"))
    carriers = [*texts.values(), *extra.values()]
    # One text of all carriers, so that words are looked for once; what is not there is written as <nil>.
    yield f'set({lower}, ToLowerCase(Concat([{", ".join(carriers)}], "\\n")))'
    flags = {rule.id: f'{slots}["r{index}"]' for index, rule in enumerate(rules)}
    said = sorted({stem for rule in rules for stem in rule.stems})
    seen = {stem: f'{slots}["w{index}"]' for index, stem in enumerate(said)}
    for stem, path in seen.items():
        yield f"set({path}, {TRUE}) where Index({lower}, {text(stem)}) >= 0"
    for rule in rules:
        asked = [either(*(f"{seen[stem]} != nil" for stem in rule.stems))]
        if rule.words != rule.stems:
            asked.append(either(*(f"Index({lower}, {text(word)}) >= 0" for word in rule.words)))
        asked += [rule.where] if rule.where else []
        yield f"set({flags[rule.id]}, {TRUE}) where {both(*asked)}"
    yield f"set({hit}, {TRUE}) where {' or '.join(f'{flag} != nil' for flag in flags.values())}"
    yield f"set({copy}, {held}) where {hit} != nil"
    yield f"keep_keys({copy}, [{', '.join(map(text, texts))}]) where {hit} != nil"
    for name, path in extra.items():
        yield f'set({copy}["{name}"], {path}) where {hit} != nil and {path} != nil and IsString({path})'
    structured = [name for name in texts if ATTRIBUTES[name].type not in {"string", "enum"}]
    yield from _written_out(slots, structured)
    for rule in rules:
        masked = text(f"$1$2{label(rule.kind)}$3$4")
        yield f'replace_all_patterns({copy}, "value", {text(rule.expression)}, {masked}) where {flags[rule.id]} != nil'
    for name in structured:
        of, whole = (f'{slots}["{slot}"][{text(name)}]' for slot in ("c", "m"))
        # A list that lost nothing stays a list.
        yield f"delete_key({copy}, {text(name)}) where {hit} != nil and {whole} != nil and {of} == {whole}"
    for name, path in extra.items():
        of = f'{copy}["{name}"]'
        yield f"set({path}, {of}) where {hit} != nil and {of} != nil"
        yield f'delete_key({copy}, "{name}") where {hit} != nil'
    yield f'merge_maps({held}, {copy}, "update") where {hit} != nil'


def _written_out(slots: str, structured: Sequence[str]) -> Iterator[str]:
    """Lists and maps as the text of a document: in slot `m`, and in the copy."""
    copy, written, hit = (f'{slots}["{name}"]' for name in ("c", "m", "hit"))
    yield f"set({written}, {{}}) where {hit} != nil"
    for name in structured:
        of = f"{copy}[{text(name)}]"
        shaped = f"{of} != nil and {either(f'IsMap({of})', f'IsList({of})')}"
        yield f"set({written}[{text(name)}], String({of})) where {hit} != nil and {shaped}"
    # The Collector writes three signs as escapes, which would hide them. Twice, for two in a row.
    for sign, code in (("<", "003c"), (">", "003e"), ("&", "0026")):
        escape = text(rf"(^|[^\\])((?:\\\\)*)\\u{code}")
        change = f'replace_all_patterns({written}, "value", {escape}, {text(f"$1$2{sign}")}) where {hit} != nil'
        yield from (change, change)
    yield f'merge_maps({copy}, {written}, "update") where {hit} != nil'
