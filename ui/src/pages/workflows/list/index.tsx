import { EllipsisOutlined, ImportOutlined, PlayCircleOutlined } from "@ant-design/icons";
import { App, Button, Dropdown, type MenuProps, Space, Upload } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { workflowPath } from "@/api/paths";
import { useMay } from "@/api/session";
import type { Workflow } from "@/api/shapes";
import { ErrorNote } from "@/parts/Fault";
import { Listing, type ListingProps } from "@/parts/Listing";
import { NewButton } from "@/parts/NewButton";
import { Place } from "@/parts/Place";
import { RunDialog } from "@/parts/RunDialog";
import { When } from "@/parts/When";
import { useVerbs } from "../useVerbs";
import { Bulk } from "./Bulk";
import { NameDialog } from "./NameDialog";
import { State } from "./State";
import { download, readFile } from "./work";

const STATES = ["published", "offline"];

/** All workflows of the tenant; what is shown stands in the address. */
export default function Workflows() {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const editor = useMay("WORKFLOW_EDITOR");
  const [naming, setNaming] = useState<null | { copyOf?: string }>(null);
  const [running, setRunning] = useState<Workflow | null>(null);
  const [chosen, setChosen] = useState<Workflow[]>([]);
  return (
    <Place
      title={t("title")}
      lead={t("lead")}
      actions={
        editor && (
          <>
            <Import />
            <NewButton onClick={() => setNaming({})}>{t("create")}</NewButton>
          </>
        )
      }
    >
      <Listing<Workflow>
        name="workflows"
        rowKey="id"
        search={t("search")}
        tools={<Bulk chosen={chosen} onDone={() => setChosen([])} />}
        rowSelection={
          editor
            ? {
                selectedRowKeys: chosen.map((flow) => flow.id),
                preserveSelectedRowKeys: true,
                onChange: (_, flows) => setChosen(flows),
                getCheckboxProps: (flow) => ({ "aria-label": t("choose", { name: flow.name }) }) as object,
              }
            : undefined
        }
        acts={(flow) => (
          <Actions flow={flow} run={() => setRunning(flow)} copy={() => setNaming({ copyOf: flow.name })} />
        )}
        columns={useColumns()}
        empty={t("empty")}
      />
      {naming && <NameDialog {...naming} onClose={() => setNaming(null)} />}
      {running?.published && (
        <RunDialog
          name={running.name}
          version={running.published}
          onStarted={(id) => navigate(`/runs/${id}`)}
          onClose={() => setRunning(null)}
        />
      )}
    </Place>
  );
}

function useColumns(): ListingProps<Workflow>["columns"] {
  const { t } = useTranslation("workflows");
  return [
    {
      title: t("column.name"),
      key: "name",
      sorter: true,
      render: (_, flow) => (
        <div className="named">
          <Link to={workflowPath(flow.name)}>{flow.name}</Link>
          {flow.remark && (
            <div className="quiet" title={flow.remark}>
              {flow.remark}
            </div>
          )}
        </div>
      ),
    },
    {
      title: t("column.state"),
      key: "state",
      filters: STATES.map((value) => ({ value, text: t(`filter.${value}`) })),
      filterMultiple: false,
      render: (_, flow) => <State flow={flow} />,
    },
    { title: t("column.next"), key: "next", render: (_, flow) => <When at={flow.nextAt} /> },
    {
      title: t("column.changed"),
      key: "updatedAt",
      sorter: true,
      render: (_, flow) => (
        <>
          <When at={flow.updatedAt} ago /> <span className="quiet">{flow.updatedBy}</span>
        </>
      ),
    },
  ];
}

function Actions({ flow, run, copy }: { flow: Workflow; run: () => void; copy: () => void }) {
  const { t } = useTranslation("workflows");
  const { publish, offline, remove, act, busy } = useVerbs(flow.name);
  const [editor, manager] = [useMay("WORKFLOW_EDITOR"), useMay("TASK_MANAGER")];
  const items: MenuProps["items"] = [
    {
      key: "edit",
      label: <Link to={workflowPath(flow.name, "/edit")}>{t("verb.edit")}</Link>,
    },
    { key: "publish", label: t("verb.publish"), disabled: !editor, onClick: () => void publish() },
    {
      key: "offline",
      label: t("verb.offline"),
      disabled: !editor || flow.published === null,
      onClick: () => void offline(),
    },
    { key: "copy", label: t("verb.copy"), disabled: !editor, onClick: copy },
    { key: "export", label: t("verb.export"), onClick: () => void act({ do: () => download(flow.name) }) },
    { type: "divider" },
    { key: "delete", label: t("verb.delete"), danger: true, disabled: !editor, onClick: () => void remove() },
  ];
  return (
    <Space>
      <Button
        size="small"
        icon={<PlayCircleOutlined aria-hidden />}
        disabled={!manager || flow.published === null}
        title={flow.published === null ? t("run.needsPublish") : undefined}
        onClick={run}
      >
        {t("verb.run")}
      </Button>
      <Dropdown menu={{ items }} trigger={["click"]}>
        <Button
          size="small"
          icon={<EllipsisOutlined aria-hidden />}
          loading={busy}
          aria-label={t("verb.more", { name: flow.name })}
        />
      </Dropdown>
    </Space>
  );
}

/** Takes a YAML or JSON file; the workflow's name is the one in it. */
function Import() {
  const { t } = useTranslation("workflows");
  const { modal, message } = App.useApp();
  const navigate = useNavigate();
  const take = async (file: File) => {
    try {
      const name = await readFile(file);
      void message.success(t("did.import", { name }));
      navigate(workflowPath(name));
    } catch (error) {
      modal.error({
        title: t("importFailed", { name: file.name }),
        content: <ErrorNote error={error} />,
        width: 640,
      });
    }
  };
  return (
    <Upload
      accept=".yaml,.yml,.json"
      showUploadList={false}
      beforeUpload={(file) => {
        void take(file);
        return false;
      }}
    >
      <Button icon={<ImportOutlined aria-hidden />}>{t("import")}</Button>
    </Upload>
  );
}
