"""表の決まり: Japanese names, agreed erasure behaviour, linear migrations."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import django
import pytest
import yaml

django.setup()

from django.apps import apps  # noqa: E402
from django.db import models  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402

from kokunen.config.subsystems import ALIAS_OF_APP  # noqa: E402

JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
AGREED = Path(__file__).with_name("foreign_keys.yaml")
OWN_MODELS = [model for model in apps.get_models() if model.__module__.startswith("kokunen.")]


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_表と項目に日本語の名がある(model: type[models.Model]) -> None:
    assert JAPANESE.search(str(model._meta.verbose_name)), model
    unnamed = [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.Field)
        and not isinstance(field, models.AutoField)
        and not field.auto_created
        and not JAPANESE.search(str(field.verbose_name))
    ]
    assert unnamed == []


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda model: model._meta.label)
def test_表はどこかのサブシステムに属す(model: type[models.Model]) -> None:
    assert model._meta.app_label in ALIAS_OF_APP


def _behaviour(field: models.ForeignKey[Any, Any]) -> str:
    return f"{field.remote_field.model._meta.label} {field.remote_field.on_delete.__name__}"


def test_外部キーの消去のふるまいは取り決めどおり() -> None:
    """Every foreign key states what happens when its target is erased; a new one is agreed in foreign_keys.yaml."""
    actual = {
        f"{model._meta.label}.{field.name}": _behaviour(field)
        for model in OWN_MODELS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    }
    assert actual == (yaml.safe_load(AGREED.read_text(encoding="utf-8")) or {})


def test_外部キーはサブシステムを越えない() -> None:
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in OWN_MODELS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and ALIAS_OF_APP[model._meta.app_label] != ALIAS_OF_APP[field.remote_field.model._meta.app_label]
    ]
    assert crossing == []


def test_移行は一本道である() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    branches = {app: leaves for app in ALIAS_OF_APP if len(leaves := loader.graph.leaf_nodes(app)) > 1}
    assert branches == {}
