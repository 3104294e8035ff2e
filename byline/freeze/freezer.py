"""Freeze: the site as static files. An HTTP client of the app with a cache, and nothing else.

The tag of what was printed last time is compared with the one that each URL has now. If they are equal, a request
would get a 304; every other URL is requested. There is no list of dependencies to get wrong.
"""

import contextlib
import dataclasses
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from flask import Flask

from byline.freeze import compress, pagefind, pictures, sharing
from byline.freeze.changes import vanished
from byline.freeze.hosts.files import host_files
from byline.freeze.leaks import LeakCheck
from byline.freeze.manifest import REDIRECTS, Manifest, PrintedFile
from byline.freeze.output import OutputFolder, manifest_of
from byline.freeze.paths import clashes, files_of, taken
from byline.freeze.pictures import Progress
from byline.freeze.reasons import Reasons
from byline.problems import SiteError
from byline.storage import parallel
from byline.storage.fingerprint import digest, fingerprint
from byline.web.app import live_of, tag_at
from byline.web.live import LiveSite, Snapshot
from byline.web.routes import all_urls, redirects_of

CHECKS = 1024
"""Tags to compare before starting a process pays off; each takes 40 µs."""


class Job(NamedTuple):
    """A URL to request: its file, the name under which that is staged, and what was printed there before."""

    name: str
    path: str
    url: str
    printed: PrintedFile | None


class Outcome(NamedTuple):
    """The result of a job: a fault, the file that is still current, or the one just written."""

    fault: str = ""
    left_out: str = ""
    kept: PrintedFile | None = None
    written: PrintedFile | None = None


@dataclasses.dataclass(frozen=True)
class FreezeSummary:
    """What a freeze did, in numbers of files; `asked` is the number of requests."""

    written: int
    kept: int
    deleted: int
    asked: int
    vanished: tuple[str, ...] = ()
    """URLs that were there before and now lead nowhere."""
    left_out: tuple[str, ...] = ()
    """The app's own pages that are not for everyone, each with what it answered."""

    def __str__(self) -> str:
        total = self.written + self.kept
        return f"{total} files: {self.written} written, {self.kept} kept, {self.deleted} deleted"


def freeze(
    app: Flask,
    live: LiveSite,
    snapshot: Snapshot,
    output: OutputFolder,
    progress: Progress = lambda items, _count, _doing: items,
    *,
    search: bool = True,
    strict: bool = False,
    is_now: bool = True,
) -> FreezeSummary:
    """Print `snapshot` into `output`. Raises SiteError, with the folder unchanged, if anything is wrong.

    With `strict`, a page that has vanished is wrong too. What was computed is shared with other machines only if it
    `is_now` that readers have this site.
    """
    site = snapshot.site
    paths, twice = files_of(site, all_urls(site))
    of_hosts = host_files(site)
    manifest = Manifest(snapshot.digest, fingerprint(site.withheld), {}, pagefind.text_digest(site) if search else "")
    manifest = msgspec.structs.replace(
        manifest, drafts=site.shows_drafts, parts=dict(sorted(snapshot.templates.parts.items()))
    )
    # What the app's own pages depend on, nobody knows: they are asked for every time.
    if not site.other_urls and output.holds(manifest) and output.is_whole():
        if is_now:
            sharing.share(live, site)
        return FreezeSummary(0, len(output.manifest.files), 0, 0)
    held = output.manifest.files
    kept = {path: printed for path, printed in held.items() if path in paths and output.is_unchanged(path, printed)}
    faults = (
        twice
        + taken(paths, of_hosts)
        + clashes(paths | {path: path for path in of_hosts if "/" not in path})
        + [f"{url} is withheld" for url in set(site.withheld) & set(paths.values())]
    )
    missed = tuple(url for url in vanished(held, paths, site.withheld) if not redirects_of(site).is_settled(url))
    if strict:
        faults += [f"{url} would lead nowhere; add it to the `aliases` of a post" for url in missed]
    if faults:
        raise SiteError("\n".join(faults))
    sharing.fill(live, site)
    needed = (site.files[url] for path, url in paths.items() if path not in kept and url in site.files)
    pictures.make(needed, live, live.memo.jobs, progress)
    index = pagefind.held(site, output, manifest.search) if search else {}
    with contextlib.nullcontext() if index is not None else pagefind.begun(site, live) as indexed:
        kept, asked, left_out = _print(app, snapshot, paths, kept, output, live.memo.jobs, progress)
        kept |= index or {}
        kept |= compress.renewed(output, indexed(), "search") if indexed else {}
    kept |= compress.renewed(output, of_hosts.items(), "host")
    _refuse_leaks(snapshot, kept, output, manifest.withheld)
    if site.settings.precompressed:
        kept |= compress.compressed(output, kept, live.memo.jobs)
    written = len(output.waiting())
    deleted = output.switch(manifest, kept)
    if is_now:
        sharing.share(live, site)
    live.store.prune_files(file.content for file in site.files.values() if file.form)
    live.store.prune(live.memo.used)
    return FreezeSummary(written, len(kept), len(deleted), asked, missed, tuple(left_out))


