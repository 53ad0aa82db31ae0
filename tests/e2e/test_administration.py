"""Administration: people, roles, tenants, tokens shown once, the audit log, the licence, one's account."""

import re

from playwright.sync_api import expect

from tests.api.flows import noop, publish, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import confirm, delete, in_both_languages, press, save
from tests.e2e.texts import texts

PASSWORD = "long enough 1"


@in_both_languages
def test_a_user_is_made_changed_and_disabled(site: Site, language: str) -> None:
    t = texts(language, "admin")
    name = f"wang-{language}"
    page = site.open("/admin/users", language)
    press(page, t("users.new"), exact=False)
    page.get_by_label(t("users.name"), exact=True).fill(name)
    page.get_by_label(t("users.displayName")).fill("王芳")
    page.get_by_label(t("users.email")).fill("wang@example.org")
    page.get_by_label(t("users.password"), exact=True).fill(PASSWORD)
    save(page, language)
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("王芳")
    expect(row).to_contain_text("viewer")
    press(page, f"{t('act.edit')} {name}")
    page.get_by_label(t("users.displayName")).fill("Wang Fang")
    save(page, language)
    expect(row).to_contain_text("Wang Fang")
    press(page, f"{t('act.disable')} {name}")
    expect(page.get_by_text(t("users.disableWhat", name=name))).to_be_visible()
    confirm(page, t("act.disable"))
    expect(row).to_contain_text(t("state.disabled"))


@in_both_languages
def test_a_role_of_ones_own(site: Site, language: str) -> None:
    t = texts(language, "admin")
    name = f"night-{language}"
    page = site.open("/admin/roles", language)
    expect(page.get_by_role("button", name=f"{t('act.edit')} viewer")).to_be_disabled()
    press(page, t("roles.new"), exact=False)
    page.get_by_role("dialog").get_by_label(t("roles.name"), exact=True).fill(name)
    page.get_by_label(t("permission.TASK_VIEWER")).check()
    save(page, language)
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text(t("permission.TASK_VIEWER"))
    delete(page, language, name)
    expect(row).to_have_count(0)


@in_both_languages
def test_a_tenant_with_a_quota(site: Site, language: str) -> None:
    t = texts(language, "admin")
    name = f"finance-{language}"
    page = site.open("/admin/tenants", language)
    press(page, t("tenants.new"), exact=False)
    page.get_by_role("dialog").get_by_label(t("tenants.name"), exact=True).fill(name)
    page.get_by_label(t("tenants.password")).fill(PASSWORD)
    page.get_by_label(t("tenants.max")).fill("20")
    save(page, language)
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text(t("licence.usedOf", used=0, most=20))


@in_both_languages
def test_a_token_is_shown_once_and_revoked(site: Site, language: str) -> None:
    t = texts(language, "admin")
    name = f"backup-{language}"
    page = site.open("/admin/tokens", language)
    press(page, t("tokens.new"), exact=False)
    page.get_by_label(t("tokens.name"), exact=True).fill(name)
    press(page, t("tokens.make"))
    dialog = page.get_by_role("dialog").filter(has_text=t("tokens.made", name=name))
    token = dialog.locator(".once").inner_text().strip()
    assert site.live.client(token).get("/api/v1/me").json()["name"] == "admin"
    page.keyboard.press("Escape")  # takes nothing away
    press(page, texts(language, "common")("once.done"))
    expect(page.get_by_role("button", name=t("tokens.new"))).to_be_focused()
    page.reload()
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text(t("tokens.state.valid"))
    assert token not in page.content()
    press(page, f"{t('act.revoke')} {name}")
    confirm(page, t("act.revoke"))
    expect(row).to_contain_text(t("tokens.state.revoked"))
    assert site.live.client(token).get("/api/v1/me").status_code == 401


@in_both_languages
def test_the_audit_log_shows_before_and_after(site: Site, language: str) -> None:
    t = texts(language, "admin")
    name = f"watched-{language}"
    for description in ("the old words", "the new words"):
        site.client.put(f"/api/v1/secrets/{name}", json={"value": "a value", "description": description})
    page = site.open("/admin/audit", language)
    page.get_by_role("searchbox", name=t("audit.by.object")).fill(name)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"object={name}"))
    rows = page.locator("tr.ant-table-row")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(t("audit.actions.change"))
    rows.first.get_by_role("button").click()
    expect(page.locator("del")).to_have_text("the old words")
    expect(page.locator("ins").first).to_have_text("the new words")
    page.reload()
    expect(rows).to_have_count(2)


@in_both_languages
def test_the_audit_log_speaks_the_readers_language(site: Site, language: str) -> None:
    t = texts(language, "admin")
    name = publish(site.client, workflow(f"called-{language.lower()}", noop("a")))
    site.client.post(f"/api/v1/workflows/{name}/tokens", json={}).raise_for_status()
    headers = {"X-Headrace-Request": "1"}
    wrong = {"name": "admin", "password": "wrong"}
    assert site.live.client(headers=headers).post("/api/v1/sign-in", json=wrong).status_code == 401
    page = site.open("/admin/audit?action=sign-in-failed", language)
    expect(page.locator("tr.ant-table-row").first).to_contain_text(t("audit.actions.sign-in-failed"))
    page.goto(f"{site.live.url}/admin/audit?kind=invocation&object={name}")
    expect(page.locator("tr.ant-table-row")).to_contain_text(t("audit.kinds.invocation"))


@in_both_languages
def test_licence_health_and_alarms(site: Site, language: str) -> None:
    t = texts(language, "admin")
    page = site.open("/admin/licence", language)
    expect(page.get_by_text(t("licence.kinds.community"))).to_be_visible()
    page.get_by_role("tab", name=t("tab.health")).click()
    expect(page.get_by_text(t("health.ok"), exact=True)).to_be_visible()
    expect(page.get_by_text(t("health.answered"))).to_be_visible()
    page.get_by_role("tab", name=t("tab.alarms")).click()
    expect(page.get_by_text(t("alarms.empty"))).to_be_visible()


def test_ones_own_password(site: Site) -> None:
    t = texts("en", "admin")
    site.client.post("/api/v1/users", json={"name": "own", "password": PASSWORD, "roles": ["viewer"]})
    page = site.open("/admin/account", user=("own", PASSWORD))
    page.get_by_label(t("account.current")).fill(PASSWORD)
    page.get_by_label(t("account.new"), exact=True).fill("another one 2")
    page.get_by_label(t("account.again")).fill("another two 2")
    press(page, t("account.save"))
    expect(page.get_by_text(t("account.differs"))).to_be_visible()
    page.get_by_label(t("account.again")).fill("another one 2")
    page.get_by_label(t("account.current")).fill("none of mine")
    press(page, t("account.save"))
    field = page.locator(".ant-form-item").filter(has=page.get_by_label(t("account.current")))
    expect(field.locator(".ant-form-item-explain-error")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label(t("account.current")).fill(PASSWORD)
    press(page, t("account.save"))
    expect(page.get_by_text(t("account.changed"))).to_be_visible()
    expect(page.get_by_role("tab", name=t("tab.users"))).to_have_count(0)
