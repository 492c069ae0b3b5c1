"""How a collector of ours takes scores: through the pipeline into the store, and from browsers where there is a key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from spanwise.cli.command import CommandError
from spanwise.cli.recorder import Recorder
from spanwise.cli.redact_options import WRONG_USE
from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.collector import Scoring
    from spanwise.feedback import FeedbackConfig
    from spanwise.pipeline import Pipeline


def feedback_config(environ: Mapping[str, str]) -> FeedbackConfig:
    """Who may send scores from a browser, as the environment and the policy say.

    Raises:
        CommandError: the variable with the key holds none; the message never quotes it.
        PolicyError: the policy's section has mistakes.
    """
    from spanwise.feedback import FeedbackConfig
    from spanwise.redact import KeyRingError

    try:
        return FeedbackConfig.of(environ)
    except KeyRingError as error:
        raise CommandError(f"{environment.SPANWISE_FEEDBACK_KEY}: {error}", WRONG_USE) from None


def scoring(recorder: Recorder, pipeline: Pipeline, config: FeedbackConfig) -> Scoring:
    """Scores through `pipeline` to `recorder`; with an endpoint for browsers where `config` has a key."""
    from spanwise.collector import Feedback, Scoring
    from spanwise.pipeline import scores

    return Scoring(sink=recorder.scores, pipeline=partial(scores.process, pipeline), feedback=Feedback.of(config))
