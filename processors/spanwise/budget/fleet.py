"""`Fleet`: the collector that adds up what several machines spend, and where the token for it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from spanwise.policy import Form, Reader


_HOST: Final = r"(?:\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9][A-Za-z0-9._-]{0,252})"
_HERE: Final = r"(?:localhost|127\.0\.0\.1|\[::1\])"
_URL: Final = Form(
    rf"(?:https://{_HOST}|http://{_HERE})(?::[0-9]{{1,5}})?(?:/[^\s@?#]{{0,500}})?",
    "an https URL without name, password or query, as in https://telemetry.example.com, or http to this machine "
    "alone: a token would cross a network readable",
    secret=True,
)
_LONGEST_PATH: Final = 4096


@dataclass(frozen=True, slots=True)
class Fleet:
    """Where processes of several machines hear what all of them have spent.

    Attributes:
        url: The collector below whose URL `/v1/budgets` is asked; empty asks nobody.
        token_file: The file that holds the token; empty where a variable does.
        token_env: The environment variable that holds the token.
    """

    url: str = ""
    token_file: str = ""
    token_env: str = ""

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`.

        The token itself is read by who asks or is asked: a process does not fail for one that it cannot find.
        """
        reader.forbids("token", "a secret does not belong in a policy. Put it in a file and write token_file: FILE.")
        url = reader.text(
            "url",
            "",
            form=_URL,
            about="URL of the collector; processes ask it for /v1/budgets below. The collector itself needs none.",
        )
        file = reader.text(
            "token_file",
            "",
            longest=_LONGEST_PATH,
            about="The file that holds the token, relative to the policy. Its further lines are accepted, too.",
        )
        variable = reader.text("token_env", "", longest=256, about="The environment variable that holds the token.")
        which = "accepted is one of token_file and token_env, which say where the token is."
        reader.count_of(("token_file", "token_env"), least=1, most=1, message=which)
        reader.finish()
        return cls(url, str(reader.directory / Path(file).expanduser()) if file else "", variable)
