"""What makes a dashboard wrong although Grafana would load it: sentences, one for each mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

import promql_parser

from spanwise.alert.catalogue import ALERTS
from spanwise.deploy.grafana.health import SIGNALS
from spanwise.deploy.grafana.source import Source
from spanwise.deploy.prometheus.group import groups
from spanwise.deploy.series import find
from spanwise.plan import Plan
from spanwise.semconv.definitions import ATTRIBUTES


Page: TypeAlias = "dict[str, Any]"
"""A dashboard as it is read from its file."""

_TIMES: Final = {"$__rate_interval": "5m", "$__range": "6h", "$__interval": "1m"}
_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))")
_LEGEND: Final = re.compile(r"\{\{(\w+)\}\}")
_LINKED: Final = re.compile(r"\$\{__(?:field\.labels\.(\w+)|data\.fields\.(\w+))\}")
_ATTRIBUTE: Final = re.compile(r"(?:span|resource)\.([a-z][a-z0-9_.]*)")
_SDK_IDENTITY: Final = re.compile(r"telemetry[._]sdk|otel_scope_name|telemetry_distro")
_UNITS: Final = {"short", "s", "reqps", "ops", "percentunit", "currencyUSD", "bytes", "suffix:x"}
_BUILT_IN: Final = {"__all", "__from", "__to", "__rate_interval", "__range", "__interval"}

COLLECTOR: Final = frozenset(
    {
        *(
            f"otelcol_{part}_{signal}"
            for signal in SIGNALS
            for part in (
                "receiver_accepted",
                "receiver_refused",
                "exporter_sent",
                "exporter_send_failed",
                "exporter_enqueue_failed",
                "processor_memory_limiter_refused",
            )
        ),
        "otelcol_exporter_queue_size",
        "otelcol_exporter_queue_capacity",
        "otelcol_process_cpu_seconds",
        "otelcol_process_memory_rss",
        "otelcol_processor_tail_sampling_global_count_traces_sampled",
        "otelcol_processor_tail_sampling_sampling_trace_dropped_too_early",
    }
)
"""Source: `documentation.md` of exporterhelper, receiverhelper, service, memorylimiterprocessor and
tailsamplingprocessor, 0.155.0."""

SDK: Final = frozenset(
    {
        "otel_sdk_processor_span_queue_size",
        "otel_sdk_processor_span_processed_total",
        "otel_sdk_exporter_span_exported_total",
    }
)
"""Source: semantic conventions for OpenTelemetry SDK metrics, as `opentelemetry-sdk` 1.45 records them."""


def problems(page: Page) -> Iterator[str]:
    """Every mistake in a dashboard."""
    panels = page["panels"]
    yield from _places(panels)
    yield from _variables(page)
    text = str(page)
    if found := _SDK_IDENTITY.search(text):
        yield f"asks who recorded it ({found[0]}): others' telemetry would be invisible"
    for panel in panels:
        for problem in _panel(panel):
            yield f"{panel['title']}: {problem}"


def queries(page: Page) -> Iterator[tuple[str, str, bool]]:
    """Panel, PromQL and whether it is instant, for every query to Prometheus."""
    for panel in page["panels"]:
        for target in panel.get("targets", ()):
            if target["datasource"]["type"] == Source.PROMETHEUS.value:
                yield panel["title"], target["expr"], target["instant"]


def filled(expression: str, values: Mapping[str, str] | None = None) -> str:
    """`expression` as Grafana sends it: windows, and `All` for every choice that `values` does not make."""
    for name, time in _TIMES.items():
        expression = expression.replace(name, (values or {}).get(name, time))
    return _VARIABLE.sub(lambda match: (values or {}).get(match[1] or match[2], ".*"), expression)


def metrics_of(expression: str) -> set[str]:
    """Names of the series that PromQL asks for; a matcher of names counts as its text."""
    return {name for selector in _selectors(expression) for name in _names(selector)}


def _places(panels: list[Page]) -> Iterator[str]:
    ids = [panel["id"] for panel in panels]
    if len(set(ids)) < len(ids):
        yield "two panels have one id"
    taken: dict[tuple[int, int], str] = {}
    for panel in panels:
        at = panel["gridPos"]
        if at["x"] + at["w"] > 24 or min(at["w"], at["h"]) < 1:
            yield f"{panel['title']}: does not fit into 24 columns"
        for cell in ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])):
            if other := taken.get(cell):
                yield f"{panel['title']}: lies on {other}"
                break
            taken[cell] = panel["title"]


def _variables(page: Page) -> Iterator[str]:
    listed = page["templating"]["list"]
    defined = [variable["name"] for variable in listed]
    if len(set(defined)) < len(defined):
        yield "two variables have one name"
    body = {key: value for key, value in page.items() if key != "description"}
    used = {match[1] or match[2] for match in _VARIABLE.finditer(str(body))} - _BUILT_IN
    yield from (f"${name} is used and not defined" for name in sorted(used - {*defined, "__field", "__data"}))
    places = {match[1] or match[2] for match in _VARIABLE.finditer(str({**body, "title": ""}))}
    for variable in listed:
        name = variable["name"]
        if name not in places:
            yield f"${name} is offered and not used"
        if variable["type"] == "query" and variable["allValue"] != ".*":
            yield f"${name}: All would hide series that lack the label"
        if variable["type"] == "datasource" and variable["current"]["value"] not in {each.uid for each in Source}:
            yield f"${name}: no data source has its uid"


def _panel(panel: Page) -> Iterator[str]:
    if panel["type"] == "row":
        return
    about = panel["description"]
    if len(about) < 15 or not about.endswith((".", "?")):
        yield "has no description that is a sentence"
    if panel["type"] == "text":
        if not panel["options"]["content"].strip():
            yield "is empty"
        return
    defaults = panel["fieldConfig"]["defaults"]
    if defaults["unit"] not in _UNITS:
        yield f"has the unit {defaults['unit']!r}"
    values = [step["value"] for step in defaults["thresholds"]["steps"]]
    if values[0] is not None or values[1:] != sorted(set(values[1:])):
        yield f"has thresholds out of order: {values}"
    refs = [target["refId"] for target in panel["targets"]]
    if not refs or len(set(refs)) < len(refs):
        yield "has no query, or two of one refId"
    for target in panel["targets"]:
        yield from _target(panel, target)
    yield from _links(panel, defaults.get("links", ()))


def _target(panel: Page, target: Page) -> Iterator[str]:
    source = Source(target["datasource"]["type"])
    if target["datasource"]["uid"] != f"${{{source.variable}}}" or target["datasource"] != panel["datasource"]:
        yield "asks a data source that is not the panel's"
    if source is not Source.PROMETHEUS:
        yield from search_problems(target.get("query") or target["tags"])
        return
    if not target["legendFormat"]:
        yield f"has no legend: {target['expr']}"
    try:
        promql_parser.parse(filled(target["expr"]))
    except ValueError as error:
        yield f"cannot be parsed: {error}: {target['expr']}"
        return
    for selector in _selectors(target["expr"]):
        yield from _selector(selector)
    grouped = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", target["expr"]))))
    for label in _LEGEND.findall(target["legendFormat"]):
        if label not in grouped:
            yield f"has {label} in a legend and not in its query"


def _selector(selector: promql_parser.VectorSelector) -> Iterator[str]:
    labels = {matcher.name for matcher in selector.matchers.matchers} - {"__name__"}
    for name in _names(selector):
        if (series := find(name)) is not None:
            known = {
                *series.labels,
                "le",
                "service_name",
                "deployment_environment_name",
                *_policy_labels(series.of_call),
            }
            yield from (f"asks {name} for {label}, which it has not" for label in sorted(labels - known))
        elif name not in {*recorded(), *SDK, *COLLECTOR, "ALERTS"}:
            yield f"asks for {name}, which nobody records"
        if name == "ALERTS":
            yield from _alert_names(selector)


def _policy_labels(of_call: bool) -> set[str]:
    return {"spanwise_tenant", "gen_ai_prompt_name", "gen_ai_prompt_version", "shop_user_class"} if of_call else set()


def _alert_names(selector: promql_parser.VectorSelector) -> Iterator[str]:
    wanted = next(matcher.value for matcher in selector.matchers.matchers if matcher.name == "alertname")
    if not all(re.fullmatch(wanted, alert.title) for alert in ALERTS.values()):
        yield f"asks for alerts {wanted}, which not all of ours are"


def _links(panel: Page, links: Iterable[Page]) -> Iterator[str]:
    texts = " ".join(target.get("expr", "") for target in panel["targets"])
    columns = {"organize": set(), "merge": set()} if "transformations" not in panel else _columns(panel)
    for link in links:
        for label, column in _LINKED.findall(link["url"]):
            if label and label not in texts:
                yield f"links by {label}, which its queries do not keep"
            if column and column not in columns["organize"]:
                yield f"links by the column {column}, which it has not"


def _columns(panel: Page) -> dict[str, set[str]]:
    return {each["id"]: set(each["options"].get("renameByName", {}).values()) for each in panel["transformations"]}


def search_problems(question: str) -> Iterator[str]:
    """Every mistake in a TraceQL question, or in tags that Jaeger is asked for."""
    for sign, other in ("()", "{}"):
        if question.count(sign) != question.count(other):
            yield f"has unbalanced {sign}{other}: {question}"
    names = _ATTRIBUTE.findall(question)
    if "{" not in question:
        names = [part.split("=")[0] for part in question.split() if part.split("=")[0] != "error"]
    yield from (f"searches for {name}, which is no attribute" for name in names if name not in ATTRIBUTES)


def _selectors(expression: str) -> list[promql_parser.VectorSelector]:
    found: list[promql_parser.VectorSelector] = []

    def visit(node: object) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            found.append(node)
        return True

    promql_parser.walk(promql_parser.parse(filled(expression)), visit)
    return found


def _names(selector: promql_parser.VectorSelector) -> list[str]:
    if selector.name:
        return [selector.name]
    matched = [matcher.value for matcher in selector.matchers.matchers if matcher.name == "__name__"]
    return [re.sub(r"\(_\w+\)\?$", "", value) for value in matched]


@cache
def recorded() -> frozenset[str]:
    """Names of recorded series."""
    return frozenset(record.name for group in groups(Plan()) for record in group.records)
