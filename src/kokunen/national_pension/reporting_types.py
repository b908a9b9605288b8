"""報告の受け渡し — the neutral shapes between the pension section and whoever carries its report to 日本年金機構.

The section knows notices, not media: it fills a :class:`Report` and hands it to a :class:`MediaWriter`. Record layouts,
character sets, seals and trays are the carrier's business and are known to nobody here. Nothing in this module imports
Django or any other part of the suite, so both sides may import it.

Dates are calendar dates, numbers are strings of digits without separators, names are full width as registered
(family and given name separated by one full-width space), kana is full-width katakana.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

DetailValue = str | int | bool | date | None


class NoticeKind(StrEnum):
    """届書の種類 — what one line of the report tells. The value is the key of the record layout."""

    ACQUISITION = "acquisition"  # 資格取得 (法12条1項)
    CHANGE_OF_KIND = "change_of_kind"  # 種別変更
    LOSS = "loss"  # 資格喪失
    VOLUNTARY_ACQUISITION = "voluntary_acquisition"  # 任意加入・特例任意加入 取得申出 (法附則5条)
    VOLUNTARY_LOSS = "voluntary_loss"  # 任意加入 喪失申出
    NAME_CHANGE = "name_change"  # 氏名変更 (様式第3号)
    ADDRESS_CHANGE = "address_change"  # 住所変更
    BIRTH_SEX_CORRECTION = "birth_sex_correction"  # 生年月日・性別の訂正
    DEATH = "death"  # 死亡 (法105条4項)
    RECORD_CORRECTION = "record_correction"  # 被保険者記録の訂正
    ADDITIONAL_PREMIUM = "additional_premium"  # 付加保険料 納付申出・辞退申出 (法87条の2)
    NUMBER_NOTICE_REISSUE = "number_notice_reissue"  # 基礎年金番号通知書 再交付
    EXEMPTION = "exemption"  # 免除・納付猶予 申請 (法90条, 90条の2)
    STUDENT_DEFERMENT = "student_deferment"  # 学生納付特例 申請 (法90条の3)
    STATUTORY_EXEMPTION = "statutory_exemption"  # 法定免除 該当 (法89条)
    STATUTORY_EXEMPTION_END = "statutory_exemption_end"  # 法定免除 消滅
    MATERNITY = "maternity"  # 産前産後免除 (法88条の2)
    CHILDCARE = "childcare"  # 育児期間免除 (法88条の3)
    EXEMPTION_WITHDRAWAL = "exemption_withdrawal"  # 免除・納付猶予 取消申請
    BACK_PAYMENT = "back_payment"  # 追納申込 (法94条)
    PAYMENT_METHOD = "payment_method"  # 口座振替・クレジットカード・前納 (法92条の2)
    CLAIM = "claim"  # 裁定請求 進達: the paper follows with the transmittal list
    RECIPIENT_CHANGE = "recipient_change"  # 受給権者の変更届・現況届など 進達
    WITHDRAWAL = "withdrawal"  # 送付済みの届書の取下げ (the city's own correction of a report already handed over)


class NoticeSource(StrEnum):
    """報告の根拠 — a notice was received, or the city found the fact itself and certifies it (処理基準13条2)."""

    NOTICE = "1"
    OWN_FINDING = "2"


class MediumKind(StrEnum):
    """送付媒体 — recordable optical media. Flash memory is not among them: the assessment rules it out (II.5 ⑥)."""

    CD = "2"
    DVD = "3"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """報告1件 — one notice about one person.

    ``receipt_number`` is the section's 受付番号 and comes back with the result; it stays the same when a returned
    notice is sent again. ``atena_number`` never leaves the city: it is here for the access ledger and for lists shown
    to officers. ``details`` holds what only one kind of notice has; its keys are the ``source`` names of the record
    layout.
    """

    kind: NoticeKind
    receipt_number: str
    atena_number: str
    received_on: date  # 受付年月日
    name: str
    kana: str
    birth: date | None
    sex: str  # T23: "1" 男, "2" 女
    postal_code: str  # 7 digits or ""
    address: str
    basic_pension_number: str = ""  # 10 digits; "" when the person has none yet (資格取得 only)
    individual_number: str = field(default="", repr=False)  # 12 digits; never in a log or a message
    source: NoticeSource = NoticeSource.NOTICE
    submitted_on: date | None = None  # 届出年月日; None: the day of receipt
    event_on: date | None = None  # 取得・喪失・変更・死亡・該当 年月日
    reason_code: str = ""  # T2 for acquisitions and changes, T3 for losses
    kind_before: str = ""  # T1 被保険者種別 before
    kind_after: str = ""  # T1 被保険者種別 after
    is_foreign: bool = False  # 外国人区分
    name_on_medium: str = ""  # 氏名 in the short form an officer chose, when the registered one does not fit
    kana_on_medium: str = ""
    details: Mapping[str, DetailValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """報告 — the lines of one medium, in the order in which they are written.

    ``serial`` is the 媒体通番 of the fiscal year of ``created_on``. A run with the same report gives the same bytes.
    ``remake_of`` names the serial whose content is made again under a new number (再作成).
    """

    serial: int
    created_on: date
    lines: Sequence[ReportLine]
    medium: MediumKind = MediumKind.CD
    remake_of: int | None = None


@dataclass(frozen=True, slots=True)
class LineProblem:
    """媒体に載せられない理由 — why one line cannot go on the medium as it is; the line can still go on paper.

    ``code`` is one of: missing, too_long, bad_value, undeliverable_character, duplicate, unexpected.
    ``characters`` lists the characters the medium's character set cannot hold.
    """

    line_number: int  # 1-based position in the report
    receipt_number: str
    atena_number: str
    field: str
    label: str
    code: str
    message: str
    hint: str
    characters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplacedCharacter:
    """外字の置換え — one replacement made by the agreed table; printed with the content list, never silent."""

    line_number: int
    receipt_number: str
    label: str
    original: str
    replacement: str


@dataclass(frozen=True, slots=True)
class MediaImage:
    """媒体イメージ — one sealed medium in the city's outbox, with its manifest and 送付書 sheet beside it.

    ``sha256`` is that of the sealed image: what the 媒体管理簿 records. ``counts`` is lines per kind.
    ``is_reissue`` is true when the same bytes had already been written before.
    """

    path: Path
    manifest_path: Path
    cover_path: Path
    serial: int
    fiscal_year: int
    medium: MediumKind
    sha256: str
    manifest: Mapping[str, object]
    counts: Mapping[str, int]
    total: int
    key_id: str
    remake_of: int | None = None
    is_reissue: bool = False
    replaced: tuple[ReplacedCharacter, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """媒体の引渡し — the two officers who sign, the locked case, and who keeps the key apart from the medium."""

    first_officer: str  # staff number
    second_officer: str  # another staff number
    carrying_case: str  # 施錠ケースの番号
    handed_over_at: datetime


class ResultOutcome(StrEnum):
    """処理結果 — what the Service did with one notice."""

    ACCEPTED = "accepted"  # 受理
    RETURNED = "returned"  # 返戻


class ResultStatus(StrEnum):
    """媒体の処理状態 — what the Service did with the medium as a whole."""

    PROCESSED = "processed"  # 処理済 (each line has its own outcome)
    REFUSED = "refused"  # 媒体ごと不受理
    UNREADABLE = "unreadable"  # 結果ファイルが読めない (found by the city; ask the Service again)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """処理結果1件 — the Service's answer to one notice; (result_serial, line_number, part) is unique.

    An application is accepted first and decided later, by lines of their own: ``decision`` T7 (1 承認, 3 and 4 却下),
    ``exemption_kind`` T5 and the months, one ``part`` for each kind. A notice of a fact is granted at once.
    """

    result_serial: str  # 結果通番: the same answer delivered twice carries the same number
    fiscal_year: int
    report_serial: int
    line_number: int
    receipt_number: str
    kind: NoticeKind
    outcome: ResultOutcome
    processed_on: date
    basic_pension_number: str = ""  # confirmed, or newly given on an acquisition without one
    reason_code: str = ""
    reason: str = ""
    part: int = 1
    decision: str = ""
    exemption_kind: str = ""
    first_month: date | None = None  # first days of months; None: all the months asked for
    last_month: date | None = None


@dataclass(frozen=True, slots=True)
class ResultFile:
    """処理結果ファイル — one answer as it lies in the tray. ``faults`` says line by line why a medium was refused."""

    path: Path
    result_serial: str
    status: ResultStatus
    fiscal_year: int | None
    report_serial: int | None
    report_sha256: str
    processed_on: date | None
    lines: tuple[ResultLine, ...] = ()
    faults: tuple[str, ...] = ()
    printable_list: bytes = b""  # 処理結果一覧 (HTML, UTF-8)


class MediaWriter(Protocol):
    """媒体作成の窓口 — what the section asks of its carrier."""

    def problems(self, report: Report) -> tuple[LineProblem, ...]:
        """Every reason why the report cannot be written as it is; empty when it can. Writes nothing."""

    def write(self, report: Report) -> MediaImage:
        """Write the sealed image into the outbox. Raises InputError naming the lines when :meth:`problems` is not
        empty.
        """

    def hand_over(self, image: MediaImage, signatures: HandOver) -> Path:
        """Put the medium into the Service's tray. Raises NotAllowed unless two different officers signed."""

    def read_result_files(self, tray: Path | None = None) -> list[ResultFile]:
        """Every answer lying in the tray that was not acknowledged yet, oldest first. Moves nothing."""

    def read_results(self, tray: Path | None = None) -> list[ResultLine]:
        """The lines of all readable answers, in order."""

    def acknowledge(self, result: ResultFile) -> Path:
        """Take an answer out of the tray into the archive, once its lines are committed. Safe to repeat."""
