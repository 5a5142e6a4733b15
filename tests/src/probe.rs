//! A piece of a payload that a test varies, in what stands around it.

use std::ops::Range;

/// The three members that every callout has.
pub const HEAD: &str = concat!(
    r#""stage":"assignmentRequestCreated","#,
    r#""accessPackageAssignmentRequestId":"c0de0001-0001-4008-a00e-cf616ba1441c","#,
    r#""customExtensionStageInstanceId":"c0de0001-0002-4009-a00f-cf61f18d0e87""#,
);

/// A payload with a piece in it.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The payload.
    pub payload: Vec<u8>,
    /// Where the piece is.
    pub piece: Range<usize>,
}

impl Probe {
    /// The piece in what stands around it: a text in which `PIECE` is its place, and `HEAD` stands
    /// for the three members that every callout has.
    ///
    /// # Panics
    ///
    /// There is no `PIECE`.
    pub fn new(around: &str, piece: &[u8]) -> Self {
        let around = around.replace("HEAD", HEAD);
        let (before, after) = around
            .split_once("PIECE")
            .unwrap_or_else(|| panic!("no PIECE in `{around}`"));
        let payload = [before.as_bytes(), piece, after.as_bytes()].concat();
        let start = before.len();
        Self {
            payload,
            piece: start..start + piece.len(),
        }
    }

    /// Where an error was found in relation to the piece, if it says so by line and column or by
    /// byte. A reader may notice one byte late, and at the end.
    pub fn side(&self, place: &str) -> Option<&'static str> {
        let at = self.offset(place)?;
        Some(if at < self.piece.start {
            "before"
        } else if at <= self.piece.end + 1 {
            "within"
        } else {
            "after"
        })
    }

    /// How many bytes stand before a place; none where it is not in the payload.
    fn offset(&self, place: &str) -> Option<usize> {
        let offset = if let Some(byte) = place.strip_prefix("byte ") {
            byte.parse().ok()?
        } else {
            let (line, column) = place.strip_prefix("line ")?.split_once(" column ")?;
            let mut lines = self.payload.split_inclusive(|byte| *byte == b'\n');
            let before: usize = lines
                .by_ref()
                .take(line.parse::<usize>().ok()?.checked_sub(1)?)
                .map(<[u8]>::len)
                .sum();
            let line = String::from_utf8_lossy(lines.next().unwrap_or_default());
            let column = column.parse::<usize>().ok()?.checked_sub(1)?;
            before + line.chars().take(column).map(char::len_utf8).sum::<usize>()
        };
        (offset <= self.payload.len()).then_some(offset)
    }
}
