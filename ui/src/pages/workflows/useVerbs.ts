import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import { workflowPath } from "@/api/paths";
import { useAct, useAsk } from "@/parts/useAct";

const STALE = ["workflow", "workflows", "schedules"];

/** What is done with one workflow as a whole; what takes something away asks first. */
export function useVerbs(name: string) {
  const { t } = useTranslation("workflows");
  const { act, busy } = useAct();
  const ask = useAsk();
  const verb = (which: "publish" | "offline") =>
    act({
      do: () => call("POST", workflowPath(name, `/${which}`)),
      said: t(`did.${which}`, { name }),
      stale: STALE,
    });
  const publish = () => verb("publish");
  const offline = async () => {
    if (await ask(t("ask.offline", { name }), t("ask.offlineWhat"), t("verb.offline"))) await verb("offline");
  };
  const remove = async () => {
    if (!(await ask(t("ask.delete", { name }), t("ask.deleteWhat"), t("verb.delete")))) return;
    const path = workflowPath(name);
    await act({ do: () => call("DELETE", path), said: t("did.delete", { name }), stale: ["workflows"] });
  };
  return { publish, offline, remove, act, busy };
}
