"""`BaggageConfig`: what of a context goes to other processes, to which hosts, and what is taken from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from spanwise.policy import Form, Reader
from spanwise.semconv import attributes as attr


SECTION: Final = "baggage"
ABOUT: Final = "What of spanwise.context crosses processes in the header baggage of W3C. Nothing without it."

NAMES: Final = {
    "user": attr.USER_ID,
    "session": attr.SESSION_ID,
    "tenant": attr.SPANWISE_TENANT,
    "conversation": attr.GEN_AI_CONVERSATION_ID,
    "feature": attr.SPANWISE_FEATURE,
    "prompt": attr.GEN_AI_PROMPT_NAME,
    "tags": attr.SPANWISE_TAGS,
}
"""What `spanwise.context` calls them, with the attribute that each is."""

_KEY: Final = Form(
    rf"{'|'.join(NAMES)}|metadata\.[A-Za-z0-9_][A-Za-z0-9_.\-]{{0,63}}",
    f"a name as in {', '.join(NAMES)}, or metadata.KEY",
)
_HOST: Final = Form(
    r"(\*\.)?[A-Za-z0-9\-]{1,63}(\.[A-Za-z0-9\-]{1,63}){0,10}", "a host as in api.example.com, or *.example.com"
)
_INSIDE: Final = (".internal", ".local", ".localhost", ".svc", ".home.arpa", ".test")
"""Endings that public DNS does not have (RFC 6761, RFC 6762, RFC 8375, ICANN's reservation of internal), and `.svc`."""

_MOST_HOSTS: Final = 64
_MOST_NAMES: Final = 40


@dataclass(frozen=True, slots=True)
class BaggageConfig:
    """Settings of baggage. The defaults: nothing is sent and nothing accepted.

    Attributes:
        send: names that are sent.
        accept: names that are accepted of a request.
        hosts: hosts that are sent to; a `*.` before one means all below it. Without any: this machine, private
            addresses, names without a dot and names that no public server has. APIs of models are none of them.
    """

    send: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        config = cls(
            send=reader.texts(
                "send", form=_KEY, most=_MOST_NAMES, about="What is sent: user, session, ..., or metadata.KEY."
            ),
            accept=reader.texts(
                "accept", form=_KEY, most=_MOST_NAMES, about="What the middleware takes from the header of a request."
            ),
            hosts=reader.texts(
                "hosts",
                form=_HOST,
                most=_MOST_HOSTS,
                about="Hosts that may know it; without it your own network.",
            ),
        )
        reader.finish()
        return config

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """The settings of the policy that `environ` names or the working directory holds; the defaults without one.

        Raises:
            PolicyError: the policy's section has mistakes.
        """
        from spanwise.policy import find_policy, read_policy

        file = find_policy(environ)
        return cls() if file is None else read_policy(file).read(cls._section)

    @classmethod
    def _section(cls, reader: Reader) -> Self:
        return cls.read(reader.section(SECTION, about=ABOUT))

    def may_know(self, host: str) -> bool:
        """Whether `host` is one that is sent to."""
        name = host.lower().strip("[]").rstrip(".")
        if not self.hosts:
            return _is_inside(name)
        return any(
            name.endswith(known[1:].lower()) if known.startswith("*.") else name == known.lower()
            for known in self.hosts
        )


def attribute_of(name: str) -> str:
    """The attribute that a name of the policy is."""
    return NAMES.get(name) or f"{attr.SPANWISE_METADATA}.{name.removeprefix('metadata.')}"


def _is_inside(name: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(name).is_private
    except ValueError:
        return bool(name) and ("." not in name or name.endswith(_INSIDE))
