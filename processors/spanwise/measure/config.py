"""Settings of the measure step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.policy import Reader

CURRENT: Final = "current"
FLAVOURS: Final = (CURRENT, "released", "legacy")

_LABELS: Final = (
    "Attributes that are labels of every metric besides the convention's, as spanwise.tenant; each multiplies series."
)

MOST_LABEL_VALUES: Final = 2000
"""More values of one label than the SDK keeps series of one metric are of no use."""


@dataclass(frozen=True, slots=True)
class MeasureConfig:
    """What is measured.

    Attributes:
        enabled: whether metrics are recorded at all.
        flavours: states of the convention whose metrics are recorded. The metrics of `spanwise.*` are in all of them.
        labels: attributes of a span, or of its resource, that are labels of every metric of it besides the
            convention's. Each multiplies the series, so there are none without a policy.
        most_label_values: values of each of them in one process; further ones become `other`. The SDK keeps 2000
            sets of labels of each metric, so models times values of the labels must stay below that.
    """

    enabled: bool = True
    flavours: tuple[str, ...] = (CURRENT,)
    labels: tuple[str, ...] = ()
    most_label_values: int = 200

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        default = cls()
        flavours = reader.texts(
            "flavours",
            default.flavours,
            accepted=FLAVOURS,
            called="a state of the convention",
            least=1,
            about="States of the convention whose metrics are recorded; several of them cost as many series.",
            variable=environment.SPANWISE_METRICS,
        )
        settings = cls(
            enabled=reader.boolean("enabled", default.enabled, about="Whether metrics are made of spans at all."),
            flavours=flavours,
            labels=_labels(reader, default.labels),
            most_label_values=reader.integer(
                "most_label_values",
                default.most_label_values,
                least=1,
                most=MOST_LABEL_VALUES,
                about="Values of each of these labels in one process; further ones become other.",
            ),
        )
        reader.finish()
        return settings

    def validate(self) -> list[str]:
        """Sentences naming each setting that cannot be used."""
        problems = []
        if not isinstance(self.enabled, bool):
            problems.append(f"enabled: found {self.enabled!r}; accepted: true, false")
        given: object = self.flavours  # a configuration file may hold anything
        if not isinstance(given, tuple) or not given or not set(given) <= set(FLAVOURS):
            problems.append(f"flavours: found {given!r}; accepted: a list of {', '.join(FLAVOURS)}")
        labels: object = self.labels
        if not isinstance(labels, tuple) or not all(isinstance(name, str) for name in labels):
            problems.append(f"labels: found {labels!r:.80}; accepted: a list of names of attributes")
        elif labels and (wrong := _refusals(labels)):
            problems.append(f"labels: {'; '.join(wrong)}")
        if type(self.most_label_values) is not int or not 1 <= self.most_label_values <= MOST_LABEL_VALUES:
            problems.append(
                f"most_label_values: found {self.most_label_values!r}; accepted: a whole number from 1 to "
                f"{MOST_LABEL_VALUES}"
            )
        return problems


def _labels(reader: Reader, default: tuple[str, ...]) -> tuple[str, ...]:
    names = reader.texts("labels", default, about=_LABELS)
    if not names or not (wrong := _refusals(names)):
        return tuple(dict.fromkeys(names))
    from spanwise.measure.permitted import USUAL

    reader.complain(
        "labels",
        f"{'; '.join(wrong)}. Accepted: {', '.join(USUAL)}, and attributes of your own that have few values.",
    )
    return default


def _refusals(names: tuple[str, ...]) -> list[str]:
    from spanwise.measure.permitted import refusals  # only a policy that names labels needs it

    return refusals(names)
