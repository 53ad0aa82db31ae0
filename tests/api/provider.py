"""A small OpenID Connect provider on loopback: it signs everybody in at once, as whom the test says."""

import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

Json = dict[str, Any]
CLIENT, SECRET = "headrace", "a secret between the two"


def plain(token: str) -> str:
    return token


@dataclass
class Provider:
    """``person`` are the claims of who signs in; ``change`` and ``forge`` spoil the ID token."""

    issuer: str = ""
    person: Json = field(default_factory=lambda: {"sub": "17", "preferred_username": "ada"})
    more: Json = field(default_factory=dict)  # at the userinfo endpoint alone
    change: Json = field(default_factory=dict)  # claims of the ID token that are to be other
    forge: Callable[[str], str] = plain
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    published: RSAKey | None = None  # another key than the one that signs
    described: Json = field(default_factory=dict)
    public_client: bool = False
    userinfo: int = 200  # status
    codes: dict[str, Json] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def description(self) -> Json:
        found = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=x",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return {**found, **self.described}

    def keys(self) -> Json:
        unknown = {"kty": "odd", "kid": "two"}
        broken = {"kty": "RSA", "kid": "three", "n": "?"}
        return {"keys": ["none", unknown, broken, (self.published or self.key).as_dict(private=False)]}

    def authorize(self, query: Json) -> str:
        """The address that the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert "openid" in query["scope"].split()
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: Json, authorization: str | None) -> tuple[int, Json]:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or not self._is_client(form, authorization):
            return 400, {"error": "invalid_grant"}
        digest = sha256(form["code_verifier"].encode()).digest()
        if urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"] or form["grant_type"] != "authorization_code":
            return 400, {"error": "invalid_request"}
        return 200, {"access_token": "at", "token_type": "Bearer", "id_token": self._id_token(asked)}

    def _is_client(self, form: Json, authorization: str | None) -> bool:
        if self.public_client:
            return form.get("client_id") == CLIENT
        if "client_secret" in form:
            return (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        given = b64decode((authorization or "").removeprefix("Basic ")).decode()
        return unquote(given) == f"{CLIENT}:{SECRET}"

    def _id_token(self, asked: Json) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims = {**claims, **self.person, **self.change}
        claims = {name: value for name, value in claims.items() if value is not None}
        return self.forge(jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key))


@contextmanager
def provider() -> Iterator[Provider]:
    """It answers until the block ends."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Quietly."""

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            made.calls.append(url.path)
            if url.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                self.send_response(302)
                self.send_header("Location", made.authorize(query))
                self.end_headers()
                return
            answers = {
                "/.well-known/openid-configuration": made.description,
                "/keys": made.keys,
                "/userinfo": lambda: {**made.person, **made.more},
            }
            status = made.userinfo if url.path == "/userinfo" else 200
            self._answer(status, answers[url.path]())

        def do_POST(self) -> None:
            made.calls.append(self.path)
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(text).items()}
            self._answer(*made.token(form, self.headers.get("Authorization")))

        def _answer(self, status: int, body: Json) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
