// 下書き: 入力が止まるたびにサーバーに残し, 開き直したときに戻す。個人番号とパスワードは残さない。
import { after, post } from "./server.js";

const URL_OF_DRAFTS = "/my/draft";

function kept(element) {
  return element.name && element.name !== "csrfmiddlewaretoken" && element.dataset.draft !== "no" &&
    !["password", "file", "hidden", "submit", "button"].includes(element.type) && !element.readOnly;
}

function collect(form) {
  const values = {};
  for (const element of form.elements) {
    if (!kept(element)) continue;
    if (element.type === "radio") {
      if (element.checked) values[element.name] = element.value;
    } else if (element.type === "checkbox") {
      values[element.name] ??= [];
      if (element.checked) values[element.name].push(element.value);
    } else {
      values[element.name] = element.value;
    }
  }
  return values;
}

function fill(form, values) {
  for (const element of form.elements) {
    if (!kept(element) || !(element.name in values)) continue;
    const value = values[element.name];
    if (element.type === "radio" || element.type === "checkbox") element.checked = [value].flat().includes(element.value);
    else element.value = value;
  }
  form.dispatchEvent(new CustomEvent("k:filled", { bubbles: true }));
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

class FormDraft {
  constructor(mark) {
    this.mark = mark;
    this.form = mark.closest("form");
    this.key = { screen: mark.dataset.screen, subject: mark.dataset.subject };
    this.clean = JSON.stringify(collect(this.form));
    this.soon = after(700, () => this.save());
    this.form.addEventListener("input", () => this.soon());
    this.form.addEventListener("change", () => this.soon());
    this.form.addEventListener("submit", () => { this.sent = true; });
    this.restore();
  }

  say(words) {
    this.mark.textContent = words;
  }

  async restore() {
    // The page answers what was just sent: that is newer than any draft.
    if ("answered" in this.mark.dataset) return;
    const response = await fetch(`${URL_OF_DRAFTS}?${new URLSearchParams(this.key)}`);
    if (!response.ok || this.form.closest("main")?.querySelector("[data-errors]")) return;
    const { values, saved_at: savedAt } = await response.json();
    if (!savedAt || JSON.stringify(collect(this.form)) !== this.clean) return;
    fill(this.form, values);
    this.clean = JSON.stringify(collect(this.form));
    this.say(`下書き(${savedAt})から続けています。`);
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "k-button k-button--text k-button--small";
    discard.textContent = "下書きを捨てる";
    discard.addEventListener("click", async () => {
      await post(URL_OF_DRAFTS, this.key, "DELETE");
      this.sent = true;
      location.reload();
    });
    this.mark.append(discard);
  }

  async save() {
    const values = collect(this.form);
    const state = JSON.stringify(values);
    if (this.sent || state === this.clean) return;
    this.clean = state;
    const response = await post(URL_OF_DRAFTS, { ...this.key, values });
    if (response.ok) this.say(`下書きを保存しました(${(await response.json()).saved_at})。`);
    else this.say("下書きを保存できません。登録は F9 でできます。");
  }

  leave() {
    const values = collect(this.form);
    if (this.sent || JSON.stringify(values) === this.clean) return;
    fetch(URL_OF_DRAFTS, {
      method: "POST", keepalive: true, body: JSON.stringify({ ...this.key, values }),
      headers: { "Content-Type": "application/json", "X-CSRFToken": document.body.dataset.csrf },
    });
  }
}

export function startDrafts() {
  const drafts = [...document.querySelectorAll("form [data-draft][data-screen]")].map((mark) => new FormDraft(mark));
  document.addEventListener("k:leave", () => drafts.forEach((draft) => draft.leave()));
  addEventListener("pagehide", () => drafts.forEach((draft) => draft.leave()));
  return { saveAll: () => Promise.all(drafts.map((draft) => draft.save())) };
}
