// キー: 画面の要素が data-key で名乗ったものだけが働き, 足もとの帯に並ぶ。
const FIELDS = "input:not([type=hidden], [disabled]), select:not([disabled]), textarea:not([disabled])";

function nameOf(event) {
  const parts = [];
  if (event.ctrlKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && event.key.length > 1) parts.push("Shift");
  parts.push(event.altKey && /^Digit[1-9]$/.test(event.code) ? event.code.slice(5) : event.key);
  return parts.join("+");
}

function visible(element) {
  return element && !element.disabled && element.getClientRects().length > 0;
}

function carrier(key) {
  const scope = document.querySelector("dialog[open]") ?? document;
  return [...scope.querySelectorAll("[data-key]")].find((e) => e.dataset.key === key && visible(e));
}

function typing(element) {
  return element?.matches?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select");
}

// Enter で次の項目へ, Shift+Enter で前へ。最後の項目では登録のボタンへ移る (登録は F9 か Ctrl+Enter)。
function move(input, step) {
  const form = input.form;
  const stops = [...form.querySelectorAll(`${FIELDS}, button[type=submit]`)].filter(visible).filter((e) => !e.readOnly);
  const groups = stops.filter((e) => e.type !== "radio" || e.checked || firstOfGroup(e, stops));
  const here = groups.indexOf(input.type === "radio" ? groups.find((e) => e.name === input.name) : input);
  const next = groups[here + step];
  if (next) {
    next.focus();
    if (next.select && next.type !== "date") next.select();
  }
}

function firstOfGroup(radio, stops) {
  const group = stops.filter((e) => e.type === "radio" && e.name === radio.name);
  return group[0] === radio && !group.some((e) => e.checked);
}

function rowsOf(table) {
  return [...table.querySelectorAll("tbody > tr")].filter(visible);
}

function moveRow(event) {
  const active = document.activeElement;
  const table = active?.closest("table[data-rows]") ?? (typing(active) && !active.matches("[data-search]") ? null : document.querySelector("table[data-rows]"));
  if (!table || active?.tagName === "SELECT") return false;
  const rows = rowsOf(table);
  if (!rows.length) return false;
  const here = rows.indexOf(active?.closest("tr"));
  const next = event.key === "ArrowDown" ? Math.min(here + 1, rows.length - 1) : Math.max(here - 1, 0);
  for (const row of rows) {
    row.tabIndex = -1;
    row.removeAttribute("aria-selected");
  }
  rows[next].tabIndex = 0;
  rows[next].setAttribute("aria-selected", "true");
  rows[next].focus();
  return true;
}

function onEnter(event) {
  const target = event.target;
  if (target.matches("tr")) {
    const link = target.querySelector("a[data-open]") ?? target.querySelector("a[href], button");
    link?.click();
    return Boolean(link);
  }
  if (!target.form?.matches("[data-keys]") || !target.matches(FIELDS) || target.matches("textarea")) return false;
  if (target.isComposing || event.isComposing) return false;
  move(target, event.shiftKey ? -1 : 1);
  return true;
}

function toggleWhy() {
  const open = document.activeElement?.closest("[data-why]") ?? document.querySelector("[data-why]");
  if (!open) return false;
  open.open = !open.open;
  open.querySelector("summary").focus();
  return true;
}

function goBack() {
  const dialog = document.querySelector("dialog[open]");
  if (dialog) {
    dialog.close();
    return true;
  }
  const back = document.querySelector("[data-back-link]")?.href ?? document.body.dataset.back;
  if (!back) return false;
  document.dispatchEvent(new CustomEvent("k:leave"));
  location.assign(back);
  return true;
}

function showHelp() {
  const help = document.getElementById("k-help");
  if (!help) return false;
  if (help.open) help.close();
  else help.showModal();
  return true;
}

const ACTIONS = {
  "/": (event) => !typing(event.target) && focusSearch(),
  "?": (event) => !typing(event.target) && toggleWhy(),
  F1: showHelp,
  Escape: goBack,
  Enter: onEnter,
  "Shift+Enter": onEnter,
  ArrowDown: moveRow,
  ArrowUp: moveRow,
  "Ctrl+Enter": () => press("F9"),
  F2: () => press("F2") || focusSearch(),
};

function focusSearch() {
  const box = document.querySelector("[data-search]");
  if (!box) return false;
  box.focus();
  box.select();
  return true;
}

function press(key) {
  const element = carrier(key);
  if (!element) return false;
  element.focus();
  element.click();
  return true;
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const key = nameOf(event);
  const done = ACTIONS[key] ? ACTIONS[key](event) : /^(F[2-9]|Alt\+[1-9])$/.test(key) && press(key);
  if (done) event.preventDefault();
}

// 足もとの帯: 今この画面にある data-key を並べる。書かれていないキーはブラウザのもの。
export function drawKeyLine() {
  const list = document.getElementById("k-keys");
  if (!list) return;
  for (const item of list.querySelectorAll("li:not([data-fixed])")) item.remove();
  const add = (key, words, action) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const mark = document.createElement("kbd");
    mark.textContent = key;
    button.append(mark, words);
    button.addEventListener("click", action);
    item.append(button);
    list.append(item);
  };
  add("F1", "使い方", showHelp);
  if (document.querySelector("[data-search]")) add("/", "検索箱", focusSearch);
  const seen = new Set();
  const carriers = [...document.querySelectorAll("[data-key]")].filter(visible);
  for (const element of carriers.sort((a, b) => a.dataset.key.localeCompare(b.dataset.key, "en", { numeric: true }))) {
    const key = element.dataset.key;
    if (seen.has(key) || key.startsWith("Alt+")) continue;
    seen.add(key);
    add(key, element.dataset.keyLabel ?? element.textContent.trim(), () => press(key));
  }
  const tabs = carriers.filter((e) => e.dataset.key.startsWith("Alt+")).length;
  if (tabs) add(tabs > 1 ? `Alt+1…${tabs}` : "Alt+1", "切り替え", () => carrier("Alt+1")?.focus());
  if (document.querySelector("table[data-rows] tbody tr")) add("↑↓", "行", () => moveRow({ key: "ArrowDown" }));
  if (document.querySelector("[data-why]")) add("?", "なぜ", toggleWhy);
  if (document.body.dataset.back && location.pathname !== document.body.dataset.back) add("Esc", "前の画面", goBack);
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog").close();
    for (const menu of document.querySelectorAll(".k-head__staff[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("htmx:after:swap", drawKeyLine);
  drawKeyLine();
  document.querySelector("[data-errors]")?.focus();
  document.querySelector("[data-errors]")?.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (field) {
      event.preventDefault();
      (field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea") ?? field).focus();
    }
  });
}
