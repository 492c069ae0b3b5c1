"""`MailServer`: as much SMTP as a client needs, with TLS, on a loopback port."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


@dataclass(slots=True)
class Mail:
    """One mail as it arrived."""

    sender: str = ""
    to: list[str] = field(default_factory=list)
    text: str = ""
    encrypted: bool = False
    login: str = ""


class MailServer:
    """Speaks STARTTLS, or TLS from the first byte, or no TLS at all; `refuses` maps a command to its answer."""

    def __init__(self, certificate: Path | None, *, refuses: dict[str, str] | None = None) -> None:
        self.mails: list[Mail] = []
        self.refuses = refuses or {}
        self.context: ssl.SSLContext | None = None
        if certificate is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def smarthost(self) -> str:
        """Where it listens."""
        return f"localhost:{self._server.server_address[1]}"

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        server = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                conversation = Conversation(self.request, server)
                try:
                    conversation.run()
                except OSError:
                    return  # the client left
                finally:
                    conversation.close()

        return Handler


class Conversation:
    """One client."""

    def __init__(self, connection: ssl.SSLSocket, server: MailServer) -> None:
        self._connection = connection
        self._server = server
        self._mail = Mail()
        self._lines = connection.makefile("rb")

    def run(self) -> None:
        """Answer until the client leaves."""
        self._say("220 localhost")
        while line := self._lines.readline():
            command = line.decode().strip()
            word = command.split(" ", maxsplit=1)[0].upper()
            refusal = self._server.refuses.get(word)
            self._say(refusal or self._answer(word, command))
            if refusal is None and word == "STARTTLS":
                assert self._server.context is not None
                self._connection = self._server.context.wrap_socket(self._connection, server_side=True)
                self._lines = self._connection.makefile("rb")
                self._mail.encrypted = True
            if word == "QUIT":
                return

    def close(self) -> None:
        """Let the client go."""
        self._lines.close()
        self._connection.close()

    def _answer(self, word: str, command: str) -> str:
        if word == "EHLO":
            offered = ["250-localhost", *(["250-STARTTLS"] if self._server.context else []), "250 AUTH PLAIN"]
            return "\r\n".join(offered)
        if word == "AUTH":
            self._mail.login = base64.b64decode(command.rsplit(maxsplit=1)[-1]).decode()
        if word == "MAIL":
            self._mail.sender = command
        if word == "RCPT":
            self._mail.to.append(command.partition(":")[2])
        if word == "DATA":
            self._read_mail()
        return {"STARTTLS": "220 go on", "AUTH": "235 in", "QUIT": "221 bye"}.get(word, "250 ok")

    def _read_mail(self) -> None:
        self._say("354 go on")
        lines: list[str] = []
        while (line := self._lines.readline().decode()) != ".\r\n":
            lines.append(line)
        self._mail.text = "".join(lines)
        self._server.mails.append(self._mail)

    def _say(self, text: str) -> None:
        self._connection.sendall(f"{text}\r\n".encode())
