"""The composition root: the only place that names adapters."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from headrace.config import Settings
from headrace.core.access.licence import Licence, licence_of
from headrace.core.run.capabilities import Capabilities
from headrace.dispatch.local import LocalDispatch
from headrace.engine import Engine
from headrace.engine.watch import Watchers
from headrace.executors.addresses import Addresses
from headrace.executors.catalogue import Catalogue, catalogue
from headrace.executors.crew import LocalCrew
from headrace.executors.logs import FileLogs
from headrace.executors.prober import ConnectionProber
from headrace.identity.bootstrap import bootstrap
from headrace.identity.gate import StoreGate
from headrace.identity.licence import PUBLIC_KEY, Verifier, check_installed
from headrace.identity.providers import Providers
from headrace.identity.sessions import Limits as SessionLimits
from headrace.notify.delivery import Delivery
from headrace.notify.reach import Reach
from headrace.notify.sender import Sender
from headrace.ports.clock import Clock, SystemClock
from headrace.ports.errors import Broken, Problem
from headrace.ports.inbox import Inbox
from headrace.ports.licence import LicenceVerifier
from headrace.ports.store import Store
from headrace.ports.vault import Cipher, Prober
from headrace.storage import open_postgres, open_sqlite
from headrace.usecases.alarms import mark
from headrace.usecases.licence import current
from headrace.usecases.runs import Limits
from headrace.usecases.vault import renew
from headrace.vault.cipher import KEY_FILE, add_key, keys_of, open_cipher, write_keys
from headrace.vault.resolver import StoreResolver

DATABASE = "headrace.db"
STALLED_SECONDS = 30.0  # an engine that has not looked into its inbox for so long is in trouble


@dataclass(frozen=True)
class System:
    """The running parts; ``invented_password`` is set at a first start and is shown once."""

    settings: Settings
    store: Store
    engine: Engine
    dispatch: LocalDispatch
    logs: FileLogs
    clock: Clock
    gate: StoreGate
    licences: LicenceVerifier
    sign_ins: Providers
    cipher: Cipher
    prober: Prober
    notifier: Sender
    plugin_problems: Sequence[Problem]
    invented_password: str | None

    @property
    def inbox(self) -> Inbox:
        return self.engine

    @property
    def watch(self) -> Watchers:
        return self.engine.watchers

    @property
    def capabilities(self) -> Mapping[str, Capabilities]:
        return self.dispatch.capabilities

    def start(self) -> None:
        """Recover, then work."""
        self.engine.start()
        self.notifier.start(self.engine)
        _tune_interpreter()

    def stop(self, grace: float = 0.0) -> None:
        """Let running steps go on for ``grace`` seconds, end what is left, commit, close."""
        self.dispatch.drain(grace)
        self.notifier.stop()
        self.engine.stop()
        self.dispatch.stop()
        self.store.close()

    def trouble(self) -> Mapping[str, str]:
        """What keeps it from serving, by part; empty when ready."""
        found: dict[str, str] = {}
        if self.engine.broken is not None:
            found["database"] = self.engine.broken.code
        if self.engine.idle_for() > STALLED_SECONDS:
            found["engine"] = "stalled"
        return found

    def counters(self) -> Mapping[str, float]:
        """Figures for /metrics."""
        return self.engine.figures()


def build(settings: Settings) -> System:
    """Everything wired, nothing started. Raises Broken where the database cannot be opened."""
    make_home(settings)
    clock = SystemClock()
    store = open_store(settings)
    try:
        return _build(settings, store, clock)
    except BaseException:
        store.close()
        raise


def make_home(settings: Settings) -> None:
    """The folder of all state is there. Raises Broken where it cannot be."""
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Broken("home_unusable", {"path": settings.home, "error": error.strerror or error}) from error


def _tune_interpreter() -> None:
    """For a server: many live objects, and two busy threads, the engine's and HTTP's."""
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the collector need not look at it again
    gc.set_threshold(100_000, 20, 50)  # runs in memory are no garbage; looking at them often is a waste
    sys.setswitchinterval(0.001)  # neither thread should wait 5 ms for the other


def known_capabilities() -> Mapping[str, Capabilities]:
    """By executor name, without starting anything: what definitions are checked against."""
    return {name: executor.capabilities for name, executor in _installed().executors.items()}


def plugin_problems() -> Sequence[Problem]:
    """The plugins that cannot be taken: where each is, and why."""
    return _installed().problems


@cache
def _installed() -> Catalogue:
    """What is installed does not change while a command runs."""
    return catalogue()


@dataclass(frozen=True)
class Examined:
    """What an installation's data is like; faults are codes of messages."""

    vault_fault: str | None
    licence: Licence
    licence_fault: str | None


