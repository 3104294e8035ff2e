"""Copies of Byline's repository, which sites were before the engine was a package: what in one is the site's own.

`copies.txt` has a line for each file that the repository ever had, with the digests of its contents. A file with such
a path and content is Byline's, any other is the site's: so neither git nor the version that was copied need be known.
"""

import contextlib
import hashlib
import os
import re
import shutil
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from byline.check.ejected import UNKNOWN, is_marked, marked
from byline.freeze.manifest import OWN
from byline.freeze.output import manifest_of
from byline.media.files import THEME
from byline.problems import SiteError
from byline.settings.file import FILE_NAME
from byline.settings.settings import Settings
from byline.storage.fingerprint import PACKAGE

KNOWN = Path(__file__).parent / "copies.txt"
DIGEST_CHARACTERS = 12
"""Of the digest that git gives a content, in `copies.txt`."""

ENGINE = ("bench/", "docs/", "tests/", ".ci/")
"""Folders whose files were part of the engine, unless they are new; in `byline/`, new ones are as well."""
THEME_FOLDERS = ("archetypes", "static", "templates", "texts")
"""Those of the theme, where a later copy has it."""
REPLACED = ("Dockerfile", "requirements-dev.txt")
"""Files that install or run the engine in the copy, besides Byline's workflows and those that a new site has."""
MADE = (".venv", "__pycache__", "node_modules", ".hypothesis", ".DS_Store")
"""What programs make in a copy, besides its cache and frozen sites."""
TEXTS = (".md", ".markdown", ".html", ".toml")
"""Endings of the files in which a site names its authors and pictures."""

_REFERENCE = re.compile(r"""(\{%-?\s*(?:extends|include|import|from)\s+)(["'])([^"']+)(["'])""")
_EXTENDS_THEME = re.compile(r"""\{%-?\s*extends\s+["']theme/""")
_WORD = re.compile(r"^\s*([\w-]+)\s*=")
_LETTERS = re.compile(r"[\W_]+")


class Move(NamedTuple):
    """A file of the site's own: its path in the copy and in the new site, where it is empty if it does not come along.

    `note` says why the two differ, or what to do.
    """

    source: str
    target: str
    note: str = ""


class Copy(NamedTuple):
    """What is in a copy: the site's own files, the paths of Byline's, and what is made again; folders end with `/`."""

    moves: list[Move]
    bylines: list[str]
    made: list[str]


def read_copy(folder: Path, scaffold: Collection[str]) -> Copy:
    """Tell apart what is in the copy at `folder`, for a new site that brings the files `scaffold`.

    Raises SiteError if it is no copy of Byline's repository.
    """
    if not (folder / "byline" / "__init__.py").is_file():
        raise SiteError(
            f"{folder} is not a copy of Byline's repository: it has no byline/__init__.py; to upgrade a site that"
            " `byline init` made, raise the version in its requirements.txt"
        )
    known = _known()
    paths, made, strangers = _listed(folder)
    bylines = [path for path in paths if path != FILE_NAME and _is_known(folder, path, known.get(path, ()))]
    own = sorted({*paths} - {*bylines})
    needed = _needed(folder, own, bylines)
    moves = _placed(sorted([*own, *needed]), known, scaffold, _moved_names(folder))
    note = "it is in a folder that Byline writes, which is made again"
    moves += [Move(path, "", note) for path in strangers]
    return Copy(moves, sorted({*bylines} - needed), made)


def content_of(folder: Path, move: Move) -> bytes | None:
    """What the new site's file holds, if that is not what the copy's has: templates and texts fit the new theme."""
    if not move.target.startswith("templates/") or (folder / move.source).is_symlink():
        return None
    try:
        text = (folder / move.source).read_bytes().decode()
    except UnicodeDecodeError:  # `flask check` reports it
        return None
    name, names = move.target.removeprefix("templates/"), _moved_names(folder)
    if name.startswith("texts/"):
        original = THEME / name
        is_whole = original.is_file() and (names or move.source != move.target)  # later copies have single words there
        return _own_words(text, original.read_text("utf-8")).encode() if is_whole else None
    text = _REFERENCE.sub(lambda found: f"{found[1]}{found[2]}{names.get(found[3], found[3])}{found[4]}", text)
    if (THEME / "templates" / name).is_file() and not is_marked(text) and not _EXTENDS_THEME.search(text):
        text = marked(name, text, UNKNOWN)
    return text.encode()


