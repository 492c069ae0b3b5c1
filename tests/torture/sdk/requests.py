"""The `requests` library."""

from __future__ import annotations

from tests.torture.sdk.family.http import PATH, HttpSdk, Lines
from tests.torture.sdk.tried import Anything


class Tried(HttpSdk):
    """`requests`: sessions, whose adapter tries again where it is told to."""

    name = distribution = module = "requests"
    instrumentors = ("spanwise.instrument.requests:RequestsInstrumentor",)
    has_async = False
    is_light = True

    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """A `Session`; it knows no root and no time-out, so it carries both."""
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry

        session = requests.Session()
        session.headers.update(self.headers(scenario))
        again = Retry(
            total=retries,
            status_forcelist=(429, 500, 503),
            allowed_methods=None,
            respect_retry_after_header=False,
        )
        session.mount("http://", HTTPAdapter(max_retries=again if retries else 0))
        session.torture = (url or self.url, timeout_s)  # type: ignore[attr-defined] # a session has neither
        return session

    def _post(self, client: Anything, asked: Anything, *, stream: bool = False) -> Anything:
        root, timeout_s = getattr(client, "torture", (self.url, 30.0))
        response = client.post(f"{root}{PATH}", json=asked, stream=stream, timeout=timeout_s)
        response.raise_for_status()
        return response

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A POST whose answer has to be a good one."""
        return self._post(client, self.asked(prompt))

    def seen(self, client: Anything) -> Anything:
        """Type, status and text."""
        response = self.plain(client)
        return [response, response.status_code, response.text, response._content_consumed]

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A POST whose answer is read line by line."""
        response = self._post(client, self.asked_to_stream(prompt, usage=usage), stream=True)
        return Lines(response, response.iter_lines(chunk_size=8192))
