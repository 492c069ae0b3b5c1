"""`redaction_processors`: the redaction rules that the Collector's own expressions can carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from spanwise.deploy.collector.ottl.expression import TRUE, both, either, matches, text
from spanwise.deploy.collector.ottl.portable_pattern import Portable, UnportableError, portable, words
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
_BESIDE: Final = {
    # A number in a UUID or in a long run of base64 means nothing: the signs of both may not stand beside it.
    False: (r"(^|[^A-Za-z0-9+/=\-]|\\[nrt])", r"($|[^A-Za-z0-9+/=\-])"),
    True: (r"(^|[^A-Za-z0-9]|\\[nrt]|\b)", r"($|[^A-Za-z0-9])"),
}
"""What may stand before and behind a value. A word before it may also begin where the last match has ended."""

_BODY: Final = "body"
_MESSAGE: Final = "message"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is carried.

    Attributes:
        id, kind: As in the catalogue.
        expression: With four groups around the value.
        words: One of them stands in all that is found; `None` where nothing is that cheap.
        where: A condition on the environment; empty for all of them.
    """

    id: str
    kind: str
    expression: str
    words: tuple[str, ...] | None
    where: str


def redaction_processors(plan: Plan) -> dict[str, Any]:
    """The processor that masks values in attributes that carry content, by its name; none where no rule is left.

    For traces and logs. Values that only a process can find pass: this is a second net.
    """
    return dict(carried_rules(plan).processors)


def carried_rules(plan: Plan) -> Carried:
    """The same, with what is carried and what is not."""
    return compiled(plan.pipeline.redact)


def compiled(config: RedactConfig) -> Carried:
    """The rules of one policy."""
    rules: list[Rule] = []
    refused: list[Refusal] = []
    for raw in entries():
        rule = _carried(raw, config)
        if isinstance(rule, Rule):
            rules.append(rule)
        elif rule.why:
            refused.append(rule)
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
    heads = [head for head, _ in raw["places"]]
    return Rule(name, kind, _expression(raw, form), _words(heads), where)


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
    first = _BESIDE[is_secret or bool(form.before)][0]
    last = _BESIDE[is_secret][1]
    return form.whole(
        first if raw.get("before", FREE) == FREE else "()",
        last if raw.get("behind", FREE) == FREE else "()",
    )


def _words(heads: Sequence[str]) -> tuple[str, ...] | None:
    found: list[str] = []
    for head in heads:
        these = words(head)
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
    all_text, lower, copy, hit = (f'{slots}["{name}"]' for name in ("all", "low", "c", "hit"))
    carriers = [*texts.values(), *extra.values()]
    # One text of all carriers, so that words are looked for once; what is not there is written as <nil>.
    yield f'set({all_text}, Concat([{", ".join(carriers)}], "\\n"))'
    yield f"set({lower}, ToLowerCase({all_text}))"
    flags = {rule.id: f'{slots}["r{index}"]' for index, rule in enumerate(rules)}
    for rule in rules:
        said = [f"Index({lower}, {text(word)}) >= 0" for word in rule.words or ()]
        asked = either(*said) if said else matches(all_text, rule.expression)
        yield f"set({flags[rule.id]}, {TRUE}) where {both(asked, *([rule.where] if rule.where else []))}"
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
