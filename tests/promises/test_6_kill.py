"""After a freeze is killed at any moment, the next run leaves exactly the old or the new site."""

import functools
import itertools
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.storage.fingerprint import digest
from tests.helpers.fresh import Run, copy_project, flask, output_of, start
from tests.helpers.paper import tree

STRANGERS = {".git/HEAD": "ref", "CNAME": "paper.test", "posts/mine.txt": "mine", "notes/mine.txt": "mine"}


class Killing:
    """An old site in `build`, a new one in the sources, and what both look like."""

    def __init__(self, scratch: Path, posts: int) -> None:
        self.scratch = scratch
        self.folder = copy_project(scratch / "paper")
        self.posts = self.folder / "pages" / "posts"
        self.posts.mkdir(parents=True)
        (self.folder / "site.toml").write_text('url = "https://paper.test"')
        for number in range(posts):
            self.write(number, "Old")
        assert self.freeze().code == 0
        self.old = tree(self.folder / "build")
        shutil.copytree(self.folder / "build", scratch / "saved")
        for number in range(posts):
            if number % 4 == 0:
                (self.posts / f"{number}.md").unlink()
            else:
                self.write(number, "New")
        self.write(posts, "Added")
        began = time.monotonic()
        assert flask(self.folder, "freeze", "--no-search", "--out", "new").code == 0
        self.seconds = time.monotonic() - began
        self.new = tree(self.folder / "new")
        assert self.old != self.new

    @functools.cached_property
    def steps(self) -> int:
        """After how many changes to the disk the freeze has come to its end."""
        for steps in itertools.count(50, 50):
            self.reset()
            _, status = os.waitpid(start(self.folder, "freeze", "--no-search", kill_at=steps), 0)
            if os.waitstatus_to_exitcode(status) == 0:
                return steps
        raise AssertionError

    def write(self, number: int, word: str) -> None:
        text = f"---\ntitle: {word} {number}\ndate: 2025-01-01\nauthors: {word} desk\n---\n{word} text.\n"
        (self.posts / f"{number}.md").write_text(text)

    def freeze(self) -> Run:
        run = flask(self.folder, "freeze", "--no-search")
        assert "Traceback" not in run.output, run.output
        return run

    def reset(self) -> None:
        """Restore the old site, with strangers' files in it."""
        shutil.rmtree(self.folder / "build")
        shutil.copytree(self.scratch / "saved", self.folder / "build")
        for name, text in STRANGERS.items():
            path = self.folder / "build" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def check(self) -> bool:
        """Check what the killed run left, let the next one start, and check again. Returns whether the new site is there."""
        build = self.folder / "build"
        for path, content in self.own(build).items():
            assert content in (self.old.get(path), self.new.get(path)), f"{path} is neither old nor new"
        broken = self.posts / "broken.md"
        broken.write_text("---\n---\n")  # the next run recovers, then stops at this
        run = flask(self.folder, "freeze", "--no-search")
        broken.unlink()
        assert run.code == 1, run.output
        left = self.own(build)
        assert left in (self.old, self.new)
        for name, text in STRANGERS.items():
            assert (build / name).read_text() == text
        return left == self.new

    def own(self, build: Path) -> dict[str, str]:
        return {path: content for path, content in tree(build).items() if path not in STRANGERS}


@pytest.fixture
def killing(tmp_path: Path) -> Killing:
    return Killing(tmp_path, posts=8)


@pytest.mark.proof
def test_killed_at_every_step_of_the_switch(killing: Killing) -> None:
    outcomes = []
    for step in range(1, 400, 7):
        killing.reset()
        child = start(killing.folder, "freeze", "--no-search", kill_at=step)
        _, status = os.waitpid(child, 0)
        outcomes.append(killing.check())
        if os.waitstatus_to_exitcode(status) == 0:
            break
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    else:
        pytest.fail("the freeze never came to its end")
    assert False in outcomes, "no run was killed before its switch was committed"
    assert outcomes.count(True) > 3, "no run was killed within its switch"


def test_the_next_freeze_after_a_kill_is_whole(killing: Killing) -> None:
    killing.reset()
    os.waitpid(start(killing.folder, "freeze", "--no-search", kill_at=30), 0)
    assert killing.freeze().code == 0
    assert killing.own(killing.folder / "build") == killing.new


def processes_in(folder: Path) -> list[str]:
    """Those whose working directory is `folder`."""
    running = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            is_here = (path / "cwd").resolve() == folder.resolve() and (path / "cmdline").read_bytes()
        except OSError:  # it has ended, or is not ours
            continue
        if is_here:
            running.append(path.name)
    return running


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="only Linux tells where processes work")
def test_a_killed_freeze_leaves_no_workers_behind(tmp_path: Path) -> None:
    killing = Killing(tmp_path, posts=300)
    child = start(killing.folder, "freeze", "--no-search", "--jobs", "2")
    deadline = time.monotonic() + 60
    while len(processes_in(killing.folder)) < 2 and time.monotonic() < deadline:
        time.sleep(0.002)
    assert len(processes_in(killing.folder)) >= 2, "there were no workers to begin with"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while processes_in(killing.folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_in(killing.folder) == []


@pytest.mark.proof
def test_killed_at_fifty_random_moments(tmp_path: Path) -> None:
    killing = Killing(tmp_path, posts=60)
    dice = random.Random(20250601)
    outcomes = []
    for _ in range(50):
        killing.reset()
        child = start(killing.folder, "freeze", "--no-search")
        time.sleep(dice.uniform(0.02, killing.seconds * 1.1))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        outcomes.append(killing.check())
    assert False in outcomes
    assert digest(b"") not in killing.new.values()


def kill(killing: Killing, dice: random.Random) -> str:
    """Kill a freeze at any of its steps and, half of the time, also the run that recovers."""
    steps = [dice.randrange(1, killing.steps)] + [dice.randrange(1, killing.steps)] * dice.randrange(2)
    for step in steps:
        os.waitpid(start(killing.folder, "freeze", "--no-search", kill_at=step), 0)
    return "new" if killing.check() else "old"


def fill(killing: Killing, dice: random.Random) -> str:
    """Let the disk be full from any step on, and check that what the freeze says of the folder is true."""
    child = start(killing.folder, "freeze", "--no-search", full_at=dice.randrange(1, killing.steps))
    _, status = os.waitpid(child, 0)
    said, own = output_of(killing.folder, child), killing.own(killing.folder / "build")
    assert "Traceback" not in said, said
    outcome = (
        "done" if os.waitstatus_to_exitcode(status) == 0 else "nothing" if "Nothing was written" in said else "part"
    )
    assert outcome != "done" or own == killing.new
    assert outcome != "nothing" or own == killing.old
    assert outcome != "part" or "may be part old and part new" in said, said
    assert killing.freeze().code == 0
    assert killing.own(killing.folder / "build") == killing.new
    return outcome


COUNTS = [
    pytest.param(kill, 40, marks=pytest.mark.proof),
    pytest.param(fill, 30, marks=pytest.mark.proof),
    pytest.param(kill, 1000, marks=pytest.mark.proof_long),
    pytest.param(fill, 300, marks=pytest.mark.proof_long),
]


@pytest.mark.parametrize(("accident", "count"), COUNTS)
def test_accidents_at_any_step(killing: Killing, accident: Callable[[Killing, random.Random], str], count: int) -> None:
    dice = random.Random(20250602)
    outcomes = set()
    for _ in range(count):
        killing.reset()
        outcomes.add(accident(killing, dice))
    assert outcomes == ({"old", "new"} if accident is kill else {"nothing", "part", "done"})
