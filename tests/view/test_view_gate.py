"""Who may see the page, and what every answer forbids a browser."""

from __future__ import annotations

import http.client
from contextlib import closing

import pytest

from spanwise.view import has_browser
from spanwise.view.handler import HEADERS
from tests.view.served import TOKEN, Served


EVERYTHING = ("/", "/calls", "/page/main.js", "/page/style.css", "/api/calls", "/api/trace/last", "/api/nothing")


@pytest.mark.parametrize("path", EVERYTHING)
def test_without_the_token_nothing_is_told(shop: Served, path: str) -> None:
    """No file and no data without the cookie; the refusal says how to get in."""
    for cookie in ("", f"spanwise_view_{shop.port}=wrong", f"spanwise_view_1={TOKEN}", "; ; =", "x" * 9000):
        found = shop.raw(path, Cookie=cookie)
        assert found.status == 401
        assert b"spanwise view printed" in found.body
        assert TOKEN.encode() not in found.body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "", "localhost.evil"])
def test_another_name_of_this_machine_is_refused(shop: Served, host: str) -> None:
    """A page elsewhere that points its name at 127.0.0.1 reads nothing, even with the cookie or the token."""
    cookie = f"spanwise_view_{shop.port}={TOKEN}"
    assert shop.raw("/api/calls", Host=host, Cookie=cookie).status == 403
    assert shop.raw(f"/?token={TOKEN}", Host=host).status == 403


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
def test_the_names_of_this_machine_are_its_own(shop: Served, name: str) -> None:
    """Whatever a person types for this machine works."""
    cookie = f"spanwise_view_{shop.port}={TOKEN}"
    assert shop.raw("/calls", Host=f"{name}:{shop.port}", Cookie=cookie).status == 200


def test_the_token_opens_the_page_once_and_leaves_the_address(shop: Served) -> None:
    """The URL leads to the same page without the token, and the cookie is out of reach of scripts and other sites."""
    found = shop.raw(f"/trace/abc?token={TOKEN}")
    assert found.status == 303
    assert found.headers["location"] == "/trace/abc"
    cookie = found.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert shop.raw("/", Cookie=cookie.partition(";")[0]).status == 200


@pytest.mark.parametrize("path", [f"//evil.example/?token={TOKEN}", f"///evil.example?token={TOKEN}"])
def test_the_token_leads_nowhere_else(shop: Served, path: str) -> None:
    """A link with the token cannot send a browser to another site."""
    found = shop.raw(path)
    assert not found.headers.get("location", "/").startswith("//")


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "t", "%ff%00", "é"])
def test_a_wrong_token_opens_nothing(shop: Served, token: str) -> None:
    """No cookie for another token, however it is written."""
    found = shop.raw(f"/?token={token.encode('unicode_escape').decode()}")
    assert found.status == 401
    assert "set-cookie" not in found.headers


def test_the_token_gives_no_data_directly(shop: Served) -> None:
    """Data needs the cookie, so that the token stays out of requests that pages make."""
    assert shop.raw(f"/api/calls?token={TOKEN}").status == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_get_no_data(shop: Served, site: str) -> None:
    """A browser says who asks; other sites are refused even where it sends the cookie."""
    assert shop.get("/api/calls", Sec_Fetch_Site=site).status == 403
    assert shop.get("/api/calls", Sec_Fetch_Site="same-origin").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_changed(shop: Served, method: str) -> None:
    """Only reading is served."""
    assert shop.raw("/api/calls", method).status == 405


@pytest.mark.parametrize("path", ["/", "/api/calls", "/api/nothing", "/page/main.js", "/nowhere"])
def test_every_answer_carries_the_policy(shop: Served, path: str) -> None:
    """No script but the page's files, no other host, no framing, no sniffing; data is never kept on disk."""
    for found in (shop.get(path), shop.raw(path)):
        assert {name: found.headers[name.lower()] for name in HEADERS} == HEADERS
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    if path.startswith("/api/"):
        assert shop.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("line", [b"GET\r\n\r\n", b"\x16\x03\x01 x\r\n\r\n", b"BREW / HTTP/1.1\r\n\r\n"])
def test_what_is_no_request_ends_in_an_error_without_echo(shop: Served, line: bytes) -> None:
    """Bytes that are no HTTP get a status or nothing, never themselves."""
    connection = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=10)
    with closing(connection):
        connection.connect()
        connection.sock.sendall(line)
        connection.sock.shutdown(1)
        answer = connection.sock.recv(65536)
    assert b"BREW" not in answer
    assert shop.get("/").status == 200


@pytest.mark.parametrize(
    "path", ["/page/../gate.py", "/page/%2e%2e/gate.py", "/page/", "/page//etc/passwd", "/x", "/page/.ts"]
)
def test_only_the_files_of_the_page_are_served(shop: Served, path: str) -> None:
    """Files are found by their exact name and nowhere else."""
    assert shop.get(path).status == 404


@pytest.mark.parametrize(
    ("environ", "terminal", "platform", "opens"),
    [
        ({"DISPLAY": ":0"}, True, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True, "linux", True),
        ({}, True, "linux", False),
        ({}, True, "darwin", True),
        ({"DISPLAY": ":0"}, False, "linux", False),
        ({"DISPLAY": ":0", "CI": "true"}, True, "linux", False),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "1"}, True, "linux", False),
    ],
)
def test_a_browser_opens_only_before_a_person(
    environ: dict[str, str], terminal: bool, platform: str, opens: bool
) -> None:
    """Never in CI, over SSH, without a display or into a pipe."""
    assert has_browser(environ, terminal=terminal, platform=platform) is opens
