// サーバーへの問い合わせ。個人の入力はアドレスに載せない (POST だけ)。
export async function post(url, values, method = "POST") {
  const json = !(values instanceof URLSearchParams);
  const headers = { "X-CSRFToken": document.body.dataset.csrf };
  if (json) headers["Content-Type"] = "application/json";
  const response = await fetch(url, { method, headers, body: json ? JSON.stringify(values) : values });
  if (response.status === 401) location.reload();
  return response;
}

export async function ask(url, values) {
  const response = await post(url, new URLSearchParams(values));
  return response.ok || response.status === 422 ? response.json() : { ok: true, words: "" };
}

export function after(milliseconds, action) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), milliseconds);
  };
}
