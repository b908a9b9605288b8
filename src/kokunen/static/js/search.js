// 検索箱: 打った語を何として探すかを札で示し, 番号はアドレスに載せない。
const WORDS = { name: "氏名として検索", kana: "カナとして検索", birth: "生年月日として検索", number: "番号として検索" };

export function guess(text) {
  const clean = text.normalize("NFKC").trim();
  if (!clean) return "";
  if (/^[MTSHRmtshr明大昭平令]\s*[0-9元]/.test(clean) || /^[0-9]{1,4}[./年-][0-9]{1,2}/.test(clean)) return "birth";
  if (/^[0-9]{6}$/.test(clean) || /^(19|20)[0-9]{6}$/.test(clean)) return "birth";
  if (/^[0-9][0-9 -]*$/.test(clean)) return "number";
  if (/^[\u3040-\u30ff\s]+$/.test(clean)) return "kana";
  return "name";
}

function isSecret(text) {
  return /^[0-9]{11,12}$/.test(text.normalize("NFKC").replace(/[\s-]/g, ""));
}

export function startSearch() {
  for (const form of document.querySelectorAll("form.k-search")) {
    const box = form.querySelector("[data-search]");
    const kind = form.querySelector("[name=kind]");
    const chip = form.querySelector("[data-search-kind]");
    const show = () => {
      const found = kind.value || guess(box.value);
      chip.textContent = WORDS[found] ?? "";
      chip.hidden = !found;
    };
    const next = () => {
      const order = ["", "name", "kana", "birth", "number"];
      kind.value = order[(order.indexOf(kind.value) + 1) % order.length];
      show();
    };
    box.addEventListener("input", show);
    kind.addEventListener("change", show);
    chip.addEventListener("click", next);
    form.addEventListener("submit", () => {
      if (!isSecret(box.value)) return;
      form.method = "post";
      const token = document.createElement("input");
      token.type = "hidden";
      token.name = "csrfmiddlewaretoken";
      token.value = document.body.dataset.csrf;
      form.append(token);
    });
    box.addEventListener("htmx:config:request", (event) => {
      const waiting = [...box.value.normalize("NFKC").trim()].length < 2 || isSecret(box.value);
      const purpose = form.querySelector("[name=purpose]");
      if (waiting || (purpose && !purpose.value)) event.preventDefault();
    });
    show();
  }
}
