"""コード表: the code values of the pension section, each with its official wording and the days it may be used.

A code is never removed and never changes its meaning; a value that the law ended keeps its row with the last day on
which it may describe a fact (共済 became part of 厚生年金 on 2015-10-01, so 共済取得 ends on 2015-09-30). The column
for the official code stays empty until the 標準仕様書 or the media specification of the Service is at hand: the
city's own values never pretend to be official ones.

`law_words` tie a code to the words in which `kokunen.law.rules.qualification` gives its reasons, so that no screen and
no service translates by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models

# The first day of the contributory pension (拠出制国民年金) and of the basic pension with 第3号被保険者.
SCHEME_START = date(1961, 4, 1)
BASIC_PENSION_START = date(1986, 4, 1)
KYOSAI_END = date(2015, 9, 30)


@dataclass(frozen=True, slots=True)
class CodeValue:
    """コード値: one value of a table; usable for facts of `valid_from` to `valid_until` (both inclusive)."""

    code: str
    label: str
    article: str = ""
    law_words: tuple[str, ...] = ()
    valid_from: date = SCHEME_START
    valid_until: date | None = None
    official_code: str | None = None

    def usable_on(self, day: date) -> bool:
        """使用可能か: may this value describe a fact of `day`?"""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class CodeTable:
    """コード表: an ordered table of code values with a Japanese name."""

    def __init__(self, name: str, values: Sequence[CodeValue]) -> None:
        self.name = name
        self._by_code = {value.code: value for value in values}
        self._by_word: dict[str, CodeValue] = {}
        for value in values:
            for word in value.law_words:
                self._by_word.setdefault(word, value)

    def __iter__(self) -> Iterator[CodeValue]:
        return iter(self._by_code.values())

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> CodeValue:
        """値: the row of a code. Raises KeyError for a code that is not in the table."""
        return self._by_code[code]

    def label(self, code: str) -> str:
        """名称: the wording of a code, or the code itself when an older record holds one we do not know."""
        value = self._by_code.get(code)
        return value.label if value else code

    def of_law_word(self, word: str) -> CodeValue:
        """法の語からコードへ: the row for a reason word of the qualification rules."""
        return self._by_word[word]

    def has_law_word(self, word: str) -> bool:
        """Is there a code for this reason word?"""
        return word in self._by_word

    def choices(self, on: date | None = None) -> list[tuple[str, str]]:
        """選択肢: (code, label) pairs, only those usable on a day when one is given."""
        return [(value.code, value.label) for value in self if on is None or value.usable_on(on)]


# T1 ---------------------------------------------------------------------------------------------------------------
INSURED_TYPES = CodeTable(
    "被保険者種別",
    [
        CodeValue("1", "第1号被保険者", "国民年金法第7条第1項第1号"),
        CodeValue("2", "第2号被保険者", "国民年金法第7条第1項第2号", valid_from=BASIC_PENSION_START),
        CodeValue("3", "第3号被保険者", "国民年金法第7条第1項第3号", valid_from=BASIC_PENSION_START),
        CodeValue("4", "任意加入（国内20歳以上60歳未満）", "国民年金法附則第5条第1項第1号"),
        CodeValue(
            "5", "任意加入（国内60歳以上65歳未満）", "国民年金法附則第5条第1項第2号", valid_from=BASIC_PENSION_START
        ),
        CodeValue("6", "任意加入（海外）", "国民年金法附則第5条第1項第3号", valid_from=BASIC_PENSION_START),
        CodeValue("7", "特例任意加入（国内）", "平成6年改正法附則第11条ほか", valid_from=date(1995, 4, 1)),
        CodeValue("8", "特例任意加入（海外）", "平成6年改正法附則第11条ほか", valid_from=date(1995, 4, 1)),
        CodeValue("9", "未加入"),
    ],
)

SHORT_TYPE_LABELS = {
    "1": "第1号",
    "2": "第2号",
    "3": "第3号",
    "4": "任意（国内）",
    "5": "任意（60〜65歳）",
    "6": "任意（海外）",
    "7": "特例任意（国内）",
    "8": "特例任意（海外）",
    "9": "未加入",
}

FIRST_KIND = "1"
NOT_INSURED = "9"
VOLUNTARY_TYPES = ("4", "5", "6", "7", "8")
CITY_TYPES = ("1", *VOLUNTARY_TYPES)  # whose notices the city receives; 2号 and 3号 go through the employer

# T2 ---------------------------------------------------------------------------------------------------------------
EMPLOYMENT_ENDED = ("02", "03")
"""退職による取得: 厚生年金 or 共済 was lost (`ACQUISITION_REASONS`)."""

ACQUISITION_REASONS = CodeTable(
    "取得理由",
    [
        CodeValue("01", "20歳到達", "国民年金法第8条第1号", ("reached_20",)),
        CodeValue("02", "厚生年金資格喪失（退職等）", "国民年金法第8条", ("employment_ended",)),
        CodeValue("03", "共済組合資格喪失", "国民年金法第8条", valid_until=date(2015, 10, 1)),
        CodeValue(
            "04", "第3号非該当（配偶者の退職）", "国民年金法第8条", ("spouse_employment_ended",), BASIC_PENSION_START
        ),
        CodeValue("05", "第3号非該当（収入増）", "国民年金法第8条", ("dependence_ended_income",), BASIC_PENSION_START),
        CodeValue("06", "第3号非該当（離婚）", "国民年金法第8条", ("divorce",), BASIC_PENSION_START),
        CodeValue("07", "第3号非該当（配偶者65歳到達）", "国民年金法第8条", ("spouse_65",), BASIC_PENSION_START),
        CodeValue("08", "第3号非該当（配偶者死亡）", "国民年金法第8条", ("spouse_death",), BASIC_PENSION_START),
        CodeValue("09", "海外からの転入", "国民年金法第8条第2号", ("entered_japan",)),
        CodeValue("10", "老齢給付等の受給権消滅", "国民年金法第8条第3号", ("old_age_right_ended",)),
        CodeValue("11", "適用除外でなくなった", "国民年金法第8条第3号", ("exclusion_ended",)),
        CodeValue("12", "任意加入の申出", "国民年金法附則第5条", ("voluntary_application",)),
        CodeValue(
            "13",
            "特例任意加入（みなし申出を含む）",
            "平成6年改正法附則第11条",
            ("special_voluntary_deemed",),
            date(1995, 4, 1),
        ),
        CodeValue("14", "職権適用", "国民年金法第12条"),
        CodeValue("15", "再取得・資格の回復"),
        CodeValue("21", "厚生年金資格取得", "国民年金法第7条第1項第2号", ("employment_started",), BASIC_PENSION_START),
        CodeValue(
            "22", "被扶養配偶者に該当", "国民年金法第7条第1項第3号", ("dependence_started",), BASIC_PENSION_START
        ),
        CodeValue("90", "記録の訂正"),
        CodeValue("99", "不明", "", ("carried_in", "dependence_ended")),
    ],
)

# T3 ---------------------------------------------------------------------------------------------------------------
LOSS_REASONS = CodeTable(
    "喪失理由",
    [
        CodeValue("01", "死亡", "国民年金法第9条第1号", ("death",)),
        CodeValue("02", "海外転出", "国民年金法第9条第2号", ("left_japan",)),
        CodeValue("03", "60歳到達", "国民年金法第9条第3号", ("reached_60",)),
        CodeValue("04", "厚生年金資格取得（第2号）", "国民年金法第11条の2", ("employment_started",)),
        CodeValue("05", "共済組合資格取得", "国民年金法第11条の2", valid_until=KYOSAI_END),
        CodeValue(
            "06", "被扶養配偶者に該当（第3号）", "国民年金法第11条の2", ("dependence_started",), BASIC_PENSION_START
        ),
        CodeValue("07", "老齢給付等の受給権", "国民年金法第9条第4号", ("old_age_right",)),
        CodeValue("08", "適用除外に該当", "国民年金法第9条第4号", ("excluded",)),
        CodeValue("09", "任意加入者の喪失申出", "国民年金法附則第5条", ("withdrawal",)),
        CodeValue("10", "任意加入者の65歳到達", "国民年金法附則第5条", ("reached_65",)),
        CodeValue("11", "任意加入者の480月到達", "国民年金法附則第5条", ("months_480",)),
        CodeValue("12", "任意加入者の滞納", "国民年金法附則第5条", ("unpaid",)),
        CodeValue("13", "任意加入者の国内住所取得", "国民年金法附則第5条", ("entered_japan",)),
        CodeValue("14", "任意加入者の国内住所喪失", "国民年金法附則第5条"),
        CodeValue("15", "特例任意加入者の受給権取得", "平成6年改正法附則第11条", valid_from=date(1995, 4, 1)),
        CodeValue("16", "特例任意加入者の70歳到達", "平成6年改正法附則第11条", ("reached_70",), date(1995, 4, 1)),
        CodeValue("17", "日本国籍喪失", "国民年金法附則第5条", ("nationality_lost",), BASIC_PENSION_START),
        CodeValue(
            "21",
            "第2号・第3号でなくなったため（種別変更）",
            "国民年金法第11条の2",
            (
                "employment_ended",
                "spouse_employment_ended",
                "dependence_ended_income",
                "divorce",
                "spouse_65",
                "spouse_death",
                "dependence_ended",
                "old_age_right_ended",
                "exclusion_ended",
                "voluntary_application",
                "special_voluntary_deemed",
                "reached_20",
            ),
        ),
        CodeValue("90", "記録の訂正"),
        CodeValue("99", "不明"),
    ],
)

# After these reasons somebody else answers for the person (employer, employer of the spouse) or the law ends the duty:
# the time that follows is explained, and nobody is suspected of having forgotten a notice.
GAP_EXPLAINING_LOSS_REASONS = (
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "07",
    "08",
    "09",
    "10",
    "11",
    "12",
    "14",
    "15",
    "16",
    "17",
)
# For a resident of 20 to 59 who lives in Japan again, 海外転出 explains nothing any more.
RESIDENT_EXPLAINING_LOSS_REASONS = ("01", "04", "05", "06", "07", "08")

# T4 ---------------------------------------------------------------------------------------------------------------
LEDGER_MOVES = CodeTable(
    "台帳異動",
    [
        CodeValue("01", "転入"),
        CodeValue("02", "転出"),
        CodeValue("03", "転居"),
        CodeValue("04", "出生"),
        CodeValue("05", "死亡"),
        CodeValue("06", "職権記載"),
        CodeValue("07", "職権消除"),
        CodeValue("08", "氏名変更"),
        CodeValue("09", "世帯変更"),
        CodeValue("10", "国籍・在留変更"),
        CodeValue("11", "異動の取消し"),
    ],
)

SEXES = CodeTable("性別", [CodeValue("1", "男"), CodeValue("2", "女"), CodeValue("0", "不明")])
MEDIA = CodeTable("送付媒体", [CodeValue("2", "CD"), CodeValue("3", "DVD")])  # paper is no declared way (II.5 提供方法)


class NoticeKind(models.TextChoices):
    """届書の種類: every form of the counter (domain catalogue F01 to F29) and the city's own withdrawal.

    What is asked on a form, its papers, its limit and its way stand in `catalogue.yaml`, under the same code.
    """

    ACQUISITION = "F01", "資格取得届"
    CHANGE_OF_KIND = "F02", "種別変更届"
    LOSS = "F03", "資格喪失届"
    VOLUNTARY = "F04", "任意加入申出書"
    NAME = "F05", "氏名変更届"
    ADDRESS = "F06", "住所変更届"
    BIRTH_SEX = "F07", "生年月日・性別変更（訂正）届"
    DEATH = "F08", "死亡届（被保険者）"
    CORRECTION = "F09", "被保険者記録の訂正"
    ADDITIONAL = "F10", "付加保険料納付・納付辞退申出書"
    NUMBER_NOTICE = "F11", "基礎年金番号通知書再交付申請書"
    EXEMPTION = "F12", "免除・納付猶予申請書"
    EXEMPTION_END = "F12b", "免除・納付猶予取消申請書"
    STUDENT = "F13", "学生納付特例申請書"
    STATUTORY = "F14", "法定免除該当・消滅届"
    MATERNITY = "F15", "産前産後免除該当届"
    CHILDCARE = "F16", "育児期間免除該当届"
    BACK_PAYMENT = "F17", "追納申込書"
    PAYMENT = "F18", "口座振替・クレジットカード・前納申出書"
    OLD_AGE = "F20", "老齢基礎年金 年金請求書"
    DISABILITY = "F21", "障害基礎年金 年金請求書"
    SURVIVOR = "F22", "遺族基礎年金 年金請求書"
    WIDOW = "F23", "寡婦年金請求書"
    DEATH_LUMP_SUM = "F24", "死亡一時金請求書"
    UNPAID = "F25", "未支給年金・未支払給付金請求書"
    SPECIAL_DISABILITY = "F26", "特別障害給付金請求書"
    OLD_AGE_WELFARE = "F27", "老齢福祉年金の届・請求書"
    SUPPLEMENT = "F28", "年金生活者支援給付金認定請求書"
    RECIPIENT_CHANGE = "F29", "受給権者の変更届・現況届等"
    WITHDRAWAL = "F90", "送付済みの届書の取下げ"


class NoticeSource(models.TextChoices):
    """届出の出所: a report has three possible origins (処理基準13条); the city's own finding carries a
    certification.
    """

    COUNTER = "counter", "窓口の届出"
    RESIDENT_NOTICE = "resident_notice", "住民異動届への付記（国民年金法第12条第3項）"
    FINDING = "finding", "公簿による確認（届出によらない報告）"


class NoticeState(models.TextChoices):
    """受付状況 (T11): the way of a receipt; nothing leaves the board without one of the two ends."""

    RECEIVED = "10", "受付"
    SUPPLEMENT = "20", "補正依頼"
    EXAMINED = "30", "審査済"
    TO_SEND = "40", "送付待"
    SENT = "50", "結果待"
    RETURNED = "60", "返戻"
    GRANTED = "70", "結果承認"
    REFUSED = "71", "結果却下"
    WITHDRAWN = "80", "取下"
    DONE = "90", "完了"


OPEN_NOTICE_STATES = (
    NoticeState.RECEIVED,
    NoticeState.SUPPLEMENT,
    NoticeState.EXAMINED,
    NoticeState.TO_SEND,
    NoticeState.SENT,
    NoticeState.RETURNED,
    NoticeState.GRANTED,
    NoticeState.REFUSED,
)


class PaperState(models.TextChoices):
    """書類の状況: `waived` = the officer takes the form without it, and says why."""

    SEEN = "seen", "確認・預かり"
    MISSING = "missing", "不足"
    WAIVED = "waived", "省略"


class IdentityDocument(models.TextChoices):
    """本人確認: what was shown (番号法16条). Never a picture, never the number of the document."""

    NUMBER_CARD = "my_number_card", "個人番号カード"
    LICENCE = "driving_licence", "運転免許証"
    PASSPORT = "passport", "旅券"
    RESIDENCE_CARD = "residence_card", "在留カード・特別永住者証明書"
    TWO_DOCUMENTS = "two_documents", "顔写真のない書類2点"
    REGISTER = "register", "公簿（住民記録）"


class Filer(models.TextChoices):
    """届出人: the insured, the head of the household on behalf (法12条2項), or an agent."""

    SELF = "self", "本人"
    HEAD = "head", "世帯主（国民年金法第12条第2項）"
    AGENT = "agent", "代理人（委任状）"
    FAMILY = "family", "親族（死亡の届出）"
    NONE = "none", "届出によらない"


class ConsultationChannel(models.TextChoices):
    """相談の方法"""

    COUNTER = "counter", "窓口"
    PHONE = "phone", "電話"
    LETTER = "letter", "文書"


class InquiryState(models.TextChoices):
    """照会票の状態: branch → main office (asked) → Service (sent) → answered."""

    ASKED = "asked", "照会中（主管課）"
    SENT = "sent", "照会中（年金事務所）"
    ANSWERED = "answered", "回答済"


class ClaimVerdict(models.TextChoices):
    """見込み: the city's own view; the Service decides (法12条4項)."""

    LIKELY = "likely", "要件を満たす見込み"
    UNLIKELY = "unlikely", "要件を満たさない見込み"
    NOT_CITY = "not_city", "年金事務所の受付"
    UNKNOWN = "unknown", "判定できない"


