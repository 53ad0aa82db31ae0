"""Other services, through Apprise."""

import time

import pytest

from headrace.notify.reach import Reach
from tests.notify.letters import LETTER, channel, send
from tests.notify.sinks import Web


def test_apprise_sends(web: Web) -> None:
    outcome = send(channel("apprise", f"json://127.0.0.1:{web.port}/in"))
    assert (outcome.ok, outcome.response) == (True, "JSON")
    (request,) = web.kept.wait()
    assert request.path.startswith("/in")
    assert request.json["title"] == LETTER.message.subject
    assert request.json["message"] == LETTER.message.text


def test_what_apprise_says_of_a_failure(web: Web) -> None:
    web.answers = [(500, "no")]
    outcome = send(channel("apprise", f"json://user:canary@127.0.0.1:{web.port}/in"))
    assert (outcome.ok, outcome.again) == (False, True)
    assert "500" in outcome.response
    assert "canary" not in outcome.response


@pytest.mark.parametrize(
    "url", ["nothing://x", "dbus://", "syslog://", "macosx://", "windows://", "apprise://h/t", "tgram://"]
)
def test_services_that_are_none_or_not_allowed(url: str) -> None:
    outcome = send(channel("apprise", url))
    assert (outcome.ok, outcome.again) == (False, False)
    assert url.partition(":")[0] in outcome.response


def test_hosts_that_people_choose_are_checked(web: Web) -> None:
    reach = Reach(public_only=True)
    outcome = send(channel("apprise", f"json://127.0.0.1:{web.port}/"), reach)
    assert "must not be sent to" in outcome.response
    assert "must not be sent to" in send(channel("apprise", "json://169.254.169.254/")).response
    assert web.kept.all == []


def test_redirects_lead_nowhere(web: Web) -> None:
    web.answers, web.headers = [(302, "")], {"Location": f"{web.url}/elsewhere"}
    assert not send(channel("apprise", f"json://127.0.0.1:{web.port}/here")).ok
    assert len(web.kept.all) == 1


def test_one_that_hangs_is_given_up(web: Web) -> None:
    web.open.clear()
    begun = time.monotonic()
    outcome = send(channel("apprise", f"json://127.0.0.1:{web.port}/"), Reach(seconds=1.0))
    assert time.monotonic() - begun < 4.0
    assert (outcome.ok, outcome.again) == (False, True)


def test_no_such_host() -> None:
    outcome = send(channel("apprise", "json://no-such-host.invalid/"))
    assert (outcome.ok, outcome.again) == (False, True)
    assert "no-such-host.invalid" in outcome.response
