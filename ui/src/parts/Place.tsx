import { type ReactNode, useEffect } from "react";
import "./parts.css";

/** A page's frame: what it is, what can be done, and what is there. */
export function Place(props: { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const { title, lead, actions, children } = props;
  useEffect(() => {
    document.title = `${title} – Headrace`;
  }, [title]);
  return (
    <div className="place">
      <div className="place-head">
        <div>
          <h1>{title}</h1>
          {lead && <div className="place-lead">{lead}</div>}
        </div>
        {actions && <div className="place-actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
