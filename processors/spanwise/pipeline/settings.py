"""The settings that a process starts with: environment, policy file, or neither."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from spanwise.flavour import Choice, chosen
from spanwise.policy import find_policy


if TYPE_CHECKING:
    from spanwise.pipeline.config import PipelineConfig

_logger = logging.getLogger("spanwise.pipeline")
_logged: set[str] = set()


def settings(environ: Mapping[str, str]) -> PipelineConfig:
    """The settings of the policy file that `environ` names or the working directory holds; the defaults without one.

    Variables of the environment come before the file. Never raises: an application is not stopped by its telemetry.
    A file with mistakes is one line in the log. What it asked of redaction is then not known, so content is withheld:
    spans go out with ids, times, counts and cost by the list prices, and without anything somebody may have written.
    """
    from spanwise.pipeline.config import PipelineConfig

    return configured(environ) or PipelineConfig()


def configured(environ: Mapping[str, str]) -> PipelineConfig | None:
    """As `settings`; `None` where neither environment nor a file says anything.

    A process that starts then does not load what settings are made of: a sixth of what we add to its start.
    """
    file = find_policy(environ)
    if file is None and chosen(environ) == Choice():
        return None
    from spanwise.pipeline.config import PipelineConfig

    if file is None:
        return _with_choice(PipelineConfig(), environ)
    from spanwise.policy import PolicyError, read_policy

    try:
        config = PipelineConfig.from_policy(read_policy(file))
    except PolicyError as error:
        _tell(error.lines)
        return _with_choice(PipelineConfig(withheld="the policy has mistakes"), environ)
    return _with_choice(config, environ)


def _with_choice(config: PipelineConfig, environ: Mapping[str, str]) -> PipelineConfig:
    choice = chosen(environ, Choice(config.semconv, config.measure.flavours))
    return replace(config, semconv=choice.semconv, measure=replace(config.measure, flavours=choice.metrics))


def _tell(lines: tuple[str, ...]) -> None:
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    line = f"{lines[0]}{more}"
    if line not in _logged:
        _logged.add(line)
        _logger.error(
            "spanwise: %s; prices are those of the list and content is withheld until the policy is correct, "
            "see: spanwise policy check",
            line,
        )
