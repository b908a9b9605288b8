"""権限 (団体内統合宛名): who may look at links, decide on what is held, and run the line to the 中間サーバー."""

from __future__ import annotations

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

LINK_VIEW = declare(
    "unified_atena.link.view", "団体内統合宛名・宛名紐付・情報提供データベースを照会する", roles=[Role.ATENA_OFFICER]
)
LINK_DECIDE = declare("unified_atena.link.decide", "紐付の保留を処理する", roles=[Role.ATENA_OFFICER])
SENDING_VIEW = declare(
    "unified_atena.sending.view", "中間サーバーとの送受信の状態を照会する", roles=[Role.ATENA_OFFICER, Role.OPERATOR]
)
SENDING_MANAGE = declare(
    "unified_atena.sending.manage", "送信データを作り、送り直し、照合する", roles=[Role.ATENA_OFFICER]
)
