"""`flask schema`: describes every key as Byline reads it, and the committed file is what it prints."""

import json

from byline.frontmatter.headers import PostHeader
from byline.frontmatter.keys import keys_of
from tests.helpers.paper import ROOT, Paper


def test_the_file_is_what_the_command_prints(paper: Paper) -> None:
    run = paper.run("schema")
    assert run.exit_code == 0
    assert run.stdout == (ROOT / "docs" / "front-matter.schema.json").read_text(encoding="utf-8"), (
        "write it again: flask schema > docs/front-matter.schema.json"
    )


def test_every_name_of_every_key_is_there(paper: Paper) -> None:
    properties = json.loads(paper.run("schema").stdout)["properties"]
    assert set(properties) == {
        name for key, its in keys_of(PostHeader).items() for name in (key, *its.also) if "." not in name
    }
    for key in keys_of(PostHeader):
        assert "deprecated" not in properties[key]
        assert all(properties[name]["deprecated"] for name in keys_of(PostHeader)[key].also if "." not in name)
