//! Several things done at once, with the results in a fixed order, so that
//! nothing depends on who was quicker.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::thread;

/// How many things are best done at once on this machine. `KAOHE_CORES` says another
/// number: what happens on many cores must be seen on a machine with few.
pub fn width() -> usize {
    let told = std::env::var("KAOHE_CORES").ok();
    let told = told.and_then(|cores| cores.parse().ok());
    told.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from))
        .clamp(1, MOST)
}

/// More are never of use.
const MOST: usize = 256;

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

/// Does something for each number from 0, so many at once, and has the results taken one
/// by one in the order of the numbers, each as soon as those before it are. Results have
/// a weight: while those that wait for an earlier one have more than `most` together,
/// whoever made one of them begins nothing new.
///
/// ```
/// let mut squares = Vec::new();
/// let square = |number| (number * number, 1);
/// kaohe::several::in_turn(4, 2, 1, square, |_, square| squares.push(square));
/// assert_eq!(squares, [0, 1, 4, 9]);
/// ```
pub fn in_turn<T: Send>(
    count: usize,
    width: usize,
    most: u64,
    work: impl Fn(usize) -> (T, u64) + Sync,
    take: impl FnMut(usize, T) + Send,
) {
    let turn = Mutex::new(Turn {
        next: 0,
        waiting: BTreeMap::new(),
        weight: 0,
        take,
    });
    let passed = Condvar::new();
    at_once(count, width, |at| {
        let (made, weight) = work(at);
        let mut turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        turn.waiting.insert(at, (made, weight));
        turn.weight += weight;
        turn.pass();
        passed.notify_all();
        let is_much = |turn: &mut Turn<_, _>| turn.next <= at && turn.weight > most;
        drop(passed.wait_while(turn, is_much));
    });
}

/// Whose turn it is to be taken, and what waits for it.
struct Turn<T, F> {
    next: usize,
    waiting: BTreeMap<usize, (T, u64)>,
    weight: u64,
    take: F,
}

impl<T, F: FnMut(usize, T)> Turn<T, F> {
    /// Has all taken whose turn it is.
    fn pass(&mut self) {
        while let Some((made, weight)) = self.waiting.remove(&self.next) {
            (self.take)(self.next, made);
            self.weight -= weight;
            self.next += 1;
        }
    }
}

/// Room that several share: who finds too little of it waits for the others.
pub struct Room {
    size: u64,
    free: Mutex<u64>,
    given_back: Condvar,
}

/// Room that somebody holds until this is dropped.
pub struct Held<'a> {
    room: &'a Room,
    taken: u64,
}

impl Room {
    /// So much room.
    pub fn of(size: u64) -> Self {
        Room {
            size,
            free: Mutex::new(size),
            given_back: Condvar::new(),
        }
    }

    /// Takes so much of it, or all where that is not enough.
    pub fn take(&self, wanted: u64) -> Held<'_> {
        let taken = wanted.min(self.size);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let enough = self.given_back.wait_while(free, |free| *free < taken);
        *enough.unwrap_or_else(PoisonError::into_inner) -= taken;
        Held { room: self, taken }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let free = self.room.free.lock();
        *free.unwrap_or_else(PoisonError::into_inner) += self.taken;
        self.room.given_back.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU64;

    #[test]
    fn results_are_taken_in_turn() {
        let mut taken = Vec::new();
        let work = |at: usize| {
            // The first is the last to be done.
            thread::sleep(std::time::Duration::from_millis(if at == 0 {
                50
            } else {
                1
            }));
            (at, 1)
        };
        in_turn(50, 4, 3, work, |at, made| taken.push((at, made)));
        assert!(taken.iter().copied().eq((0..50).map(|at| (at, at))));
    }

    #[test]
    fn no_more_is_held_than_there_is_room_for() {
        let room = Room::of(10);
        let (now, most) = (AtomicU64::new(0), AtomicU64::new(0));
        at_once(200, 8, |at| {
            let wanted = [1, 3, 10, 25][at % 4];
            let _held = room.take(wanted);
            let held = now.fetch_add(wanted.min(10), Ordering::SeqCst) + wanted.min(10);
            most.fetch_max(held, Ordering::SeqCst);
            thread::yield_now();
            now.fetch_sub(wanted.min(10), Ordering::SeqCst);
        });
        assert_eq!(most.into_inner(), 10);
    }
}
