"""権限 (運用): who watches, and who may begin, hold and end work."""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

OPERATION_VIEW = declare(
    "common_platform.operation.view",
    "ジョブ、連携、資源、警報を見る",
    roles=[Role.OPERATOR, Role.ADMINISTRATOR, Role.AUDITOR],
)
OPERATION_ACT = declare(
    "common_platform.operation.act", "ジョブの起動・保留・再実行、連携の再処理、警報の確認を行う", roles=[Role.OPERATOR]
)
