"""Lists as commands read them."""

import httpx2

from headrace.cli.session import Session

OURS = {"X-Trace-Id": "1"}


def test_a_list_is_read_to_its_end() -> None:
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.url.path == "/api/v1/users"
        page = int(request.url.params["page"])
        asked.append((page, request.url.params["search"]))
        items = [{"id": page * 10 + i} for i in range(2 if page < 3 else 1)]
        return httpx2.Response(200, headers=OURS, json={"items": items, "page": page, "size": 2, "total": 5})

    with httpx2.Client(base_url="http://there", transport=httpx2.MockTransport(answer)) as client:
        found = Session(client).every("/users", search="x")
    assert [item["id"] for item in found] == [10, 11, 20, 21, 30]
    assert asked == [(1, "x"), (2, "x"), (3, "x")]


def test_a_list_that_shrinks_meanwhile_ends() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        items = [{"id": 1}] if request.url.params["page"] == "1" else []
        return httpx2.Response(200, headers=OURS, json={"items": items, "page": 1, "size": 1, "total": 2})

    with httpx2.Client(base_url="http://there", transport=httpx2.MockTransport(answer)) as client:
        assert Session(client).every("/users") == [{"id": 1}]
