import type { ThemeConfig } from "antd";

export type Mode = "light" | "dark";
export type Density = "100" | "115" | "130";
export const fontStack: string;
/** The antd theme of a mode and a size in percent. */
export function themeFor(mode: Mode, density: Density): ThemeConfig;
