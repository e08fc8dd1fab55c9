// Where the demo page begins: one mailbox through three doors.
import { render } from "preact";
import { App } from "./app";
import { Demo } from "./demo/demo";
import { applyTheme } from "./theme";

applyTheme();
render(
  <App>
    <Demo />
  </App>,
  document.getElementById("app")!,
);
