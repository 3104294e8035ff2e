"""The floor plan of ARCHITECTURE.md, compared with the actual imports."""

import ast
import graphlib
import re
import shutil
from pathlib import Path

import pytest

from byline.storage.fingerprint import code_digest
from tests.helpers.paper import Paper

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "byline"


def plan() -> list[str]:
    """The packages and modules of byline/, in the import order that ARCHITECTURE.md gives."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(r"```order\n(.*)\n```", text)
    assert block, "the order stands on one line"
    return block[1].split(" · ")


def modules() -> dict[str, Path]:
    """Dotted name below byline → its file."""
    files = {
        path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."): path for path in PACKAGE.rglob("*.py")
    }
    return {name: path for name, path in files.items() if not name.endswith("__") and name[:8] != "starter."}


def imports_of(source: str) -> set[str]:
    """Modules of byline that a source imports, wherever the import is."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.removeprefix("byline.") for alias in node.names if alias.name.startswith("byline.")}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            package = (node.module or "").removeprefix("byline").removeprefix(".")
            if node.module == "byline" or (node.module or "").startswith("byline."):
                inner = {f"{package}.{alias.name}".removeprefix(".") for alias in node.names}
                names |= inner & set(modules()) or ({package} if package else set())
    return names


def room_of(name: str) -> str:
    return name.partition(".")[0]


def test_the_plan_names_every_room() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()} - {
        "__main__"
    }
    assert set(plan()) == rooms - {"__init__"}
    assert len(plan()) == len(set(plan()))


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_room_imports_only_from_its_left(name: str) -> None:
    order = plan()
    for imported in imports_of(modules()[name].read_text(encoding="utf-8")):
        here, there = room_of(name), room_of(imported)
        assert here == there or order.index(there) < order.index(here), f"{name} imports {imported}"


def test_there_is_no_circle_within_a_room() -> None:
    arrows = {
        name: {other for other in imports_of(path.read_text(encoding="utf-8")) if room_of(other) == room_of(name)}
        for name, path in modules().items()
    }
    assert any(arrows.values()), "the search for imports has gone blind"
    list(graphlib.TopologicalSorter(arrows).static_order())  # raises CycleError


def test_rules_import_no_rules() -> None:
    for name, path in modules().items():
        if name.startswith("check.rules."):
            others = imports_of(path.read_text(encoding="utf-8"))
            assert not [other for other in others if other.startswith("check.rules.")], name


def test_the_house_is_small_enough_to_be_seen() -> None:
    assert len(plan()) <= 20
    for folder in {path.parent for path in modules().values()} - {PACKAGE, PACKAGE / "check/rules"}:
        names = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(names) <= 14, f"{folder.name} holds {len(names)} modules: {sorted(names)}"


@pytest.mark.parametrize("package", sorted({path.parent for path in modules().values()}))
def test_a_package_says_what_it_is_in_one_paragraph(package: Path) -> None:
    said = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))
    assert said
    assert "\n\n" not in said


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_stand_at_the_top(name: str) -> None:
    parsed = ast.parse(modules()[name].read_text(encoding="utf-8"))
    inside = [
        node.lineno
        for function in ast.walk(parsed)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


@pytest.mark.parametrize("name", ["settings.settings", "settings.values", "settings.tables", "urls", "models", "site"])
def test_the_model_knows_no_flask_disk_or_clock(name: str) -> None:
    source = modules()[name].read_text(encoding="utf-8")
    assert not re.search(r"\b(flask|open\(|Path\(|\.now\(|time\.time)", source)


def test_modules_and_functions_stay_small() -> None:
    lengths = []
    for name, path in modules().items():
        source = path.read_text(encoding="utf-8")
        assert source.count("\n") <= 450, f"{name} has over 450 lines: which noun is missing?"
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                lengths.append(length)
                assert length <= 60, f"{name}.{node.name} has {length} lines"
    lengths.sort()
    assert lengths[len(lengths) // 2] <= 10
    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_packages_re_export_nothing() -> None:
    """But for the whole: an app says `from byline import Byline`."""
    for path in PACKAGE.rglob("*/__init__.py"):
        most = 1
        assert len(ast.parse(path.read_text(encoding="utf-8")).body) <= most, f"{path} holds more than its docstring"


def test_the_code_digest_covers_every_module(tmp_path: Path) -> None:
    """A result computed by older code is never used again, wherever in the program that code was."""
    copy = tmp_path / "byline"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    digests = {code_digest(copy)}
    for path in sorted(copy.rglob("*.py")):
        path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        code_digest.cache_clear()
        digests.add(code_digest(copy))
    assert len(digests) == 1 + len(list(copy.rglob("*.py"))) > 80


def test_the_app_uses_the_digest_of_all_of_it(paper: Paper) -> None:
    code_digest.cache_clear()
    assert paper.live().memo.code == code_digest()
