"""One frozen settings object: defaults < TOML (``headrace.toml`` in the home folder) < HEADRACE_* environment
< command line. Validated once, at start."""

import os
import re
from base64 import b64decode
from ipaddress import ip_network
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from headrace.core.refusal import Problem, Refused

FILE = "headrace.toml"
LICENCE_KEY_BYTES = 32
SECRET = re.compile("password|token|secret|vault_key")  # settings whose values are never shown
EXPECTED = {
    "int": "setting_int",
    "float": "setting_number",
    "bool": "setting_bool",
    "string": "setting_string",
    "list": "setting_list",
    "tuple": "setting_list",
    "dict": "setting_table",
    "model": "setting_table",
}
BOUNDS = {
    "greater_than": (">", "gt"),
    "greater_than_equal": (">=", "ge"),
    "less_than": ("<", "lt"),
    "less_than_equal": ("<=", "le"),
}


def home_folder() -> Path:
    """Where the embedded mode keeps everything: ``HEADRACE_HOME``, else ``~/.headrace``."""
    return Path(os.environ.get("HEADRACE_HOME") or Path.home() / ".headrace")


def _file(home: Path | None) -> Path:
    """Where the settings of this home stand; of the environment's home where none is given."""
    return (home or home_folder()).expanduser() / FILE


