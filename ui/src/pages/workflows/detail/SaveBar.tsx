import { Button, Space } from "antd";
import { useTranslation } from "react-i18next";
import { useUnsaved } from "@/parts/unsaved";

interface SaveBarProps {
  changed: boolean;
  busy: boolean;
  may: boolean;
  onSave: (publish: boolean) => void;
  onReset: () => void;
}

/** What a form ends with: a change counts once it is published. */
export function SaveBar({ changed, busy, may, onSave, onReset }: SaveBarProps) {
  const { t } = useTranslation("workflows");
  useUnsaved(changed);
  return (
    <div className="save-bar">
      <Space wrap>
        <Button type="primary" disabled={!changed || !may} loading={busy} onClick={() => onSave(true)}>
          {t("save.publish")}
        </Button>
        <Button disabled={!changed || !may} loading={busy} onClick={() => onSave(false)}>
          {t("save.draft")}
        </Button>
        <Button type="text" disabled={!changed} onClick={onReset}>
          {t("save.reset")}
        </Button>
      </Space>
      <div className="quiet">{may ? t("save.about") : t("save.mayNot")}</div>
    </div>
  );
}
