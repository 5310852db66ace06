import { createRoot } from "react-dom/client";
import { App } from "@/shell/App";
import "@/styles/generated/antd.css";
import "@/styles/tokens.css";
import "@/styles/console.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has an element with the id root");
createRoot(root).render(<App />);
