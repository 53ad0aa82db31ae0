import { Button } from "antd";
import type { ReactNode } from "react";
import "./marks.css";

export interface RowAct {
  name: string;
  icon: ReactNode;
  danger?: boolean;
  off?: boolean;
  do: () => unknown;
}

/** What can be done with one row; each is named with the row it belongs to. */
export function RowActs({ of, acts }: { of: string; acts: RowAct[] }) {
  return (
    <span className="row-acts">
      {acts.map((act) => (
        <Button
          key={act.name}
          type="text"
          size="small"
          icon={act.icon}
          danger={act.danger}
          disabled={act.off}
          aria-label={`${act.name} ${of}`}
          onClick={() => void act.do()}
        >
          {act.name}
        </Button>
      ))}
    </span>
  );
}