def _print(
    app: Flask,
    snapshot: Snapshot,
    paths: dict[str, str],
    held: dict[str, PrintedFile],
    output: OutputFolder,
    workers: int,
    progress: Progress,
) -> tuple[dict[str, PrintedFile], int, list[str]]:
    """Request every URL whose tag has changed and stage what is new.

    Returns what stays, how many URLs were requested, and which of the app's own are left out.
    """
    jobs = [Job(str(number), path, url, held.get(path)) for number, (path, url) in enumerate(paths.items())]
    checks = parallel.in_forks(functools.partial(_is_right, app, snapshot), jobs, workers, CHECKS, CHECKS // 4)
    right = list(checks) if held else [False] * len(jobs)
    kept = {job.path: job.printed for job, is_right in zip(jobs, right, strict=True) if is_right and job.printed}
    asked = [job for job, is_right in zip(jobs, right, strict=True) if not is_right]
    faults: dict[str, list[str]] = {}
    left_out: list[str] = []
    others, reasons = frozenset(snapshot.site.other_urls), Reasons(app, snapshot, output.manifest)
    outcomes = parallel.in_forks(functools.partial(_outcome, app, output, others, reasons), asked, workers)
    for job, outcome in zip(asked, progress(outcomes, len(asked), "Printing pages"), strict=True):
        if outcome.fault:
            faults.setdefault(outcome.fault, []).append(job.url)
        elif outcome.left_out:
            left_out.append(outcome.left_out)
        elif outcome.kept:
            kept[job.path] = outcome.kept
        elif outcome.written:
            output.stage(job.path, job.name, outcome.written)
    if faults:
        raise SiteError("\n".join(_told(fault, urls) for fault, urls in faults.items()))
    return kept, len(asked), left_out


def _told(fault: str, urls: list[str]) -> str:
    """One fault in a template breaks every page that it makes, so it is reported once."""
    return f"{urls[0]}: {fault}" + (f" (and {len(urls) - 1} more pages)" if len(urls) > 1 else "")


def _is_right(app: Flask, snapshot: Snapshot, job: Job) -> bool:
    """Whether what was printed is what the URL would return now."""
    before = job.printed
    return bool(before and before.url == job.url and before.tag and before.tag == tag_at(app, snapshot, job.url))


def _outcome(app: Flask, output: OutputFolder, others: frozenset[str], reasons: Reasons, job: Job) -> Outcome:
    """Request one URL."""
    before = job.printed
    reply = live_of(app).host.ask(job.url, before.tag if before and before.url == job.url else "")
    if reply.status == 304 and before:
        return Outcome(kept=before)
    if job.url in others and reply.status != 200 and reply.status < 500:  # it leads elsewhere, or is not for everyone
        return Outcome(left_out=f"{job.url} answered {reply.status}")
    if reply.status not in (200, *REDIRECTS):
        return Outcome(f"{reply.status} {reply.body.decode(errors='replace').strip()[:500]}")
    if before and before.content == digest(reply.body):
        return Outcome(kept=msgspec.structs.replace(before, url=job.url, tag=reply.tag))
    why = reasons.of(job.path, job.url, reply.tag, is_damaged=before is None)
    return Outcome(written=output.write(job.name, job.url, reply.tag, reply.body, why))


def _refuse_leaks(snapshot: Snapshot, kept: dict[str, PrintedFile], output: OutputFolder, withheld: str) -> None:
    """Check staged files always, and kept ones if what is withheld has changed since they were printed."""
    check = LeakCheck(snapshot.site.withheld, snapshot.site.urls.origin)
    if not check.is_needed:
        return
    leaks = [(path, check.found_in(path, body)) for path, body in output.staged()]
    if withheld != output.manifest.withheld:
        leaks += [(path, check.found_in(path, (output.folder / path).read_bytes())) for path in kept]
    pages, printed = snapshot.site.by_url, {**kept, **output.waiting()}
    sources = {path: f" (from {pages[file.url].path})" for path, file in printed.items() if file.url in pages}
    faults = [f"{path}{sources.get(path, '')} leads to {url}, which is not published" for path, url in leaks if url]
    if faults:
        raise SiteError("\n".join([*faults, "remove the links from templates, site.toml, public/ or raw HTML"]))


def differences(left: Mapping[str, str], right: Mapping[str, str]) -> list[str]:
    """Paths at which two sites differ, each given as path → digest."""
    return sorted({path for path, _ in left.items() ^ right.items()})


def owned(folder: Path) -> dict[str, str]:
    """Path → digest of every file in `folder` that Byline wrote, as it is now; what others put there does not count."""
    manifest = manifest_of(folder) or Manifest()
    files = ((path, folder / path) for path in manifest.files)
    return {path: digest(full.read_bytes()) for path, full in files if full.is_file()}
