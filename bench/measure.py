"""Measuring whole commands: wall time, and the memory of all their processes together."""

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path


def seconds(command: Sequence[str], folder: Path) -> float:
    """Wall time of `command` from start to end. Raises if it fails."""
    os.sync()  # so that this run does not pay for an earlier one's writes
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _ended(process)
    return time.perf_counter() - started


def megabytes(command: Sequence[str], folder: Path) -> float:
    """Peak memory of `command` and what it starts. A separate run: sampling slows a large process by a fifth."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = _Peak(process.pid)
    peak.start()
    _ended(process)
    peak.stop()
    return peak.megabytes


def aside(folder: Path, *made: str) -> Path:
    """`folder`, without what an earlier run made there. That is moved, not deleted: a file system that has just lost
    thousands of files can take ten times as long to make the next thousands."""
    for name in made:
        if (folder / name).exists():
            away = folder.parent / "aside" / str(time.monotonic_ns())
            away.parent.mkdir(exist_ok=True)
            (folder / name).rename(away)
    return folder


def in_turn(times: int, commands: dict[str, Callable[[], float]]) -> dict[str, float]:
    """The median time of each command. They take turns, so that a slow minute of the machine slows them all."""
    runs: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            runs[name].append(command())
    return {name: statistics.median(many) for name, many in runs.items()}


def _ended(process: "subprocess.Popen[bytes]") -> None:
    _, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{process.args!r}: {errors.decode()[-2000:]}")


class _Peak(threading.Thread):
    """The largest sum of the processes' proportional memory, sampled twenty times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.megabytes = 0.0
        self._pid = pid
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.05):
            self.megabytes = max(self.megabytes, sum(map(kilobytes, family(self._pid))) / 1024)

    def stop(self) -> None:
        self._done.set()
        self.join()


def family(pid: int) -> list[int]:
    """The process and all that it has started."""
    found = [pid]
    for one in found:
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def processor(pid: int) -> float:
    """Seconds of processor time that the process and all that it has started have used."""
    stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in family(pid)]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def kilobytes(pid: int) -> int:
    """Memory, proportional if the kernel reports it, so that memory shared by two processes counts once."""
    for name, key in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            for line in Path(f"/proc/{pid}/{name}").read_text().splitlines():
                if line.startswith(key):
                    return int(line.split()[1])
        except OSError:
            continue
    return 0
