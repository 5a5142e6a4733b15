//! The allocator of a policy: a bump allocator over what is left of the memory.
//!
//! A policy lives for one evaluation, so freeing matters little; what matters is that a fresh
//! instance allocates without growing its memory, which costs more than a whole evaluation. The
//! linker rounds the memory up to whole pages of 64 KiB, and everything between the static data
//! (`__heap_base`) and the end of the last page serves here. When that is used up, memory grows.

#![expect(
    unsafe_code,
    reason = "an allocator hands out addresses; every block says why it may"
)]

use std::{
    alloc::{GlobalAlloc, Layout},
    cell::Cell,
    ptr,
};

/// Bytes in a WebAssembly page.
const PAGE: usize = 64 * 1024;

unsafe extern "C" {
    /// Where static data ends; defined by the linker. Its address is the value.
    static __heap_base: u8;
}

struct Arena {
    /// Where the next block goes; 0 before the first allocation.
    top: Cell<usize>,
    /// End of the memory that may be used; 0 before the first allocation.
    end: Cell<usize>,
    /// How many blocks are in use.
    live: Cell<usize>,
}

// SAFETY: a policy is built for wasm32-unknown-unknown without the `atomics` feature and has one
// thread, so that nothing is ever shared between threads.
unsafe impl Sync for Arena {}

#[global_allocator]
static ARENA: Arena = Arena {
    top: Cell::new(0),
    end: Cell::new(0),
    live: Cell::new(0),
};

impl Arena {
    /// First usable address.
    fn base() -> usize {
        &raw const __heap_base as usize
    }

    /// Makes room for `size` more bytes after `top`; none when the host gives no more memory.
    fn grow(&self, top: usize, size: usize) -> Option<()> {
        let missing = top.checked_add(size)?.checked_sub(self.end.get())?;
        let pages = missing.div_ceil(PAGE);
        let before = core::arch::wasm32::memory_grow::<0>(pages);
        if before == usize::MAX || before * PAGE != self.end.get() {
            // Refused, or someone else grew the memory in between, which nothing here does.
            return None;
        }
        // The very last page ends at 4 GiB, which does not fit; its last byte goes unused.
        self.end.set((before + pages).saturating_mul(PAGE));
        Some(())
    }

    /// Places a block at the next aligned address; null when there is no memory.
    fn place(&self, size: usize, align: usize) -> *mut u8 {
        if self.end.get() == 0 {
            self.top.set(Self::base());
            self.end.set(core::arch::wasm32::memory_size::<0>() * PAGE);
        }
        let Some(at) = self.top.get().checked_next_multiple_of(align) else {
            return ptr::null_mut();
        };
        if (at > self.end.get() || size > self.end.get() - at) && self.grow(at, size).is_none() {
            return ptr::null_mut();
        }
        self.top.set(at + size);
        ptr::with_exposed_provenance_mut(at)
    }
}

// SAFETY: `place` hands out blocks inside the memory, aligned as asked, that do not overlap a block
// in use: `top` only moves back over a block that is being freed or when no block is in use.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let block = self.place(layout.size(), layout.align());
        if !block.is_null() {
            self.live.set(self.live.get() + 1);
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let live = self.live.get() - 1;
        self.live.set(live);
        if live == 0 {
            self.top.set(Self::base());
        } else if block as usize + layout.size() == self.top.get() {
            self.top.set(block as usize);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if block as usize + layout.size() == self.top.get() {
            // The last block grows and shrinks in place: `place` starts at its own address, which
            // is aligned already.
            let top = self.top.replace(block as usize);
            let moved = self.place(new_size, layout.align());
            if moved.is_null() {
                self.top.set(top);
            }
            return moved;
        }
        if new_size <= layout.size() {
            return block;
        }
        let moved = self.place(new_size, layout.align());
        if !moved.is_null() {
            // SAFETY: the caller vouches for `layout.size()` bytes at `block`; `moved` is a fresh
            // block of more bytes than that, so the two do not overlap.
            unsafe { ptr::copy_nonoverlapping(block, moved, layout.size()) };
        }
        // The number of blocks in use stays: one came and one went.
        moved
    }
}
