//! How many instances exist at once.

use std::{
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

/// The instances that may still be made.
///
/// Without a lock and without asking the system, as long as nobody has to wait. Whoever waits counts
/// itself before it looks for a free slot a last time, and whoever frees one looks for waiters after
/// that: one of the two sees the other.
pub(crate) struct Slots {
    count: u32,
    free: AtomicU32,
    waiting: AtomicU32,
    /// Held between looking and waiting.
    looking: Mutex<()>,
    freed: Condvar,
}

impl Slots {
    pub(crate) fn new(count: u32) -> Self {
        Self {
            count,
            free: AtomicU32::new(count),
            waiting: AtomicU32::new(0),
            looking: Mutex::new(()),
            freed: Condvar::new(),
        }
    }

    /// Takes a slot, waiting for one until `wait` has passed since `since`; none if none came free.
    pub(crate) fn take(&self, since: Instant, wait: Duration) -> Option<Slot<'_>> {
        self.try_take().or_else(|| {
            self.waiting.fetch_add(1, SeqCst);
            let slot = self.wait(since, wait);
            self.waiting.fetch_sub(1, SeqCst);
            slot
        })
    }

    fn wait(&self, since: Instant, wait: Duration) -> Option<Slot<'_>> {
        let mut looking = self.look();
        loop {
            if let Some(slot) = self.try_take() {
                return Some(slot);
            }
            let left = wait.checked_sub(since.elapsed())?;
            looking = (self.freed.wait_timeout(looking, left))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Whether one is taken.
    pub(crate) fn is_any_taken(&self) -> bool {
        self.free.load(SeqCst) < self.count
    }

    fn try_take(&self) -> Option<Slot<'_>> {
        let one_less = |free: u32| free.checked_sub(1);
        let taken = self.free.fetch_update(SeqCst, SeqCst, one_less);
        taken.ok().map(|_| Slot(self))
    }

    fn look(&self) -> MutexGuard<'_, ()> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A slot that is taken.
pub(crate) struct Slot<'s>(&'s Slots);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.free.fetch_add(1, SeqCst);
        // To wake somebody is a call of the system, even where nobody sleeps.
        if self.0.waiting.load(SeqCst) > 0 {
            drop(self.0.look());
            self.0.freed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::atomic::AtomicU32, thread};

    use super::{Duration, Instant, SeqCst, Slots};

    /// As many threads as would lose a wake-up, were there one to lose: none waits in vain, and there
    /// are never more slots than there are.
    #[test]
    fn all_get_their_turn() {
        const FAR: Duration = Duration::from_secs(600);
        let slots = Slots::new(2);
        let inside = AtomicU32::new(0);
        let turn = || {
            for _ in 0..2_000 {
                let slot = slots.take(Instant::now(), FAR);
                assert!(slot.is_some());
                assert!(inside.fetch_add(1, SeqCst) < 2);
                thread::yield_now();
                inside.fetch_sub(1, SeqCst);
                drop(slot);
            }
        };
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(turn);
            }
        });
        assert!(!slots.is_any_taken());
        assert_eq!(slots.waiting.load(SeqCst), 0);
    }

    #[test]
    fn waiting_ends() {
        let slots = Slots::new(1);
        let taken = slots.take(Instant::now(), Duration::ZERO);
        assert!(taken.is_some());
        assert!(slots.take(Instant::now(), Duration::ZERO).is_none());
        let wait = Duration::from_millis(20);
        let since = Instant::now();
        assert!(slots.take(since, wait).is_none());
        assert!(since.elapsed() >= wait);
        drop(taken);
        assert!(slots.take(Instant::now(), Duration::ZERO).is_some());
    }
}
