import type { ComponentType } from "react";
import { Places } from "@/parts/Places";
import { RESOURCES } from "@/shell/places";
import { Channels } from "./channels";
import { Connections } from "./connections";
import { Secrets } from "./secrets";
import { Targets } from "./targets";

const PAGES: Record<(typeof RESOURCES)[number]["key"], ComponentType> = {
  targets: Targets,
  connections: Connections,
  secrets: Secrets,
  channels: Channels,
};
const TABS = RESOURCES.map((tab) => ({ ...tab, page: PAGES[tab.key] }));

/** What workflows work with: targets, connections, secrets, channels. */
export default function Resources() {
  return <Places base="/resources" space="resources" tabs={TABS} />;
}
