//! Numbers from a seed, the same everywhere: a benchmark whose returns changed
//! from run to run would measure something else each time.

/// A source of numbers.
pub struct Dice(u64);

impl Dice {
    /// The source for a part of the county: no part moves when another changes.
    pub fn new(seed: u64, part: u64) -> Self {
        let mixed = seed
            .wrapping_add(part.wrapping_mul(0xD1B5_4A32_D192_ED03))
            .wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut dice = Dice(mixed | 1);
        // The first numbers of neighbouring seeds are alike.
        for _ in 0..8 {
            dice.below(2);
        }
        dice
    }

    /// A number from 0 to one below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The upper bits are the better ones.
        ((self.0 >> 11) % most.max(1) as u64) as usize
    }

    /// One of several.
    pub fn of<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    /// Whether something happens that happens so often in a thousand.
    pub fn chance(&mut self, of_thousand: usize) -> bool {
        self.below(1_000) < of_thousand
    }

    /// A number between two, the small ones more often: the higher the power
    /// (1 is even), the fewer large ones.
    pub fn skewed(&mut self, least: usize, most: usize, power: u32) -> usize {
        let part = self.below(1_000);
        least + (most + 1 - least) * part.pow(power) / 1_000_usize.pow(power)
    }
}
