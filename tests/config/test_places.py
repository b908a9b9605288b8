"""設置場所: a foreign or unknown site stops the start, and a backup at the place of production too."""

from __future__ import annotations

import pytest

from kokunen.kernel.errors import KokunenError


@pytest.mark.control("CTL-097")
@pytest.mark.control("CTL-098")
@pytest.mark.parametrize(
    ("mode", "site", "backup", "words"),
    [
        ("production", "", "ap-northeast-3", "KOKUNEN_SITE で設置場所を指定"),
        ("production", "ap-northeast-1", "", "KOKUNEN_BACKUP_SITE で設置場所を指定"),
        ("production", "us-east-1", "ap-northeast-3", "国内の拠点として登録されていません"),
        ("production", "ap-northeast-1", "eu-west-1", "国内の拠点として登録されていません"),
        ("demo", "us-east-1", "", "国内の拠点として登録されていません"),
        ("production", "ap-northeast-1", "ap-northeast-1", "同じ場所"),
        ("production", "ap-northeast-1", "ap-tokyo-1", "同じ場所"),
        ("production", "ap-northeast-1", "ap-northeast-3", ""),
        ("demo", "", "", ""),
    ],
)
def test_国外の拠点と同じ場所の控えは起動を止める(monkeypatch, mode, site, backup, words) -> None:
    from kokunen.config.places import stop_when_abroad

    for name, value in (("KOKUNEN_MODE", mode), ("KOKUNEN_SITE", site), ("KOKUNEN_BACKUP_SITE", backup)):
        monkeypatch.setenv(name, value)
    if words:
        with pytest.raises(KokunenError, match=words):
            stop_when_abroad()
    else:
        stop_when_abroad()