def examined(settings: Settings) -> Examined:
    """Open an existing database, bring it up to date and look. Raises Broken where it cannot be opened."""
    store = open_store(settings)
    try:
        store.check()
        check_installed(store, Verifier(settings.license_key or PUBLIC_KEY))
        with store.read() as reader:
            licence, fault = current(reader, SystemClock().now())
        return Examined(_vault_fault(settings), licence, fault)
    finally:
        store.close()


def _vault_fault(settings: Settings) -> str | None:
    keys = settings.vault_key.get_secret_value() if settings.vault_key else None
    if not keys and not (settings.home / KEY_FILE).exists():
        return "cli_doctor_vault_missing"
    try:
        open_cipher(settings.home, keys)
    except (Broken, OSError):
        return "vault_key_malformed"
    return None


def examined_licence(settings: Settings, text: str) -> tuple[Licence, str | None]:
    """What a licence file says, and why it does not count now. Raises Refused where it is none of ours."""
    licence = licence_of(Verifier(settings.license_key or PUBLIC_KEY).verify(text))
    return licence, licence.fault(SystemClock().now())


def open_store(settings: Settings) -> Store:
    """The database the settings name: PostgreSQL by its address, else the file under home."""
    if settings.database:
        try:
            return open_postgres(settings.database)
        except ModuleNotFoundError as error:
            raise Broken("database_driver_missing") from error
    return open_sqlite(settings.home / DATABASE)


def rotate_vault(settings: Settings) -> int:
    """Encrypt all that is encrypted anew; how many values. Nothing else may be running on the database.

    With ``vault_key`` the first key is used, and the others may be taken away afterwards. Else the file
    gets a new key. Killed at any moment, everything stays readable.
    """
    configured = settings.vault_key.get_secret_value() if settings.vault_key else None
    if not configured:
        add_key(settings.home)
    cipher = open_cipher(settings.home, configured)
    store = open_store(settings)
    try:
        with store.write() as writer:
            count = renew(writer, SystemClock().now(), cipher.renewed)
    finally:
        store.close()
    if not configured:
        write_keys(settings.home, keys_of(settings.home)[:1])
    return count


def _build(settings: Settings, store: Store, clock: Clock) -> System:
    password = settings.admin_password.get_secret_value() if settings.admin_password else None
    token = settings.admin_token.get_secret_value() if settings.admin_token else None
    invented = bootstrap(store, clock.now(), password, token)
    licences = Verifier(settings.license_key or PUBLIC_KEY)
    check_installed(store, licences)
    keys = settings.vault_key.get_secret_value() if settings.vault_key else None
    cipher = open_cipher(settings.home, keys)
    resolver = StoreResolver(store, cipher)
    logs = FileLogs(settings.home / "logs")
    addresses = Addresses(settings.http_deny_private, settings.http_allow)
    known = catalogue(addresses)
    crew = LocalCrew(
        known.executors,
        logs,
        max_log_bytes=settings.max_log_bytes,
        max_outputs_bytes=settings.max_outputs_bytes,
        resolver=resolver,
    )
    dispatch = LocalDispatch(crew, workers=settings.workers, kill_grace=settings.kill_grace)
    notifier = _sender(settings, store, clock, cipher)
    engine = Engine(
        store,
        dispatch,
        clock,
        notifier=notifier,
        limits=Limits(params=settings.max_params_bytes),
        max_steps=settings.max_steps,
    )
    ends = SessionLimits(settings.session_idle, settings.session_absolute)
    gate = StoreGate(store, clock, engine, ends)
    return System(
        settings,
        store,
        engine,
        dispatch,
        logs,
        clock,
        gate,
        licences,
        Providers(settings.oidc, cipher, clock),
        cipher,
        ConnectionProber(resolver, addresses),
        notifier,
        known.problems,
        invented,
    )


def _sender(settings: Settings, store: Store, clock: Clock, cipher: Cipher) -> Sender:
    reach = Reach(settings.alarm_public_only, settings.alarm_allow, settings.alarm_timeout)
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    return Sender(store, clock, Delivery(store, cipher, reach, base), mark, settings.alarm_kept)