class DiagnosisKind(models.TextChoices):
    """診断書種別 (T14)"""

    EYE = "1", "眼"
    HEARING = "2", "聴覚・鼻腔・平衡・そしゃく・言語"
    LIMBS = "3", "肢体"
    MENTAL = "4", "精神"
    BREATHING = "5", "呼吸器"
    HEART = "6", "循環器"
    ORGANS = "7", "腎・肝・糖尿"
    BLOOD = "8", "血液・造血器・その他"


class OutreachResult(models.TextChoices):
    """勧奨の結果"""

    WAITING = "waiting", "回答待ち"
    APPLIED = "applied", "申請あり"
    VISITED = "visited", "相談あり"
    DECLINED = "declined", "希望なし"
    RETURNED = "returned", "宛先不明"


class WorkKind(models.TextChoices):
    """要処理事項の種類: what a change in the register, or the calendar, puts before the section."""

    LOSS_ABROAD = "loss_abroad", "資格喪失（海外転出）"
    ACQUISITION_ABROAD = "acquisition_abroad", "資格取得（海外からの転入）"
    LOSS_DEATH = "loss_death", "資格喪失（死亡）"
    REMOVED = "removed", "職権消除された被保険者の確認"
    NAME = "name", "氏名変更"
    ADDRESS = "address", "住所変更"
    NATIONALITY = "nationality", "国籍・在留資格の変更"
    BIRTH_SEX = "birth_sex", "生年月日・性別の変更"
    REACHED_20 = "reached_20", "20歳到達"
    REACHED_60 = "reached_60", "60歳到達"
    REACHED_65 = "reached_65", "任意加入の満了（65歳）"
    UNENROLLED = "unenrolled", "未加入の疑い"
    REACHED_480 = "reached_480", "任意加入の満了（480月）"
    SPOUSE = "spouse", "配偶者の種別変更"
    UNDO = "undo", "異動の取消し"
    WITHDRAWAL = "withdrawal", "送付済みの報告の取下げ"


