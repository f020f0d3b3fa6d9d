//! How to mend in the returned workbook: what was wrong with the file itself is
//! put right in it already, so the words for a file of one's own would mislead.

use crate::diagnostic::{Code, Finding};

/// What the unit has to do in the workbook that it gets back.
pub(super) fn mend(finding: &Finding) -> String {
    let words = match finding.code {
        Code::WrongMeasure => {
            "表头已改回；原来表头上的单位写在了数字后面，请改成按现在表头的单位填的数，例如 5万元 改成 50000。"
        }
        Code::HeaderMissing => {
            "这一栏已经补上，请填写；原来写在别的栏目下的，在“未能对应的内容”表里。"
        }
        Code::SheetMissing => "这张表已经补上，请在本文件里填写。",
        Code::SheetTwice => "要计入的都填到这张表里；另一份的内容在“未能对应的内容”表里。",
        Code::StampMissing => "核对单位是否认对；没有错的，以后就用本文件。",
        Code::FormsDiffer | Code::RoundDiffers => "核对内容；本文件已是最新的表，以后就用本文件。",
        Code::FileNameDiffers => "核对是否发错了文件；没有错的，以后就用本文件。",
        Code::MergedFilled => "已经取消合并，每一行各填了一格，请核对。",
        Code::MergedHidden => {
            "已经取消合并；盖住的内容在“未能对应的内容”表里，要计入的请填到栏目里。"
        }
        Code::MergedNumber => "已经取消合并，请每一行各填各的数。",
        Code::TotalRowDiffers => "核对各行有没有漏填、错填；合计行已经拿掉，表头上方会自动合计。",
        Code::RowsLost => "是有意删去的，不用改；漏掉的，请补上。",
        Code::LikelySame => {
            "请与另一方核对是不是同一笔：是同一笔的，由一方删去；不是同一笔的不用改，在封面的“其他说明”里写明。"
        }
        Code::SidesDiffer => "请与另一方核对哪个数对；本单位写错的请改正，没有错的不用改。",
        Code::GivenOnly => "请与村里核对是否收到；本单位写错的请改正，没有错的不用改。",
        Code::ReceivedOnly => "请与捐助方核对；本单位写错的请改正，没有错的不用改。",
        Code::FactsDiffer => "请与另一方核对哪个对；本单位写错的请改正，没有错的不用改。",
        Code::ToldTogether => "确实联合开展的，不用改；不是的，请删去这一行。",
        Code::AmountOutlier => {
            "请核对是否多写了零，或把万元当元；写错的请改正，属实的不用改，在封面的“其他说明”里写明。"
        }
        Code::MeasureSuspect => {
            "请核对这些数是不是按万元填的；是的，请都改成以元为单位的数；本来就是元的，不用改。"
        }
        _ => return finding.mend.clone(),
    };
    words.to_owned()
}
