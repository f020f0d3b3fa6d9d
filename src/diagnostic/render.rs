//! Findings as text for a terminal.

use super::{Finding, Severity};

/// One finding, over several lines.
pub fn render_text(finding: &Finding) -> String {
    let mut text = format!(
        "{}[{}] {}\n  → {}\n",
        finding.severity().word(),
        finding.code,
        finding.message,
        finding.place
    );
    if let Some(typed) = &finding.typed {
        text.push_str(&format!("  填写内容：“{typed}”\n"));
    }
    if let Some(taken) = &finding.taken {
        text.push_str(&format!("  按此理解：{taken}\n"));
    }
    for place in &finding.related {
        text.push_str(&format!("  另见：{place}\n"));
    }
    text.push_str(&format!("  改法：{}\n", finding.mend));
    text
}

/// All findings, then a line that counts them by severity.
pub fn render_all(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        text.push_str(&render_text(finding));
        text.push('\n');
    }
    let count = |severity| findings.iter().filter(|f| f.severity() == severity).count();
    text.push_str(&format!(
        "共 {} 条：错误 {}，警告 {}，提示 {}\n",
        findings.len(),
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note)
    ));
    text
}
