"""`Reader`: a person at a browser, and what the browser asked of the network meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.view.served import Served


T = TypeVar("T")
Logged: TypeAlias = dict[str, Any]
"""An entry of a log, as the driver hands it over."""

WAIT_S = 20


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who opened the page with its token."""

    driver: Chrome
    page: Served

    def open(self, path: str) -> None:
        """Type an address."""
        self.driver.get(self.page.address + path)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, wherever the keyboard is."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def all(self, selector: str) -> list[WebElement]:
        """Every element that is shown now."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        """The text of the first element, waited for."""
        return self.until(lambda: self.all(selector)[0].text if self.all(selector) else "")

    def until(self, found: Callable[[], T]) -> T:
        """What `found` gives as soon as it is something."""
        waiting = WebDriverWait(
            self.driver, WAIT_S, 0.05, ignored_exceptions=(StaleElementReferenceException, IndexError)
        )
        return waiting.until(lambda _: found())

    def rows(self, number: int) -> list[WebElement]:
        """The rows of the list, once there are `number` of them."""
        return self.until(lambda: rows if len(rows := self.all(".list tbody tr")) == number else [])

    @property
    def address(self) -> str:
        """The path and query that the browser shows."""
        return self.driver.current_url.removeprefix(self.page.address)

    def hosts(self) -> set[str]:
        """Where the browser sent requests since the last question, without its own pages."""
        found = set()
        for entry in self._log("performance"):
            message: Logged = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url: str = message["params"]["request"]["url"]
                if not url.startswith(("chrome:", "chrome-extension:", "about:", "data:")):
                    found.add("/".join(url.split("/")[:3]))
        return found

    def _log(self, kind: str) -> list[Logged]:
        return list(self.driver.get_log(kind))  # type: ignore[no-untyped-call] # selenium types most of itself

    def complaints(self) -> list[str]:
        """Errors and warnings on the browser's console since the last question."""
        return [entry["message"] for entry in self._log("browser") if entry["level"] in {"SEVERE", "WARNING"}]


ENTER, ESCAPE = Keys.ENTER, Keys.ESCAPE
