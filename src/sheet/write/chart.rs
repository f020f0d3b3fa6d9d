//! Draws charts in greys and patterns that a black-and-white printer tells
//! apart.

use rust_xlsxwriter as xlsx;
use xlsx::{ChartAxisCrossing, ChartPatternFillType as Pattern, ChartType, Color};

use super::clean;
use crate::sheet::WriteError;
use crate::sheet::{Area, Chart, ChartKind, Series, SheetOf};

/// Outlines and the darkest fill.
const DARK: Color = Color::RGB(0x0040_4040);
/// Lines behind the columns.
const FAINT: Color = Color::RGB(0x00D9_D9D9);

/// Draws a chart on a sheet.
pub(super) fn write(
    target: &mut xlsx::Worksheet,
    sheet: &SheetOf<'_>,
    chart: &Chart,
) -> Result<(), WriteError> {
    let kind = match chart.kind {
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Column => ChartType::Column,
        ChartKind::StackedColumn => ChartType::ColumnStacked,
    };
    let mut drawn = xlsx::Chart::new(kind);
    drawn.set_width(chart.width).set_height(chart.height);
    title(&mut drawn, &chart.title);
    axes(&mut drawn, chart);
    let several = chart.series.len() > 1;
    if several {
        drawn
            .legend()
            .set_position(xlsx::ChartLegendPosition::Bottom)
            .set_font(&font(9));
    } else {
        drawn.legend().set_hidden();
    }
    for (index, series) in chart.series.iter().enumerate() {
        add(&mut drawn, series, index, labelled(chart));
    }
    target
        .insert_chart(chart.at.row, chart.at.column, &drawn)
        .map(|_| ())
        .map_err(|e| WriteError::refused(&sheet.name, format!("图表“{}”", chart.title), e))
}

/// Cells of a range.
fn length(area: Area) -> u32 {
    let rows = area.last.row.saturating_sub(area.first.row) + 1;
    let columns = area.last.column.saturating_sub(area.first.column) + 1;
    rows.saturating_mul(u32::from(columns))
}

/// A font of some size.
fn font(points: u32) -> xlsx::ChartFont {
    let mut font = xlsx::ChartFont::new();
    font.set_size(points).set_color(Color::Black);
    font
}

/// Text that the library cannot take for a reference to a cell.
fn label(text: &str) -> String {
    clean(text)
        .replace('!', "\u{FF01}")
        .trim_start_matches('=')
        .to_owned()
}

/// Title, or none.
fn title(drawn: &mut xlsx::Chart, text: &str) {
    if text.is_empty() {
        drawn.title().set_hidden();
        return;
    }
    let mut bold = font(12);
    bold.set_bold();
    drawn.title().set_name(&label(text)).set_font(&bold);
}

/// Axes. Bars count from above, like the rows of a table; for them the
/// library's x axis is the one of the values.
fn axes(drawn: &mut xlsx::Chart, chart: &Chart) {
    let mut faint = xlsx::ChartLine::new();
    faint.set_color(FAINT).set_width(0.5);
    let bars = chart.kind == ChartKind::Bar;
    let names = if bars { drawn.y_axis() } else { drawn.x_axis() };
    names.set_font(&font(9)).set_major_gridlines(false);
    if bars {
        names
            .set_reverse()
            .set_crossing(ChartAxisCrossing::Max)
            .set_label_interval(1);
    }
    let values = if bars { drawn.x_axis() } else { drawn.y_axis() };
    values
        .set_font(&font(9))
        .set_num_format("[>=10000]#,##0;General")
        .set_major_gridlines(true)
        .set_major_gridlines_line(&faint);
    if !chart.axis.is_empty() {
        values.set_name(&label(&chart.axis)).set_name_font(&font(9));
    }
}

/// Whether there is room for the figures beside the bars or columns.
fn labelled(chart: &Chart) -> bool {
    let points: u32 = chart.series.iter().map(|s| length(s.values)).sum();
    let room = match chart.kind {
        ChartKind::Bar => chart.height / 20,
        ChartKind::Column => chart.width / 60,
        ChartKind::StackedColumn => return false,
    };
    points <= room
}

/// Adds a series with its own fill.
fn add(drawn: &mut xlsx::Chart, series: &Series, index: usize, labelled: bool) {
    let range = |area: Area| {
        let (a, b) = (area.first, area.last);
        (series.sheet.as_str(), a.row, a.column, b.row, b.column)
    };
    let added = drawn
        .add_series()
        .set_name(&label(&series.name))
        .set_categories(range(series.categories))
        .set_values(range(series.values))
        .set_format(&mut fill(index))
        .set_gap(60);
    if labelled {
        let mut label = xlsx::ChartDataLabel::new();
        label.show_value().set_font(&font(9));
        added.set_data_label(&label);
    }
}

/// The fill of a series by its place: greys and patterns take turns.
fn fill(index: usize) -> xlsx::ChartFormat {
    let mut line = xlsx::ChartLine::new();
    line.set_color(DARK).set_width(0.75);
    let mut format = xlsx::ChartFormat::new();
    format.set_border(&line);
    let solid = |grey: u32| Fill::Solid(Color::RGB(grey));
    let chosen = match index % 6 {
        0 => solid(0x0059_5959),
        1 => Fill::Pattern(Pattern::DiagonalStripesWideUpwards),
        2 => solid(0x00D9_D9D9),
        3 => Fill::Pattern(Pattern::Dotted25Percent),
        4 => solid(0x00A6_A6A6),
        _ => Fill::Pattern(Pattern::HorizontalStripesLight),
    };
    match chosen {
        Fill::Solid(colour) => {
            let mut solid = xlsx::ChartSolidFill::new();
            solid.set_color(colour);
            format.set_solid_fill(&solid);
        }
        Fill::Pattern(kind) => {
            let mut pattern = xlsx::ChartPatternFill::new();
            pattern
                .set_pattern(kind)
                .set_foreground_color(DARK)
                .set_background_color(Color::White);
            format.set_pattern_fill(&pattern);
        }
    }
    format
}

/// A fill of either kind.
enum Fill {
    Solid(Color),
    Pattern(Pattern),
}
