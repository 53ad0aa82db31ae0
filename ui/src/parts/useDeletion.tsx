import { DeleteOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import type { RowAct } from "./RowActs";
import { useAct, useAsk } from "./useAct";

/** The act that deletes one of a list for good, once that is confirmed; `what` says what goes with it. */
export function useDeletion(list: string, what: (name: string) => string) {
  const { t } = useTranslation();
  const { act } = useAct();
  const ask = useAsk();
  const remove = async (path: string, name: string) => {
    if (!(await ask(t("delete.title"), what(name), t("action.delete")))) return;
    await act({ do: () => call("DELETE", path), said: t("delete.said", { name }), stale: [list] });
  };
  return (path: string, name: string): RowAct => ({
    name: t("action.delete"),
    icon: <DeleteOutlined aria-hidden />,
    danger: true,
    do: () => remove(path, name),
  });
}
