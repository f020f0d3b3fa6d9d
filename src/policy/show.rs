//! Problems of a pack for a terminal: title, line, and a mark below the spot.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{PackSource, Problem};
use crate::diagnostic::Severity;

/// All problems, each with its line of the file, then how many there are.
/// `colour` is for a terminal.
pub fn render(problems: &[Problem], source: &PackSource, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = String::new();
    for problem in problems {
        text.push_str(&renderer.render(&[group(problem, source)]));
        text.push_str("\n\n");
    }
    text.push_str(&format!("方案共有 {} 处要改。\n", problems.len()));
    text
}

fn group<'a>(problem: &'a Problem, source: &'a PackSource) -> Group<'a> {
    let finding = &problem.finding;
    let level = match finding.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let group = level
        .with_name(finding.severity().word())
        .primary_title(finding.code.title())
        .id(finding.code.code())
        .elements(None::<Origin<'_>>);
    let file = finding.place.file.as_deref().unwrap_or_default();
    let text = source.text(file);
    let span = problem
        .span
        .clone()
        .filter(|span| text.is_some_and(|text| text.get(span.clone()).is_some()));
    let group = match (text, span) {
        (Some(text), Some(span)) => group.element(
            Snippet::source(text).path(file).annotation(
                AnnotationKind::Primary
                    .span(span)
                    .label(finding.message.as_str()),
            ),
        ),
        _ => group
            .element(Origin::path(file))
            .element(Level::NOTE.with_name("说明").message(&finding.message)),
    };
    let related = finding
        .related
        .iter()
        .map(|place| Level::NOTE.with_name("另见").message(place.to_string()));
    group
        .elements(related)
        .element(Level::HELP.with_name("改法").message(&finding.mend))
}
