"""A certificate authority of a test, and what it signed."""

from __future__ import annotations

import subprocess
from pathlib import Path


def issue(folder: Path) -> Path:
    """`folder` with ca.crt, and a certificate and key each for a server on loopback and a client."""
    folder.mkdir(parents=True)
    _openssl(folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test-ca "
             "-keyout ca.key -out ca.crt")  # fmt: skip
    for name in ("server", "client"):
        _openssl(folder, "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name +
                 f" -keyout {name}.key -out {name}.csr")  # fmt: skip
        (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n", encoding="utf-8")
        _openssl(folder, f"x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 "
                 f"-extfile names -out {name}.crt")  # fmt: skip
    return folder


def _openssl(folder: Path, arguments: str) -> None:
    subprocess.run(["openssl", *arguments.split()], cwd=folder, check=True, capture_output=True)