def copied(folder: Path, move: Move, target: Path) -> bool:
    """Write a file of the copy at `folder` to `target`, and say whether its text had to be changed.

    All others keep their permissions and times. A link stays a link.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    content = content_of(folder, move)
    if content is None or content == (folder / move.source).read_bytes():
        shutil.copy2(folder / move.source, target, follow_symlinks=False)
        return False
    target.write_bytes(content)
    return True


def _known() -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in KNOWN.read_text(encoding="utf-8").splitlines())
    return {path: tuple(digests) for path, *digests in rows}


def _is_known(folder: Path, path: str, digests: Collection[str]) -> bool:
    """Whether the file is as Byline had it at some time or has it now. A checkout may have changed its line ends."""
    full, installed = folder / path, PACKAGE.parent / path
    is_of_engine = path.startswith("byline/") and installed.is_file()
    if full.is_symlink() or not (digests or is_of_engine):
        return False
    data = full.read_bytes()
    known = {*digests, git_digest(installed.read_bytes())} if is_of_engine else digests
    return any(git_digest(form) in known for form in (data, data.replace(b"\r\n", b"\n")))


def git_digest(data: bytes) -> str:
    """The start of the name that git has for a content."""
    header = b"blob %d\0" % len(data)
    return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()[:DIGEST_CHARACTERS]


def _listed(folder: Path) -> tuple[list[str], list[str], list[str]]:
    """Every file and link but those in folders that programs make; those folders; and what others put into them."""
    paths, made, strangers = [], [], []
    store = _store(folder)
    for here, folders, names in os.walk(folder):
        at = "" if Path(here) == folder else f"{Path(here).relative_to(folder).as_posix()}/"
        folders[:] = sorted(name for name in folders if f"{at}{name}" != ".git")
        links = [name for name in folders if os.path.islink(f"{here}/{name}")]
        for name in [*folders]:
            if name in links:
                folders.remove(name)
            elif _is_made(Path(here, name)) or f"{at}{name}" == store:
                folders.remove(name)
                made.append(f"{at}{name}/")
                strangers += [f"{at}{name}/{stranger}" for stranger in _strangers(Path(here, name))]
        paths += [f"{at}{name}" for name in [*names, *links] if name not in MADE and f"{at}{name}" != ".git"]
    return paths, [path for path in made if not path.endswith("__pycache__/")], strangers


def _is_made(folder: Path) -> bool:
    """Whether a program made the folder and would make it again: environments, caches, frozen sites."""
    is_named = folder.name in MADE or folder.name.endswith("_cache")
    return is_named or (folder / "pyvenv.cfg").exists() or (folder / OWN / "manifest.json").exists()


def _store(folder: Path) -> str:
    """Where the copy's cache is."""
    with contextlib.suppress(OSError, ValueError):
        store = str(tomllib.loads((folder / FILE_NAME).read_text("utf-8")).get("store", ".cache"))
        return os.path.normpath(Settings(store=store).cache)
    return ".cache"


def _strangers(folder: Path) -> list[str]:
    """Names in a frozen site that are not Byline's, such as `.git`."""
    with contextlib.suppress(SiteError):
        manifest = manifest_of(folder)
        if manifest:
            ours = {path.partition("/")[0] for path in manifest.files} | {OWN}
            return sorted({*os.listdir(folder)} - ours)
    return []


def _needed(folder: Path, own: list[str], bylines: list[str]) -> set[str]:
    """Byline's authors and pictures that the site's own texts name."""
    rest = {path for path in bylines if path.startswith("pages/") and _is_for_others(path)}
    needed: set[str] = set()
    texts = [path for path in own if path.endswith(TEXTS)]
    while texts:
        said = [(folder / path).read_text("utf-8", errors="replace") for path in texts if (folder / path).is_file()]
        words = " ".join(_LETTERS.sub("-", text.lower()) for text in said)
        found = {path for path in rest if _LETTERS.sub("-", _name(path).lower()) in words}
        needed |= found
        rest -= found
        texts = [path for path in found if path.endswith(TEXTS)]
    return needed


