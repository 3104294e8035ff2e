"""A site in a temporary folder, tested through the front door: the app's client and its commands."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.helpers.chromium import ARGUMENTS, chromium
from tests.helpers.paper import Paper
from tests.helpers.production import checkout, serving

__all__ = ["checkout", "serving"]

# Zones other than the machine's must not matter: the whole suite runs far from UTC.
os.environ["TZ"] = "Pacific/Chatham"
time.tzset()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow tests run first, so that no processor waits for them at the end: browsers, and separate processes."""
    long = ("browser", "warm_is_cold", "docs", "hostile", "hosts", "kill")
    items.sort(key=lambda item: not any(word in item.nodeid + str(getattr(item, "fixturenames", "")) for word in long))


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path / "paper")


@pytest.fixture
def new_paper(tmp_path: Path) -> Callable[[str], Paper]:
    """Several papers in one test."""
    return lambda name: Paper(tmp_path / name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no Chromium")
        pytest.skip("there is no Chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()
