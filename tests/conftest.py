"""A site in a temporary folder, tested through the front door: the app's client and its commands."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import jinja2
import pytest
from jinja2.bccache import Bucket
from playwright.sync_api import Browser, sync_playwright

from byline.web.templates import Templates
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


class _Compiled(jinja2.BytecodeCache):
    """What Jinja made of the templates of apps with one digest. https://jinja.palletsprojects.com/en/stable/api/#bytecode-cache"""

    kept: ClassVar[dict[str, bytes]] = {}

    def __init__(self, digest: str) -> None:
        self._digest = digest

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self.kept.get(self._digest + bucket.key)
        if code:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[self._digest + bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Thousands of apps are made here, and most of the time of each would go into compiling the same templates."""
    real = Templates.__init__

    def made(templates: Templates, *arguments: Any) -> None:
        real(templates, *arguments)
        if not templates._host.names:  # another test's filter of the same name must not be folded into the code
            templates._plain.bytecode_cache = _Compiled(templates.digest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Templates, "__init__", made)
        yield


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
