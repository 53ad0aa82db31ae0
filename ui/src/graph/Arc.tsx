import { BaseEdge, type Edge, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";

export type ArcEdge = Edge<{ case?: string }, "arc">;

/** An edge; a branch of a decision carries its name. */
export const Arc = memo(function Arc(props: EdgeProps<ArcEdge>) {
  const [path, labelX, labelY] = getBezierPath(props);
  return (
    <BaseEdge
      id={props.id}
      path={path}
      markerEnd={props.markerEnd}
      interactionWidth={18}
      label={props.data?.case}
      labelX={labelX}
      labelY={labelY}
      labelShowBg
      labelBgPadding={[6, 3]}
      labelBgBorderRadius={4}
    />
  );
});
