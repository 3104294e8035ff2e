"""Write the part of checks.md beside this file that is about rules, from their docstrings: `python -m docs.checks`."""

from pathlib import Path

from byline.check.registry import Rule, all_rules

PAGE = Path(__file__).parent / "checks.md"
TITLE = "\n## Rules\n"
HEAD = """
They are files in `byline/check/rules/`, from which `python -m docs.checks` writes the rest of this page.

| code | kind | what it finds |
|---|---|---|
"""


def page() -> str:
    """The whole page: what is written by hand, then the rules."""
    by_hand = PAGE.read_text(encoding="utf-8").partition(TITLE)[0]
    sections = [f"\n### `{rule.code}`\n\n{rule.meaning}\n" for rule in all_rules()]
    return "".join([by_hand, TITLE, HEAD, *map(_row, all_rules()), *sections])


def _row(rule: Rule) -> str:
    """✚ marks a rule that says what `--fix` does."""
    found = rule.meaning.partition("\n")[0].removesuffix(".")
    fixes = " ✚" if "`--fix`" in rule.meaning else ""
    return f"| [`{rule.code}`](#{rule.code}) | {rule.severity} | {found[0].lower()}{found[1:]}{fixes} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
