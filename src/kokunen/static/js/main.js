// 画面の動き: キー, 入力の読み返し, 下書き, 無操作。フレームワークは使わない。
import { startKeys } from "./keys.js";
import { startEcho } from "./echo.js";
import { startDrafts } from "./drafts.js";
import { startIdle } from "./idle.js";
import { startSearch } from "./search.js";

startKeys();
startEcho();
const drafts = startDrafts();
startIdle(drafts);
startSearch();
