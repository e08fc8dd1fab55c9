// Where the page begins.
import { render } from "preact";
import { App } from "./app";
import { Frame } from "./frame";
import { applyTheme } from "./theme";

applyTheme();
render(
  <App>
    <Frame />
  </App>,
  document.getElementById("app")!,
);
