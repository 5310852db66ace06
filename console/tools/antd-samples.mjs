// One sample of each antd component that the console uses; a component that is absent here has no styles.
// `src/styles/components.test.ts` compares this list with the imports.
import { createElement as h } from "react";
import * as antd from "antd";

/** Names of the components whose styles are extracted, with how to draw each. */
export const drawings = {
  Alert: () => h(antd.Alert, { title: "a", type: "info", showIcon: true }),
  App: () => h(antd.App, null, "a"),
  Badge: () => h(antd.Badge, { count: 1 }),
  Breadcrumb: () => h(antd.Breadcrumb, { items: [{ title: "a" }] }),
  Button: () => h(antd.Button, null, "a"),
  Card: () => h(antd.Card, { title: "a" }),
  Checkbox: () => h(antd.Checkbox.Group, { options: ["a"] }),
  Collapse: () => h(antd.Collapse, { items: [{ key: "a", label: "a", children: "a" }] }),
  DatePicker: () => h("div", null, h(antd.DatePicker), h(antd.DatePicker.RangePicker)),
  Descriptions: () => h(antd.Descriptions, { items: [{ key: "a", label: "a", children: "a" }] }),
  Divider: () => h(antd.Divider),
  Drawer: () => h(antd.Drawer._InternalPanelDoNotUseOrYouWillBeFired, { title: "a" }),
  Dropdown: () => h(antd.Dropdown, { menu: { items: [{ key: "a", label: "a" }] } }, h("a", null, "a")),
  Empty: () => h(antd.Empty),
  Flex: () => h(antd.Flex, null, "a"),
  Form: () => h(antd.Form, null, h(antd.Form.Item, { label: "a" }, h(antd.Input))),
  Input: () =>
    h("div", null, h(antd.Input), h(antd.Input.Search), h(antd.Input.TextArea), h(antd.Input.Password), h(antd.Input.OTP)),
  Layout: () => h(antd.Layout, null, h(antd.Layout.Header), h(antd.Layout.Sider), h(antd.Layout.Content)),
  Menu: () => h(antd.Menu, { items: [{ key: "a", label: "a" }] }),
  Modal: () =>
    h("div", null, h(antd.Modal._InternalPanelDoNotUseOrYouWillBeFired, { title: "a" }),
      h(antd.Modal._InternalPanelDoNotUseOrYouWillBeFired, { type: "confirm", title: "a" })),
  Pagination: () => h(antd.Pagination, { total: 50 }),
  Popconfirm: () => h(antd.Popconfirm._InternalPanelDoNotUseOrYouWillBeFired, { title: "a" }),
  Popover: () => h(antd.Popover._InternalPanelDoNotUseOrYouWillBeFired, { title: "a" }),
  Progress: () => h(antd.Progress, { percent: 5 }),
  Radio: () => h("div", null, h(antd.Radio, null, "a"), h(antd.Radio.Group, { options: ["a"], optionType: "button" })),
  Result: () => h(antd.Result, { title: "a" }),
  Segmented: () => h(antd.Segmented, { options: ["a"] }),
  Select: () => h("div", null, h(antd.Select, { options: [] }), h(antd.Select, { mode: "multiple", options: [] })),
  Skeleton: () => h(antd.Skeleton),
  Space: () => h("div", null, h(antd.Space, null, "a"), h(antd.Space.Compact, null, h(antd.Button))),
  Spin: () => h(antd.Spin),
  Statistic: () => h(antd.Statistic, { title: "a", value: 1 }),
  Steps: () => h(antd.Steps, { items: [{ title: "a" }] }),
  Switch: () => h(antd.Switch),
  Table: () => h(antd.Table, { columns: [{ title: "a", dataIndex: "a" }], dataSource: [{ key: "a", a: "a" }] }),
  Tabs: () => h(antd.Tabs, { items: [{ key: "a", label: "a" }] }),
  Tag: () => h("div", null, h(antd.Tag, null, "a"), h(antd.Tag, { color: "blue" }, "a"), h(antd.Tag, { color: "success" }, "a")),
  Timeline: () => h(antd.Timeline, { items: [{ content: "a" }] }),
  Tooltip: () => h(antd.Tooltip._InternalPanelDoNotUseOrYouWillBeFired, { title: "a" }),
  Tree: () => h(antd.Tree, { treeData: [{ key: "a", title: "a" }] }),
  Typography: () => h("div", null, h(antd.Typography.Text, null, "a"), h(antd.Typography.Title, null, "a")),
  Upload: () => h(antd.Upload, null, "a"),
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
