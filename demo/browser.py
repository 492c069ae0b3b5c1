"""Chromium without a window, as the tests of the page and its pictures use it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from typing import Final

from selenium.webdriver import Chrome, ChromeOptions, ChromeService


PROGRAMS: Final = ("chromium", "chromedriver")
"""What must be on the path: the Debian packages chromium and chromium-driver."""

_ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)


@contextlib.contextmanager
def browser(width: int = 1440, height: int = 900) -> Iterator[Chrome]:
    """A browser with a profile of its own, which keeps a log of its requests and of its console.

    Raises:
        FileNotFoundError: Chromium or its driver is missing; the message says how to install them.
    """
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise FileNotFoundError(f"{' and '.join(missing)} missing; apt-get install chromium chromium-driver")
    with tempfile.TemporaryDirectory(prefix="spanwise-browser-") as profile:
        options = ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for argument in (*_ARGUMENTS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = Chrome(options=options, service=ChromeService(shutil.which("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()
