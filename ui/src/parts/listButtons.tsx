import { PlusOutlined } from "@ant-design/icons";
import { Templates } from "@rjsf/antd";
import type { IconButtonProps } from "@rjsf/utils";
import { Button } from "antd";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";

const WORDS = { RemoveButton: "remove", MoveUpButton: "up", MoveDownButton: "down" };

/** The form's buttons for the items of a list, named in the reader's language. */
export const listButtons = {
  AddButton: Add,
  ...Object.fromEntries(
    Object.entries(WORDS).map(([button, word]) => {
      const buttons = Templates.ButtonTemplates as Record<string, ComponentType<IconButtonProps>>;
      return [button, named(buttons[button] as ComponentType<IconButtonProps>, word)];
    }),
  ),
};

function named(Button: ComponentType<IconButtonProps>, word: string) {
  return function Named(props: IconButtonProps) {
    const name = useTranslation("workflows").t(`run.item.${word}`);
    return <Button {...props} title={name} aria-label={name} />;
  };
}

function Add({ id, disabled, onClick }: IconButtonProps) {
  const { t } = useTranslation("workflows");
  return (
    <Button
      id={id}
      block
      disabled={disabled}
      onClick={onClick as React.MouseEventHandler<HTMLElement>}
      icon={<PlusOutlined aria-hidden />}
    >
      {t("run.item.add")}
    </Button>
  );
}
