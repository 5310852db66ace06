// The theme of the antd components, shared by the running console and by the tool that extracts their styles.
// Plain JavaScript because that tool runs it without a build step; types are in theme.d.mts.
import { theme } from "antd";

export const fontStack =
  '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif';

/** Sizes by density in percent; controls stay at least 24 px high for WCAG 2.5.8. */
const sizes = {
  100: { fontSize: 14, controlHeight: 32 },
  115: { fontSize: 16, controlHeight: 36 },
  130: { fontSize: 18, controlHeight: 42 },
};

const light = {
  colorPrimary: "#0b5c7d",
  colorInfo: "#0b5c7d",
  colorSuccess: "#1e7a46",
  colorWarning: "#9a5b00",
  colorError: "#b3261e",
  colorLink: "#0b5c7d",
  colorText: "#1b2730",
  colorTextSecondary: "#45545f",
  colorTextTertiary: "#5a6872",
  colorTextDescription: "#54626c",
  colorTextPlaceholder: "#64727c",
  colorBgLayout: "#eef1f3",
  colorBorder: "#b9c3ca",
  colorBorderSecondary: "#dbe1e5",
};

const dark = {
  colorPrimary: "#4aa8cc",
  colorInfo: "#4aa8cc",
  colorSuccess: "#5dbb84",
  colorWarning: "#e0a24a",
  colorError: "#f08078",
  colorLink: "#6cc0e0",
  colorText: "#e4eaee",
  colorTextSecondary: "#bac5cd",
  colorTextTertiary: "#9fadb6",
  colorTextDescription: "#a5b2bb",
  colorTextPlaceholder: "#93a1ab",
  colorTextLightSolid: "#0c1418",
  colorBgBase: "#141b20",
  colorBgLayout: "#10161a",
  colorBgContainer: "#182026",
  colorBgElevated: "#1f2930",
  colorBorder: "#45545f",
  colorBorderSecondary: "#2c3840",
};

/** @param {"light" | "dark"} mode @param {"100" | "115" | "130"} density */
export function themeFor(mode, density) {
  return {
    algorithm: mode === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    zeroRuntime: true,
    hashed: false,
    cssVar: { key: "shuniu", prefix: "ant" },
    token: {
      ...(mode === "dark" ? dark : light),
      ...sizes[density],
      fontFamily: fontStack,
      borderRadius: 4,
      wireframe: false,
    },
    components: {
      Table: { cellPaddingBlock: 8, cellPaddingInline: 10, headerBorderRadius: 0 },
      Layout: { siderBg: "transparent", headerBg: "transparent" },
      Form: { itemMarginBottom: 16 },
    },
  };
}
