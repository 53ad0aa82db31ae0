import { useTranslation } from "react-i18next";
import type { Run } from "@/api/shapes";
import { LookIcon, LookMark } from "@/graph/LookMark";
import { lookOf } from "@/graph/looks";

/** How a run stands: where it goes on only when people have done something, what that is. */
export function RunLook({ run }: { run: Run }) {
  const { t } = useTranslation(["runs", "graph"]);
  const look = lookOf(run);
  const note = noted(run) ? t(`operation.${run.operation}`) : null;
  if (look !== "waiting") return <LookMark look={look} note={note} />;
  return (
    <span className="look" data-look={look}>
      <LookIcon look={look} />
      <span>
        {t(`graph:wait.${run.wait}`)}
        {note ? ` · ${note}` : ""}
      </span>
    </span>
  );
}

/** Whether what is done with a run says more than its status. */
function noted({ operation, status }: Run): boolean {
  return operation !== "EXECUTE" && !(operation === "CANCEL" && status === "CANCELED");
}
