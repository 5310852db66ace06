// One sample of each antd component that the console uses, or that one of them draws; one that is absent here has no styles.
// `src/styles/components.test.ts` compares this list with the imports.
import { createElement as h } from "react";
import * as antd from "antd";

/** Names of the components whose styles are extracted, with how to draw each. */
export const drawings = {
  App: () => h(antd.App, null, "a"),
  Breadcrumb: () => h(antd.Breadcrumb, { items: [{ title: "a" }] }),
  Button: () => h(antd.Button, null, "a"),
  Checkbox: () => h(antd.Checkbox.Group, { options: ["a"] }),
  Dropdown: () => h(antd.Dropdown, { menu: { items: [{ key: "a", label: "a" }] } }, h("a", null, "a")),
  Empty: () => h(antd.Empty),
  Form: () => h(antd.Form, null, h(antd.Form.Item, { label: "a" }, h(antd.Input))),
  Input: () =>
    h("div", null, h(antd.Input), h(antd.Input.Search), h(antd.Input.TextArea), h(antd.Input.Password), h(antd.Input.OTP)),
  Menu: () => h(antd.Menu, { items: [{ key: "a", label: "a" }] }),
  Modal: () =>
    h("div", null, h(antd.Modal._InternalPanelDoNotUseOrYouWillBeFired, { title: "a" }),
      h(antd.Modal._InternalPanelDoNotUseOrYouWillBeFired, { type: "confirm", title: "a" })),
  Popover: () => h(antd.Popover._InternalPanelDoNotUseOrYouWillBeFired, { title: "a" }),
  Radio: () => h("div", null, h(antd.Radio, null, "a"), h(antd.Radio.Group, { options: ["a"], optionType: "button" })),
  Segmented: () => h(antd.Segmented, { options: ["a"] }),
  Select: () => h("div", null, h(antd.Select, { options: [] }), h(antd.Select, { mode: "multiple", options: [] })),
  Skeleton: () => h(antd.Skeleton),
  Space: () => h("div", null, h(antd.Space, null, "a"), h(antd.Space.Compact, null, h(antd.Button))),
  Spin: () => h(antd.Spin),
  Tag: () => h("div", null, h(antd.Tag, null, "a"), h(antd.Tag, { color: "blue" }, "a"), h(antd.Tag, { color: "success" }, "a")),
  Tooltip: () => h(antd.Tooltip._InternalPanelDoNotUseOrYouWillBeFired, { title: "a" }),
  message: () => h(antd.message._InternalPanelDoNotUseOrYouWillBeFired, { content: "a" }),
  notification: () => h(antd.notification._InternalPanelDoNotUseOrYouWillBeFired, { title: "a" }),
};

export function samples() {
  return Object.entries(drawings).map(([key, draw]) => h("div", { key }, draw()));
}

/** What @ant-design/icons would inject itself. */
export const iconRules = `
.anticon{display:inline-flex;align-items:center;color:inherit;font-style:normal;line-height:0;text-align:center;text-transform:none;vertical-align:-0.125em;text-rendering:optimizeLegibility;-webkit-font-smoothing:antialiased;}
.anticon>*{line-height:1;}
.anticon svg{display:inline-block;vertical-align:inherit;}
.anticon[tabindex]{cursor:pointer;}
.anticon-spin{animation:loadingCircle 1s infinite linear;}
@keyframes loadingCircle{100%{transform:rotate(360deg);}}
`;