def _is_for_others(path: str) -> bool:
    return path.startswith("pages/authors/") or not path.endswith(TEXTS)


def _name(path: str) -> str:
    """What a text calls the file: a picture by its name, an author by the slug."""
    name = path.rpartition("/")[2]
    return name.removesuffix(".md")


def _placed(
    paths: list[str], known: Collection[str], scaffold: Collection[str], names: Mapping[str, str]
) -> list[Move]:
    """Where each of the site's own files comes to lie. No two come to the same place."""
    taken = set(scaffold)
    moves = []
    wanted = [_move(path, known, scaffold, names) for path in paths]
    for move in sorted(wanted, key=lambda move: move.source != move.target):
        if move.target in taken and move.source.startswith("byline/theme/"):
            move = Move(move.source, "", f"{move.target} was shown in its place")
        while move.target in taken:
            move = move._replace(target=f"{move.target}.old")
        taken |= {move.target} - {""}
        moves.append(move)
    return sorted(moves)


def _move(path: str, known: Collection[str], scaffold: Collection[str], names: Mapping[str, str]) -> Move:
    if path == "app.py":
        note = "the new app.py is a Flask app with Byline(app): add your routes and filters to it (docs/flask.md)"
        return Move(path, f"{path}.old", note)
    if path in scaffold:
        return Move(path, f"{path}.old", "the new site has its own; take over what you added to it")
    if path in REPLACED or (path.startswith(".github/workflows/") and path in known):
        note = "it was made for the engine in the copy; change it for the installed one (docs/deploy.md), or delete it"
        return Move(path, f"{path}.old", note)
    if path.startswith("byline/theme/") and path.split("/")[2] in THEME_FOLDERS:
        name = path.removeprefix("byline/theme/")
        target = f"templates/{name}" if name.startswith("texts/") else name
        return Move(path, target, "a site has its own files in folders of its own")
    if path.startswith("byline/") or (path.startswith(ENGINE) and path in known):
        note = "the engine is installed now; rules go into rules/, routes and filters into app.py (docs/flask.md)"
        return Move(path, "", note)
    if path.startswith("templates/") and path in known and names:
        return _override(path, names)
    if path.startswith("static/") and (THEME / path).is_file() and path in known and path.endswith((".css", ".js")):
        return Move(
            path, path, "it replaces the theme's as a whole; rules of your own can be in static/custom.css instead"
        )
    return Move(path, path)


def _override(path: str, names: Mapping[str, str]) -> Move:
    """A template or table of texts that the theme had, under the name that it has now."""
    name = path.removeprefix("templates/")
    now = names.get(name, name)
    if now != name:
        return Move(path, f"templates/{now}", "the theme's template is called that now")
    if name.startswith("texts/") or (THEME / "templates" / name).is_file():
        return Move(path, path)
    return Move(path, path, "the theme no longer has a template of this name; delete it, unless yours need it")


def _moved_names(folder: Path) -> Mapping[str, str]:
    """The theme's templates that are in folders now, by their names in the copy; none if its theme has them already."""
    if (folder / "byline" / "theme").is_dir():
        return {}
    paths = (path.relative_to(THEME / "templates").as_posix() for path in (THEME / "templates").rglob("*.*"))
    return {path.rpartition("/")[2]: path for path in paths if "/" in path}


def _own_words(text: str, original: str) -> str:
    """The lines of a table of texts that say something else than the theme's; all of it if that is not so simple."""
    try:
        own, theirs = tomllib.loads(text), tomllib.loads(original)
        changed = {key: word for key, word in own.items() if theirs.get(key) != word}
        lines = [line for line in text.splitlines() if (key := _WORD.match(line)) and key[1] in changed]
        words = "".join(f"{line}\n" for line in lines)
        return words if tomllib.loads(words) == changed else text
    except tomllib.TOMLDecodeError:  # `flask check` reports it
        return text
