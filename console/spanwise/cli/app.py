"""The command line: commands, options, exit codes."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Final

import typer

from spanwise.cli.alerts_app import alerts_app
from spanwise.cli.budgets_app import budgets_app
from spanwise.cli.command import CommandError
from spanwise.cli.command_index import CommandIndex
from spanwise.cli.deploy_app import deploy_app
from spanwise.cli.evaluate_app import evaluate
from spanwise.cli.fail_on import FailOn
from spanwise.cli.option import Json, Since, StorePath, Until, moment
from spanwise.cli.output import say
from spanwise.cli.policy_app import policy_app
from spanwise.cli.prices_app import prices_app
from spanwise.cli.prompts_app import prompts_app
from spanwise.cli.reconcile_by import ReconcileBy
from spanwise.cli.report_app import report_app
from spanwise.cli.score_app import score_app
from spanwise.cli.serve_app import serve
from spanwise.policy import PolicyError
from spanwise.store import Store, StoreError


WRONG_USE: Final = 2
BROKEN_PIPE: Final = 128 + 13
INTERRUPTED: Final = 128 + 2

app = typer.Typer(
    cls=CommandIndex,
    help="OpenTelemetry for GenAI applications: see what model calls did, and what they cost.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(report_app, name="report")
app.add_typer(prices_app, name="prices")
app.add_typer(policy_app, name="policy")
app.add_typer(deploy_app, name="deploy")
app.add_typer(prompts_app, name="prompts", short_help="Prompt files and their registry.")
app.add_typer(score_app, name="score", short_help="Give scores to earlier calls.")
app.add_typer(budgets_app, name="budgets")
app.add_typer(alerts_app, name="alerts")
app.command("serve", short_help="Record what programs send by OTLP; watch alerts.")(serve)
app.command("evaluate", short_help="Judge a sample of stored calls.")(evaluate)


def main() -> int:
    """Run the command line; the exit code: 2 for wrong use, for `run` the program's own."""
    try:
        app(prog_name="spanwise")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.__context__, BrokenPipeError):  # typer turns it into 1
            code = BROKEN_PIPE
    except (CommandError, StoreError) as error:
        say(f"spanwise: {error}")
        code = error.exit_code if isinstance(error, CommandError) else WRONG_USE
    except PolicyError as error:
        say(*error.lines)
        code = WRONG_USE
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = BROKEN_PIPE
    else:
        code = 0
    return code if _flushed() else BROKEN_PIPE


def _flushed() -> bool:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more at exit; that must not fail aloud.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


def _show_version(value: bool) -> None:  # noqa: FBT001 - typer's callback
    if value:
        typer.echo(f"spanwise {version('spanwise')}")
        raise typer.Exit


def _percent(text: str) -> Decimal:
    from spanwise.cli.reconcile_command import tolerance

    try:
        return tolerance(str(text))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@app.callback()
def root(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """OpenTelemetry for GenAI applications: see what model calls did, and what they cost."""


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    help="Run a program and record its model calls. Its output and exit code stay its own.",
)
def run(
    command: Annotated[list[str], typer.Argument(metavar="CMD...", help="The program and its arguments.")],
    *,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing at the end.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Print the summary where no terminal is, too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON, on standard error.")] = False,
    store: StorePath = None,
) -> None:
    """Run a program and record its model calls."""
    from spanwise.cli.run import RunOptions
    from spanwise.cli.run import run as run_program

    raise typer.Exit(run_program(command, RunOptions(store, quiet, summary, json)))


@app.command()
def traces(
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 20,
    since: Since = None,
    json: Json = False,
    store: StorePath = None,
) -> None:
    """List traces, newest first."""
    from spanwise.cli.questions import show_traces

    show_traces(Store(store), limit, since, as_json=json)


@app.command()
def trace(
    wanted: Annotated[str, typer.Argument(metavar="ID", help="A trace id, the beginning of one, or: last.")],
    *,
    json: Json = False,
    store: StorePath = None,
) -> None:
    """Show one trace as a tree."""
    from spanwise.cli.questions import QuestionError, show_trace

    try:
        show_trace(Store(store), wanted, as_json=json)
    except QuestionError as error:
        say(f"spanwise: {error}")
        raise typer.Exit(WRONG_USE) from None


@app.command(short_help="Show the store as a page in a browser.")
def view(
    *,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port on 127.0.0.1; 0 is a free one.")] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser; print the address only.")] = False,
    static: Annotated[
        Path | None, typer.Option("--static", metavar="FILE", help="Write one trace as an HTML file and serve nothing.")
    ] = None,
    trace: Annotated[
        str, typer.Option("--trace", metavar="ID", help="With --static: an id, the beginning of one, or: last.")
    ] = "last",
    store: StorePath = None,
) -> None:
    """Show calls, traces, sessions, prompts, reports and alerts as a page in a browser on this machine."""
    from spanwise.cli.view_command import save_trace, view_store

    if static is not None:
        raise typer.Exit(save_trace(Store(store), trace, static))
    raise typer.Exit(view_store(Store(store), port, open_browser=not no_open))


