import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import { Api } from "./api/client.ts";
import { App } from "./view/app.tsx";

const root = document.getElementById("app");
// Relative to /dashboard, so that a proxy may put a path in front.
if (root) render(<App api={new Api(new URL("api/v1/", document.baseURI).href)} />, root);
