import { Alert, App, Modal, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import "./parts.css";
import { useFocusBack } from "./useFocusBack";

/** Something that is shown only this once, to be copied now. */
export function Once(props: { title: string; onClose: () => void; children: ReactNode }) {
  useFocusBack();
  const { t } = useTranslation();
  return (
    <Modal
      open
      width={680}
      title={props.title}
      onCancel={props.onClose}
      onOk={props.onClose}
      okText={t("once.done")}
      cancelButtonProps={{ hidden: true }}
      mask={{ closable: false }}
      keyboard={false} // a key too many would take away what nobody sees again
    >
      <Alert type="warning" showIcon title={t("once.warning")} />
      {props.children}
    </Modal>
  );
}

/** A text with a button that copies it. */
export function Copyable({ text }: { text: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const onCopy = () => void message.success(t("once.copied"));
  return (
    <Typography.Paragraph className="mono once" copyable={{ text, tooltips: false, onCopy }}>
      {text}
    </Typography.Paragraph>
  );
}
