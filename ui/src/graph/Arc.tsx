import { BaseEdge, type Edge, type EdgeProps, getBezierPath } from "@xyflow/react";
import { memo } from "react";
import { fitted } from "./label";
import { pathOf, type Route } from "./route";

export type ArcEdge = Edge<{ case?: string; route?: Route }, "arc">;

const NEAR = 8; // pixels between a handle and its node's side, at most

/** An edge; a branch of a decision carries its name. */
export const Arc = memo(function Arc(props: EdgeProps<ArcEdge>) {
  const route = props.data?.route;
  const [path, x, y] = getBezierPath(props);
  const holds = route && fits(route, props);
  const begin = { x: props.sourceX, y: props.sourceY };
  const end = { x: props.targetX, y: props.targetY };
  const label = props.data?.case;
  return (
    <BaseEdge
      id={props.id}
      path={holds && route.runs.length ? pathOf(begin, end, route.runs) : path}
      markerEnd={props.markerEnd}
      interactionWidth={18}
      label={label && holds ? <Label text={label} room={route.label.room} /> : label}
      labelX={holds ? route.label.x : x}
      labelY={holds ? route.label.y : y}
      labelShowBg
      labelBgPadding={[6, 3]}
      labelBgBorderRadius={4}
    />
  );
});

/** A route is of no use while one of its nodes is dragged elsewhere. */
function fits({ begin, end }: Route, props: EdgeProps<ArcEdge>): boolean {
  return (
    Math.abs(begin.x - props.sourceX) <= NEAR &&
    Math.abs(begin.y - props.sourceY) <= NEAR &&
    Math.abs(end.x - props.targetX) <= NEAR &&
    Math.abs(end.y - props.targetY) <= NEAR
  );
}

function Label({ text, room }: { text: string; room: number }) {
  const shown = fitted(text, room);
  return shown === text ? (
    text
  ) : (
    <>
      <title>{text}</title>
      {shown}
    </>
  );
}
