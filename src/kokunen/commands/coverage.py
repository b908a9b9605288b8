"""対応表: kokunen coverage: what of the assessment is shown at work by which test, and where each item is kept."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated, Any

import typer

from .console import ANSWER_IS_NO, JsonOption, say, set_up_django, table, write_json

_PACKAGE = Path(__file__).resolve().parent.parent
_KINDS = ("functions", "controls", "items", "leaves")
_MUTATIONS = "assessment/test_policy.py"


def add_commands(app: typer.Typer) -> None:
    """Add ``coverage`` to the command."""
    app.command("coverage", rich_help_panel="評価書との対応")(coverage)


def coverage(
    functions: Annotated[bool, typer.Option("--functions", help="機能（S1-1 など）ごとの試験")] = False,
    controls: Annotated[bool, typer.Option("--controls", help="保護措置（CTL-060 など）ごとの試験")] = False,
    items: Annotated[bool, typer.Option("--items", help="別添1の記録項目ごとの格納先")] = False,
    leaves: Annotated[bool, typer.Option("--leaves", help="方針を担う記載と、それを変えてみる試験")] = False,
    json_output: JsonOption = False,
) -> None:
    """評価書の機能・保護措置がどの試験で示され、記録項目がどこに置かれるか。指定がなければ4つとも。"""
    asked = zip(_KINDS, (functions, controls, items, leaves), strict=True)
    wanted = [kind for kind, given in asked if given] or list(_KINDS)
    document = {kind: _collect(kind) for kind in wanted}
    if json_output:
        write_json(document)
        return
    for kind, content in document.items():
        _print(kind, content)


def _collect(kind: str) -> dict[str, Any]:
    if kind == "items":
        return _items()
    from kokunen.common_platform.operations import coverage as marks

    tests = _PACKAGE.parent.parent / "tests"
    if not tests.is_dir():
        say("試験のフォルダ tests が見つかりません。リポジトリの中で実行してください。")
        raise typer.Exit(ANSWER_IS_NO)
    if kind == "leaves":
        return _leaves(tests / _MUTATIONS)
    data = _PACKAGE / "assessment" / "data"
    for name in marks.unknown_marks(tests, data):
        say(f"試験の印「{name}」は評価書の機能にも保護措置にもありません。")
    if kind == "functions":
        return marks.functions(tests, data)
    from kokunen.common_platform.assessment_desk import safeguards

    return {control.control_id: control.as_dict() for control in safeguards.find_controls(tests)}


def _leaves(mutations: Path) -> dict[str, Any]:
    """Each leaf that bears policy: what it moves, and whether a generated test changes it (`TRIED` of that module)."""
    from kokunen.assessment.bearing import bearing_leaves
    from kokunen.assessment.document import load_document

    spec = importlib.util.spec_from_file_location("kokunen_policy_mutations", mutations)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {
        leaf_id: {"moves": list(parts), "tried": leaf_id in module.TRIED}
        for leaf_id, parts in bearing_leaves(load_document()).items()
    }


def _items() -> dict[str, str]:
    """Item of 別添1 to the column that keeps it: of the pension file, else of the published datasets."""
    set_up_django()
    from kokunen.common_platform.assessment_desk import storage
    from kokunen.common_platform.integration.datasets import datasets
    from kokunen.config.subsystems import INTEGRATED_SCHEMA

    kept = {item: f"national_pension.{column}" for item, column in storage.stored_items().items()}
    for dataset in datasets().values():
        for column in dataset.columns:
            if column.item:
                kept.setdefault(column.item, f"{INTEGRATED_SCHEMA}.{dataset.name}.{column.name}")
    return dict(sorted(kept.items()))


def _print(kind: str, content: dict[str, Any]) -> None:
    if kind == "items":
        table("記録項目", ["項目", "格納先"], [[item, place] for item, place in content.items()])
        return
    if kind == "leaves":
        tried = sum(entry["tried"] for entry in content.values())
        title = f"方針を担う記載: 試験 {tried} / {len(content)}（{tried / len(content):.1%}）"
        rows = [[name, "、".join(entry["moves"]), "有" if entry["tried"] else "無"] for name, entry in content.items()]
        table(title, ["記載", "変わる働き", "試験"], rows)
        return
    title = {"functions": "機能", "controls": "保護措置"}[kind]
    covered = sum(entry["state"] in ("covered", "manual") for entry in content.values())
    rows = [
        [name, "点検" if entry["state"] == "manual" else "有" if entry["tests"] else "無", str(len(entry["tests"]))]
        for name, entry in content.items()
    ]
    table(f"{title}: {covered} / {len(content)}", ["番号", "試験", "数"], rows)
