//! Several things done at once, with the results in a fixed order, so that
//! nothing depends on who was quicker.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many things are best done at once on this machine.
pub fn width() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Does something for each number from 0, so many at once, beginning with the
/// first; gives the results in the order of the numbers.
///
/// ```
/// let squares = kaohe::several::at_once(4, 2, |number| number * number);
/// assert_eq!(squares, [0, 1, 4, 9]);
/// ```
pub fn at_once<T: Send + Sync>(
    count: usize,
    width: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let made: Vec<OnceLock<T>> = (0..count).map(|_| OnceLock::new()).collect();
    let all = || loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(place) = made.get(at) else { break };
        let _ = place.set(work(at));
    };
    thread::scope(|scope| {
        for _ in 1..width.min(count) {
            // Where the system gives no more threads, fewer do it.
            let _ = thread::Builder::new().spawn_scoped(scope, all);
        }
        all();
    });
    made.into_iter().filter_map(OnceLock::into_inner).collect()
}

/// The same for things of different sizes, beginning with the largest, so that nobody
/// waits for one at the end.
///
/// ```
/// let squares = kaohe::several::largest_first(&[1, 9, 4], 2, |number| number * number);
/// assert_eq!(squares, [0, 1, 4]);
/// ```
pub fn largest_first<T: Send + Sync>(
    sizes: &[usize],
    width: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let mut order: Vec<(usize, usize)> = sizes.iter().copied().enumerate().collect();
    order.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let mut made: Vec<(usize, T)> = at_once(order.len(), width, |turn| {
        let at = order.get(turn).map(|(at, _)| *at)?;
        Some((at, work(at)))
    })
    .into_iter()
    .flatten()
    .collect();
    made.sort_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}
