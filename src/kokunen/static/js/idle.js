// 無操作: 個人情報の画面は短い時間で隠し (CTL-057), 制限時間の前に知らせる。終わりを決めるのはサーバー。
import { post } from "./server.js";

const WARN_BEFORE = 60;

export function startIdle(drafts) {
  const limit = Number(document.body.dataset.idleSeconds || 0);
  if (!limit) return;
  const blankAfter = "personal" in document.body.dataset ? Number(document.body.dataset.blankSeconds) : Infinity;
  const dialog = document.getElementById("k-idle");
  const left = document.getElementById("k-idle-left");
  let touched = Date.now();
  let told = Date.now();
  let covered = false;

  const onWork = () => {
    touched = Date.now();
    // 画面の中だけの操作 (読む, 動かす) もサーバーに知らせる: 1分に1回まで
    if (touched - told > 60_000 && !dialog.open) tell();
  };
  const tell = () => {
    told = Date.now();
    return post("/my/stay", new URLSearchParams());
  };
  for (const name of ["keydown", "pointerdown", "wheel"]) document.addEventListener(name, onWork, { passive: true });

  const cover = async () => {
    covered = true;
    await drafts.saveAll().catch(() => undefined);
    const text = document.createElement("div");
    text.className = "k-cover";
    text.id = "k-covered";
    text.setAttribute("role", "status");
    text.innerHTML = "<h1>画面を隠しました</h1><p>しばらく操作がないため、個人の情報を隠しました。</p><p>キーを押すか画面を押すと、元の画面に戻ります。</p>";
    document.body.replaceChildren(text);
    document.title = "画面を隠しました | 国年システム";
    for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, () => location.reload(), { once: true });
  };

  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    touched = Date.now();
    await tell();
    dialog.close();
  });
  dialog.addEventListener("close", () => { touched = Date.now(); });

  setInterval(() => {
    const idle = (Date.now() - touched) / 1000;
    if (idle >= limit) {
      location.reload();
      return;
    }
    if (!covered && idle >= blankAfter) {
      cover();
      return;
    }
    if (covered) return;
    if (limit - idle <= WARN_BEFORE) {
      left.textContent = String(Math.max(0, Math.ceil(limit - idle)));
      if (!dialog.open) dialog.showModal();
    }
  }, 1000);

  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
