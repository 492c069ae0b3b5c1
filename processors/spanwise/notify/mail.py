"""Mail: one message by SMTP, always over TLS."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from spanwise.alert import Email
from spanwise.notify.answer import Answer
from spanwise.notify.deadline import ended_after
from spanwise.notify.notice import Notice
from spanwise.notify.quiet_context import unobserved
from spanwise.notify.secret_file import HIDDEN, SecretError, hidden, read_secret
from spanwise.notify.text import body, cut, title


_TLS_FROM_THE_START: Final = 465
"""Port of SMTP that begins with TLS (RFC 8314); others begin in plain text and must offer STARTTLS."""

_MOST_SUBJECT: Final = 200
_MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """Sends to the addresses of `email.to` through its mail server."""

    email: Email
    way: str = "email"
    groups: bool = True

    def rendered(self, notice: Notice, *others: Notice) -> dict[str, object]:
        """What would be sent, with the password replaced."""
        login = {"username": self.email.username, "password": HIDDEN} if self.email.username else {}
        message = self._message(notice, *others)
        headers = {name: str(value) for name, value in message.items()}
        return {"smarthost": self.email.smarthost, **login, "headers": headers, "body": message.get_content()}

    def deliver(self, notice: Notice, *others: Notice, timeout_s: float) -> Answer:
        """Send `notice`; a server without TLS, or with a certificate that is not valid, is refused."""
        password = ""
        try:
            if self.email.username and self.email.password_file:
                password = read_secret(self.email.password_file)
        except SecretError as error:
            return Answer(accepted=False, again=False, text=str(error))
        started_s = time.monotonic()
        try:
            with unobserved():
                self._converse(self._message(notice, *others), password, timeout_s)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            late = time.monotonic() - started_s >= timeout_s
            return _refusal(error, password, timeout_s, late=late)
        return Answer(accepted=True, again=False, text=f"{self.email.smarthost} took the mail")

    def _message(self, notice: Notice, *others: Notice) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["Subject"] = cut(title(notice, *others), _MOST_SUBJECT)
        message["From"] = self.email.sender
        message["To"] = ", ".join(self.email.to)
        message["Date"] = format_datetime(datetime.now(UTC))
        about = 0
        for each in (notice, *others):
            about ^= int(each.fingerprint, 16)
        thread = f"{about:016x}.{notice.started_unix_s}"
        # The same id for the same notice: mail that arrives twice is shown once, and its end stands below its begin.
        message["Message-ID"] = f"<{thread}.{notice.state}@spanwise.invalid>"
        message["References"] = f"<{thread}@spanwise.invalid>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body(notice, *others) + "\n")
        return message

    def _converse(self, message: EmailMessage, password: str, timeout_s: float) -> None:
        host, _, port = self.email.smarthost.rpartition(":")
        context = ssl.create_default_context()
        name, number = host.strip("[]"), int(port)
        server: smtplib.SMTP
        if number == _TLS_FROM_THE_START:
            server = smtplib.SMTP_SSL(name, number, timeout=timeout_s, context=context)
        else:
            server = smtplib.SMTP(name, number, timeout=timeout_s)
        try:
            with ended_after(_socket(server), timeout_s):
                if number != _TLS_FROM_THE_START:
                    server.starttls(context=context)
                self._hand_over(server, message, password)
        finally:
            server.close()

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage, password: str) -> None:
        if self.email.username:
            server.login(self.email.username, password)
        server.send_message(message, self.email.sender, list(self.email.to))


def _socket(server: smtplib.SMTP) -> socket.socket:
    found = server.sock
    if found is None:
        raise smtplib.SMTPServerDisconnected("the server closed the connection")
    return found


def _refusal(error: Exception, password: str, timeout_s: float, *, late: bool) -> Answer:
    """A 5xx is final, as is a server without TLS; a 4xx, a lost connection and silence may be tried again."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Answer(accepted=False, again=False, text=f"its certificate is not valid ({error.verify_message})")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Answer(accepted=False, again=False, text=f"the mail server does not do what is needed ({error})")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return Answer(accepted=False, again=max(codes) < 500, text=f"{codes[-1]}: no recipient was accepted")
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        shown = hidden(" ".join(said.split())[:_MOST_SHOWN], password)
        return Answer(accepted=False, again=error.smtp_code < 500, text=f"{error.smtp_code}: {shown}")
    if isinstance(error, ValueError):
        return Answer(accepted=False, again=False, text="the mail cannot be written: an address or a port is wrong")
    if late or isinstance(error, TimeoutError):
        return Answer(accepted=False, again=True, text=f"no answer within {timeout_s:g} s")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return Answer(accepted=False, again=True, text=f"cannot be reached ({reason})")
