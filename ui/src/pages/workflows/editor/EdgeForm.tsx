import { DeleteOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { EdgeName, Raw } from "./document";
import { ChoiceField, Fields } from "./fields";

interface EdgeFormProps {
  edge: EdgeName;
  nodes: ReadonlyMap<string, Raw>;
  readOnly: boolean;
  onCase: (branch: string | undefined) => void;
  onRemove: () => void;
}

/** An edge: from where to where, and along which branch of a decision. */
export function EdgeForm({ edge, nodes, readOnly, onCase, onRemove }: EdgeFormProps) {
  const { t } = useTranslation("editor");
  const source = nodes.get(edge.source);
  const cases = Array.isArray(source?.cases) ? (source.cases as { name?: string }[]) : [];
  return (
    <Fields readOnly={readOnly}>
      <h2>{t("edge")}</h2>
      <p>
        <code>{edge.source}</code> → <code>{edge.target}</code>
      </p>
      {source?.kind === "decision" && (
        <ChoiceField
          label={t("field.case")}
          value={edge.case}
          options={cases.flatMap((each) => (each?.name ? [{ value: each.name }] : []))}
          onChange={onCase}
        />
      )}
      <Button danger icon={<DeleteOutlined aria-hidden />} disabled={readOnly} onClick={onRemove}>
        {t("tool.remove")}
      </Button>
    </Fields>
  );
}
