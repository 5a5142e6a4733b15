//! The names of members: found in any case, in either spelling.

use std::borrow::Cow;

/// The members that an object type has, each in one or two spellings, found by any case of them.
#[derive(Default)]
pub(crate) struct Names {
    spellings: Vec<Spelling>,
    /// Index into the spellings, one more, by a hash that no two of them share.
    table: Vec<u8>,
    seed: u64,
}

struct Spelling {
    text: &'static str,
    found: Found,
}

impl Names {
    pub(crate) fn new(members: impl Iterator<Item = (&'static str, Option<&'static str>)>) -> Self {
        let mut spellings = Vec::new();
        for (member, (name, also)) in (0_u8..).zip(members) {
            for (text, is_alias) in [(Some(name), false), (also, true)] {
                spellings.extend(text.map(|text| Spelling {
                    text,
                    found: Found { member, is_alias },
                }));
            }
        }
        let mut names = Self {
            spellings,
            table: Vec::new(),
            seed: 0,
        };
        // The tables are tiny, so a seed without collisions is soon found.
        let mut size = (names.spellings.len() * 2).next_power_of_two();
        while !names.fill(size) {
            names.seed += 1;
            if names.seed.is_multiple_of(1000) {
                size *= 2;
            }
        }
        names
    }

    fn fill(&mut self, size: usize) -> bool {
        self.table = vec![0; size];
        for (index, spelling) in (1_u8..).zip(&self.spellings) {
            let at = self.hash(spelling.text.as_bytes());
            match self.table.get_mut(at) {
                Some(place @ 0) => *place = index,
                _ => return false,
            }
        }
        true
    }

    /// The same for names that are equal but for case: of the length, the first and the last eight
    /// bytes, in which no two names of one type agree.
    #[inline]
    fn hash(&self, name: &[u8]) -> usize {
        let (first, last) = match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => {
                let short = name
                    .iter()
                    .take(8)
                    .fold(0, |word, byte| word << 8 | u64::from(*byte));
                (short, name.len() as u64)
            }
        };
        let fold = |word: u64| word | 0x2020_2020_2020_2020;
        let mixed = fold(first)
            .wrapping_add(fold(last).rotate_left(23))
            .wrapping_add((name.len() as u64).rotate_left(40))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15_u64.wrapping_add(self.seed << 1));
        // The shift keeps it below the size of any table.
        (mixed >> 48) as usize & self.table.len().wrapping_sub(1)
    }

    #[inline]
    pub(crate) fn find(&self, key: &[u8]) -> Option<Found> {
        let index = *self.table.get(self.hash(key))?;
        let spelling = self.spellings.get(usize::from(index).checked_sub(1)?)?;
        bytes_are(key, spelling.text).then_some(spelling.found)
    }
}

/// Which member a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) member: u8,
    /// Whether it is the other spelling.
    pub(crate) is_alias: bool,
}

/// Of an object that nothing is known of.
pub(crate) static NO_NAMES: Names = Names {
    spellings: Vec::new(),
    table: Vec::new(),
    seed: 0,
};

/// Whether a key is this name, ignoring ASCII case.
#[inline]
pub(crate) fn key_is(key: &str, name: &str) -> bool {
    bytes_are(key.as_bytes(), name)
}

#[inline]
fn bytes_are(key: &[u8], name: &str) -> bool {
    let name = name.as_bytes();
    if key.len() != name.len() {
        return false;
    }
    // Nearly always they differ in the case of the first letter at most.
    match (key, name) {
        ([first, rest @ ..], [named, others @ ..]) if are_same(rest, others) => {
            first.eq_ignore_ascii_case(named)
        }
        _ => key.eq_ignore_ascii_case(name),
    }
}

/// Whether two texts of the same length are the same: names are too short to call for it.
#[inline]
fn are_same(one: &[u8], other: &[u8]) -> bool {
    let (words, rest) = one.as_chunks::<8>();
    let (others, other_rest) = other.as_chunks::<8>();
    words.iter().zip(others).all(|(word, other)| word == other)
        && match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
            (Some(last), Some(other)) => last == other,
            _ => rest.iter().eq(other_rest),
        }
}

/// The text with its first ASCII letter in lower case.
pub(crate) fn camel(text: &str) -> Cow<'_, str> {
    if text.as_bytes().first().is_some_and(u8::is_ascii_uppercase) {
        let mut changed = text.to_owned();
        if let Some(first) = changed.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Cow::Owned(changed)
    } else {
        Cow::Borrowed(text)
    }
}
