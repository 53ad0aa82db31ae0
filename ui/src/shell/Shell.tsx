import {
  ApartmentOutlined,
  BulbOutlined,
  DashboardOutlined,
  DatabaseOutlined,
  EllipsisOutlined,
  GlobalOutlined,
  LogoutOutlined,
  PlayCircleOutlined,
  SettingOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { Alert, Button, Dropdown, Layout, Menu, Spin, Tooltip } from "antd";
import { Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation, useNavigate } from "react-router";
import { useCutOff } from "@/api/live";
import { LEAVING, useSession } from "@/api/session";
import { choose, type Language } from "@/i18n";
import { LeaveGuard } from "@/parts/unsaved";
import { type Mode, useMode } from "@/theme/mode";
import { JumpButton } from "./Jump";
import { SignInAgain } from "./SignInAgain";
import "./shell.css";

const PLACES = [
  { key: "/", icon: <DashboardOutlined aria-hidden />, name: "home" },
  { key: "/workflows", icon: <ApartmentOutlined aria-hidden />, name: "workflows" },
  { key: "/runs", icon: <PlayCircleOutlined aria-hidden />, name: "runs" },
  { key: "/resources", icon: <DatabaseOutlined aria-hidden />, name: "resources" },
  { key: "/admin", icon: <SettingOutlined aria-hidden />, name: "admin" },
] as const;

const MOMENT = 2_500; // milliseconds

/** The frame around every page: where one is, who one is, language and light. */
export function Shell() {
  const { t } = useTranslation();
  const session = useSession();
  const place = useLocation().pathname;
  const current = PLACES.findLast((each) => place === each.key || place.startsWith(`${each.key}/`));
  if (!session.data) return <Spin fullscreen />;
  return (
    <Layout className="shell">
      <a className="skip" href="#content">
        {t("shell.skip")}
      </a>
      <Layout.Header className="shell-top">
        <Link to="/" className="shell-mark" aria-label="Headrace">
          <img src="/mark.svg" alt="" width={26} height={26} />
          <span>Headrace</span>
        </Link>
        <nav aria-label={t("shell.main")} className="shell-places">
          <Menu
            overflowedIndicator={<EllipsisOutlined aria-label={t("action.more")} />}
            mode="horizontal"
            selectedKeys={current ? [current.key] : []}
            items={PLACES.map(({ key, icon, name }) => ({
              key,
              icon,
              label: <Link to={key}>{t(`place.${name}`)}</Link>,
            }))}
          />
        </nav>
        <Tools name={session.data.user.displayName || session.data.user.name} tenant={session.data.tenant} />
      </Layout.Header>
      <Layout.Content id="content" className="shell-content" tabIndex={-1}>
        <CutOff />
        <Suspense fallback={<Spin />}>
          <Outlet />
        </Suspense>
      </Layout.Content>
      <SignInAgain session={session.data} />
      <LeaveGuard />
    </Layout>
  );
}

/** Says that what is shown may be old; not for a moment's interruption. */
function CutOff() {
  const { t } = useTranslation();
  const cutOff = useCutOff(({ count }) => count > 0);
  const [said, setSaid] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSaid(cutOff), cutOff ? MOMENT : 0);
    return () => clearTimeout(timer);
  }, [cutOff]);
  return said ? <Alert className="shell-cut-off" type="warning" showIcon title={t("error.cutOff")} /> : null;
}

function Tools({ name, tenant }: { name: string; tenant: string }) {
  const { t } = useTranslation();
  return (
    <div className="shell-tools">
      <JumpButton />
      <LanguageSwitch />
      <LightSwitch />
      <Dropdown trigger={["click"]} menu={{ items: usePersonal() }}>
        <Button
          type="text"
          icon={<UserOutlined aria-hidden />}
          aria-label={t("shell.me", { name: `${name} · ${tenant}` })}
        >
          <span className="shell-name">
            {name} · {tenant}
          </span>
        </Button>
      </Dropdown>
    </div>
  );
}

function usePersonal() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return [
    { key: "account", label: <Link to="/admin/account">{t("shell.account")}</Link> },
    { key: "tokens", label: <Link to="/admin/tokens">{t("shell.tokens")}</Link> },
    {
      key: "leave",
      icon: <LogoutOutlined aria-hidden />,
      label: t("shell.signOut"),
      onClick: () => navigate("/sign-in", { state: LEAVING }),
    },
  ];
}

/** The other language, named in itself. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const other: Language = i18n.language === "zh-CN" ? "en" : "zh-CN";
  return (
    <Tooltip title={t("shell.language")}>
      <Button
        type="text"
        icon={<GlobalOutlined aria-hidden />}
        lang={other}
        onClick={() => void choose(other)}
      >
        {other === "en" ? "English" : "中文"}
      </Button>
    </Tooltip>
  );
}

/** Light, dark, as the system. */
export function LightSwitch() {
  const { t } = useTranslation();
  const { mode, choose: pick } = useMode();
  const items = (["auto", "light", "dark"] as Mode[]).map((key) => ({ key, label: t(`shell.theme.${key}`) }));
  return (
    <Dropdown
      trigger={["click"]}
      menu={{ items, selectable: true, selectedKeys: [mode], onClick: ({ key }) => pick(key as Mode) }}
    >
      <Button type="text" icon={<BulbOutlined aria-hidden />} aria-label={t("shell.theme.title")} />
    </Dropdown>
  );
}
