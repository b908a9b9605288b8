// 入力の読み返し: 日付は和暦と曜日, 番号は検査数字, カナは全角カタカナ。判断はサーバーがする。
import { after, ask } from "./server.js";

function outputOf(input) {
  return document.getElementById(`${input.id}_echo`);
}

async function echo(input) {
  const output = outputOf(input);
  if (!output) return;
  const value = input.value.trim();
  if (!value) {
    output.textContent = "";
    delete output.dataset.state;
    return;
  }
  const { echo: kind, imprecise, latest, kind: number } = input.dataset;
  const sent = kind === "date" ? { value, imprecise: imprecise ?? "", latest: latest ?? "" } : { value, kind: number };
  const answer = await ask(`/echo/${kind}`, sent);
  if (input.value.trim() !== value) return;
  output.textContent = answer.words;
  output.dataset.state = answer.ok ? "good" : "bad";
}

export function toKatakana(text) {
  return text.normalize("NFKC").replace(/[\u3041-\u3096\u309d\u309e]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
}

function fixKana(input) {
  const fixed = toKatakana(input.value).replace(/\s+/g, "\u3000").trim();
  if (fixed !== input.value) {
    input.value = fixed;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function startEcho() {
  const soon = new WeakMap();
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.dataset?.echo) return;
    if (!soon.has(input)) soon.set(input, after(120, echo));
    soon.get(input)(input);
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.dataset?.kana) fixKana(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.dataset?.kana) fixKana(event.target);
  });
  // A value that was just refused says so at the field; how it was read comes back when it is changed.
  const refused = (input) => input.getAttribute("aria-invalid") === "true";
  for (const input of document.querySelectorAll("input[data-echo]")) if (input.value && !refused(input)) echo(input);
  document.addEventListener("k:filled", (event) => {
    for (const input of event.target.querySelectorAll("input[data-echo]")) echo(input);
  });
}
