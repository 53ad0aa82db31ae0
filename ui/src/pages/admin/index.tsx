import { Places, type Tab } from "@/parts/Places";
import { Account } from "./account";
import { Alarms } from "./alarms";
import { Audit } from "./audit";
import { Health } from "./health";
import { Licence } from "./licence";
import { Roles } from "./roles";
import { Tenants } from "./tenants";
import { Tokens } from "./tokens";
import { Users } from "./users";

const TABS: Tab[] = [
  { key: "users", permission: "USER_ADMIN", page: Users },
  { key: "roles", page: Roles },
  { key: "tenants", permission: "TENANT_ADMIN", page: Tenants },
  { key: "tokens", page: Tokens },
  { key: "alarms", permission: "TASK_VIEWER", page: Alarms },
  { key: "audit", permission: "AUDIT_VIEWER", page: Audit },
  { key: "licence", permission: "TENANT_ADMIN", page: Licence },
  { key: "health", permission: "SYSTEM_VIEWER", page: Health },
  { key: "account", page: Account },
];

/** Who may do what, what was told and changed, and how the system does. */
export default function Admin() {
  return <Places base="/admin" space="admin" tabs={TABS} />;
}
