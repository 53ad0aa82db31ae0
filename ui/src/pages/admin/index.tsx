import type { ComponentType } from "react";
import { Places } from "@/parts/Places";
import { ADMIN } from "@/shell/places";
import { Account } from "./account";
import { Alarms } from "./alarms";
import { Audit } from "./audit";
import { Health } from "./health";
import { Licence } from "./licence";
import { Roles } from "./roles";
import { Tenants } from "./tenants";
import { Tokens } from "./tokens";
import { Users } from "./users";

const PAGES: Record<(typeof ADMIN)[number]["key"], ComponentType> = {
  users: Users,
  roles: Roles,
  tenants: Tenants,
  tokens: Tokens,
  alarms: Alarms,
  audit: Audit,
  licence: Licence,
  health: Health,
  account: Account,
};
const TABS = ADMIN.map((tab) => ({ ...tab, page: PAGES[tab.key] }));

/** Who may do what, what was told and changed, and how the system does. */
export default function Admin() {
  return <Places base="/admin" space="admin" tabs={TABS} />;
}
