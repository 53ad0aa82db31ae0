// Where one can go: the main places, and what is inside two of them. The pages themselves load later.

interface Inside {
  key: string;
  /** Who may not, does not see it. */
  permission?: string;
}

export const RESOURCES = [
  { key: "targets", permission: "TARGET_VIEWER" },
  { key: "connections", permission: "RESOURCE_VIEWER" },
  { key: "secrets", permission: "RESOURCE_VIEWER" },
  { key: "channels", permission: "RESOURCE_VIEWER" },
] as const satisfies readonly Inside[];

export const ADMIN = [
  { key: "users", permission: "USER_ADMIN" },
  { key: "roles" },
  { key: "tenants", permission: "TENANT_ADMIN" },
  { key: "tokens" },
  { key: "alarms", permission: "TASK_VIEWER" },
  { key: "audit", permission: "AUDIT_VIEWER" },
  { key: "licence", permission: "TENANT_ADMIN" },
  { key: "health", permission: "SYSTEM_VIEWER" },
  { key: "account" },
] as const satisfies readonly Inside[];

interface Destination {
  path: string;
  /** The keys of its texts, from the general to the particular: `space:key`. */
  names: string[];
  permission?: string;
}

/** Every page that has an address of its own, in the order of the navigation. */
export const DESTINATIONS: readonly Destination[] = [
  { path: "/", names: ["common:place.home"] },
  { path: "/workflows", names: ["common:place.workflows"] },
  { path: "/runs", names: ["common:place.runs"] },
  ...within("resources", RESOURCES),
  ...within("admin", ADMIN),
];

function within(place: string, inside: readonly Inside[]): Destination[] {
  return inside.map(({ key, permission }) => ({
    path: `/${place}/${key}`,
    names: [`common:place.${place}`, `${place}:tab.${key}`],
    permission,
  }));
}
