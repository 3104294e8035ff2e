"""The dev server shows drafts, so it answers only to names of this machine and of the site."""

import pytest

from tests.helpers.paper import Paper

OWN = [
    "localhost",
    "localhost:5000",
    "127.0.0.1:8000",
    "[::1]:5000",
    "192.168.1.7:5000",
    "paper.localhost",
    "paper.test",
    "",
]
FOREIGN = [
    "evil.example",
    "evil.example:5000",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil-localhost",
    "[::1",
    "a b",
]
PATHS = [
    "/",
    "/posts/secret/",
    "/-/desk",
    "/-/changes",
    "/-/errors",
    "/-/reload.js",
    "/feed.xml",
    "/no/such/",
    "/search/?q=secret",
]


@pytest.fixture
def drafting(paper: Paper) -> Paper:
    paper.post("secret", "Canary.", draft="true")
    return paper


@pytest.mark.parametrize("host", OWN)
def test_names_of_this_machine_and_of_the_site(drafting: Paper, host: str) -> None:
    assert drafting.client(debug=True).get("/posts/secret/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", PATHS)
def test_another_name_is_refused(drafting: Paper, host: str, path: str) -> None:
    answer = drafting.client(debug=True).get(path, headers={"Host": host})
    assert answer.status_code == 403
    assert "127.0.0.1" in answer.text
    assert "secret" not in answer.text.lower()


def test_a_server_for_readers_does_not_look_at_it(drafting: Paper) -> None:
    assert drafting.client().get("/", headers={"Host": "evil.example"}).status_code == 200
