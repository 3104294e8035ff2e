"""The inspection: runs every rule on every source and on the site. The store keeps the results of each source."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import msgspec
from msgspec import structs

from byline.check.manuscript import Finding, Manuscript
from byline.check.registry import Rule, all_rules, own_rules
from byline.check.strays import strays
from byline.check.survey import Picture, Sheet, Spot, Survey
from byline.check.templates import dead_links as template_links
from byline.check.templates import faults, unknown, unshown
from byline.check.theme import unshown as unshown_theme
from byline.content.sources import MAX_BYTES, is_html
from byline.dialects.dialect import Dialect
from byline.freeze.hosts.files import host_files, limits
from byline.freeze.paths import unprintable
from byline.frontmatter import headers
from byline.markdown.engines import Engine
from byline.media.files import PICTURES, is_picture, static_path
from byline.problems import Problem
from byline.storage.files import TreeFile
from byline.storage.fingerprint import digest
from byline.storage.memo import Result
from byline.storage.zones import zone_of
from byline.web.live import LiveSite, Snapshot
from byline.web.routes import all_urls, collisions, dead_links

_PICTURE_ENDING = re.compile(rf"(?:{'|'.join(map(re.escape, PICTURES))})(?![A-Za-z0-9])", re.IGNORECASE)
_AROUND_NAMES = re.compile(r"[\s/\"'()<>\[\]{}=,|]")
LONGEST_NAME = 255
"""Characters that a file name may have on common disks."""


class Job(NamedTuple):
    """All that a sheet depends on, in plain values: it may go to another process."""

    kind: str
    path: str
    timezone: str
    dialect: Dialect
    engine: Engine
    made: str | None


def reported(snapshot: Snapshot) -> list[Problem]:
    """What was found when the site was read, and what is wrong with its URLs."""
    site = snapshot.site
    printed = unprintable(site, all_urls(site), host_files(site))
    return sorted([*site.problems, *dead_links(site), *collisions(site), *printed, *limits(site)])


def everything(live: LiveSite) -> list[Problem]:
    """All that is wrong with the site as readers see it now, with its templates, and with what is not published yet.

    What hides in a draft or a scheduled post shows only where they are published, too.
    """
    public = live.at(live.clock())
    site, templates = public.site, public.templates
    found = {*findings(live, public), *faults(templates), *template_links(site, templates), *unknown(site, templates)}
    found |= {*unshown(site, templates, live.host.context()[0])}
    hidden = {one.path: one.status for one in public.site.unpublished}
    sites = [public.site]
    if hidden:
        whole = live.at(live.clock(), drafts=True)
        found |= {problem for problem in findings(live, whole) if problem.path in hidden}
        sites.append(whole.site)
    found |= {*strays(live, sites), *unshown_theme(sites)}
    return sorted({_marked(problem, hidden.get(problem.path, "")) for problem in found})


def _marked(problem: Problem, status: str) -> Problem:
    """`problem`, in a post that is not published for the reason `status`. A draft may be unfinished."""
    marked = structs.replace(problem, message=f"[{status}] {problem.message}") if status else problem
    return marked.softened() if status == "draft" else marked


def findings(live: LiveSite, snapshot: Snapshot) -> list[Problem]:
    """All that `reported` gives, and what the rules find in texts and across the site."""
    return [*reported(snapshot), *problems_of(live, snapshot)]


def problems_of(live: LiveSite, snapshot: Snapshot) -> list[Problem]:
    """What the rules find, with paths as people see them."""
    texts, others, _ = live.tree.scan()
    root = live.settings.content_root
    sheets = _sheets(live, texts)
    problems = [problem.at(path) for path, sheet in sheets.items() for problem in sheet.problems]
    pictures = [Picture(root + file.path, os.path.getsize(file.real)) for file in others if is_picture(file.path)]
    reals = {root + file.path: file.real for file in texts}

    def read(path: str) -> str:
        real = reals.get(path) or static_path(live.static_folders, path.removeprefix("static/"))
        return Path(real).read_text(encoding="utf-8", errors="replace")

    survey = Survey(snapshot.site, sheets, pictures, snapshot.templates.sources, live.html_of, read)
    for rule in all_rules():
        problems += rule.in_site(survey) if rule.in_site else ()
    return problems + _own_problems(live, texts, survey)


def _own_problems(live: LiveSite, texts: list[TreeFile], survey: Survey) -> list[Problem]:
    """What the site's own rules find. They are anybody's code: their results are not kept, and they may fail."""
    problems: list[Problem] = []
    rules = own_rules(live.folder, live.rules)
    for rule in rules:
        if rule.in_site:
            try:
                problems += [problem.at(problem.path) for problem in rule.in_site(survey)]
            except Exception as error:
                problems.append(_failed(rule, error, f"rules/{rule.code.replace('-', '_')}.py"))
    for file in texts if any(rule.in_text for rule in rules) else ():
        kind, settings, made = live.tree.kind(file.path), live.settings, live.tree.load(file).made
        manuscript = manuscript_of(file.real, kind, settings.zone, live.tree.dialect, live.engine, made)
        path = live.settings.content_root + file.path
        if manuscript is None:
            continue
        for rule in rules:
            try:
                problems += [rule.problem(finding).at(path) for finding in (rule.in_text or _none)(manuscript)]
            except Exception as error:
                problems.append(_failed(rule, error, path))
    return problems


def _none(_manuscript: object) -> Iterator[Finding]:
    return iter(())


def _failed(rule: Rule, error: Exception, path: str) -> Problem:
    message = f"the rule `{rule.code}` failed: {type(error).__name__}: {error}"[:200]
    return Problem(path, 1, 1, "rule-failed", message, "mend the rule", "warning")


def _sheets(live: LiveSite, texts: list[TreeFile]) -> dict[str, Sheet]:
    """Path → sheet; those that the store does not know are made on all processors."""
    memo, settings, tree = live.memo, live.settings, live.tree
    about = memo.about("sheet", settings.timezone, tree.dialect, live.engine)
    contents = live.reader.contents(texts)
    files = {file.path: file for file in texts}
    keys = {path: digest(f"{about}{tree.kind(path)}{is_html(path)}{contents[path]}".encode()) for path in files}

    def job_of(path: str) -> Job:
        made = tree.load(files[path]).made if live.engine.is_custom else None
        return Job(tree.kind(path), files[path].real, settings.timezone, tree.dialect, live.engine, made)

    sheets = {settings.content_root + path: sheet for path, sheet in memo.each(keys, job_of, sheet_of, _decoder.decode)}
    memo.store.flush()
    return sheets


def sheet_of(job: Job) -> Result:
    """The sheet of a file, encoded; empty for a file that is not text, which is reported when sources are read."""
    manuscript = manuscript_of(job.path, job.kind, zone_of(job.timezone), job.dialect, job.engine, job.made)
    try:
        sheet = _sheet(manuscript) if manuscript else Sheet()
    except Exception as error:  # a fault of ours that one file shows must not take the others down
        message = f"the rules failed on this file: {type(error).__name__}: {error}"[:200]
        sheet = Sheet((Problem("", 1, 1, "rule-failed", message, "simplify what you changed last", "warning"),))
    return Result(_encoder.encode(sheet))


def manuscript_of(
    path: str, kind: str, zone: ZoneInfo, dialect: Dialect, engine: Engine, made: str | None = None
) -> Manuscript | None:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            return None
        manuscript = Manuscript(kind, data.decode(), zone, dialect, engine, made)
        manuscript.is_html = is_html(path)
        return manuscript
    except (OSError, UnicodeDecodeError):
        return None


def _sheet(manuscript: Manuscript) -> Sheet:
    problems = [rule.problem(finding) for rule in all_rules() if rule.in_text for finding in rule.in_text(manuscript)]
    return Sheet(
        tuple(sorted(problems)),
        _places(manuscript),
        tuple(_fragments(manuscript)),
        tuple(sorted({unquote(name).rpartition("/")[2].lower() for name in _picture_names(manuscript.text)})),
    )


def _places(manuscript: Manuscript) -> dict[str, tuple[int, int]]:
    if manuscript.kind == "author":
        return {}
    return headers.read_post(manuscript.header, manuscript.zone, manuscript.dialect.habits)[0].places


def _picture_names(text: str) -> Iterator[str]:
    """What could be names of pictures, cut to a length: a text may contain one of a million characters."""
    for ending in _PICTURE_ENDING.finditer(text):
        before = _AROUND_NAMES.split(text[max(0, ending.start() - LONGEST_NAME) : ending.start()])[-1]
        if before:
            yield before + ending[0]


def _fragments(manuscript: Manuscript) -> Iterator[Spot]:
    for fragment, line, col in manuscript.facts.fragments:
        yield Spot(fragment, *manuscript.place(line, col))


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Sheet)