class WorkState(models.TextChoices):
    """処理状態"""

    OPEN = "open", "未処理"
    PLANNED = "planned", "予定"
    CONFIRMED = "confirmed", "確定"
    REJECTED = "rejected", "処理不要"
    UNDONE = "undone", "取消しにより終了"


OPEN_WORK_STATES = (WorkState.OPEN, WorkState.PLANNED)


class ActKind(models.TextChoices):
    """処理区分: what was done to the qualification record. 訂正 and 取消 are acts of their own, never an overwrite."""

    REGISTER = "register", "登録"
    CORRECT = "correct", "訂正"
    CANCEL = "cancel", "取消"
    UNDO = "undo", "異動取消による復元"
    LOAD = "load", "移行"


class LineRole(models.TextChoices):
    """Did the act close this version, or add it?"""

    CLOSED = "closed", "閉鎖"
    ADDED = "added", "追加"


class ReportState(models.TextChoices):
    """報告の状態"""

    BUILT = "built", "作成済"
    HANDED_OVER = "handed_over", "引渡済"
    SETTLED = "settled", "結果取込済"
    DISCARDED = "discarded", "廃棄"


class ResultVerdict(models.TextChoices):
    """処理結果"""

    ACCEPTED = "accepted", "受理"
    RETURNED = "returned", "返戻"


class Recipient(models.TextChoices):
    """The parties to whom pension data may go (assessment II.5): nobody else has a value here."""

    JPS = "jps", "日本年金機構"
    RESIDENT_SECTION = "resident_section", "市民課"
