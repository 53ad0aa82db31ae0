import { DownOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

interface BulkMenuProps<V extends string> {
  /** How many are chosen; where none is, there is no menu. */
  count: number;
  verbs: { key: V; icon: ReactNode; label: string; danger?: boolean }[];
  dialog: (verb: V, onClose: (done: boolean) => void) => ReactNode;
  /** The list that is read anew afterwards. */
  list: string;
  onDone: () => void;
}

/** One verb for all that are chosen; its dialog says which of them it will hit before anything happens. */
export function BulkMenu<V extends string>({ count, verbs, dialog, list, onDone }: BulkMenuProps<V>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [verb, setVerb] = useState<V | null>(null);
  const opener = useRef<HTMLButtonElement>(null); // the menu's item, which had the focus, is gone
  if (!count) return null;
  const close = (done: boolean) => {
    setVerb(null);
    requestAnimationFrame(() => opener.current?.focus()); // once the dialog is gone
    if (!done) return;
    onDone();
    void client.invalidateQueries({ queryKey: [list] });
  };
  return (
    <>
      <Dropdown trigger={["click"]} menu={{ items: verbs, onClick: ({ key }) => setVerb(key as V) }}>
        <Button ref={opener}>
          {t("bulk.button", { count })} <DownOutlined aria-hidden />
        </Button>
      </Dropdown>
      {verb && dialog(verb, close)}
    </>
  );
}
