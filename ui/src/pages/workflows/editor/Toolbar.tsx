import {
  ApartmentOutlined,
  CloudUploadOutlined,
  CodeOutlined,
  CopyOutlined,
  DeleteOutlined,
  DisconnectOutlined,
  EditOutlined,
  EyeOutlined,
  PlayCircleOutlined,
  RedoOutlined,
  SaveOutlined,
  SettingOutlined,
  SnippetsOutlined,
  UndoOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Select, Space, Tag, Tooltip } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { get, query } from "@/api/client";
import { workflowPath } from "@/api/paths";
import type { Page, Workflow } from "@/api/shapes";
import { LookIcon } from "@/graph/LookMark";

interface ToolbarProps {
  name: string;
  head: Workflow | null;
  dirty: boolean;
  busy: boolean;
  mayEdit: boolean;
  mayRun: boolean;
  canUndo: boolean;
  canRedo: boolean;
  selected: number;
  yaml: boolean;
  on: Record<
    | "save"
    | "publish"
    | "offline"
    | "run"
    | "undo"
    | "redo"
    | "copy"
    | "paste"
    | "remove"
    | "arrange"
    | "settings"
    | "yaml",
    () => void
  >;
}

/** Everything that can be done with the workflow as it lies on the canvas. */
export function Toolbar(props: ToolbarProps) {
  const { t } = useTranslation("editor");
  const { head, dirty, busy, mayEdit, on } = props;
  const tool = (key: keyof ToolbarProps["on"], icon: React.ReactNode, able: boolean, pressed?: boolean) => (
    <Tooltip key={key} title={t(`tool.${key}`)}>
      <Button
        icon={icon}
        aria-label={t(`tool.${key}`)}
        aria-pressed={pressed}
        type={pressed ? "primary" : "default"}
        ghost={pressed}
        disabled={!able}
        onClick={on[key]}
      />
    </Tooltip>
  );
  return (
    <div className="editor-tools" role="toolbar" aria-label={t("tools")}>
      <Switcher name={props.name} />
      <State head={head} dirty={dirty} mayEdit={mayEdit} />
      <Space.Compact>
        {tool("undo", <UndoOutlined aria-hidden />, mayEdit && props.canUndo)}
        {tool("redo", <RedoOutlined aria-hidden />, mayEdit && props.canRedo)}
        {tool("copy", <CopyOutlined aria-hidden />, props.selected > 0)}
        {tool("paste", <SnippetsOutlined aria-hidden />, mayEdit)}
        {tool("remove", <DeleteOutlined aria-hidden />, mayEdit && props.selected > 0)}
        {tool("arrange", <ApartmentOutlined aria-hidden />, mayEdit)}
      </Space.Compact>
      <Space.Compact>
        {tool("yaml", <CodeOutlined aria-hidden />, true, props.yaml)}
        {tool("settings", <SettingOutlined aria-hidden />, true)}
      </Space.Compact>
      <span className="editor-space" />
      <Space size={6} wrap>
        <Button
          type="primary"
          icon={<SaveOutlined aria-hidden />}
          loading={busy}
          disabled={!mayEdit || (!dirty && head !== null)}
          onClick={on.save}
        >
          {t("tool.save")}
        </Button>
        <Button icon={<CloudUploadOutlined aria-hidden />} disabled={!mayEdit || busy} onClick={on.publish}>
          {t("tool.publish")}
        </Button>
        {head?.published != null && (
          <Button icon={<DisconnectOutlined aria-hidden />} disabled={!mayEdit || busy} onClick={on.offline}>
            {t("tool.offline")}
          </Button>
        )}
        <Button
          icon={<PlayCircleOutlined aria-hidden />}
          disabled={!props.mayRun || head?.published == null}
          onClick={on.run}
          title={head?.published == null ? t("publishFirst") : undefined}
        >
          {t("tool.run")}
        </Button>
      </Space>
    </div>
  );
}

function State({ head, dirty, mayEdit }: Pick<ToolbarProps, "head" | "dirty" | "mayEdit">) {
  const { t } = useTranslation("editor");
  return (
    <span className="editor-state" role="status">
      {head === null ? (
        <Tag>{t("state.new")}</Tag>
      ) : head.published ? (
        <Tag icon={<LookIcon look="successful" />}>{t("state.published", { version: head.published })}</Tag>
      ) : (
        <Tag>{t("state.offline")}</Tag>
      )}
      {!mayEdit && <Tag icon={<EyeOutlined aria-hidden />}>{t("state.seen")}</Tag>}
      {dirty && <Tag icon={<EditOutlined aria-hidden />}>{t("state.dirty")}</Tag>}
    </span>
  );
}

/** Another workflow in two clicks. */
function Switcher({ name }: { name: string }) {
  const { t } = useTranslation("editor");
  const navigate = useNavigate();
  const [search, setSearch] = useState("");
  const found = useQuery({
    queryKey: ["workflows", "switch", search],
    queryFn: ({ signal }) => get<Page<Workflow>>(`/workflows${query({ search, size: 50 })}`, signal),
  });
  return (
    <Select
      className="editor-switch"
      showSearch={{ filterOption: false, onSearch: setSearch }}
      aria-label={t("switch")}
      value={name}
      popupMatchSelectWidth={320}
      options={found.data?.items.map((each) => ({ value: each.name, label: each.name }))}
      onChange={(to: string) => navigate(workflowPath(to, "/edit"))}
    />
  );
}
