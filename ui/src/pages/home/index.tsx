import { CalendarOutlined, HourglassOutlined, PlayCircleOutlined, WarningOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Card, Empty } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get } from "@/api/client";
import { workflowPath } from "@/api/paths";
import type { Page, Run } from "@/api/shapes";
import { useRunChanges } from "@/api/useRunChanges";
import { ErrorNote } from "@/parts/Fault";
import { LinkButton } from "@/parts/LinkButton";
import { Place } from "@/parts/Place";
import { RunLook } from "@/parts/RunLook";
import { When } from "@/parts/When";
import { Curve } from "./Curve";
import "./home.css";
import { Pending } from "@/parts/Pending";

interface Slot {
  workflow: string;
  nextAt: string | null;
  text: string;
  timezone: string;
}

const SOON = 1_000; // milliseconds; several changes in a row are read once

/** What runs, what failed, what comes next, and the last day as a curve. */
export default function Home() {
  const { t } = useTranslation("home");
  const running = useRuns("RUNNING");
  const failed = useRuns("FAILED");
  const next = useQuery({
    queryKey: ["schedules", "home"],
    queryFn: ({ signal }) => get<Page<Slot>>("/schedules?size=6", signal),
  });
  useRunChanges(() => {
    for (const found of [running, failed, next]) void found.refetch();
  }, SOON);
  return (
    <Place title={t("title")} lead={t("lead")}>
      <div className="home-grid">
        <Runs
          icon={<PlayCircleOutlined aria-hidden />}
          name="running"
          found={running}
          to="/runs?status=RUNNING"
        />
        <Runs icon={<WarningOutlined aria-hidden />} name="failed" found={failed} to="/runs?status=FAILED" />
        <Card title={<Title icon={<CalendarOutlined aria-hidden />} text={t("next.title")} />} size="small">
          {next.isPending && <Pending />}
          {next.error && <ErrorNote error={next.error} />}
          {next.data && <Slots slots={next.data.items.filter((each) => each.nextAt)} />}
        </Card>
        <Card
          className="home-wide"
          title={<Title icon={<HourglassOutlined aria-hidden />} text={t("curve.title")} />}
          size="small"
        >
          <Curve />
        </Card>
      </div>
    </Place>
  );
}

function useRuns(status: string) {
  return useQuery({
    queryKey: ["runs", "home", status],
    queryFn: ({ signal }) => get<Page<Run>>(`/runs?status=${status}&size=6`, signal),
  });
}

function Title({ icon, text, count }: { icon: ReactNode; text: string; count?: number }) {
  return (
    <h2 className="home-title">
      {icon} {text} {count !== undefined && <span className="quiet">{count}</span>}
    </h2>
  );
}

function Runs(props: { icon: ReactNode; name: string; found: ReturnType<typeof useRuns>; to: string }) {
  const { t } = useTranslation("home");
  const { data, error, isPending } = props.found;
  return (
    <Card
      size="small"
      title={<Title icon={props.icon} text={t(`${props.name}.title`)} count={data?.total} />}
      extra={<Link to={props.to}>{t("all")}</Link>}
    >
      {isPending && <Pending />}
      {error && <ErrorNote error={error} />}
      {data?.items.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t(`${props.name}.none`)}>
          {props.name === "running" && <LinkButton to="/workflows">{t("running.start")}</LinkButton>}
        </Empty>
      )}
      <ul className="home-list">
        {data?.items.map((run) => (
          <li key={run.id}>
            <Link to={`/runs/${run.id}`}>
              {run.workflow} <span className="quiet">#{run.id}</span>
            </Link>
            <RunLook run={run} />
            <When at={run.startedAt ?? run.createdAt} ago />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Slots({ slots }: { slots: Slot[] }) {
  const { t } = useTranslation("home");
  if (!slots.length) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("next.none")} />;
  return (
    <ul className="home-list">
      {slots.map((each) => (
        <li key={each.workflow}>
          <Link to={workflowPath(each.workflow, "?tab=schedule")}>{each.workflow}</Link>
          <span className="quiet">
            {each.text} · {each.timezone}
          </span>
          <When at={each.nextAt} />
        </li>
      ))}
    </ul>
  );
}
