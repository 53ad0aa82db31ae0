import { Form, Input, Modal } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { stringify } from "yaml";
import { call } from "@/api/client";
import { workflowPath } from "@/api/paths";
import { ErrorNote } from "@/parts/Fault";
import { useAttempt } from "@/parts/useAttempt";
import { useFocusBack } from "@/parts/useFocusBack";
import { create } from "./work";

interface Given {
  name: string;
  remark?: string;
}

/** Asks for the name of a new workflow, empty or a copy of another; then it is opened in the editor. */
export function NameDialog({ copyOf, onClose }: { copyOf?: string; onClose: () => void }) {
  useFocusBack();
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const [form] = Form.useForm<Given>();
  const { busy, error, attempt } = useAttempt();
  const make = ({ name, remark }: Given) =>
    attempt(async () => {
      if (copyOf) await call("POST", workflowPath(copyOf, "/copy"), { body: { name } });
      else await create(name, stringify(blank(name, remark ?? "")));
      navigate(workflowPath(name, "/edit"));
    });
  return (
    <Modal
      open
      title={copyOf ? t("copyOf", { name: copyOf }) : t("create")}
      okText={t("createAndOpen")}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterOpenChange={(shown) => shown && form.focusField("name")}
    >
      <Form<Given> form={form} layout="vertical" requiredMark={false} onFinish={(given) => void make(given)}>
        <Form.Item
          name="name"
          label={t("column.name")}
          rules={[{ required: true, message: t("nameNeeded") }]}
        >
          <Input autoFocus maxLength={128} />
        </Form.Item>
        {!copyOf && (
          <Form.Item name="remark" label={t("column.remark")}>
            <Input.TextArea rows={2} maxLength={2000} />
          </Form.Item>
        )}
      </Form>
      {error !== null && <ErrorNote error={error} />}
    </Modal>
  );
}

const blank = (name: string, remark: string) => ({
  apiVersion: "headrace/v1",
  kind: "Workflow",
  metadata: remark ? { name, remark } : { name },
  spec: { nodes: [] },
});
