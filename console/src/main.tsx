import { createRoot } from "react-dom/client";
import { App } from "@/shell/App";
import { Boundary } from "@/shell/Boundary";
import { applyPreferences, currentPreferences } from "@/kit/preferences";
import { startTexts } from "@/texts";
import "@/styles/generated/antd.css";
import "@/styles/tokens.css";
import "@/styles/console.css";
import "@/styles/kit.css";
import "@/styles/areas.css";

applyPreferences();
startTexts(currentPreferences().language);
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has an element with the id root");
// The last net: whatever throws outside a page still leaves a sentence and a way back, never a blank screen.
createRoot(root).render(
  <Boundary place="">
    <App />
  </Boundary>,
);
