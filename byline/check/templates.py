"""Templates: what is wrong with them whatever their context."""

import difflib
import functools
import re
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import jinja2
from jinja2 import nodes
from markupsafe import escape

from byline.check.ejected import outdated
from byline.problems import Problem, SiteError
from byline.settings.file import FILE_NAME
from byline.settings.parties import STATIC
from byline.site import Site
from byline.urls import GROUPS, quoted
from byline.web import views
from byline.web.jinja.reads import MAY_READ, calls_in, data_names
from byline.web.languages import FOLDER
from byline.web.responses import PageAnswer
from byline.web.routes import all_urls
from byline.web.templates import APP, Templates, fault_of

TreeOf = Callable[[str], nodes.Template | None]

_LINK = re.compile(r"""\b(?:href|src|action|poster)=(["'])(?P<url>[^"'{}<>\s]+)\1""")
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
NO_PAGES = ("/-/", "/healthz", "/pagefind/")
"""Addresses that a server answers, or a freeze makes, besides those of the site."""


def faults(templates: Templates) -> list[Problem]:
    """Bad syntax, files that do not exist, blocks that no page shows, and copies that are out of date, in templates of
    the site's own and of the app around it: the theme's are tried by its tests."""
    environment, problems = templates.environment(templates.language), []

    @functools.cache
    def tree_of(name: str) -> nodes.Template | None:
        source = templates.sources.get(name)
        try:
            return environment.parse(source.text, name, source.path) if source else None
        except jinja2.TemplateSyntaxError:
            return None

    for name, (text, path) in templates.sources.items():
        if name.startswith(FOLDER) or path.startswith("theme/"):
            continue
        try:
            environment.compile(text, name, path)
        except jinja2.TemplateSyntaxError as error:
            problems.append(fault_of(error))
        tree = tree_of(name)
        if tree is None or name.startswith(APP):
            continue
        missing = [(*other, "missing-template") for other in _templates_of(tree) if other[1] not in templates.sources]
        missing += [(*file, "template") for file in _static_of(tree) if file[1] not in templates.assets]
        for line, what, code in missing:
            problems.append(Problem(path, line, 1, code, f"{what} is missing", "fix the name"))
        problems += _unseen_blocks(name, path, tree_of)
    return [*problems, *outdated(templates.sources)]


def dead_links(site: Site, templates: Templates) -> Iterator[Problem]:
    """A warning for each address that is written out in a template of the site's own and leads nowhere on the site."""
    urls, known = site.urls, set(all_urls(site))
    for source in templates.sources.values():
        if not source.path.startswith("templates/"):
            continue
        text = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), source.text)
        for link in _LINK.finditer(text):
            is_path = link["url"].startswith("/") and not link["url"].startswith("//")
            if not (is_path or link["url"].startswith(f"{urls.origin}/")):  # it may be no address, like `https://[`
                continue
            path = quoted(unquote(urlsplit(urljoin(f"{urls.origin}/", link["url"])).path))
            inner = urls.inner(path)
            if path in known or f"{path}/" in known or inner.startswith(NO_PAGES):
                continue
            line, at = text.count("\n", 0, link.start("url")) + 1, link.start("url")
            is_below = f"{path}/".startswith(urls.home)
            if is_below or {urls.below(path), f"{urls.below(path)}/"} & known:
                hint = "fix it" if is_below else f"the site is at {urls.home}: write {urls.below(path)}"
                message = f"{link['url']} is not a page of this site"
                yield Problem(source.path, line, at - text.rfind("\n", 0, at), "dead-link", message, hint, "warning")


