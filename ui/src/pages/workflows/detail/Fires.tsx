import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  ForwardOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get } from "@/api/client";
import { workflowPath } from "@/api/paths";
import type { Page } from "@/api/shapes";
import { ShortTable } from "@/parts/ShortTable";
import { When } from "@/parts/When";

interface Fire {
  slot: string;
  at: string;
  outcome: string;
  runId: number | null;
  message: string | null;
}

const ICONS: Record<string, React.ReactNode> = {
  started: <CheckCircleOutlined aria-hidden />,
  missed: <ClockCircleOutlined aria-hidden />,
  overlap: <ForwardOutlined aria-hidden />,
  failed: <CloseCircleOutlined aria-hidden />,
};
const NEWEST = 50;

/** What became of the times that have passed. */
export function Fires({ name }: { name: string }) {
  const { t } = useTranslation("workflows");
  const found = useQuery({
    queryKey: ["schedules", "fires", name],
    queryFn: ({ signal }) => get<Page<Fire>>(workflowPath(name, `/fires?limit=${NEWEST}`), signal),
  });
  return (
    <section className="block">
      <h2 className="part">{t("fires.title")}</h2>
      <ShortTable<Fire>
        found={found}
        rowKey="slot"
        empty={t("fires.none")}
        columns={[
          { title: t("fires.slot"), key: "slot", render: (_, fire) => <When at={fire.slot} /> },
          {
            title: t("fires.outcome"),
            key: "outcome",
            render: (_, fire) => (
              <>
                {ICONS[fire.outcome]} {t(`fires.${fire.outcome}`)}
              </>
            ),
          },
          {
            title: t("fires.run"),
            key: "run",
            render: (_, fire) => (fire.runId ? <Link to={`/runs/${fire.runId}`}>#{fire.runId}</Link> : "–"),
          },
          { title: t("fires.message"), dataIndex: "message", key: "message" },
        ]}
      />
    </section>
  );
}
