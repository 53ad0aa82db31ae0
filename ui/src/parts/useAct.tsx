import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, ENDED } from "@/api/client";
import { ErrorNote } from "./Fault";

interface Deed<T> {
  do: () => Promise<T>;
  /** What is said when it is done. */
  said?: string;
  /** Lists, or queries by their whole keys, that are read anew afterwards: also what is refused may tell that
   * they were old. */
  stale?: (string | string[])[];
}

/** Carries something out: says that it is done, or shows the server's own words why not. */
export function useAct() {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async <T,>(deed: Deed<T>): Promise<T | undefined> => {
    setBusy(true);
    try {
      const answer = await deed.do();
      if (deed.said) void message.success(deed.said);
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError && error.code === ENDED))
        modal.error({ title: t("error.title"), content: <ErrorNote error={error} />, width: 560 });
      return undefined;
    } finally {
      const stale = (deed.stale ?? []).map((key) => [key].flat());
      await Promise.all(stale.map((queryKey) => client.invalidateQueries({ queryKey })));
      setBusy(false);
    }
  };
  return { act, busy };
}

/** Asks before something that cannot be taken back, and names what it hits. */
export function useAsk() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  return (title: string, content: string, ok: string) =>
    new Promise<boolean>((resolve) => {
      modal.confirm({
        title,
        content,
        okText: ok,
        okButtonProps: { danger: true },
        cancelText: t("action.cancel"),
        onOk: () => resolve(true),
        onCancel: () => resolve(false),
      });
    });
}
