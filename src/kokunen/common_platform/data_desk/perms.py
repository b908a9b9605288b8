"""権限 (共通データ): who may see the dictionaries and generations, bring a new edition, and approve it."""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

CODES_VIEW = declare(
    "common_platform.codes.view",
    "コード辞書を照会し、書き出す",
    roles=[Role.OPERATOR, Role.ADMINISTRATOR, Role.ATENA_OFFICER, Role.RESIDENT_CHIEF, Role.TAX_CHIEF],
)
CODES_IMPORT = declare(
    "common_platform.codes.import",
    "コード辞書の新しい版を取り込み、承認する",
    roles=[Role.OPERATOR, Role.ADMINISTRATOR],
)
SNAPSHOTS_VIEW = declare(
    "common_platform.batch_master.view", "バッチマスタの世代を照会する", roles=[Role.OPERATOR, Role.ADMINISTRATOR]
)
