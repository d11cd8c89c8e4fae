//! Where a value is on an axis, and which values are labelled.

/// A larger value has no place on an axis, and 1/LARGEST is the smallest one on a logarithmic axis: it has some labels, not
/// hundreds.
const LARGEST: f64 = 1e12;

/// How values are placed on an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Scale {
    #[default]
    Linear,
    Logarithmic,
}

impl Scale {
    /// Whether a value has a place on an axis with this scale.
    pub(crate) fn has(self, value: f64) -> bool {
        let extent = match self {
            Self::Linear => -LARGEST..=LARGEST,
            Self::Logarithmic => 1.0 / LARGEST..=LARGEST,
        };
        extent.contains(&value)
    }
}

/// The values from one end of an axis to the other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    scale: Scale,
    /// The values that have a label, at least two, from the first end of the axis to the other.
    pub(crate) ticks: Vec<f64>,
}

impl Span {
    /// An axis for these values, with about `most` labels.
    pub(crate) fn of(scale: Scale, values: impl Iterator<Item = f64> + Clone, most: usize) -> Self {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let largest = values.fold(f64::NEG_INFINITY, f64::max);
        let ticks = match scale {
            _ if least > largest => vec![0.0, 1.0],
            Scale::Linear => linear(least.min(0.0), largest.max(0.0), most),
            Scale::Logarithmic => logarithmic(least, largest),
        };
        Self { scale, ticks }
    }

    /// The position of a value between 0 and 1.
    pub(crate) fn position(&self, value: f64) -> f64 {
        let place = |value: f64| match self.scale {
            Scale::Linear => value,
            Scale::Logarithmic => value.log10(),
        };
        let first = self.ticks.first().copied().unwrap_or_default();
        let last = self.ticks.last().copied().unwrap_or_default();
        (place(value) - place(first)) / (place(last) - place(first))
    }
}

/// Multiples of the smallest round step that gives no more than `most` intervals.
fn linear(least: f64, largest: f64, most: usize) -> Vec<f64> {
    let range = largest - least;
    if range <= 0.0 || !range.is_finite() {
        return vec![0.0, 1.0];
    }
    let power = 10_f64.powf((range / most as f64).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power);
    let fits = |step: &f64| (largest / step).ceil() - (least / step).floor() <= most as f64;
    let step = steps.into_iter().find(fits).unwrap_or(20.0 * power);
    let (first, last) = (
        (least / step).floor() as i64,
        (largest / step).ceil() as i64,
    );
    (first..=last).map(|tick| tick as f64 * step).collect()
}

/// Powers of ten around all values.
fn logarithmic(least: f64, largest: f64) -> Vec<f64> {
    let first = least.log10().floor() as i32;
    let last = (largest.log10().ceil() as i32).max(first + 1);
    (first..=last).map(|power| 10_f64.powi(power)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(scale: Scale, values: &[f64]) -> Vec<f64> {
        Span::of(scale, values.iter().copied(), 5).ticks
    }

    #[test]
    fn a_linear_axis_includes_zero_and_all_values() {
        assert_eq!(ticks(Scale::Linear, &[3.0, 7.5]), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(
            ticks(Scale::Linear, &[-1.0, 1.0]),
            [-1.0, -0.5, 0.0, 0.5, 1.0]
        );
        assert_eq!(ticks(Scale::Linear, &[0.0]), [0.0, 1.0]);
        assert_eq!(ticks(Scale::Linear, &[]), [0.0, 1.0]);
    }

    #[test]
    fn a_logarithmic_axis_has_powers_of_ten() {
        assert_eq!(
            ticks(Scale::Logarithmic, &[187.0, 11_379.0]),
            [100.0, 1e3, 1e4, 1e5]
        );
        assert_eq!(ticks(Scale::Logarithmic, &[10.0]), [10.0, 100.0]);
    }

    #[test]
    fn a_position_follows_the_scale() {
        let span = Span::of(Scale::Logarithmic, [10.0, 1_000.0].into_iter(), 5);
        assert_eq!(span.position(100.0), 0.5);
        let span = Span::of(Scale::Linear, [0.0, 10.0].into_iter(), 5);
        assert_eq!(span.position(5.0), 0.5);
    }
}
