import { Places, type Tab } from "@/parts/Places";
import { Channels } from "./channels";
import { Connections } from "./connections";
import { Secrets } from "./secrets";
import { Targets } from "./targets";

const TABS: Tab[] = [
  { key: "targets", permission: "TARGET_VIEWER", page: Targets },
  { key: "connections", permission: "RESOURCE_VIEWER", page: Connections },
  { key: "secrets", permission: "RESOURCE_VIEWER", page: Secrets },
  { key: "channels", permission: "RESOURCE_VIEWER", page: Channels },
];

/** What workflows work with: targets, connections, secrets, channels. */
export default function Resources() {
  return <Places base="/resources" space="resources" tabs={TABS} />;
}
