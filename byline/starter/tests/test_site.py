"""The site is complete: it can be frozen, nothing in it is wrong, and its pages answer."""

from app import app


def test_nothing_is_wrong():
    run = app.test_cli_runner().invoke(args=["check"])
    assert run.exit_code == 0, run.output


def test_it_freezes(tmp_path):
    run = app.test_cli_runner().invoke(args=["freeze", "--no-search", "--out", str(tmp_path / "build")])
    assert run.exit_code == 0, run.output
    assert (tmp_path / "build" / "index.html").is_file()


def test_the_front_page_answers():
    assert app.test_client().get("/").status_code == 200
