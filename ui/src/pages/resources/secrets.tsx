import { EditOutlined } from "@ant-design/icons";
import { Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import { pathOf } from "@/api/paths";
import { useMay } from "@/api/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { Listing } from "@/parts/Listing";
import { NewButton } from "@/parts/NewButton";
import { RowActs } from "@/parts/RowActs";
import { useDeletion } from "@/parts/useDeletion";
import { When } from "@/parts/When";
import { NameField } from "./NameField";

interface Secret {
  name: string;
  description: string;
  updatedAt: string;
  updatedBy: string;
}

/** Values that steps use and nobody reads. */
export function Secrets() {
  const { t } = useTranslation("resources");
  const [edited, setEdited] = useState<Secret | "new" | null>(null);
  const may = useMay("RESOURCE_EDITOR");
  const deletion = useDeletion("secrets", (name) => t("secrets.deleteWhat", { name }));
  const acts = (row: Secret) => [
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => setEdited(row) },
    deletion(pathOf("secrets", row.name), row.name),
  ];
  return (
    <>
      <p className="hint">{t("secrets.hint")}</p>
      <Listing<Secret>
        name="secrets"
        rowKey="name"
        search={t("search")}
        empty={t("secrets.empty")}
        tools={may && <NewButton onClick={() => setEdited("new")}>{t("secrets.new")}</NewButton>}
        acts={may && ((row) => <RowActs of={row.name} acts={acts(row)} />)}
        columns={[
          { title: t("col.name"), dataIndex: "name" },
          { title: t("col.description"), dataIndex: "description", ellipsis: true },
          { title: t("col.updatedBy"), dataIndex: "updatedBy" },
          { title: t("col.updatedAt"), key: "at", render: (_, row) => <When at={row.updatedAt} /> },
        ]}
      />
      {edited && <SecretForm of={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

interface Given {
  name: string;
  value?: string;
  description?: string;
}

function SecretForm({ of, onClose }: { of: Secret | "new"; onClose: () => void }) {
  const { t } = useTranslation("resources");
  const old = of === "new" ? null : of;
  const save = ({ name, value, description }: Given) =>
    call("PUT", pathOf("secrets", old?.name ?? name), {
      body: { ...(value ? { value } : {}), description: description ?? "" },
    });
  return (
    <FormDrawer<Given>
      title={old ? t("secrets.editTitle", { name: old.name }) : t("secrets.new")}
      initial={{ description: old?.description }}
      save={save}
      said={t("said.saved")}
      stale={["secrets"]}
      onClose={onClose}
    >
      {!old && <NameField />}
      <Form.Item
        name="value"
        label={t("secrets.value")}
        extra={old ? t("secrets.keep") : t("secrets.size")}
        rules={[{ required: !old, message: t("secrets.valueNeeded") }]}
      >
        <Input.TextArea rows={4} className="json" autoComplete="off" spellCheck={false} />
      </Form.Item>
      <Form.Item name="description" label={t("col.description")}>
        <Input />
      </Form.Item>
    </FormDrawer>
  );
}
