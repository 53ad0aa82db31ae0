// Paths and their pages. A page's code is loaded when it is first opened.
import { Spin } from "antd";
import { createBrowserRouter, type RouteObject } from "react-router";
import { call } from "@/api/client";
import { LEAVING } from "@/api/session";
import { Fault } from "@/parts/Fault";
import { Shell } from "@/shell/Shell";

type Loader = () => Promise<{ default: React.ComponentType }>;

const page = (path: string, load: Loader): RouteObject => ({
  path,
  lazy: async () => ({ Component: (await load()).default }),
  errorElement: <Fault />,
  hydrateFallbackElement: <Spin fullscreen />,
});

export const router = createBrowserRouter([
  { ...page("/sign-in", () => import("@/pages/sign-in")), loader: signOut } as RouteObject,
  {
    path: "/",
    element: <Shell />,
    hydrateFallbackElement: <Spin fullscreen />,
    errorElement: <Fault />,
    children: [
      { index: true, ...page("", () => import("@/pages/home")), path: undefined },
      page("workflows", () => import("@/pages/workflows/list")),
      page("workflows/:name", () => import("@/pages/workflows/detail")),
      page("workflows/:name/edit", () => import("@/pages/workflows/editor")),
      page("runs", () => import("@/pages/runs/list")),
      page("runs/:id", () => import("@/pages/runs/detail")),
      page("resources/:kind?", () => import("@/pages/resources")),
      page("admin/:kind?", () => import("@/pages/admin")),
      page("*", () => import("@/pages/missing")),
    ],
  } as RouteObject,
]);

/** Whoever signs out goes to the sign-in page; on the way there, once unsaved work has let them go, the session ends. */
async function signOut(): Promise<null> {
  await Promise.resolve(); // the first page is asked for while the router is being made
  if (router.state.navigation.location?.state === LEAVING)
    await call("DELETE", "/session").catch(() => undefined);
  return null;
}
