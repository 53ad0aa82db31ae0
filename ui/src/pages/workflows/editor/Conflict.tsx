import { yaml } from "@codemirror/lang-yaml";
import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { oneDark } from "@codemirror/theme-one-dark";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useQuery } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/client";
import { workflowPath } from "@/api/paths";
import type { Workflow } from "@/api/shapes";
import { ErrorNote } from "@/parts/Fault";
import { Pending } from "@/parts/Pending";
import { instant } from "@/parts/time";
import { useFocusBack } from "@/parts/useFocusBack";
import { useMode } from "@/theme/mode";
import { usePhrases } from "./phrases";
import { readStored, type Stored } from "./useStored";

interface ConflictProps {
  name: string;
  mine: string;
  onOverwrite: (etag: string | null) => void;
  onAdopt: (stored: Stored) => void;
  onClose: () => void;
}

/** Somebody else has saved meanwhile: who, what differs, and whose it shall be. */
export function Conflict({ name, mine, onOverwrite, onAdopt, onClose }: ConflictProps) {
  useFocusBack();
  const { t, i18n } = useTranslation("editor");
  const theirs = useQuery({
    queryKey: ["workflow", name, "conflict"],
    queryFn: async () => ({
      stored: await readStored(name),
      head: await get<Workflow>(workflowPath(name)),
    }),
    staleTime: 0,
    gcTime: 0,
  });
  const found = theirs.data;
  return (
    <Modal
      open
      width="min(1100px, 94vw)"
      title={t("conflict.title")}
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>
          {t("conflict.later")}
        </Button>,
        <Button key="theirs" disabled={!found} onClick={() => found && onAdopt(found.stored)}>
          {t("conflict.theirs")}
        </Button>,
        <Button
          key="mine"
          danger
          type="primary"
          disabled={!found}
          onClick={() => found && onOverwrite(found.stored.etag)}
        >
          {t("conflict.mine")}
        </Button>,
      ]}
    >
      {theirs.error ? <ErrorNote error={theirs.error} /> : null}
      {!found && !theirs.error && <Pending />}
      {found && (
        <>
          <p>
            {t("conflict.who", {
              name: found.head.updatedBy,
              at: instant(found.head.updatedAt, i18n.language),
            })}
          </p>
          <div className="conflict-heads">
            <strong>{t("conflict.stored")}</strong>
            <strong>{t("conflict.yours")}</strong>
          </div>
          <Difference
            left={found.stored.text}
            right={mine}
            names={[t("conflict.stored"), t("conflict.yours")]}
          />
        </>
      )}
    </Modal>
  );
}

const named = (name: string) => EditorView.contentAttributes.of({ "aria-label": name });

/** Two texts side by side, what is the same folded away. */
export function Difference({ left, right, names }: { left: string; right: string; names: [string, string] }) {
  const [leftName, rightName] = names;
  const frame = useRef<HTMLDivElement>(null);
  const dark = useMode((store) => store.dark);
  const phrases = usePhrases();
  useEffect(() => {
    if (!frame.current) return;
    const extensions = [
      yaml(),
      lineNumbers(),
      EditorState.readOnly.of(true),
      EditorView.lineWrapping,
      phrases,
      ...(dark ? [oneDark] : []),
    ];
    const view = new MergeView({
      parent: frame.current,
      a: { doc: left, extensions: [...extensions, named(leftName)] },
      b: { doc: right, extensions: [...extensions, named(rightName)] },
      collapseUnchanged: { margin: 3, minSize: 6 },
    });
    return () => view.destroy();
  }, [left, right, leftName, rightName, dark, phrases]);
  return <div ref={frame} className="difference" />;
}
