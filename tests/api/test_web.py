"""The pages are served, whatever path the browser's router is at, and only they."""

import re

import pytest

from headrace.api.http import web
from tests.api.conftest import Running


@pytest.mark.parametrize("path", ["/", "/sign-in?next=/runs", "/workflows", "/workflows/a/edit", "/runs/7"])
def test_every_path_of_the_pages_answers_the_one_page(live: Running, path: str) -> None:
    answer = live.client().get(path)
    assert answer.status_code == 200, answer.text  # where the pages are not built it says how to build them
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*src=)", answer.text)


def test_assets_are_kept_forever_and_sent_compressed(live: Running) -> None:
    client = live.client()
    page = client.get("/").text
    name = next(iter(re.findall(r'src="(/assets/[^"]+\.js)"', page)), None)
    assert name, page
    answer = client.get(name, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert "javascript" in answer.headers["content-type"]
    plain = client.get(name, headers={"Accept-Encoding": "identity"})
    assert plain.content == answer.content


@pytest.mark.parametrize(
    "path", ["/assets/none.js", "/assets/..%2findex.html", "/etc/passwd", "/api/v1/none", "/x"]
)
def test_nothing_else_is_served(live: Running, path: str) -> None:
    answer = live.client().get(path)
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_package_without_pages_says_so(live: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_read", lambda name: None)
    answer = live.client().get("/")
    assert answer.status_code == 503
    assert "make ui" in answer.text
    assert "尚未构建" in answer.text
