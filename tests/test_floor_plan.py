"""The floor plan of ARCHITECTURE.md, held against the imports there are."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "byline"


def plan() -> dict[str, tuple[int, int]]:
    """Module → its floor and its place on it, as ARCHITECTURE.md has them."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    block = re.search(r"```floors\n(.*?)```", text, re.DOTALL)
    assert block
    places = {}
    for line in block[1].splitlines():
        head, names = line.split(":")
        for place, name in enumerate(names.split()):
            places[name] = int(head.split()[0]), place
    return places


def modules() -> dict[str, Path]:
    found = {
        path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."): path for path in PACKAGE.rglob("*.py")
    }
    return {name: path for name, path in found.items() if not name.endswith("__init__")}


def place_of(name: str) -> str:
    """The rules share a place, so that a new one needs none, and none imports another."""
    return "check.rules.*" if name.startswith("check.rules.") else name


def imports_of(source: str) -> set[str]:
    """Modules of byline that a source imports, wherever in it the import stands."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.removeprefix("byline.") for alias in node.names if alias.name.startswith("byline")}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "byline":
                names |= {alias.name for alias in node.names}
            elif node.module and node.module.startswith("byline."):
                names.add(node.module.removeprefix("byline."))
    return names


def test_every_module_has_its_place() -> None:
    assert set(plan()) == {place_of(name) for name in modules()}


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_go_down_or_left(name: str) -> None:
    places = plan()
    for imported in imports_of(modules()[name].read_text(encoding="utf-8")):
        floor, place = places[place_of(name)]
        other_floor, other_place = places[place_of(imported)]
        assert other_floor < floor or (other_floor == floor and other_place < place), f"{name} imports {imported}"


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


@pytest.mark.parametrize("name", [name for name, place in plan().items() if place[0] == 1])
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
    for path in PACKAGE.rglob("__init__.py"):
        assert len(ast.parse(path.read_text(encoding="utf-8")).body) == 1, f"{path} holds more than its docstring"


def test_the_front_door_is_a_table_of_contents() -> None:
    assert (ROOT / "app.py").read_text(encoding="utf-8").count("\n") <= 50
