//! What the codes of the roster say (RO-1xx).

use super::entries;

entries! {
    RosterMissing "名册缺失或不完整" {
        mend: "用 kaohe init 新建工作区得到样式，或把名册.xlsx 放回工作区；三张表都要有。"
        help: "工作区里没有名册.xlsx，或里面少了“单位”“人员”“帮扶村”中的一张。没有名册就不知道谁该报、报给谁，程序不往下做。"
        example: "名册.xlsx 改名成了名册（新）.xlsx → 改回名册.xlsx"
    }
    RosterDuplicate "名册里编号或名称重复" {
        mend: "改掉其中一个，使每个单位、人员、村的编号各不相同，名称也不混淆。"
        help: "两行用了同一个编号，或同一个名称、别名指两个单位。后一行没有采用，它的数会记不上，所以要先改名册。"
        example: "两个单位都是 T101 → 后一个改为 T102"
    }
    RosterUnknownUnit "名册里的单位对不上" {
        mend: "写成“单位”表里的单位名称。"
        help: "“人员”或“帮扶村”表里写的单位，在“单位”表里没有。这个人或这个村没有归属，不能计入任何单位。"
        example: "冷市 → 冷市镇联工委"
    }
    RosterCodeMisread "名册里的编号会被当成日期或数字" {
        mend: "换一个编号：字母后面接数字，字母不要是月份的英文缩写，例如 T101"
        help: "汇总表按编号相加。MAR1、DEC18 这样的编号，Excel 等软件会当成3月1日、12月18日，把几个编号算成一个，所以这一行没有采用。"
        example: "MAR1 → M101"
    }
}
