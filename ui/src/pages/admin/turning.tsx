import { CheckCircleOutlined, StopOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import type { RowAct } from "@/parts/RowActs";
import { StateMark } from "@/parts/StateMark";
import { useAct, useAsk } from "@/parts/useAct";

/** A user or a tenant: neither is ever deleted, both can be disabled and enabled again. */
interface Turned {
  id: number;
  name: string;
  disabled: boolean;
}

export function Active({ of }: { of: Turned }) {
  const { t } = useTranslation("admin");
  return (
    <StateMark tone={of.disabled ? "off" : "good"}>
      {t(of.disabled ? "state.disabled" : "state.active")}
    </StateMark>
  );
}

/** The act that disables a row, once that is confirmed, or enables it; `needed` is never disabled. */
export function useTurning(list: "users" | "tenants") {
  const { t } = useTranslation("admin");
  const { act } = useAct();
  const ask = useAsk();
  const turn = async ({ id, name, disabled }: Turned) => {
    const what = t(`${list}.disableWhat`, { name });
    if (!disabled && !(await ask(t(`${list}.disableTitle`), what, t("act.disable")))) return;
    await act({
      do: () => call("PATCH", `/${list}/${id}`, { body: { disabled: !disabled } }),
      said: t(`${list}.${disabled ? "enabled" : "disabled"}`, { name }),
      stale: [list],
    });
  };
  return (row: Turned, needed: boolean): RowAct =>
    row.disabled
      ? { name: t("act.enable"), icon: <CheckCircleOutlined aria-hidden />, do: () => turn(row) }
      : {
          name: t("act.disable"),
          icon: <StopOutlined aria-hidden />,
          danger: true,
          off: needed,
          do: () => turn(row),
        };
}
