"""What a channel's other side answers is told without the channel's secrets."""

import base64
from pathlib import Path

import pytest

from headrace.notify.hidden import hidden
from headrace.notify.letter import SHOWN, refused
from tests.notify.house import TENANT, house
from tests.notify.letters import channel
from tests.notify.sinks import Web

TOKEN = "xoxb-0123456789-canary"
HOOK = f"https://hooks.example.org/services/T0/{TOKEN}?key=q-{TOKEN}"


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (HOOK, HOOK),
        (HOOK, f"Cannot POST /services/T0/{TOKEN}?key=q-{TOKEN}"),
        (HOOK, f"no hook {TOKEN}"),
        (HOOK, f"no key q-{TOKEN}"),
        (TOKEN, f"token {TOKEN} is not known"),
        ("a b+c/d ü", "a%20b%2Bc%2Fd%20%C3%BC"),
        (f"tgram://{TOKEN}/chat", f"bot{TOKEN}"),
        (f"jsons://ada:{TOKEN}@here.example.org/x", f"here.example.org: ada:{TOKEN}"),
        (f"json://[{TOKEN}", f"json://[{TOKEN}"),
        (TOKEN, f"501 AUTH {base64.b64encode(TOKEN.encode()).decode()}"),
        (TOKEN, base64.b64encode(f"\0ada\0{TOKEN}".encode()).decode()),
    ],
)
def test_a_secret_is_taken_out(secret: str, said: str) -> None:
    told = hidden(channel("slack", secret, user="ada"), f"before {said} after")
    assert told.startswith("before ")
    assert told.endswith(" after")
    assert "canary" not in told
    assert base64.b64encode(TOKEN.encode()).decode()[:20] not in told
    assert "%2B" not in told


def test_what_is_none_stays() -> None:
    said = "hooks.example.org answered: 503 all services are busy"
    assert hidden(channel("slack", HOOK), said) == said
    assert hidden(channel("webhook"), said) == said
    assert hidden(channel("email", "b"), said) == said


def test_one_that_was_cut_off() -> None:
    over = channel("slack", TOKEN)
    for more in range(5, len(TOKEN)):
        told = hidden(over, refused("en", "there", "-" * (SHOWN - more) + TOKEN).response)
        assert TOKEN[:more] not in told
        assert told.endswith("-******")


def test_neither_records_nor_a_test_show_it(tmp_path: Path, web: Web) -> None:
    web.answers = [(404, f"Cannot POST /hooks/{TOKEN}")]
    with house(tmp_path) as here:
        here.channel("chat", "slack", {}, f"{web.url}/hooks/{TOKEN}")
        here.publish("w", alarms=[{"on": ["start"], "channel": "chat"}])
        here.run("w")
        (notice,) = here.settled()
        assert notice.response == "127.0.0.1 answered: 404 Cannot POST ******"
        with here.system.store.read() as reader:
            tried = reader.channel(TENANT, "chat")
        assert tried is not None
        outcome = here.system.notifier.test(tried, "", "zh").result(20)
        assert outcome.response == "127.0.0.1 的应答：404 Cannot POST ******"
