// パスキー: フォームの data-passkey (登録 create / 確認 get) と data-options に従って機器に尋ね, 答えをフォームで送る。
const form = document.querySelector("form[data-passkey]");
if (form) start(form);

function start(form) {
  const words = form.querySelector("[data-passkey-words]");
  const button = form.querySelector("button[type=submit]");
  const options = JSON.parse(form.dataset.options);
  const host = form.dataset.passkeyHost;
  const say = (text) => { words.textContent = text; words.hidden = false; };
  if (location.hostname !== host) {
    say(`パスキーは ${host} という名前で開いた画面で使えます。アドレスの先頭を ${host} にして開き直してください。`);
    button.disabled = true;
    return;
  }
  let asking = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    if (asking || !form.reportValidity()) return;
    asking = true;
    say("機器で本人の確認をしてください。");
    try {
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: decoded(options) })
        : await navigator.credentials.get({ publicKey: decoded(options) });
      form.elements.answer.value = JSON.stringify(encoded(credential));
      form.submit();
    } catch {
      say("本人の確認ができませんでした。機器で指紋・顔・暗証番号の確認をして、もう一度お試しください。");
      asking = false;
    }
  });
}

function decoded(options) {
  const result = { ...options, challenge: bytes(options.challenge) };
  if (options.user) result.user = { ...options.user, id: bytes(options.user.id) };
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    if (options[name]) result[name] = options[name].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return result;
}

function encoded(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}

function bytes(encoded) {
  const plain = atob(encoded.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
