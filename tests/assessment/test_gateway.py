"""関門: what the assessment in force does not declare is refused at every way in and out, and the refusal is kept."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kokunen.kernel.errors import NotAllowed


def _refusals(admin) -> list[tuple[str, str]]:
    return admin.execute(
        "select detail->>'reason', detail->>'edition' from ledger.entry where act = 'refuse' "
        "and dataset = '評価書の関門' order by entry_id"
    ).fetchall()


@pytest.mark.control("CTL-011")
@pytest.mark.control("CTL-012")
def test_公表版では媒体の結果も依頼も開かれず記録に残る(city_database, context, admin_connection, monkeypatch) -> None:
    from kokunen.common_platform.assessment_desk.demo import publish_next_version
    from kokunen.national_pension.services import income_answers, results

    monkeypatch.setenv("KOKUNEN_TODAY", "2026-11-24")
    opened: list[str] = []
    writer = SimpleNamespace(read_result_files=lambda: opened.append("tray") or [])
    with pytest.raises(NotAllowed, match=r"媒体.*による入手を定めていません"):
        results.take_in(writer=writer, context=context)
    with pytest.raises(NotAllowed, match="による入手を定めていません"):
        income_answers.answer_file(content=b"x", filename="x", context=context)
    assert opened == []
    assert [edition for _, edition in _refusals(admin_connection)] == ["2025-12-26", "2025-12-26"]
    assert publish_next_version() and not publish_next_version()
    results.take_in(writer=writer, context=context)
    assert opened == ["tray"]


@pytest.mark.control("CTL-083")
@pytest.mark.control("CTL-084")
def test_提供先を宣言から外すと媒体を作れない(city_database, context, admin_connection, monkeypatch) -> None:
    from kokunen.assessment import gateway
    from kokunen.assessment.document import Document, load_document
    from kokunen.assessment.flows import compile_policy
    from kokunen.national_pension.services import reporting

    published = load_document()
    without = {i: leaf for i, leaf in published.leaves.items() if i != "II.5.provision1.legal_basis"}
    monkeypatch.setattr(gateway, "policy_in_force", lambda: compile_policy(Document("根拠なし", without)))
    with pytest.raises(NotAllowed, match="提供・移転を定めていません"):
        reporting.build(writer=SimpleNamespace(), context=context)
    assert [edition for _, edition in _refusals(admin_connection)] == ["根拠なし"]


@pytest.mark.control("CTL-034")
@pytest.mark.parametrize("party", ["juki_cs", "moj", "koseki"])
def test_接続の記載がない回線は送受信せず休む(city_database, admin_connection, monkeypatch, party) -> None:
    from dataclasses import replace

    from kokunen.assessment import gateway
    from kokunen.assessment.flows import load_policy
    from kokunen.resident_registry.choices import LineParty
    from kokunen.resident_registry.services.line_arrivals import take_in
    from kokunen.resident_registry.services.line_sending import send_waiting

    policy = load_policy()
    closed = replace(policy, lines=policy.lines - {("resident_registry", party)})
    monkeypatch.setattr(gateway, "policy_in_force", lambda: closed)
    asked: list[str] = []
    carrier = SimpleNamespace(fetch=lambda: asked.append("fetch") or [], send=lambda **_: asked.append("send"))
    assert "接続を定めていません" in send_waiting(LineParty(party), carrier).trouble
    assert take_in(LineParty(party), carrier) == 0
    assert asked == []
    assert len(_refusals(admin_connection)) == 1  # the line rests: it is not asked again at once
    other = next(p for p in LineParty if p != party)
    assert send_waiting(other, carrier).trouble == ""


@pytest.mark.control("CTL-038")
def test_国民年金は宣言のない仕組みのトークンを得られない(city_database, admin_connection, monkeypatch) -> None:
    from django.conf import settings

    from kokunen.common_platform.open_api import services

    scope = "032:x:Read"
    with pytest.raises(services.TokenRefused, match="登録できません"):
        services.register_client(name="国年", work_id=settings.PENSION_WORK_ID, office_code="2010", scopes=[scope])
    number, word = services.register_client(name="他", work_id="999", office_code="2010", scopes=[scope])
    admin_connection.execute("update common_platform.api_client set work_id = %s", [settings.PENSION_WORK_ID])
    import base64

    basic = "Basic " + base64.b64encode(f"{number}:{word}".encode()).decode()
    with pytest.raises(services.TokenRefused, match="定めていない"):
        services.issue_token({"grant_type": "client_credentials", "scope": scope}, basic)
    assert "unified_atena" in _refusals(admin_connection)[0][0]


@pytest.mark.control("CTL-030")
def test_宣言のない使用目的は役割があっても選べない(city_database, admin_connection, monkeypatch) -> None:
    from tests.common_platform.access_history.support import client_of

    from kokunen.assessment.document import Document, load_document
    from kokunen.assessment.flows import compile_policy
    from kokunen.common_platform.portal.web import state

    client = client_of("nenkin1")
    page = "/pension/?q=ヤマダ&purpose=pension_exemption"
    assert client.get(page).status_code == 200
    published = load_document()
    use = published.leaves["II.3.use"]
    from dataclasses import replace

    kept = [one for one in use.value if one["id"] != "II.3.use2"]
    leaves = {**published.leaves, "II.3.use": replace(use, content={"value": kept})}
    monkeypatch.setattr(state, "policy_of_the_moment", lambda: compile_policy(Document("減免なし", leaves)))
    assert client.get(page).status_code == 403
    assert client.get("/pension/?q=ヤマダ&purpose=pension_benefit").status_code == 200
    refused = admin_connection.execute("select purpose from ledger.entry where act = 'refuse'").fetchall()
    assert ("pension_exemption",) in refused


@pytest.mark.control("CTL-033")
def test_評価書が変わりビューが合わなければ起動を断る(city_database, monkeypatch) -> None:
    from dataclasses import replace

    from kokunen.assessment.flows import load_policy
    from kokunen.common_platform.assessment_desk import storage
    from kokunen.common_platform.integration import schema

    storage.stop_when_views_differ()
    assert storage.view_state().built_from == "2025-12-26"
    policy = load_policy()
    smaller = replace(policy, items=policy.items - {"R10/純損失"})
    monkeypatch.setattr(schema, "policy_in_force", lambda: smaller)
    with pytest.raises(NotAllowed, match=r"income\.net_loss"):
        storage.stop_when_views_differ()
    monkeypatch.setattr(schema, "policy_in_force", lambda: policy)
    views = schema.declared_views()
    narrower = [replace(view, columns=view.columns[1:]) for view in views]
    monkeypatch.setattr(schema, "declared_views", lambda: narrower)
    with pytest.raises(NotAllowed, match="列が違います"):
        storage.stop_when_views_differ()
