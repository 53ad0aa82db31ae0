import { Tabs } from "antd";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate, useParams } from "react-router";
import { useSession } from "@/api/session";
import { Place } from "./Place";

export interface Tab {
  key: string;
  /** Who may not, does not see it. */
  permission?: string;
  page: ComponentType;
}

/** A page of several, one at a time; which one stands in the address. `space` names its texts. */
export function Places({ base, space, tabs }: { base: string; space: string; tabs: Tab[] }) {
  const { t } = useTranslation(space);
  const { kind } = useParams();
  const navigate = useNavigate();
  const may = useSession().data?.permissions ?? [];
  const shown = tabs.filter((tab) => !tab.permission || may.includes(tab.permission));
  const current = shown.find((tab) => tab.key === kind);
  if (!current) {
    return shown[0] ? <Navigate to={`${base}/${shown[0].key}`} replace /> : <p>{t("nothingAllowed")}</p>;
  }
  return (
    <Place title={`${t("title")} · ${t(`tab.${current.key}`)}`}>
      <Tabs
        activeKey={current.key}
        onChange={(key) => navigate(`${base}/${key}`)}
        destroyOnHidden
        items={shown.map(({ key, page: Page }) => ({
          key,
          label: t(`tab.${key}`),
          children: key === current.key ? <Page /> : null,
        }))}
      />
    </Place>
  );
}
