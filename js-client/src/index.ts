import { startPage } from "./page/start.ts";

startPage();