@app.command(short_help="Price stored calls again, after a correction.")
def reprice(  # noqa: PLR0913 - its options
    *,
    since: Annotated[
        datetime, typer.Option("--since", parser=moment, metavar="AGE", help="Calls since: 30m, 24h, 7d, or a date.")
    ],
    until: Until = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell the difference and write nothing.")] = False,
    provider: Annotated[bool, typer.Option("--provider", help="Replace amounts that providers sent, too.")] = False,
    json: Json = False,
    store: StorePath = None,
) -> None:
    """Price stored calls again, after a price was corrected, and tell the difference by model."""
    from spanwise.cli.reprice_command import reprice_store
    from spanwise.reprice import RepricingOptions

    options = RepricingOptions(since, until, provider, dry_run)
    raise typer.Exit(reprice_store(Store(store), options, as_json=json))


@app.command(short_help="Compare an invoice with stored calls.")
def reconcile(  # noqa: PLR0913 - its options
    files: Annotated[
        list[Path], typer.Argument(metavar="INVOICE...", help="Exports of OpenAI or Anthropic, or FOCUS CSV.")
    ],
    *,
    by: Annotated[ReconcileBy, typer.Option("--by", help="What a row is.")] = ReconcileBy.MODEL,
    since: Since = None,
    until: Until = None,
    provider: Annotated[
        list[str] | None, typer.Option("--provider", help="Calls of this provider only, as gen_ai.provider.name says.")
    ] = None,
    tolerance: Annotated[
        Decimal, typer.Option("--tolerance", parser=_percent, metavar="PCT", help="Gap in percent that is no gap.")
    ] = Decimal(1),
    json: Json = False,
    store: StorePath = None,
) -> None:
    """Compare an invoice or usage export with stored calls, and name what explains the gap."""
    from spanwise.cli.reconcile_command import ReconcileOptions, reconcile_files

    options = ReconcileOptions(by, since, until, tuple(provider or ()), tolerance)
    raise typer.Exit(reconcile_files(Store(store), files, options, as_json=json))


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE|-...", help="OTLP JSON, a document or lines.")],
    *,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="The mildest finding that makes the exit code 1.")
    ] = FailOn.VIOLATION,
    json: Json = False,
) -> None:
    """Check telemetry against the GenAI conventions."""
    from spanwise.cli.check_command import check_files

    raise typer.Exit(check_files(files, fail_on=fail_on, as_json=json))


@app.command(short_help="Find and remove secrets and personal data in files.")
def redact(  # noqa: PLR0913 - its options
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE|-...", help="Text, JSON, or lines of JSON.")
    ] = None,
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print where values are, and which rule found them.")
    ] = False,
    show_values: Annotated[
        bool, typer.Option("--show-values", help="With --explain: print the values, too. Only on a terminal.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Print where values are, a line each; exit code 1 when there are any.")
    ] = False,
    kinds: Annotated[list[str] | None, typer.Option("--kinds", metavar="KIND,...", help="Only these kinds.")] = None,
    families: Annotated[
        list[str] | None, typer.Option("--families", metavar="FAMILY,...", help="Only the kinds of these families.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", help="The policy, instead of $SPANWISE_POLICY or ./spanwise.yaml.")
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="List every rule with its source, and exit.")] = False,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Print a key for pseudonyms. FILE is the key file that has one already.")
    ] = False,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Send planted values through a whole pipeline; exit code 1 for a leak.")
    ] = False,
    json: Json = False,
) -> None:
    """Print files without their secrets and personal data, or show where those are."""
    from spanwise.cli.redact_options import RedactOptions

    options = RedactOptions(explain, show_values, check, kinds or (), families or (), policy, json)
    if rules:
        from spanwise.cli.rules_command import show_rules

        raise typer.Exit(show_rules(as_json=json))
    if new_key:
        from spanwise.cli.key_command import show_new_key

        raise typer.Exit(show_new_key(files or ()))
    if self_test:
        from spanwise.cli.self_test_command import test_redaction

        raise typer.Exit(test_redaction(policy, as_json=json))
    from spanwise.cli.redact_command import redact_files

    raise typer.Exit(redact_files(files or (), options))


@app.command(short_help="Ask the store in SQL, read only.")
def sql(  # noqa: PLR0913 - its options
    statement: Annotated[
        str, typer.Argument(metavar="SELECT", help="One statement, as: SELECT * FROM cost_by_model.")
    ] = "",
    *,
    views: Annotated[bool, typer.Option("--views", help="List the views with their columns, and exit.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="Rows at most.")] = 1000,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    store: StorePath = None,
) -> None:
    """Ask the store in SQL; it can be read only, and nothing else can be reached."""
    from spanwise.cli.sql_command import run_sql, show_views

    if views:
        raise typer.Exit(show_views(as_json=json))
    raise typer.Exit(run_sql(Store(store), statement, limit=limit, as_json=json, as_csv=csv))


@app.command(short_help="How states of the convention differ.")
def flavour(*, json: Json = False) -> None:
    """Show how the states of the convention differ that spans and metrics can be written in."""
    from spanwise.cli.flavour_command import show_flavours

    show_flavours(as_json=json)


@app.command()
def doctor(*, json: Json = False, store: StorePath = None) -> None:
    """Find out why there are no spans, or two of everything."""
    from spanwise.cli.doctor import examine

    raise typer.Exit(examine(Store(store), as_json=json))