def unknown(site: Site, templates: Templates) -> Iterator[Problem]:
    """A warning for each name in `data` that a template of the site's own requires and that is not there, and for each
    topic whose stories one asks for and that no story has."""
    environment = templates.environment(templates.language)
    for source in templates.sources.values():
        if not source.path.startswith("templates/") or not MAY_READ.search(source.text):
            continue
        try:
            tree = environment.parse(source.text)
        except jinja2.TemplateSyntaxError:  # told by `faults`
            continue
        for line, what, wanted, names in (*_unknown_data(tree, site), *_unknown_topics(tree, site)):
            near = difflib.get_close_matches(wanted, names, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "fix the name"
            yield Problem(source.path, line, 1, "unknown-name", what, hint, "warning")


def _unknown_data(tree: nodes.Template, site: Site) -> Iterator[tuple[int, str, str, list[str]]]:
    """Line, message, name and the names that there are; a template may ask whether there is one."""
    asked: list[nodes.Expr | None] = []
    asked += [test.node for test in tree.find_all(nodes.Test) if test.name in ("defined", "undefined")]
    asked += [filtered.node for filtered in tree.find_all(nodes.Filter) if filtered.name in ("default", "d")]
    optional = {id(inner) for node in asked if node for inner in (node, *node.find_all(nodes.Expr))}
    known = site.data.values
    for get, name in data_names(tree):
        if name not in known and id(get) not in optional:
            yield get.lineno, f"there is no `{name}` in data/", name, list(known)


def _unknown_topics(tree: nodes.Template, site: Site) -> Iterator[tuple[int, str, str, list[str]]]:
    for node, call in calls_in(tree):
        for kind, wanted in call.topics:
            group = next((group for group, one in GROUPS.items() if one == kind), kind)
            topics = [topic for edition in site.all_editions for topic in getattr(edition, group)]
            names = [name for topic in topics for name in (topic.slug, topic.name)]
            if wanted and wanted not in names:
                yield node.lineno, f"no story has the {kind} `{wanted}`", wanted, names


def unshown(site: Site, templates: Templates, added: Mapping[str, object]) -> Iterator[Problem]:
    """A warning for each script of `[head]`, and for comments, that a story lacks: a template of the site's own does
    not include the part that shows them. `added` is what the app gives to every template."""
    settings = site.settings
    post = next((post for post in site.posts if post.comments and post.status == "published"), None)
    answer = views.article(site, post.url) if post and (settings.head.scripts or settings.comments) else None
    if not isinstance(answer, PageAnswer):
        return
    try:
        page = templates.render(templates.choose(answer.templates), {**added, **answer.context}, site).decode()
    except SiteError:  # whoever asks for the page is told
        return
    scripts = [it.src or f"{STATIC}{it.file}" for it in getattr(answer.context["head"], "scripts", ())]
    shown = [
        (src, src, "head", "scripts") for src in scripts if not src.startswith(STATIC) or src[8:] in templates.assets
    ]
    if settings.comments:
        shown.append((f"{settings.comments['provider']}", "data-comments", "comments", "comments"))
    for what, sign, table, part in shown:
        if str(escape(sign)) not in page:
            line, col = settings.places.get(what, (1, 1))
            message = f"{what}, in `{table}`, is not on {answer.url}: a template of yours leaves it out"
            hint = f'put {{% include "parts/{part}.html" %}} into it'
            yield Problem(FILE_NAME, line, col, "not-included", message, hint, "warning")


def _templates_of(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Line and name of each template that this one requires."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        reference: Any = node
        if isinstance(reference.template, nodes.Const) and not getattr(reference, "ignore_missing", False):
            yield reference.lineno, reference.template.value


def _static_of(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Line and name of each static file that this template requires: it does not ask whether there is one."""
    tests = (test.node for test in tree.find_all(nodes.Test) if test.name == "static")
    optional = {node.value for node in tests if isinstance(node, nodes.Const)}
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "static" and call.args:
            name = call.args[0]
            if isinstance(name, nodes.Const) and name.value not in optional:
                yield call.lineno, name.value


def _unseen_blocks(name: str, path: str, tree_of: TreeOf) -> Iterator[Problem]:
    """A problem for each block of the template `name` that no page shows."""
    lineage = _lineage(name, tree_of)
    if len(lineage) < 2:
        return
    seen = _shown(lineage)
    above = _shown(lineage[1:])
    parent = next(lineage[0].find_all(nodes.Extends)).template.as_const()
    for block in _outermost(lineage[0], seen):
        if block.name in above:
            message = f"the block `{block.name}` is not shown: another block here replaces the one that it is part of"
            hint = "put {{ super() }} into that one, or move this text there"
            yield Problem(path, block.lineno, 1, "lost-block", message, hint, "warning")
            continue
        near = difflib.get_close_matches(block.name, above, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"it has {', '.join(f'`{one}`' for one in sorted(above))}"
        message = f"{parent} has no block `{block.name}`, so what is in it is not shown"
        yield Problem(path, block.lineno, 1, "unknown-block", message, hint)


def _lineage(name: str, tree_of: TreeOf) -> list[nodes.Template]:
    """The template `name`, what it extends, what that extends, …; empty if that is only known when a page is made."""
    lineage: dict[str, nodes.Template] = {}
    while name not in lineage and (tree := tree_of(name)):
        lineage[name] = tree
        parents = list(tree.find_all(nodes.Extends))
        if not parents:
            return list(lineage.values())
        template = parents[0].template
        if len(parents) > 1 or parents[0] not in tree.body or not isinstance(template, nodes.Const):
            return []
        name = template.value
    return []


def _shown(lineage: list[nodes.Template]) -> set[str]:
    """The names of the blocks that are shown: as in Jinja, those of the last one, then those in what fills them."""
    fillings: dict[str, list[nodes.Block]] = {}
    for tree in lineage:
        for block in tree.find_all(nodes.Block):
            fillings.setdefault(block.name, []).append(block)
    shown: set[str] = set()
    waiting = [block.name for block in _outermost(lineage[-1])]
    waiting += [get.attr for tree in lineage for get in tree.find_all(nodes.Getattr) if _is_name(get.node, "self")]
    while waiting:
        name = waiting.pop()
        if name in shown or name not in fillings:
            continue
        shown.add(name)
        for block in fillings[name]:
            waiting += [inner.name for inner in _outermost(block)]
            if not _calls_super(block):
                break
    return shown


def _outermost(node: nodes.Node, known: Container[str] = ()) -> Iterator[nodes.Block]:
    """The blocks in `node` that are in no other block there, without those in `known`."""
    for child in node.iter_child_nodes():
        if not isinstance(child, nodes.Block):
            yield from _outermost(child, known)
        elif child.name not in known:
            yield child


def _calls_super(node: nodes.Node) -> bool:
    """Whether `node` shows what the template above has; a block in it may do so for itself."""
    return any(
        _is_name(child, "super") or (not isinstance(child, nodes.Block) and _calls_super(child))
        for child in node.iter_child_nodes()
    )


def _is_name(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name
