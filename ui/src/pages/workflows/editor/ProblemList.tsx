import { CheckCircleOutlined, CloseCircleFilled } from "@ant-design/icons";
import { Spin } from "antd";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/client";
import { nodeOf } from "./useCheck";

interface ProblemListProps {
  problems: Problem[] | undefined;
  value: unknown;
  onSelect: (id: string) => void;
}

/** Everything that is wrong, each with its place; those of a node lead there. */
export function ProblemList({ problems, value, onSelect }: ProblemListProps) {
  const { t } = useTranslation("editor");
  if (!problems) return <Spin size="small" aria-label={t("checking")} />;
  if (!problems.length)
    return (
      <p className="problem-none">
        <CheckCircleOutlined aria-hidden /> {t("noProblems")}
      </p>
    );
  return (
    <ul className="problems">
      {problems.map((problem, index) => {
        const id = nodeOf(problem, value);
        const text = (
          <>
            <CloseCircleFilled className="problem-sign" aria-hidden />
            <span>
              {problem.message}
              {problem.path && <code>{problem.path}</code>}
            </span>
          </>
        );
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two problems may say the same of one place
          <li key={index}>
            {id ? (
              <button type="button" onClick={() => onSelect(id)}>
                {text}
              </button>
            ) : (
              <span className="problem-plain">{text}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
