//! What the returns say: names that cannot be taken for one another, and the
//! short sentences that a clerk writes.

use super::dice::Dice;

const PLACES: [&str; 20] = [
    "清溪", "仙塘", "长坪", "小淹", "羊角", "冷水", "奎山", "烟湖", "渠口", "平桥", "柘田", "乐岭",
    "滔洲", "梅林", "大福", "马路", "东湾", "江南", "高明", "龙泉",
];
const BRANDS: [&str; 12] = [
    "宏达", "永兴", "金桥", "鑫源", "福民", "长青", "云台", "雪峰", "梅山", "资江", "芙蓉", "白沙",
];
const TRADES: [&str; 6] = ["茶业", "建材", "农业", "商贸", "电子", "食品"];
const PURPOSES: [&str; 12] = [
    "修建饮水池",
    "硬化村组公路",
    "资助贫困学生上学",
    "慰问困难户",
    "购买茶苗和肥料",
    "安装太阳能路灯",
    "维修村小学校舍",
    "危房改造补助",
    "村卫生室添置设备",
    "发展中药材种植",
    "举办实用技术培训班",
    "修复水毁渠道",
];
const GOODS: [&str; 6] = ["大米", "食用油", "棉被", "化肥", "鸡苗", "课桌椅"];
const MEASURES: [&str; 8] = [
    "送鸡苗并联系销路",
    "介绍到开发区务工",
    "帮助申请小额信贷",
    "指导种植黑茶",
    "资助子女上学",
    "联系县医院就诊",
    "入股合作社分红",
    "帮助改厨改厕",
];
const RESULTS: [&str; 6] = [
    "全年增收约",
    "务工收入约",
    "卖茶收入约",
    "养殖收入约",
    "分红收入约",
    "减少支出约",
];
const ACTIVITIES: [&str; 6] = [
    "送医下乡义诊",
    "送戏下乡演出",
    "农技培训",
    "科普宣传",
    "健康体检",
    "送春联下乡",
];
const FINDINGS: [&str; 5] = [
    "提出加强资金监管的建议",
    "建议延伸茶叶产业链",
    "反映饮水工程管护不到位",
    "建议增加公益性岗位",
    "督促整改问题",
];

/// The place of a unit or village; the number alone tells them apart.
pub fn place(at: usize) -> String {
    format!("{}{at:05}", PLACES[at % PLACES.len()])
}

/// A person of the roster.
pub fn person(at: usize) -> String {
    format!("委员{at:06}")
}

/// A giver whom no roster knows: one of a few that a unit has.
pub fn outsider(unit: usize, dice: &mut Dice) -> String {
    let number = dice.below(12);
    let at = unit * 12 + number;
    if number < 7 {
        let (brand, trade) = (BRANDS[number], TRADES[unit % TRADES.len()]);
        format!("湖南{brand}{at:06}{trade}有限公司")
    } else {
        format!("爱心人士{at:06}")
    }
}

/// What a gift is for.
pub fn purpose(dice: &mut Dice) -> String {
    let what = *dice.of(&PURPOSES);
    format!("{what}{}处", 1 + dice.below(6))
}

/// Goods with their quantity.
pub fn goods(dice: &mut Dice) -> String {
    let what = *dice.of(&GOODS);
    format!("{what}{}件", 5 + dice.below(200))
}

/// How a household is helped.
pub fn measures(dice: &mut Dice) -> String {
    let (one, other) = (*dice.of(&MEASURES), *dice.of(&MEASURES));
    if one == other {
        format!("{one}{}次", 1 + dice.below(5))
    } else {
        format!("{one}，{other}")
    }
}

/// What came of it.
pub fn result(dice: &mut Dice) -> String {
    let what = *dice.of(&RESULTS);
    format!("{what}{}元", 1_000 + 100 * dice.below(90))
}

/// The name of an activity.
pub fn activity(number: usize, dice: &mut Dice) -> String {
    format!("第{}次{}", number + 1, dice.of(&ACTIVITIES))
}

/// What an inspection found.
pub fn finding(dice: &mut Dice) -> String {
    let (one, other) = (*dice.of(&FINDINGS), *dice.of(&FINDINGS));
    format!("{one}；{other}，共{}条", 2 + dice.below(5))
}
