import { Alert, Modal, Typography } from "antd";
import { useTranslation } from "react-i18next";
import "./parts.css";

/** Something that is shown only this once, to be copied now. */
export function Once({ title, text, onClose }: { title: string; text: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      onOk={onClose}
      okText={t("once.done")}
      cancelButtonProps={{ hidden: true }}
      mask={{ closable: false }}
    >
      <Alert type="warning" showIcon title={t("once.warning")} />
      <Typography.Paragraph className="code once" copyable={{ text, tooltips: false }}>
        {text}
      </Typography.Paragraph>
    </Modal>
  );
}
