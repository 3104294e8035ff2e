"""The files for hosts belong to the frozen site like its pages: kept, changed, deleted, verified."""

import shutil

import pytest

from byline.freeze.hosts.files import WRITERS
from byline.settings.values import HOSTS
from tests.helpers.paper import ROOT, Paper, counts
from tests.helpers.papers import full_paper

FILES = {
    "caddy": [".byline/hosts/Caddyfile"],
    "cloudflare": ["_headers", "_redirects"],
    "github": [".nojekyll"],
    "netlify": ["_headers", "_redirects"],
    "nginx": [".byline/hosts/nginx.conf"],
}


def settings(paper: Paper, *hosts: str, more: str = "") -> None:
    names = ", ".join(f'"{host}"' for host in hosts)
    paper.settings(f'url = "https://paper.test"\nhosts = [{names}]\n{more}\n[slugs]\n"C++" = "cpp"')


def test_every_host_of_the_settings_has_a_writer() -> None:
    assert sorted(WRITERS) == sorted(HOSTS) == sorted(FILES)


@pytest.mark.parametrize("host", HOSTS)
def test_files_are_written_kept_and_deleted(paper: Paper, host: str) -> None:
    full_paper(paper)
    settings(paper)
    before = counts(paper.freeze().output)[0]
    plain = set(paper.tree())
    settings(paper, host)
    number = len(FILES[host])
    assert counts(paper.freeze().output)[0] == before + number
    assert set(paper.tree()) - plain == set(FILES[host])
    assert counts(paper.freeze().output) == (before + number, 0, before + number, 0)
    paper.write("templates/parts/footer.html", "<footer>New</footer>")
    path = paper.folder / "build" / FILES[host][0]
    told = path.stat().st_mtime_ns
    assert paper.freeze().exit_code == 0
    assert path.stat().st_mtime_ns == told
    path.unlink()
    assert counts(paper.freeze().output)[1] == 1
    assert path.exists()
    settings(paper)
    assert counts(paper.freeze().output)[3] == number
    assert set(paper.tree()) == plain
    assert not (paper.folder / "build/.byline/hosts").exists()


def test_a_new_alias_is_a_new_file(paper: Paper) -> None:
    settings(paper, "nginx", "caddy", "netlify", "github")
    paper.post("one")
    paper.freeze()
    paper.post("one", aliases="/old/")
    assert paper.freeze().exit_code == 0
    for path in (".byline/hosts/nginx.conf", ".byline/hosts/Caddyfile", "_redirects"):
        assert "/old/" in paper.page(path)
    paper.freeze(out="cold")
    assert paper.tree() == paper.tree("cold")


def test_what_hosts_read_is_verified_too(paper: Paper) -> None:
    full_paper(paper)
    settings(paper, "nginx", "caddy", "netlify", "github", more="precompressed = true")
    shutil.copy(ROOT / "app.py", paper.folder)
    (paper.folder / "byline").symlink_to(ROOT / "byline")
    run = paper.freeze("--verify")
    assert run.exit_code == 0, run.output
    assert f"Verified: {len(paper.tree())} files are the same" in run.output
    assert {path for files in FILES.values() for path in files} <= set(paper.tree())


def test_files_of_others_are_not_replaced(paper: Paper) -> None:
    settings(paper)
    paper.post("one")
    paper.freeze()
    (paper.folder / "build/_headers").write_text("mine")
    settings(paper, "netlify")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "_headers is in the way and Byline did not write it" in run.output
    assert (paper.folder / "build/_headers").read_text() == "mine"


def test_a_page_where_a_host_reads_is_refused(paper: Paper) -> None:
    settings(paper, "netlify")
    paper.post("one", aliases="/_headers/")
    run = paper.freeze()
    assert run.exit_code == 1
    assert "_headers is a file where /_headers/ needs a folder" in run.output


def test_nothing_withheld_is_told_to_a_host(paper: Paper) -> None:
    full_paper(paper)
    settings(paper, "nginx", "caddy", "netlify")
    assert paper.freeze().exit_code == 0
    for path in (".byline/hosts/nginx.conf", ".byline/hosts/Caddyfile", "_redirects"):
        assert "canary" not in paper.page(path)
        assert "secret" not in paper.page(path)
