//! What stands in a cell in the place of a figure or of yes and no.

/// Shown where an item does not apply.
pub const NOT_APPLICABLE: &str = "不适用";
/// Shown where something waits for the office.
pub const PENDING: &str = "待定";
/// Shown for a unit or member that a veto strikes.
pub const VETOED: &str = "一票否决";
/// Shown for a unit that sent nothing.
pub const NOT_RETURNED: &str = "未报送";
/// Shown where a veto does not strike.
pub const CLEAR: &str = "未触发";
/// Shown where a figure cannot be worked out: it is not zero.
pub const UNKNOWN: &str = "无法计算";
/// A member whose row says what the veto asks, or of whom no list asks it.
pub const TOLD: &str = "已填报";
/// A member of whom the list that asks for him says nothing.
pub const UNTOLD: &str = "没有填报";
/// What the office has ruled of such a member.
pub const TOOK_NO_PART: &str = "裁定：没有参与";
/// The same.
pub const TOOK_PART: &str = "裁定：参与了";
