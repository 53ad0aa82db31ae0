import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchField } from "@/parts/SearchField";
import type { GraphNode } from "./model";
import { KindIcon } from "./NodeBox";

const ROW = 36;

interface NodeListProps {
  nodes: readonly GraphNode[];
  selected: ReadonlySet<string>;
  onSelect: (id: string) => void;
  /** What stands at the end of a row. */
  mark?: (id: string) => ReactNode;
}

/** The nodes as a list: for keyboards and screen readers, and to find one among thousands. */
export function NodeList({ nodes, selected, onSelect, mark }: NodeListProps) {
  const { t } = useTranslation("graph");
  const [wanted, setWanted] = useState("");
  const frame = useRef<HTMLDivElement>(null);
  const found = useMemo(() => {
    const text = wanted.trim().toLowerCase();
    return text
      ? nodes.filter((node) => `${node.name} ${node.id} ${node.detail ?? ""}`.toLowerCase().includes(text))
      : nodes;
  }, [nodes, wanted]);
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  return (
    <div className="node-list">
      <SearchField
        label={t("findNode")}
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        onSearch={() => found[0] && onSelect(found[0].id)}
      />
      <div ref={frame} className="node-list-rows" role="listbox" aria-label={t("nodes")} tabIndex={-1}>
        <div style={{ height: rows.getTotalSize(), position: "relative" }} role="presentation">
          {rows.getVirtualItems().map((row) => {
            const node = found[row.index];
            if (!node) return null;
            return (
              <button
                type="button"
                key={node.id}
                role="option"
                aria-selected={selected.has(node.id)}
                className="node-list-row"
                style={{ position: "absolute", top: row.start, left: 0 }}
                onClick={() => onSelect(node.id)}
              >
                <KindIcon kind={node.kind} />
                <span className="node-list-name" title={node.name}>
                  {node.name}
                </span>
                {mark?.(node.id)}
              </button>
            );
          })}
        </div>
      </div>
      <small className="node-list-count">{t("count", { shown: found.length, all: nodes.length })}</small>
    </div>
  );
}