class OidcProvider(BaseModel):
    """An OpenID Connect provider whose users may sign in. Register as redirect address:
    ``<public_url>/api/v1/oidc/<name>/callback``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", description="in addresses; keep it")
    label: str = Field("", description="on the button; the name by default")
    issuer: str = Field(pattern=r"^https?://", description="as the provider's tokens name it")
    client_id: str
    client_secret: SecretStr | None = Field(None, description="none for a public client: PKCE protects it")
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    tenant: str = Field("default", description="where its users belong")
    name_claim: str = Field("preferred_username", description="a new user's name; else email, else sub")
    role_claim: str | None = Field(
        None, description="claim with groups; may be a path, as realm_access.roles"
    )
    roles: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="roles for each value of the claim; set anew at every sign-in"
    )
    default_roles: tuple[str, ...] = Field((), description="where no value of the claim gives one")
    create_users: bool = Field(False, description="whether somebody unknown becomes a user")


class Settings(BaseSettings):
    """Every knob. Sizes are bytes, times seconds."""

    model_config = SettingsConfigDict(env_prefix="HEADRACE_", frozen=True, extra="forbid")

    home: Path = Field(default_factory=home_folder, description="folder of the embedded mode's state")
    host: str = Field("127.0.0.1", description="address the server binds")
    port: int = Field(8080, ge=0, le=65535, description="port the server binds; 0 takes a free one")
    trusted_proxies: tuple[str, ...] = Field(
        (), description="proxies before the server, addresses or networks, whose X-Forwarded-For is believed"
    )
    database: str | None = Field(None, description="postgresql://… instead of the SQLite file under home")

    admin_password: SecretStr | None = Field(None, description="password of the first administrator")
    admin_token: SecretStr | None = Field(None, description="API token of the first administrator")

    vault_key: SecretStr | None = Field(
        None, description="keys of the vault, the newest first, instead of the file under home"
    )
    session_idle: float = Field(12 * 3600.0, gt=0, description="a browser session ends after so long unused")
    session_absolute: float = Field(7 * 86400.0, gt=0, description="and after so long in any case")

    license_key: str | None = Field(
        None, description="public key of whoever gives licences, base64; the built-in one by default"
    )

    http_deny_private: bool = Field(
        False, description="the executor http may not call private and loopback addresses"
    )
    http_allow: tuple[str, ...] = Field((), description="networks that it may call in any case")

    oidc: tuple[OidcProvider, ...] = Field((), description="providers whose users may sign in")

    public_url: str | None = Field(
        None, description="where people reach this server, for links in messages; its own address by default"
    )
    alarm_timeout: float = Field(10.0, gt=0, le=60, description="how long sending one alarm may take")
    alarm_kept: float = Field(90 * 86_400.0, gt=0, description="records of sent alarms are deleted after")
    alarm_public_only: bool = Field(
        False, description="alarms may not be sent to private and loopback addresses"
    )
    alarm_allow: tuple[str, ...] = Field(
        (), description="networks and host names that alarms may be sent to in any case"
    )

    shutdown_grace: float = Field(60.0, ge=0, description="how long running steps may go on after SIGTERM")
    kill_grace: float = Field(10.0, ge=0, description="between TERM and KILL of a step's processes")
    workers: int = Field(16, ge=1, le=1024, description="steps carried out at once in this process")

    invocations_per_minute: int = Field(
        120, ge=1, description="calls from outside with one token; five times as many from one address"
    )

    max_steps: int = Field(10_000, ge=1, description="steps a run")
    max_params_bytes: int = Field(1_000_000, ge=1, description="JSON size of a run's parameters")
    max_body_bytes: int = Field(2_000_000, ge=1, description="size of a request body")
    max_outputs_bytes: int = Field(256_000, ge=1, description="inline outputs of a step; more goes to a file")
    max_log_bytes: int = Field(1_000_000_000, ge=1, description="log of one attempt")
    max_json_depth: int = Field(64, ge=1, description="nesting of a request's JSON")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        """Parts of the system work in folders of their own."""
        return home.expanduser().absolute()

    @field_validator("database")
    @classmethod
    def _postgresql(cls, address: str | None) -> str | None:
        if address and not re.match(r"postgres(ql)?(\+psycopg)?://", address):
            raise PydanticCustomError("database_address", "no address of a database")
        return address

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        try:
            for each in proxies:
                ip_network(each)
        except ValueError:
            raise PydanticCustomError("proxy_address", "no address or network") from None
        return proxies

    @field_validator("license_key")
    @classmethod
    def _public_key(cls, key: str | None) -> str | None:
        if key:
            try:
                size = len(b64decode(key, validate=True))
            except ValueError:
                size = 0
            if size != LICENCE_KEY_BYTES:
                raise PydanticCustomError("licence_key_malformed", "no public key")
        return key

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        home = (
            init_settings.init_kwargs.get("home") if isinstance(init_settings, InitSettingsSource) else None
        )
        toml = TomlConfigSettingsSource(settings_cls, _file(home))
        return init_settings, env_settings, toml


def load(**overrides: Any) -> Settings:
    """Settings with the command line's values on top; None means not given.

    Raises Refused (invalid) with every setting that cannot be used, and where the file cannot be read.
    """
    file = _file(overrides.get("home"))
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        problems = [_problem(each) for each in error.errors()]
    except SettingsError as error:  # the environment's text for something that is no single value
        name = re.search(r'field "(\w+)"', str(error))
        problems = [Problem(name[1] if name else "HEADRACE_*", "setting_json")]
    except TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        at = f":{place[1]}:{place[2]}" if place else ""
        problems = [Problem(f"{file}{at}", "setting_toml")]
    except (OSError, UnicodeDecodeError):
        problems = [Problem(str(file), "setting_file")]
    raise Refused("invalid", "settings_invalid", {"count": len(problems)}, problems) from None


def _problem(error: ErrorDetails) -> Problem:
    """What is wrong with one setting, as a message of ours."""
    path = ".".join(map(str, error["loc"]))
    found = "**********" if SECRET.search(path) else str(error["input"])[:200]
    kind = error["type"]
    if kind in BOUNDS:
        sign, name = BOUNDS[kind]
        return Problem(path, "setting_bound", {"found": found, "bound": f"{sign} {error['ctx'][name]}"})
    if kind == "string_pattern_mismatch":
        return Problem(path, "setting_pattern", {"found": found, "pattern": error["ctx"]["pattern"]})
    own = {"missing": "setting_missing", "extra_forbidden": "setting_unknown"}.get(kind)
    if own or kind in ("licence_key_malformed", "database_address", "proxy_address"):
        return Problem(path, own or kind)
    return Problem(path, EXPECTED.get(kind.split("_")[0], "setting_value"), {"found": found})


_FAILPOINT, _, _NTH = os.environ.get("HEADRACE_FAILPOINT", "").partition(":")
_passed = 0


def failpoint(name: str) -> None:
    """Die here, as by kill -9, when the environment names this point (``name`` or ``name:N``, the N-th
    time). For chaos tests; costs a comparison otherwise."""
    if name != _FAILPOINT:
        return
    global _passed
    _passed += 1
    if _passed >= int(_NTH or 1):
        os._exit(137)
