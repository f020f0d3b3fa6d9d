//! The catalogue of codes. A code is never reused; severity, title and the
//! usual way to mend belong to the code.

use serde::{Serialize, Serializer};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// What it speaks of is not counted.
    Error,
    /// Counted, but look again.
    Warning,
    /// For information.
    Note,
}

impl Severity {
    /// In the user's words.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "错误",
            Severity::Warning => "警告",
            Severity::Note => "提示",
        }
    }
}

macro_rules! codes {
    ($($name:ident $code:literal $severity:ident $title:literal $mend:literal;)*) => {
        /// A code of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!($code, " ", $title)] $name,)*
        }

        impl Code {
            /// All codes in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as printed, for example `IN-204`.
            pub fn code(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// Severity.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// Title.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// The usual way to mend it.
            pub fn mend(self) -> &'static str {
                match self { $(Code::$name => $mend,)* }
            }
        }
    };
}

codes! {
    // PO: the policy pack.
    PackFile "PO-101" Error "方案文件缺失或读不出" "把缺少的文件从 kaohe init 新建的工作区的 policy 文件夹复制过来。";
    PackSyntax "PO-102" Error "方案文件写法不对" "对照旁边正常的行改正：等号两边、引号、方括号要成对，用英文符号。";
    PackShape "PO-103" Error "方案文件有不认识、缺少或类型不对的项" "按提示改正这一项；拿不准就对照内置方案的同一文件。";
    PackUnknownId "PO-104" Error "引用了不存在的代号" "改成已有的代号，或先在相应文件里定义它。";
    PackUnknownClause "PO-105" Error "引用了不存在的条款" "改成 plan.toml 里已有的条款号，或先在那里补上这一条。";
    PackClauseUnused "PO-106" Error "条款没有落到任何表、指标或规则" "在相应的表、选项或规则里引用这一条，或从 plan.toml 删去。";
    PackPoints "PO-107" Error "分值合计不等于总分" "调整各项分值，使每类单位合计等于总分。";
    PackBands "PO-108" Error "分档不对" "各档起点从小到大，得分不递减，最后一档等于该项分值。";
    PackAward "PO-109" Error "评优条件达不到" "核对评优的单位类型、指标和标准。";
    PackTooLong "PO-110" Error "文字超过 Excel 的限制" "缩短到提示的长度以内。";
    PackDuplicateId "PO-111" Error "代号或名称重复" "改掉或删去其中一个。";
    PackValue "PO-112" Error "数值或日期不对" "按提示的范围和写法改正。";
    PackMismatch "PO-113" Error "规则与表对不上" "核对规则所用的表是否由这类单位填报、栏目类型是否合适。";
    PackName "PO-114" Error "名称写法不对" "代号只用英文小写字母、数字和下划线；表名不用 []:*?/\\ 等符号。";

    // RO: the roster.
    RosterMissing "RO-151" Error "名册缺失或不完整" "用 kaohe init 新建工作区得到样式，或把名册.xlsx 放回工作区；三张表都要有。";
    RosterDuplicate "RO-152" Error "名册里编号或名称重复" "改掉其中一个，使每个单位、人员、村的编号各不相同，名称也不混淆。";
    RosterUnknownUnit "RO-153" Error "名册里的单位对不上" "写成“单位”表里的单位名称。";

    // IN: intake.
    Unreadable "IN-201" Error "文件打不开" "请填报单位用 WPS 或 Excel 打开后另存为 .xlsx 再报。";
    NotOurs "IN-202" Error "不是本次考核的填报文件" "请填报单位填写下发的文件再报；如确属误放，请移出回收文件夹。";
    HeaderMissing "IN-203" Error "缺少栏目" "请填报单位把内容贴回下发的文件，不要删改表头。";
    MoneyText "IN-204" Error "金额写法不对" "只填一个数，单位为元，例如 50000";
    MoneyDecimals "IN-205" Error "金额的小数超过两位" "精确到分，最多两位小数，例如 50000.25";
    RequiredEmpty "IN-206" Error "必填栏没有填" "补填这一格后重新报送。";
    NumberText "IN-207" Error "数字写法不对" "只填一个数，不写文字，例如 25";
    OutOfBounds "IN-208" Error "数值超出范围" "核对后改成范围以内的数。";
    DateText "IN-209" Error "日期写法不对" "写成年-月-日，例如 2018-03-09";
    ChoiceUnknown "IN-210" Error "不在可选的内容里" "从下拉列表里选择一项。";
    YesNoText "IN-211" Error "应填“是”或“否”" "改填“是”或“否”。";
    NameUnknown "IN-212" Error "名册上没有这个名称" "从下拉列表选择，或与名册核对写法；确属新增的请告知县政协办补入名册。";
    ErrorCell "IN-213" Error "单元格是公式错误" "删去公式，直接填写结果。";
    PhoneText "IN-214" Error "电话写法不对" "手机填11位数字，座机写成 0737-7222222";
    OptionalIgnored "IN-215" Warning "选填栏填写有误，此格未采用" "按下拉列表或举例改正；不需要就清空。";
    MoneyScaled "IN-216" Warning "金额写了“万”，已换算成元" "请改为以元为单位的数，例如 50000";
    Interpreted "IN-217" Note "已按标准写法理解" "理解有误时，改成标准写法再报。";
    YesNoEmpty "IN-218" Warning "“是/否”栏空着，按“否”计" "做了的填“是”，没有做的填“否”。";
    SheetMissing "IN-219" Error "缺少工作表" "请填报单位在下发的文件上填写，不要删除工作表。";
    ExtraContent "IN-220" Warning "表格以外的内容没有读取" "需要计入的内容请填到相应的栏目里。";
    StampMismatch "IN-221" Error "不是这一年度或这一方案的文件" "请填报单位改用本次下发的文件。";
    UnitUnknown "IN-222" Error "文件上的单位不在名册里" "核对名册.xlsx 的“单位”表。";
    OutsidePeriod "IN-223" Warning "日期不在考核年度内" "核对年份；确属本年度工作的，改正日期。";
    NothingReceived "IN-224" Warning "回收文件夹里没有文件" "把各单位报回的文件放进“回收”文件夹后再运行。";
    NothingFilled "IN-225" Error "整份文件没有填写，按未报送处理" "请填报单位填好后再报。";
    RequiredIfEmpty "IN-226" Warning "按已填内容应补填的栏空着" "补填这一格。";
    CodeText "IN-227" Error "编号写法不对" "字母开头，只用字母和数字，并至少有一个数字，例如 T101";
    FormsDiffer "IN-228" Note "文件是按另一版方案下发的，已按表头读取" "核对读取结果；必要时请填报单位改用最新下发的文件。";

    TextTooLong "IN-230" Error "文字太长" "缩短到2000字以内；详细材料另附。";
    WrongMeasure "IN-231" Error "表头的单位被改动，此栏不能采用" "把表头改回下发时的单位，金额按元填写。";
    CoverDiffers "IN-232" Error "封面的填报单位与文件标记不一致" "请各单位用下发给自己的文件填报，不要借用别的单位的文件。";
    RowUntouched "IN-233" Warning "已列好的一行没有填写，按没有参与计" "做了的填“是”，没有做的也请填“否”。";
    MacrosIgnored "IN-234" Note "文件带有宏，宏没有运行" "不用处理；下次请存成不带宏的 .xlsx。";
    StampMissing "IN-229" Warning "文件没有下发标记，按表上或文件名里的单位名认定" "核对单位是否认对；请填报单位以后填写下发的文件，不要另建。";
    FileNameDiffers "IN-236" Warning "文件名写的是另一个单位" "核对是否发错了文件；没有错就把文件名改过来。";
    RoundDiffers "IN-237" Warning "文件属于另一轮报送" "核对是否交了旧文件；请填报单位改用本轮下发的文件。";
    SheetTwice "IN-238" Error "同一张表有两份，后一份没有计入" "请填报单位把两份合并到原来的那张表里，删去另一份。";
    SheetCopied "IN-239" Note "有一张内容相同的副本，没有重复读取" "不用处理；也可以删去副本。";
    HiddenRead "IN-240" Note "隐藏的内容也已读取" "不应计入的请删去，不要隐藏。";
    TotalRow "IN-241" Note "手填的合计行没有当作一条记录" "不用处理；表头上方会自动合计，不必另加合计行。";
    TotalRowDiffers "IN-242" Warning "手填的合计与各行之和不一致" "核对各行有没有漏填、错填；合计行请删去。";
    NoteRow "IN-243" Warning "表中的说明文字没有当作一条记录" "只是说明的不用处理；其中有要计入的，请填到表格的栏目里。";
    MergedFilled "IN-244" Warning "合并单元格，按每一行都相同理解" "取消合并，每一行各填一格。";
    MergedHidden "IN-245" Warning "合并单元格盖住的内容没有采用" "取消合并，核对盖住的内容，不要的删去。";
    MergedNumber "IN-246" Error "合并单元格里的数只归第一行" "取消合并，每一行各填各的数。";
    FormulaTaken "IN-247" Note "填写的是公式，按算出的结果读取" "不用处理；最好改成直接填写的数。";
    NumeralTaken "IN-248" Warning "中文大写数字，已换算" "请改为阿拉伯数字，例如 50000";
    YearAssumed "IN-249" Warning "日期没有写年份，按考核年度理解" "写全年-月-日，例如 2018-03-09";
    SeveralNames "IN-251" Error "一格写了几个名称" "一行只写一个；几个人的事分成几行填。";
    NumberDamaged "IN-252" Warning "号码可能已被表格软件改动" "把单元格改成文本格式，重新填写号码。";

    // LG: the ledger.
    SameName "LG-301" Warning "名册上有同名人员，按填报单位记" "在名册里给同名人员加上区别，再按加了区别的姓名填写。";

    // RC: reconciliation.
    Superseded "RC-401" Note "同一单位有更新的一份，这一份不计" "如应以这一份为准，请移走另一份。";
    VersionUnclear "RC-407" Error "同一单位有几份文件，分不清哪一份更新" "与该单位确认，移走不用的一份；或请该单位改好填报日期重报。";
    DuplicateEntry "RC-402" Warning "与另一处所填相同，只计一次" "核对是否同一件事；确属两件事的，请在凭证号或内容上写明区别。";
    DeclaredDiffers "RC-403" Warning "封面申报的合计与明细不一致" "核对明细是否漏填、错填，改正其中一处。";
    NotReporter "RC-404" Warning "这个村不由本单位填报，此行搁置" "由名册里的填报单位填写。";
    FormNotExpected "RC-405" Warning "这类单位不填这张表，此表搁置" "核对单位类型；不应填的请清空。";
    NotReturned "RC-406" Warning "没有报送" "催报；收到后放进“回收”文件夹再运行一次。";
    MeasureSuspect "RC-408" Warning "金额像是按万元填的，等待裁定" "与填报单位确认；确是万元的，改为以元为单位的数再报。";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}
