import { DownOutlined, EllipsisOutlined, SwapRightOutlined } from "@ant-design/icons";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import en from "antd/locale/en_US";
import zh from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router";
import { ApiError, SIGNED_OUT } from "@/api/client";
import { SESSION } from "@/api/session";
import { router } from "@/router";
import { useMode } from "@/theme/mode";
import { tokens } from "@/theme/tokens";

const FEW = 2;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (count, error) => count < FEW && !(error instanceof ApiError && error.status < 500),
    },
  },
});

/** All that every page needs around it. */
export function App() {
  const { t, i18n } = useTranslation();
  const dark = useMode((store) => store.dark);
  const chinese = i18n.language === "zh-CN";
  dayjs.locale(chinese ? "zh-cn" : "en");
  useEffect(() => {
    const leave = () => {
      if (client.getQueryData(SESSION)) return; // somebody is at work: the frame asks to sign in again
      if (window.location.pathname !== "/sign-in") {
        const next = window.location.pathname + window.location.search;
        void router.navigate(`/sign-in?next=${encodeURIComponent(next)}`);
      }
    };
    window.addEventListener(SIGNED_OUT, leave);
    return () => window.removeEventListener(SIGNED_OUT, leave);
  }, []);
  return (
    <ConfigProvider
      locale={chinese ? zh : en}
      theme={tokens(dark)}
      button={{ autoInsertSpace: false }} // else a button of two Chinese characters has another name
      // antd's own icons have their English names
      tabs={{ moreIcon: <EllipsisOutlined aria-label={t("action.more")} /> }}
      select={{ suffixIcon: <DownOutlined aria-hidden /> }}
      rangePicker={{ separator: <SwapRightOutlined aria-hidden /> }}
    >
      <AntApp component={false}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
