"""What `flask run` says at its start."""

import click
import pytest

from tests.helpers.paper import Paper

SCRIPTS = 'url = "https://paper.test"\n[head]\nscripts = [{ src = "https://a.test/x.js" }]'


def said(paper: Paper, capsys: pytest.CaptureFixture[str]) -> str:
    command = click.Context(click.Command("run"), info_name="run")
    command.params = {"host": "127.0.0.1", "port": 5000}
    with command:
        paper.app(debug=True)
    return capsys.readouterr().err


def test_that_scripts_are_left_out_is_said_once(paper: Paper, capsys: pytest.CaptureFixture[str]) -> None:
    assert "[head]" not in said(paper, capsys)
    paper.settings(SCRIPTS)
    told = said(paper, capsys)
    assert "http://127.0.0.1:5000/-/desk" in told
    assert told.count("scripts of [head] are left out: your visits are not counted") == 1
