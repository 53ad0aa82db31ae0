import { type ThemeConfig, theme } from "antd";

const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif';

/** antd's theme; contrasts of at least 4.5:1 in both modes. */
export function tokens(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      fontFamily: FONT,
      colorPrimary: dark ? "#4a9cf0" : "#0b5cad",
      colorError: dark ? "#ff7a75" : "#c62f35",
      colorLink: dark ? "#6db3f8" : "#0b5cad",
      colorTextPlaceholder: dark ? "#9aa4b0" : "#6b7480",
      colorTextDescription: dark ? "#a9b3bf" : "#5b6470",
      colorTextTertiary: dark ? "#a9b3bf" : "#5b6470",
      borderRadius: 6,
      // Without animations popups would wait for the end of one that never comes.
      motion: !window.matchMedia?.("(prefers-reduced-motion: reduce)").matches,
      fontSize: 14,
      ...(dark ? { colorBgContainer: "#15191f", colorBgElevated: "#1c222a" } : {}),
    },
    components: {
      // Dark mode's colours are light ones: white upon them could not be read.
      Button: dark ? { primaryColor: "#0c1116", dangerColor: "#0c1116" } : {},
      Layout: {
        bodyBg: dark ? "#0e1217" : "#f4f6f9",
        headerBg: dark ? "#15191f" : "#ffffff",
        siderBg: dark ? "#15191f" : "#ffffff",
      },
      Menu: { itemBg: "transparent", subMenuItemBg: "transparent" },
      Table: {
        cellPaddingBlock: 10,
        ...(dark ? { rowSelectedBg: "#132232", rowSelectedHoverBg: "#18293b" } : {}),
      },
    },
  };
}
