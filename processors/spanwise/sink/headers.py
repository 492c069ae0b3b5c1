"""Headers of a sink: a file of them, for they may be secret."""

from __future__ import annotations

from spanwise.policy import Reader
from spanwise.sink.tls import LONGEST_PATH


def read_headers_file(reader: Reader) -> str:
    """What stands under `headers_file`: a file with one `Name: value` per line; empty when it is absent."""
    about = "File of headers that are sent with every request, one Name: value per line."
    return reader.text("headers_file", "", longest=LONGEST_PATH, about=about)
