"""What a bucket gets says the same of itself as the app does."""

import pytest

from byline.freeze.hosts.files import host_files
from byline.freeze.hosts.table import table_of
from byline.freeze.output import manifest_of
from byline.publish.shipment import FIRST, LAST, PAGE, Parcel, parcels
from tests.helpers.paper import Paper
from tests.helpers.papers import full_paper


def sent(paper: Paper) -> dict[str, Parcel]:
    assert paper.run("freeze").exit_code == 0
    folder, site = paper.folder / "build", paper.site()
    manifest = manifest_of(folder)
    assert manifest
    found = parcels(folder, manifest.files, table_of(site), site, host_files(site))
    return {parcel.name: parcel for parcel in found}


def test_types_and_cache_rules_are_those_of_the_app(paper: Paper) -> None:
    full_paper(paper)
    found, client = sent(paper), paper.client()
    compared = 0
    for name, parcel in found.items():
        url = f"/{name.removesuffix('index.html')}"
        answer = client.get(url)
        if answer.status_code == 200 and not name.startswith("pagefind/"):
            compared += 1
            assert parcel.headers["Content-Type"] == answer.headers["Content-Type"], name
            if not name.startswith("static/"):  # which have another rule with their version, `?v=`
                assert parcel.headers["Cache-Control"] == answer.headers["Cache-Control"], name
    assert compared > 30


def test_an_address_without_an_ending_is_an_object_of_that_name(paper: Paper) -> None:
    paper.post("a", permalink="/2025/a", aliases="[/old]")
    found = sent(paper)
    assert found["2025/a"].headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"/2025/a" in found["old/index.html"].file.read_bytes()


def test_a_site_below_a_path_has_the_same_objects_below_the_bucket(paper: Paper) -> None:
    paper.settings('title = "The Paper"\nurl = "https://paper.test/news"')
    paper.post("a", permalink="/2025/a")
    found = sent(paper)
    assert found["2025/a"].headers["Content-Type"] == "text/html; charset=utf-8"
    assert found["pagefind/pagefind.js"].headers["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize("wants", [False, True])
def test_files_in_gzip_are_sent_where_the_site_has_them(paper: Paper, *, wants: bool) -> None:
    paper.settings(f'title = "The Paper"\nurl = "https://paper.test"\nprecompressed = {str(wants).lower()}')
    paper.post("a", "Words. " * 500)
    found = sent(paper)
    page = found["posts/a/index.html"]
    assert page.headers.get("Content-Encoding") == ("gzip" if wants else None)
    assert page.file.read_bytes().startswith(b"\x1f\x8b") is wants
    assert not [name for name in found if name.endswith((".gz", ".br"))]


def test_a_file_of_the_owners_that_is_packed_is_a_file_of_its_own(paper: Paper) -> None:
    paper.write("public/dump.csv", "a,b\n" * 500)
    paper.write("public/dump.csv.gz", b"packed by hand")
    found = sent(paper)
    assert found["dump.csv"].file.read_bytes().startswith(b"a,b")
    assert "Content-Encoding" not in found["dump.csv"].headers
    assert found["dump.csv.gz"].file.read_bytes() == b"packed by hand"


def test_rules_for_hosts_of_another_kind_are_not_sent(paper: Paper) -> None:
    paper.settings('title = "The Paper"\nurl = "https://paper.test"\nhosts = ["netlify", "nginx"]')
    paper.post("a")
    assert not {"_redirects", "_headers"} & sent(paper).keys()


def test_pages_go_after_what_they_need_and_lists_after_pages(paper: Paper) -> None:
    paper.post("a")
    paper.write("static/figures.json", "{}")
    paper.write("public/notes.txt", "words")
    found = sent(paper)
    assert found["static/figures.json"].wave == found["notes.txt"].wave == FIRST
    assert found["static/style.css"].wave == FIRST
    assert found["posts/a/index.html"].wave == PAGE
    assert {found[name].wave for name in ("index.html", "feed.xml", "sitemap.xml", "pagefind/pagefind-entry.json")} == {
        LAST
    }
