import { App } from "antd";
import { useTranslation } from "react-i18next";
import { ApiError, ENDED } from "@/api/client";
import { ErrorNote } from "@/parts/Fault";
import type { Stored, useStored } from "./useStored";

interface Saving {
  name: string;
  source: ReturnType<typeof useStored>;
  stored: Stored;
  text: string;
  dirty: boolean;
  onConflict: () => void;
}

/** Saving, publishing and taking offline; what the server refuses is shown, an edit by others leads to the choice. */
export function useSaving({ name, source, stored, text, dirty, onConflict }: Saving) {
  const { t } = useTranslation("editor");
  const { modal, message } = App.useApp();
  const refused = (error: unknown) => {
    if (error instanceof ApiError && error.status === 412) onConflict();
    else if (!(error instanceof ApiError && error.code === ENDED))
      modal.error({ title: t("refused"), content: <ErrorNote error={error} />, icon: null, width: 560 });
  };
  const save = async (etag = stored.etag): Promise<boolean> => {
    try {
      await source.save.mutateAsync({ text, etag });
      void message.success(t("saved"));
      return true;
    } catch (error) {
      refused(error);
      return false;
    }
  };
  const publish = async () => {
    if ((dirty || source.head === null) && !(await save())) return;
    await source.act.mutateAsync("publish").then(() => void message.success(t("published")), refused);
  };
  const offline = () =>
    modal.confirm({
      title: t("askOffline", { name }),
      content: t("aboutOffline"),
      onOk: () => source.act.mutateAsync("offline").catch(refused),
    });
  return { save, publish, offline };
}
