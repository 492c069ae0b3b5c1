"""`FeedbackConfig`: with which key feedback tokens are signed, and which pages may send feedback."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from spanwise.policy import Form, Reader
from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.redact.key_ring import KeyRing

SECTION: Final = "feedback"
ABOUT: Final = "Scores from browsers: the key of their tokens, and the pages that may send them. Off without a key."

_ORIGIN: Final = Form(
    r"https?://[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?", "scheme and host as in https://app.example.com, without a path"
)
_MOST_ORIGINS: Final = 64


@dataclass(frozen=True, slots=True)
class FeedbackConfig:
    """Settings of feedback. The defaults: no key, so no endpoint, and no page of another origin.

    Attributes:
        keys: the key that tokens are signed with; `None` switches feedback off.
        origins: origins of pages whose scripts may send feedback. Programs that are no browser name none.
        per_minute: scores that are taken in a minute, of all tokens together.
    """

    keys: KeyRing | None = None
    origins: tuple[str, ...] = ()
    per_minute: int = 600

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`.

        The key of a policy for another machine is not looked for.
        """
        default = cls()
        file = reader.text("key_file", "", longest=4096, about="The file that holds the key; relative to the policy.")
        variable = reader.text("key_env", "", longest=256, about="The environment variable that holds the key.")
        config = cls(
            origins=reader.texts(
                "origins",
                form=_ORIGIN,
                most=_MOST_ORIGINS,
                about="Origins of the pages whose scripts may send feedback; without it none.",
            ),
            per_minute=reader.integer(
                "per_minute",
                default.per_minute,
                least=1,
                most=1_000_000,
                about="Scores taken in a minute, of all tokens together.",
            ),
        )
        which = "accepted is one of key_file and key_env, which say where the key is."
        reader.count_of(("key_file", "key_env"), least=0, most=1, message=which)
        reader.finish()
        if not (file or variable) or not reader.is_sound or not reader.here:
            return config
        from spanwise.redact.key_ring import KeyRing, KeyRingError

        try:
            if file:
                return replace(config, keys=KeyRing.from_file(reader.directory / Path(file).expanduser()))
            return replace(config, keys=KeyRing.from_environment(variable, os.environ))
        except KeyRingError as error:
            reader.complain("key_file" if file else "key_env", str(error))
            return config

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """The settings of the policy that `environ` names or the working directory holds; the defaults without one.

        `SPANWISE_FEEDBACK_KEY` comes before what the policy says of the key.

        Raises:
            PolicyError: the policy's section has mistakes, or names a key that cannot be read.
            KeyRingError: the variable holds no usable key. The message never holds a part of it.
        """
        from spanwise.policy import find_policy, read_policy

        file = find_policy(environ)
        config = cls() if file is None else read_policy(file).read(cls._section)
        if environ.get(environment.SPANWISE_FEEDBACK_KEY, "").strip():
            from spanwise.redact.key_ring import KeyRing

            return replace(config, keys=KeyRing.from_environment(environment.SPANWISE_FEEDBACK_KEY, environ))
        return config

    @classmethod
    def _section(cls, reader: Reader) -> Self:
        return cls.read(reader.section(SECTION, about=ABOUT))
